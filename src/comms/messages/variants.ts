/** What each audience reads of one revision: derived from its fields, so that no variant can know more than another. Pure. */
import type { PublicUpdate, Snapshot } from '../statuspage/snapshot.ts';
import { STATE_WORDS, STATUS_WORDS } from '../statuspage/snapshot.ts';

export type Audience = 'banner' | 'sms' | 'social' | 'critical' | 'developer' | 'partner' | 'support' | 'executive';
export const AUDIENCES: Audience[] = [
  'banner',
  'sms',
  'social',
  'critical',
  'developer',
  'partner',
  'support',
  'executive',
];

/** What stands before a headline for one audience. */
export const AUDIENCE_MARK = { critical: 'For your critical operations' } as const;

/** Longest text of the short ones, in characters as people count them. */
export const MOST: Partial<Record<Audience, number>> = { banner: 140, sms: 300, social: 280 };

export interface VariantFrame {
  page: Pick<Snapshot['page'], 'name' | 'supportContact'>;
  /** The incident's own page. */
  link: string;
  /** Inside only: what the record adds for executives and support. */
  inside?: {
    key: string;
    severity: number;
    customers: number | null;
    pctRequests: number | null;
    decision: string | null;
    nextBrief: string | null;
  };
}

const length = (text: string) => [...text].length;
const hour = (iso: string) => `${iso.slice(11, 16)} UTC`;
const stop = (text: string) => (text === '' || /[.!?:]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
const firstSentence = (text: string): string => /^[^]*?[.!?](?=\s|$)/.exec(text.trim())?.[0] ?? text.trim();

/** Cut at a word, never in the middle of a character, with the sign that something is left out. */
export function cut(text: string, most: number): string {
  if (length(text) <= most) return text;
  const letters = [...text].slice(0, Math.max(0, most - 1)).join('');
  const at = letters.lastIndexOf(' ');
  return `${(at > most / 2 ? letters.slice(0, at) : letters).replace(/[\s,;:.]+$/, '')}…`;
}

const actionOf = ({ fields }: PublicUpdate): string =>
  fields.customerActions === 'none'
    ? 'You do not need to do anything.'
    : stop(fields.customerActions[0] ?? 'We will say here what you can do.');

const nextOf = (update: PublicUpdate): string =>
  update.fields.nextUpdateBy && update.status !== 'resolved'
    ? `Next update by ${hour(update.fields.nextUpdateBy)}`
    : '';

/** Effect, action, next time and link, whatever has to be shortened: first the effect, then the action (M60d). */
function short(update: PublicUpdate, link: string, most: number): string {
  const next = nextOf(update);
  const tail = next ? `${next}: ${link}` : link;
  const room = most - length(tail) - 1;
  const effects = [stop(firstSentence(update.fields.impact)), stop(update.fields.headline)].filter(
    (text) => text !== '',
  );
  const action = actionOf(update);
  for (const effect of effects) if (length(`${effect} ${action}`) <= room) return `${effect} ${action} ${tail}`;
  const half = Math.max(20, Math.floor(room / 2));
  const doing = cut(action, Math.max(half, room - length(stop(update.fields.headline)) - 1));
  return `${cut(stop(update.fields.headline), Math.max(10, room - length(doing) - 1))} ${doing} ${tail}`;
}

const listed = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`${title}\n${lines.map((line) => `- ${line}`).join('\n')}`];

function whole(update: PublicUpdate, frame: VariantFrame, more: string[] = []): string {
  const { fields } = update;
  const over = update.status === 'resolved';
  return [
    `${STATUS_WORDS[update.status]}: ${fields.headline}`,
    fields.components.map(({ name, state }) => `${name}: ${STATE_WORDS[state]}`).join('\n'),
    fields.impact,
    ...more,
    ...listed(
      'What you can do',
      fields.customerActions === 'none' ? ['You do not need to do anything.'] : fields.customerActions,
    ),
    ...(fields.protection ? [`How you are protected: ${fields.protection}`] : []),
    ...(fields.dataImpact ? [`Your data: ${fields.dataImpact.sentence}`] : []),
    ...listed('What we know', fields.known),
    ...(over ? [] : listed('What we do not know yet', fields.unknown)),
    ...listed(over ? 'What we are changing' : 'What we are doing', fields.doing),
    fields.apology,
    nextOf(update) ? `${nextOf(update)}.` : '',
    frame.link,
    frame.page.supportContact ? `Questions? ${frame.page.supportContact}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What support says, and what it must not say: the facts of this revision only. */
function macros(update: PublicUpdate, frame: VariantFrame): string {
  const { fields } = update;
  return [
    `To a customer who asks:\n${[stop(fields.impact), actionOf(update), fields.dataImpact?.sentence ?? '', nextOf(update) ? `${nextOf(update)}.` : '', frame.link].filter(Boolean).join(' ')}`,
    ...listed(
      'Who is affected',
      fields.components.map(({ name, state }) => `${name}: ${STATE_WORDS[state]}`),
    ),
    ...listed('Do not say', [
      'a time by which it will be over, other than the range in this message',
      'what caused it, before the message says so',
      ...fields.unknown.map((line) => `anything about what we do not know: ${line}`),
    ]),
    'These words hold until the next update; then new ones stand here.',
  ].join('\n\n');
}

function brief(update: PublicUpdate, frame: VariantFrame): string {
  const { fields } = update;
  const { inside } = frame;
  const reach = [
    inside?.customers == null ? '' : `${inside.customers.toLocaleString('en')} customers`,
    inside?.pctRequests == null ? '' : `${inside.pctRequests} % of requests`,
  ].filter(Boolean);
  return [
    `${inside ? `${inside.key} (SEV${inside.severity}): ` : ''}${fields.headline}`,
    `Effect: ${fields.impact}`,
    `Customers: ${reach.length > 0 ? reach.join(', ') : 'not counted yet'}.`,
    `Data: ${fields.dataImpact?.sentence ?? 'not known yet.'}`,
    `Money: ${update.variants?.money || 'not estimated yet.'}`,
    `Risk: ${fields.unknown[0] ?? 'nothing known to be open.'}`,
    `Decision needed: ${inside?.decision ?? 'none.'}`,
    `Legal clocks: ${update.variants?.legal || 'not started.'}`,
    inside?.nextBrief ? `Next brief by ${hour(inside.nextBrief)}.` : nextOf(update) ? `${nextOf(update)}.` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

/** The text of one audience. */
export function variantOf(audience: Audience, update: PublicUpdate, frame: VariantFrame): string {
  const own = update.variants ?? {};
  switch (audience) {
    case 'banner': {
      const room = (MOST.banner ?? 140) - length(frame.link) - 1;
      const both = `${stop(update.fields.headline)} ${actionOf(update)}`;
      return `${length(both) <= room ? both : `${cut(stop(update.fields.headline), Math.max(20, room - 41))} ${cut(actionOf(update), 40)}`} ${frame.link}`;
    }
    case 'sms':
      return short(update, frame.link, MOST.sms ?? 300);
    case 'social':
      return short(update, frame.link, MOST.social ?? 280);
    case 'critical':
      return whole(update, frame, [
        own.workaround ? `How to go on meanwhile: ${own.workaround}` : '',
        own.criticalContact ? `Your direct contact: ${own.criticalContact}` : '',
      ]);
    case 'developer':
      return whole(update, frame, own.developer ? [`For developers: ${own.developer}`] : []);
    case 'partner':
      return `You may forward this text as it stands.\n\n${whole(update, frame)}`;
    case 'support':
      return macros(update, frame);
    case 'executive':
      return brief(update, frame);
  }
}
