/** The structure rules of a message: what must be there, when the next one comes, and whether the parts agree. */
import { type MessageKind, textsOf, type UpdateFields } from './fields.ts';
import type { Level } from './rules.ts';

export interface StructureContext {
  kind: MessageKind;
  now: Date;
  phase: string;
  severity: number;
  declaredAt: Date | null;
  /** The longest wait until the next update that policy allows here, in seconds. */
  longestSeconds: number;
  /** The state each component has now, for those the message leaves alone. */
  currentStates?: Record<string, string>;
  /** The fields of the message published before. */
  previous?: UpdateFields | null;
}

export interface StructureMark {
  rule: string;
  level: Level;
  field: string;
  reason: string;
}

const mark = (rule: string, level: Level, field: string, reason: string): StructureMark => ({
  rule,
  level,
  field,
  reason,
});
const filled = (lines: string[]) => lines.some((line) => line.trim() !== '');

/** S1: every field a message needs, each with the sentence that names it. Never overridden: an empty field tells nothing. */
export function missingFields(
  fields: UpdateFields,
  kind: MessageKind,
  { severity, phase }: { severity?: number; phase?: string } = {},
): { path: string; message: string }[] {
  const missing: { path: string; message: string }[] = [];
  const need = (ok: boolean, path: string, message: string) => {
    if (!ok) missing.push({ path, message });
  };
  need(fields.headline !== '', 'headline', 'Headline: say the effect in at most ten words.');
  need(fields.impact !== '', 'impact', 'Impact: say who is affected, how, since when, and how many.');
  const actions = fields.customerActions;
  need(
    actions === 'none' || filled(actions),
    'customerActions',
    'Action: say what customers can do, or that nothing is needed.',
  );
  need(
    fields.dataImpact !== null,
    'dataImpact',
    'Data: say what this means for customers’ data, or that it is being looked into.',
  );
  if (fields.dataImpact) {
    need(fields.dataImpact.sentence !== '', 'dataImpact.sentence', 'Data: say it in one sentence customers can read.');
    const verified = fields.dataImpact.state !== 'none_verified' || fields.dataImpact.evidence !== '';
    need(verified, 'dataImpact.evidence', 'Data: “none” needs the evidence it rests on.');
  }
  if (kind === 'resolution') return missing;
  // From containment on something was done that protects people, or it is said that nothing could be.
  const protects = severity !== undefined && severity <= 2 && phase !== undefined && phase !== 'detection';
  need(
    !protects || fields.protection !== '',
    'protection',
    'Protection: say how customers are protected meanwhile, or that nothing more can be done for them yet.',
  );
  need(fields.nextUpdateBy !== null, 'nextUpdateBy', 'Timing: say by when the next update comes.');
  need(filled(fields.known), 'known', 'Known: say at least one thing you know.');
  const unknown = filled(fields.unknown) || fields.nothingUnknown;
  need(unknown, 'unknown', 'Unknown: say what you do not know yet, or confirm that nothing is unknown.');
  need(filled(fields.doing), 'doing', 'Doing: say what is being done now.');
  return missing;
}

function nextUpdate(fields: UpdateFields, context: StructureContext): StructureMark[] {
  if (context.kind === 'resolution' || !fields.nextUpdateBy) return [];
  const seconds = (new Date(fields.nextUpdateBy).getTime() - context.now.getTime()) / 1000;
  if (seconds <= 0) return [mark('S2', 'error', 'nextUpdateBy', 'the next update must be in the future')];
  // One minute of grace: the writer chose the time before pressing the button.
  if (seconds > context.longestSeconds + 60) {
    const minutes = Math.round(context.longestSeconds / 60);
    return [
      mark(
        'S2',
        'error',
        'nextUpdateBy',
        `the next update may be at most ${minutes} minutes away at this severity and phase`,
      ),
    ];
  }
  return [];
}

const howMany =
  /\d|\b(?:all|every|each|no|none|one|two|three|four|five|six|seven|eight|nine|ten|half|a third|a quarter|most|nobody|everyone|everybody)\b|do not (?:yet )?know (?:yet )?how many/i;

function size(fields: UpdateFields): StructureMark[] {
  // A clock time or a date is not a measure of how many.
  const text = fields.impact.replace(/\d{1,2}:\d{2}/g, '').replace(/\d{4}-\d{2}-\d{2}/g, '');
  if (text.trim() === '' || howMany.test(text)) return [];
  return [mark('S3', 'warn', 'impact', 'say how many are affected (“about 1 in 5”), or “we do not know yet how many”')];
}

const bareTime =
  /(?<![\d:])([01]?\d|2[0-3]):[0-5]\d(?![\d:])(?!\s*(?:[–-]|to|and|until)\s*\d{1,2}:\d{2})(?!\s*\(?(?:UTC|GMT|CES?T|[A-Z]{2,4}T|[+-]\d{2}))/;

function zones(fields: UpdateFields): StructureMark[] {
  return textsOf(fields)
    .filter(({ text }) => bareTime.test(text))
    .map(({ field }) => mark('S4', 'warn', field, 'a time without its zone: write “UTC” behind it'));
}

function agreement(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const marks: StructureMark[] = [];
  const over = context.phase === 'restored' || context.phase === 'closed';
  if (context.kind === 'resolution' && !over) {
    marks.push(
      mark('S5', 'error', 'headline', `a resolution while the incident is in ${context.phase}: restore it first`),
    );
  }
  const states = Object.values({
    ...context.currentStates,
    ...fields.componentStates,
  });
  const allWell = states.length > 0 && states.every((state) => state === 'operational');
  if (context.kind !== 'resolution' && allWell) {
    marks.push(
      mark('C4', 'warn', 'componentStates', 'the message tells of an impact, yet every component says “operational”'),
    );
  }
  if (context.kind === 'resolution' && states.length > 0 && !allWell) {
    marks.push(
      mark('C4', 'warn', 'componentStates', 'the message says it is over, yet a component is not “operational”'),
    );
  }
  return marks;
}

function estimateMarks(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const { estimate } = fields;
  if (!estimate) return [];
  const marks: StructureMark[] = [];
  const add = (reason: string) => marks.push(mark('S6', 'error', 'estimate', reason));
  if (new Date(estimate.from) >= new Date(estimate.to)) add('an estimate is a range: its end must lie after its start');
  if (new Date(estimate.to) <= context.now) add('the estimate lies in the past');
  if (estimate.basis === '') add('say what the estimate is based on');
  if (new Date(estimate.confirmAt) <= context.now) add('say when you will confirm the estimate');
  const age = context.declaredAt ? context.now.getTime() - context.declaredAt.getTime() : 0;
  if (age < 3_600_000 && !estimate.measured) add('no estimate in the first hour, unless it rests on measured progress');
  return marks;
}

function carriedOver(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const said = new Set([...fields.known, ...fields.unknown].map((line) => line.trim().toLowerCase()));
  return (context.previous?.unknown ?? [])
    .filter((line) => fields.unknown.length > 0 && !said.has(line.trim().toLowerCase()))
    .map((line) =>
      mark('S7', 'warn', 'unknown', `the last update did not know “${line}”: answer it, restate it or withdraw it`),
    );
}

function reading(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const marks: StructureMark[] = [];
  const texts = textsOf(fields);
  if (fields.headline.split(/\s+/).length > 12)
    marks.push(mark('S8', 'warn', 'headline', 'a headline of more than ten words'));
  for (const { field, text } of texts) {
    if (text.split(/[.!?]\s+/).some((sentence) => sentence.split(/\s+/).length > 25)) {
      marks.push(mark('S8', 'warn', field, 'a sentence of more than 25 words'));
    }
  }
  const total = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (total > 1200) marks.push(mark('S8', 'warn', 'impact', `${total} characters: under 1,200 is read to the end`));
  const owesSorrow = context.kind === 'resolution' || context.phase === 'recovery' || context.phase === 'verification';
  if (owesSorrow && fields.apology === '')
    marks.push(
      mark('S10', 'warn', 'apology', 'say in one sentence what this meant for the reader, and that you are sorry'),
    );
  if (/\bbut\b/i.test(fields.apology)) marks.push(mark('S10', 'warn', 'apology', 'an apology with a “but” is none'));
  return marks;
}

/** Every structure mark except missing fields (S1), which `missingFields` names one by one. */
export function lintStructure(fields: UpdateFields, context: StructureContext): StructureMark[] {
  return [
    ...nextUpdate(fields, context),
    ...size(fields),
    ...zones(fields),
    ...agreement(fields, context),
    ...estimateMarks(fields, context),
    ...carriedOver(fields, context),
    ...reading(fields, context),
  ];
}
