/** From whom a mail says it is, what the mail server said about that, and whether a machine is only answering. Pure. */
import type { Letter } from './letter.ts';

/** The words of an Authentication-Results header. Anybody can write one: it is shown, and believed only from a named server. */
export interface Authentication {
  /** The server that says so, by its own account. */
  by: string;
  dkim: string | null;
  spf: string | null;
  dmarc: string | null;
  /** The domain that signed, by the same account. */
  signer: string | null;
}

/** Reads the topmost header: the one added last. */
export function readAuthentication(header: string | undefined): Authentication | null {
  if (header === undefined || header.trim() === '') return null;
  const text = header
    .slice(0, 4000)
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const verdict = (method: string) =>
    new RegExp(`(?:^|[;\\s])${method}\\s*=\\s*([a-z]+)`, 'i').exec(text)?.[1]?.toLowerCase() ?? null;
  return {
    by: (text.split(/[;\s]/)[0] ?? '').toLowerCase().slice(0, 255),
    dkim: verdict('dkim'),
    spf: verdict('spf'),
    dmarc: verdict('dmarc'),
    signer: /header\.[di]\s*=\s*@?([\w.-]{1,255})/i.exec(text)?.[1]?.toLowerCase() ?? null,
  };
}

/** True when the named server said that From is who it says: DMARC, or a signature of the same domain. */
export function isProven(letter: Pick<Letter, 'from' | 'authentication'>, server: string): boolean {
  const said = letter.authentication;
  if (server === '' || !said || said.by !== server.trim().toLowerCase()) return false;
  const domain = letter.from.split('@').pop() ?? '';
  const aligned = said.signer !== null && (domain === said.signer || domain.endsWith(`.${said.signer}`));
  return said.dmarc === 'pass' || (said.dkim === 'pass' && aligned);
}

/** One sender of a list per line or comma: an address, or `@example.com` for everybody there. */
export const sendersOf = (list: string): string[] =>
  list
    .split(/[\s,;]+/)
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');

/** What is wrong with a list of senders, or nothing. */
export const problemOfSenders = (list: string): string | undefined => {
  const wrong = sendersOf(list).find((one) => !/^[^@\s]*@[^@\s]+$/.test(one));
  return wrong === undefined ? undefined : `“${wrong.slice(0, 80)}” is neither an address nor @domain.`;
};

/** Whether From stands on the list; an empty list lets everybody in. */
export function isWelcome(from: string, list: string): boolean {
  const senders = sendersOf(list);
  const domain = `@${from.split('@').pop() ?? ''}`;
  return senders.length === 0 || senders.includes(from) || senders.includes(domain);
}

/**
 * Why this is a machine that only answers, which is how loops begin; undefined for a report. Cron and monitors say
 * `auto-generated` and `bulk` about honest reports: those count only when they answer something.
 */
export function whyAutomatic(letter: Pick<Letter, 'headers' | 'answers' | 'messageId'>): string | undefined {
  const said = (name: string) => (letter.headers[name] ?? '').trim().toLowerCase();
  const submitted = said('auto-submitted');
  const precedence = said('precedence');
  if (submitted.startsWith('auto-replied')) return 'Auto-Submitted: auto-replied';
  if (precedence === 'auto_reply' || precedence === 'junk') return `Precedence: ${precedence}`;
  if (said('x-autoreply') !== '' || said('x-autorespond') !== '') return 'X-Autoreply';
  // Our own notification, sent back to us.
  if (/^<?dlv_[0-9a-z]{26}@/.test(letter.messageId)) return 'one of our own mails';
  const byMachine = (submitted !== '' && submitted !== 'no') || precedence === 'bulk' || precedence === 'list';
  return byMachine && letter.answers.length > 0 ? 'an automatic mail in answer to another' : undefined;
}
