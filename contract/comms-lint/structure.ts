/** The structure rules of a message: what must be there, when the next one comes, and whether the parts agree. */
import { type MessageKind, textsOf, type UpdateFields } from './fields.ts';
import { compareWithRecord, type RecordFacts, recurrenceMarks, type RecurrenceFacts, variantMarks } from './record.ts';
import { activeShare, gradeOf, sentencesOf, wordsOf } from './reading.ts';
import type { Audience, Level } from './rules.ts';

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
  audience?: Audience;
  /** What the record counts, so that numbers agree with it (S12). */
  record?: RecordFacts | null;
  /** Earlier incidents that somebody confirmed to be alike (R1–R4). */
  recurrence?: RecurrenceFacts | null;
  /** How many messages in a row have said the same facts. */
  unchanged?: number;
  /** `security`: what would help an attacker stays out until the cause is gone (S14). */
  incidentKind?: string;
  securityTerms?: string[];
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
  if (kind === 'post_incident') {
    const changes = fields.changes ?? [];
    need(
      changes.length > 0 && changes.every(({ what, owner, due }) => what && owner && due),
      'changes',
      'What we are changing: each with the role that owns it and a day.',
    );
    return missing;
  }
  if (kind === 'resolution' || kind === 'direct' || kind === 'internal_brief') return missing;
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

/** Kinds that promise no further word. */
const ENDS: MessageKind[] = ['resolution', 'post_incident'];

function nextUpdate(fields: UpdateFields, context: StructureContext): StructureMark[] {
  if (ENDS.includes(context.kind) || !fields.nextUpdateBy) return [];
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
  if (
    context.kind === 'resolution' &&
    /\b(?:we are (?:investigating|looking into|working on)|(?:is|are) still (?:slow|down|failing|not working))\b/i.test(
      `${fields.headline} ${fields.impact}`,
    )
  )
    marks.push(mark('S5', 'warn', 'impact', 'the message says it is over, yet the words are of the present'));
  if (
    context.kind !== 'resolution' &&
    !over &&
    /\b(?:works? (?:normally|as usual) again|has been (?:fixed|resolved))\b/i.test(fields.headline)
  )
    marks.push(mark('S5', 'warn', 'headline', `the headline says it is over, the incident is in ${context.phase}`));
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

/** An unknown of the message before is answered, said again or withdrawn (M20); the last word settles the rest by itself. */
function carriedOver(fields: UpdateFields, context: StructureContext): StructureMark[] {
  if (ENDS.includes(context.kind) || context.kind === 'internal_brief' || context.kind === 'direct') return [];
  const plain = (line: string) => line.trim().toLowerCase();
  const settled = (fields.settled ?? []).filter(({ answer }) => answer.trim() !== '').map(({ unknown }) => unknown);
  const said = new Set([...fields.known, ...fields.unknown, ...settled].map(plain));
  return (context.previous?.unknown ?? [])
    .filter((line) => line.trim() !== '' && !said.has(plain(line)))
    .map((line) =>
      mark('S7', 'error', 'unknown', `the last update did not know “${line}”: answer it, say it again or withdraw it`),
    );
}

/** S8, S9: the text as a whole, for readers who know nothing of our work. */
function reading(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const marks: StructureMark[] = [];
  const texts = textsOf(fields).filter(({ field }) => !field.startsWith('variants.'));
  if (fields.headline.split(/\s+/).length > 12)
    marks.push(mark('S8', 'warn', 'headline', 'a headline of more than ten words'));
  for (const { field, text } of texts) {
    if (sentencesOf(text).some((sentence) => wordsOf(sentence).length > 25)) {
      marks.push(mark('S8', 'warn', field, 'a sentence of more than 25 words'));
    }
  }
  const total = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (total > 1200 && context.kind !== 'post_incident')
    marks.push(mark('S8', 'warn', 'impact', `${total} characters: under 1,200 is read to the end`));
  const body = texts.filter(({ field }) => field !== 'headline').map(({ text }) => text);
  const most = context.audience === 'developer' ? 12 : 9;
  const grade = gradeOf(body);
  if (grade !== null && grade > most)
    marks.push(
      mark(
        'S8',
        'warn',
        'impact',
        `reads like school grade ${grade}: at most ${most}. Shorter sentences, everyday words`,
      ),
    );
  const active = activeShare(body);
  if (active !== null && active < 0.7)
    marks.push(
      mark(
        'S9',
        'warn',
        'doing',
        `only ${Math.round(active * 100)} % of the sentences say who acts: “we check”, not “it is being checked”`,
      ),
    );
  return marks;
}

const BARE_SORRY = /\b(?:sorry|apologi[sz]e|apolog(?:y|ies))\b/i;
const SORRY_WORDS =
  /\b(?:we|are|is|am|i|our|very|deeply|truly|sincerely|sorry|apologi[sz]e|apolog(?:y|ies)|for|that|this|the|any|it|and|to|you|your|all|inconvenience|issue|issues|trouble|disruption|happened|caused|may|have|has|again|please|accept)\b/gi;

/** S10: sorry for something, and nothing after it that takes it back. */
function apology(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const marks: StructureMark[] = [];
  const owes =
    context.kind === 'resolution' ||
    context.kind === 'post_incident' ||
    context.phase === 'recovery' ||
    context.phase === 'verification';
  if (owes && fields.apology === '')
    marks.push(
      mark('S10', 'warn', 'apology', 'say in one sentence what this meant for the reader, and that you are sorry'),
    );
  if (/\bbut\b/i.test(fields.apology)) marks.push(mark('S10', 'warn', 'apology', 'an apology with a “but” is none'));
  if (BARE_SORRY.test(fields.apology) && wordsOf(fields.apology.replace(SORRY_WORDS, ' ')).length === 0)
    marks.push(mark('S10', 'warn', 'apology', 'sorry for what? Name the effect: “your deliveries were late”'));
  return marks;
}

const ACTS =
  /\b(?:use|try|wait|check|keep|send|pay|order|open|close|sign|log|reload|refresh|restart|retry|repeat|call|write|contact|ask|read|see|save|export|download|upload|print|change|reset|switch|turn|pause|stop|start|continue|go on|do not|don['’]t|need|order|book|cancel|confirm|compare|tell|note|follow|update|install|clear|plan|pick|choose|set|leave|move|work)\b/i;

/** S11: an action is something to do. */
const actions = (fields: UpdateFields): StructureMark[] =>
  fields.customerActions === 'none'
    ? []
    : fields.customerActions.flatMap((line, at) =>
        line.trim() === '' || ACTS.test(line)
          ? []
          : [
              mark(
                'S11',
                'warn',
                `customerActions.${at}`,
                'say what to do with a verb: “use …”, “wait until …”, “you do not need to …”',
              ),
            ],
      );

/** S14: what would help an attacker, by security's own list, until the cause is gone. */
function helpful(fields: UpdateFields, context: StructureContext): StructureMark[] {
  if (context.incidentKind !== 'security' || !['detection', 'containment', 'eradication'].includes(context.phase))
    return [];
  const terms = (context.securityTerms ?? [])
    .map((term) => term.trim().toLowerCase())
    .filter((term) => term.length > 1);
  return textsOf(fields).flatMap(({ field, text }) =>
    terms
      .filter((term) => text.toLowerCase().includes(term))
      .map((term) => mark('S14', 'error', field, `“${term}” would help an attacker while the cause is not gone`)),
  );
}

/** Messages that say the same again and again, and a measure that is too old to be called “now”. */
function staleness(fields: UpdateFields, context: StructureContext): StructureMark[] {
  const marks: StructureMark[] = [];
  if ((context.unchanged ?? 0) >= 2 && !fields.changedSince)
    marks.push(
      mark(
        'CAD',
        'warn',
        'doing',
        'no change in facts since the last two updates: say what was tried, or announce a longer interval',
      ),
    );
  const { expectation } = fields;
  if (expectation && context.now.getTime() - new Date(expectation.asOf).getTime() > STALE_MS)
    marks.push(
      mark(
        'EXP',
        'error',
        'expectation',
        `measured at ${expectation.asOf.slice(11, 16)} UTC: older than ten minutes is not “now”`,
      ),
    );
  return marks;
}
/** A line about how well it works now goes stale after this long (M57b). */
export const STALE_MS = 10 * 60_000;

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
    ...apology(fields, context),
    ...actions(fields),
    ...compareWithRecord(fields, context.record),
    ...variantMarks(fields),
    ...helpful(fields, context),
    ...recurrenceMarks(fields, context.recurrence, context.kind),
    ...staleness(fields, context),
  ];
}
