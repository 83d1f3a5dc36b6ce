/** What the model is told and shown: rules first, then the record as fenced data, without names, addresses and what is restricted. Pure. */
import { FENCE_NOTE, fenceText } from '../mcp/fence.ts';

export type DraftKind = 'situation' | 'update' | 'review';

/** An entry as it may leave the house. */
export interface ShownEntry {
  seq: number;
  at: Date;
  kind: string;
  text: string;
}

/** What is known beside the record: words of ours, numbers. */
export interface Facts {
  key: string;
  title: string;
  severity: number;
  phase: string;
  services: string[];
  now: Date;
}

const TASK: Record<DraftKind, string> = {
  situation:
    'Write a situation summary for somebody who joins now: what is broken and for whom, what is suspected, what was done, what is next. Four to eight sentences.',
  update:
    'Write a draft of a message to customers: what they notice, since when, what is being done, when they hear more. Plain words, no blame, no names, no cause that is not confirmed. Three to six sentences.',
  review:
    'Write the facts for a review in the order in which they happened: what was seen, what was done, what followed. No judgement, no "should have". Six to fifteen sentences.',
};

/** The longest record that is sent, in characters; the first entries and the newest are kept. */
const LONGEST = 48_000;
const FIRST = 5;

/** What a person would not want to hand on: addresses, numbers of phones, cards and accounts, long keys. Linear patterns only. */
const MASKS: [RegExp, string][] = [
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g, '[address]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[ip]'],
  [/\+?\d(?:[ ()/-]?\d){8,18}/g, '[number]'],
  [/\b[A-Za-z0-9_-]{32,}\b/g, '[key]'],
];
export const masked = (text: string): string => MASKS.reduce((said, [shape, word]) => said.replace(shape, word), text);

/** As many entries as fit: the first few, then the newest. */
export function fitting(entries: ShownEntry[]): ShownEntry[] {
  const size = (entry: ShownEntry) => Math.min(entry.text.length, 4000) + 60;
  const first = entries.slice(0, FIRST);
  let room = LONGEST - first.reduce((sum, entry) => sum + size(entry), 0);
  const rest: ShownEntry[] = [];
  for (const entry of entries.slice(FIRST).reverse()) {
    room -= size(entry);
    if (room < 0) break;
    rest.unshift(entry);
  }
  return [...first, ...rest];
}

export function messagesFor(kind: DraftKind, facts: Facts, entries: ShownEntry[]) {
  const system = [
    'You draft text about one incident for people who will check it. You decide nothing and can do nothing: you have no tools.',
    TASK[kind],
    'Use only the numbered entries. Every sentence names the entries it rests on. What no entry says, you do not say; if that leaves nothing, return no sentences.',
    FENCE_NOTE,
    'Answer with JSON only, no other text: {"sentences":[{"text":"One sentence.","entries":[3,7]}]}',
  ].join('\n');
  const record = entries.map(({ seq, at, kind: what, text }) => ({
    entry: seq,
    at: at.toISOString(),
    kind: what,
    text: fenced(text),
  }));
  const user = JSON.stringify({
    incident: {
      key: facts.key,
      severity: `SEV${facts.severity}`,
      phase: facts.phase,
      title: fenced(facts.title),
      services: facts.services.map(fenced),
      now: facts.now.toISOString(),
    },
    record,
  });
  return [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
}

/** Always fenced, a single word as well: here nothing of the record is ours. */
function fenced(text: string): string {
  const shown = fenceText(masked(text));
  return shown.startsWith('⟦') ? shown : `⟦${shown}⟧`;
}
