/** What a message is, how often it is tried, and how a drill is marked. Pure. */

/** What a message is for. A drill may use the first three only; the database holds the same rule. */
export type Purpose = 'page' | 'security' | 'internal' | 'subscriber' | 'public';
export const PURPOSES: Purpose[] = ['page', 'security', 'internal', 'subscriber', 'public'];
export const EXERCISE_PURPOSES: Purpose[] = ['page', 'security', 'internal'];

export interface Message {
  subject: string;
  text: string;
  html?: string;
  /** Further mail headers, such as `List-Unsubscribe`. Line breaks in values become spaces. */
  headers?: Record<string, string>;
  /** What a webhook carries: `{ type, data }`; absent, subject and text are sent. */
  body?: { type: string; data: unknown };
  /** The text without any personal link: for rooms that others read too, and for SMS and voice. Absent, the text itself. */
  facts?: string;
  /** Buttons that lead somewhere, for channels with cards. */
  links?: { title: string; url: string }[];
  /** How this message can be answered, for channels with buttons, reply codes or keys. */
  answer?: Answer;
}

/** The ways to take a page from inside a message. */
export interface Answer {
  pageId: string;
  userId: string;
  /** Under which a POST takes the page for this person. */
  url: string;
  /** The signed part of `url`: proves page and person to a callback of ours. */
  token: string;
  /** What happens, in full. */
  link: string;
  /** What to reply by SMS: `1a`. */
  code?: string | undefined;
}

/** One try at sending. `permanent`: trying again cannot help. */
export type Outcome =
  | { state: 'delivered'; remoteId?: string }
  /** Taken by a carrier that says later whether it arrived. */
  | { state: 'sent'; remoteId: string; carrier: string }
  /** `busy`: refused for its number of messages alone (429), so that asking again soon is right. */
  | { state: 'failed'; error: string; permanent: boolean; retryAfterSeconds?: number; busy?: boolean };

/** Seconds between tries. A page is over after about an hour: by then others were called. */
const BACKOFF: Record<'page' | 'other', number[]> = {
  page: [5, 15, 30, 60, 120, 300, 600, 900, 1500],
  other: [5, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800],
};

/** Seconds until the next try after `attempts` tries, or null when it was the last. A server's wish is heard between 1 s and 1 h. */
export function retryAfter(purpose: Purpose, attempts: number, wish?: number): number | null {
  const wait = BACKOFF[purpose === 'page' ? 'page' : 'other'][attempts - 1];
  if (wait === undefined) return null;
  if (wish === undefined || !Number.isFinite(wish)) return wait;
  return Math.max(wait, Math.min(3600, Math.max(1, wish)));
}

/** How long one that is busy is asked again: a page as long as it lasts, others for most of a day. */
const PATIENCE_MS = { page: 3_600_000, other: 20 * 3_600_000 };

/**
 * Seconds until one that is busy is asked again, or null when it is too late for this message. Waits do not grow much, or
 * the first of a storm would be the last to leave; `chance` (0 to 1) keeps them from coming back all at once.
 */
export function busyWait(
  {
    purpose,
    attempts,
    ageMs,
    wish = 0,
  }: { purpose: Purpose; attempts: number; ageMs: number; wish?: number | undefined },
  chance: number,
): number | null {
  const kind = purpose === 'page' ? 'page' : 'other';
  if (ageMs > PATIENCE_MS[kind]) return null;
  const about = (attempts <= 5 ? 5 : 12) * (kind === 'page' ? 1 : 3);
  return Math.max(about * (0.4 + 1.2 * chance), Number.isFinite(wish) ? Math.min(3600, wish) : 0);
}

const MARK = 'EXERCISE EXERCISE EXERCISE';

/** A drill's message begins and ends with the mark, in every form it has (domain 7.4, rule 4); webhooks add `exercise: true`. */
export function markExercise(message: Message): Message {
  return {
    ...message,
    subject: `${MARK}: ${message.subject}`,
    text: `${MARK}\n\n${message.text}\n\n${MARK}`,
    ...(message.facts === undefined ? {} : { facts: `${message.facts}\n\n${MARK}` }),
    ...(message.html === undefined
      ? {}
      : { html: `<p><strong>${MARK}</strong></p>${message.html}<p><strong>${MARK}</strong></p>` }),
  };
}

/** Text for one header line: no line breaks, no control or direction-changing characters, at most 300 characters. */
export function headerText(text: string): string {
  const flat = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return [...flat.trim()].slice(0, 300).join('');
}

/** Why this cannot be the one address a mail goes to, or null. Stricter than the standards on purpose. */
export function addressFault(address: string): string | null {
  if (address.length > 254) return 'an e-mail address has at most 254 characters';
  return /^[^\s@<>()[\],;:"\\\p{Cc}]{1,64}@[^\s@<>()[\],;:"\\\p{Cc}]+$/u.test(address)
    ? null
    : 'this is not an e-mail address';
}

/** An address as others may see it: `a•••@example.com`; anything else keeps its last two characters. */
export function masked(recipient: string): string {
  const at = recipient.lastIndexOf('@');
  const [first = ''] = recipient;
  return at > 0 ? `${first}•••${recipient.slice(at)}` : `•••${recipient.slice(-2)}`;
}

/** What a message says where there is no layout and no personal link: subject, then facts, at most so many characters. A drill's mark stays at the end of what was cut. */
export function plain(message: Message, most: number): string {
  const letters = [...`${message.subject}\n\n${message.facts ?? message.text}`.trim()];
  if (letters.length <= most) return letters.join('');
  const end = message.subject.startsWith(MARK) ? `…\n${MARK}` : '…';
  return `${letters.slice(0, most - end.length).join('')}${end}`;
}
