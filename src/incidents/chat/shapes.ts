/** How an incident looks in a chat: the name and topic of its channel, its opening message, entries of the record as lines. Pure. */
import { escapeSlack, ROOM_ACTION } from '#channels';
import type { TimelineRow } from '../tables.ts';

export const MARK = 'EXERCISE EXERCISE EXERCISE';

interface Named {
  key: string;
  title: string;
  severity: number;
  phase: string;
  exercise: boolean;
}

/** `inc-42-checkout-is-down`, a drill's with `exercise-` before it; `n` counts on when the name is taken. */
export function channelName({ key, title, exercise }: Named, n = 1): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const name = `${exercise ? 'exercise-' : ''}${key.toLowerCase()}-${slug}`.slice(0, 72).replace(/-+$/, '');
  return n === 1 ? name : `${name}-${n}`;
}

/** What stands above the channel: how bad, how far, who leads. */
export const topicOf = (incident: Named, commander: string | null): string =>
  `${incident.exercise ? `${MARK} · ` : ''}SEV${incident.severity} · ${incident.phase.replace('_', ' ')} · ${
    commander ? `led by ${commander}` : 'nobody leads yet'
  }`.slice(0, 250);

/** Kinds that are told in a chat. Signals, pages and gates would drown what people say; they stand in the war room. */
const TOLD = new Set([
  'declared',
  'phase',
  'severity',
  'role',
  'note',
  'action',
  'hypothesis',
  'decision',
  'approval',
  'task',
  'impact',
  'message',
  'recovery',
  'review',
  'correction',
]);

/** Whether an entry is told: not what is restricted, and not what came from the chat itself. */
export const isTold = (entry: Pick<TimelineRow, 'kind' | 'classification' | 'refs'>): boolean =>
  TOLD.has(entry.kind) && entry.classification !== 'restricted' && !entry.refs.some((ref) => ref.kind === 'chat');
export const toldKind = (kind: string): boolean => TOLD.has(kind);

/** Older than this when it is told, an entry names its time. */
const LATE_MS = 60_000;
const LONGEST = 700;

/** One entry as a line of plain text. */
export function lineOf(entry: TimelineRow, now: Date): string {
  const late = now.getTime() - entry.recordedAt.getTime() > LATE_MS;
  const at = late ? ` (${entry.occurredAt.toISOString().slice(11, 16)} UTC)` : '';
  const text = entry.text.length > LONGEST ? `${entry.text.slice(0, LONGEST)} …` : entry.text;
  return `${text} — ${entry.actorName}${at}`;
}

/** Entries put together so that a backlog is told in few messages; each with the number of its last entry. */
export function bundles(
  entries: TimelineRow[],
  now: Date,
  most = 20,
  longest = 2800,
): { seq: number; lines: string[] }[] {
  const made: { seq: number; lines: string[] }[] = [];
  let room = 0;
  for (const entry of entries) {
    const line = lineOf(entry, now);
    const last = made.at(-1);
    if (last && last.lines.length < most && room + line.length < longest) {
      last.lines.push(line);
      last.seq = entry.seq;
      room += line.length;
    } else {
      made.push({ seq: entry.seq, lines: [line] });
      room = line.length;
    }
  }
  return made;
}

/** A message of Slack's with words from outside made harmless. */
export const slackText = (lines: string[], exercise: boolean): string =>
  [...(exercise ? [`*${MARK}*`] : []), ...lines.map((line) => escapeSlack(line))].join('\n');

const button = (action: string, text: string, value: string) => ({
  type: 'button',
  action_id: `${ROOM_ACTION}${action}`,
  text: { type: 'plain_text', text },
  value,
});

/** The first message of a channel: what it is about, and the two things to press. */
export function opening(incident: Named & { id: string; summary: string }, link: string, conference: string | null) {
  const text = slackText(
    [`${incident.key} SEV${incident.severity}: ${incident.title}`, ...(incident.summary ? [incident.summary] : [])],
    incident.exercise,
  ).slice(0, 2900);
  const call = conference ? [{ ...button('call', 'Join the call', incident.id), url: conference }] : [];
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } },
      {
        type: 'actions',
        elements: [
          { ...button('lead', 'I lead', incident.id), style: 'primary' },
          button('status', 'Status', incident.id),
          { ...button('open', 'Open the war room', incident.id), url: link },
          ...call,
        ],
      },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'Pin a message to keep it in the record. `/incident help` lists the words.' },
        ],
      },
    ],
  };
}
