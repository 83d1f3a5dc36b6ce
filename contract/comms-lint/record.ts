/** What a message says beside what the record holds: numbers (S12), words for one audience (S13), earlier incidents (R1–R4). */
import { type MessageKind, textsOf, type UpdateFields } from './fields.ts';
import type { StructureMark } from './structure.ts';

export interface RecordFacts {
  /** The newest measure of how far it reaches; null when there is none. */
  pctRequests: number | null;
  customers: number | null;
  /** The recovery's stage under way, from 1. */
  stage: { k: number; n: number } | null;
}

export interface RecurrenceFacts {
  /** Confirmed earlier incidents, newest first. `publicId` null: never told in public, so never named. */
  earlier: { id: string; publicId: string | null }[];
  /** Changes made since the earlier ones that are done. */
  done: number;
}

const mark = (rule: string, level: 'error' | 'warn', field: string, reason: string): StructureMark => ({
  rule,
  level,
  field,
  reason,
});

const ONE_IN = /\b1 in (\d{1,4})\b/gi;
const STEP = /\b(?:step|stage) (\d{1,2}) of (\d{1,2})\b/gi;

/** S12: a share and a step that differ from the record. A quarter more or less counts as “about”. */
export function compareWithRecord(fields: UpdateFields, record: RecordFacts | null | undefined): StructureMark[] {
  if (!record) return [];
  const marks: StructureMark[] = [];
  if (record.pctRequests !== null && record.pctRequests > 0)
    for (const [said, n] of fields.impact.matchAll(ONE_IN)) {
      const share = 100 / Number(n);
      if (Math.abs(share - record.pctRequests) / record.pctRequests > 0.25)
        marks.push(
          mark(
            'S12',
            'warn',
            'impact',
            `“${said}” is ${Math.round(share)} %, the record’s last measure ${record.pctRequests} %`,
          ),
        );
    }
  if (record.stage)
    for (const { field, text } of textsOf(fields))
      for (const [said, k, n] of text.matchAll(STEP))
        if (Number(k) !== record.stage.k || Number(n) !== record.stage.n)
          marks.push(
            mark(
              'S12',
              'error',
              field,
              `“${said}”, yet the recovery is at step ${record.stage.k} of ${record.stage.n}`,
            ),
          );
  return marks;
}

const numbersOf = (text: string) => text.match(/\d+(?:[.,:]\d+)*/g) ?? [];

/** S13: no number or time in the words for one audience that the message itself does not have. */
export function variantMarks(fields: UpdateFields): StructureMark[] {
  const shared = new Set(
    textsOf(fields)
      .filter(({ field }) => !field.startsWith('variants.'))
      .flatMap(({ text }) => numbersOf(text)),
  );
  for (const time of [fields.nextUpdateBy, fields.estimate?.from, fields.estimate?.to])
    if (time) shared.add(time.slice(11, 16));
  const { workaround = '', developer = '' } = fields.variants ?? {};
  return Object.entries({ workaround, developer }).flatMap(([name, text]) =>
    numbersOf(text)
      // Numbers of a protocol are no facts about this incident.
      .filter((number) => !shared.has(number) && !(name === 'developer' && /^[1-5]\d\d$/.test(number)))
      .map((number) =>
        mark(
          'S13',
          'error',
          `variants.${name}`,
          `“${number}” is not in the message: one audience must not know more than the others`,
        ),
      ),
  );
}

const PROGRESS =
  /\b(?:since then (?:we|our)|we have (?:since|now) (?:added|changed|fixed|improved)|has been fixed since)\b/i;

/** R1–R4: an earlier incident like this one is named, with what was done since, and only if it was public. */
export function recurrenceMarks(
  fields: UpdateFields,
  facts: RecurrenceFacts | null | undefined,
  kind: MessageKind,
): StructureMark[] {
  const { recurrence } = fields;
  const named = recurrence && recurrence.text.trim() !== '';
  const open = (facts?.earlier ?? []).filter(({ publicId }) => publicId !== null);
  const marks: StructureMark[] = [];
  if (!named && open.length > 0 && kind !== 'internal_brief' && !fields.recurrenceReason) {
    const again = open.length >= 2;
    marks.push(
      mark(
        again ? 'R2' : 'R1',
        again ? 'error' : 'warn',
        'recurrence',
        again
          ? 'this has happened before, more than once: name it, or record why not'
          : 'this has happened before: say when, what was alike and what has changed since',
      ),
    );
  }
  if (!named) return marks;
  if (!/\d/.test(recurrence.text))
    marks.push(
      mark('R3', 'warn', 'recurrence', 'say when it was, and what was better or worse this time, with numbers'),
    );
  if (recurrence.refs.some((ref) => !open.some(({ publicId }) => publicId === ref)))
    marks.push(mark('R4', 'error', 'recurrence', 'only incidents that customers were told of can be named'));
  if ((facts?.done ?? 0) === 0 && PROGRESS.test(recurrence.text))
    marks.push(mark('R4', 'error', 'recurrence', 'nothing is done since then: the text must not suggest progress'));
  return marks;
}
