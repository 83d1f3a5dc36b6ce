/** The fields of one customer message: what every channel is rendered from. */
import { z } from 'zod';
import { instant } from '../core.ts';

export const componentState = z.enum([
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
]);
export type ComponentState = z.infer<typeof componentState>;

export const dataImpactState = z.enum(['none_verified', 'under_investigation', 'delayed', 'wrong', 'lost', 'exposed']);
export type DataImpactState = z.infer<typeof dataImpactState>;

export const publicStatus = z.enum(['investigating', 'identified', 'monitoring', 'resolved']);
export type PublicStatus = z.infer<typeof publicStatus>;

/**
 * What a message is for (domain 5.1). A correction is a revision of its own, and a maintenance a window with messages; an
 * internal brief stays inside, a direct one goes to a segment.
 */
export const messageKind = z.enum([
  'initial',
  'scope',
  'update',
  'containment',
  'recovery_progress',
  'setback',
  'resolution',
  'post_incident',
  'internal_brief',
  'direct',
]);
export type MessageKind = z.infer<typeof messageKind>;

const line = z.string().trim().max(600);
const lines = z.array(line).max(12);

/** When we expect an end: always a range with what it rests on, never a single time. */
export const estimate = z.strictObject({
  from: instant,
  to: instant,
  /** What the range is based on. */
  basis: z.string().trim().max(400),
  /** True when it rests on measured progress (allowed from the first hour on). */
  measured: z.boolean().default(false),
  confirmAt: instant,
});

/** What an earlier message did not know, and what became of it. */
export const settledUnknown = z.strictObject({
  unknown: line,
  how: z.enum(['answered', 'withdrawn']),
  /** What customers read: the answer, or why it no longer matters. */
  answer: z.string().trim().max(600),
});

/** Words one audience gets beyond the shared ones; no number or time stands here that the message does not have (S13). */
const variants = z
  .strictObject({
    /** Critical operations: how to go on meanwhile, and whom to call. */
    workaround: z.string().trim().max(600),
    criticalContact: z.string().trim().max(200),
    /** Developers: end points, error behaviour, advice on repeating. */
    developer: z.string().trim().max(600),
    /** Executives: money, clocks of the law. */
    money: z.string().trim().max(300),
    legal: z.string().trim().max(300),
  })
  .partial();

const shapes = {
  /** The effect in at most ten words, no cause. */
  headline: z.string().trim().max(160),
  /** Who, what, since when, how many, what still works. */
  impact: z.string().trim().max(1500),
  known: lines,
  unknown: lines,
  /** Set when there is truly nothing we do not know, instead of leaving `unknown` empty. */
  nothingUnknown: z.boolean(),
  doing: lines,
  /** How customers are protected meanwhile. */
  protection: z.string().trim().max(600),
  /** What customers can do; `none` says out loud that they need not do anything. */
  customerActions: z.union([z.literal('none'), lines]),
  dataImpact: z
    .strictObject({
      state: dataImpactState,
      sentence: z.string().trim().max(600).default(''),
      /** What `none_verified` rests on; shown inside only. */
      evidence: z.string().trim().max(600).default(''),
    })
    .nullable(),
  nextUpdateBy: instant.nullable(),
  estimate: estimate.nullable(),
  apology: z.string().trim().max(400),
  /** The state each public component has from this message on, by component id. */
  componentStates: z.record(z.string().max(40), componentState),
  /** Every unknown of the message before that is neither repeated nor known by now. */
  settled: z.array(settledUnknown).max(24),
  /** How well it works just now, from the last measure; goes stale in ten minutes. */
  expectation: z.strictObject({ text: z.string().trim().max(300), asOf: instant }).nullable(),
  /** Earlier incidents like this one: a paragraph customers read, and which public pages it names. */
  recurrence: z
    .strictObject({ text: z.string().trim().max(1200), refs: z.array(z.string().max(40)).max(5) })
    .nullable(),
  /** Why an earlier incident is not named although there is one; stays inside. */
  recurrenceReason: z.string().trim().max(400),
  /** Since how many updates nothing has changed, in the writer's words; part of a long incident. */
  changedSince: z.string().trim().max(600),
  /** Whom a customer asks: one place for all. */
  contact: z.string().trim().max(200),
  /** A report: what we are changing, the role that owns it, by when. */
  changes: z
    .array(
      z.strictObject({
        what: z.string().trim().max(400),
        owner: z.string().trim().max(80),
        due: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-12-01'),
      }),
    )
    .max(20),
  variants,
  /** Where a supplier has said it in public: only then may it be named. Stays inside. */
  supplierPublished: z.string().trim().max(300),
};

/** Fields of a message. A draft may leave any of them empty; publishing names each one that is missing. */
export const updateFields = z.strictObject({
  headline: shapes.headline.default(''),
  impact: shapes.impact.default(''),
  known: shapes.known.default([]),
  unknown: shapes.unknown.default([]),
  nothingUnknown: shapes.nothingUnknown.default(false),
  doing: shapes.doing.default([]),
  protection: shapes.protection.default(''),
  customerActions: shapes.customerActions.default([]),
  dataImpact: shapes.dataImpact.default(null),
  nextUpdateBy: shapes.nextUpdateBy.default(null),
  estimate: shapes.estimate.default(null),
  apology: shapes.apology.default(''),
  componentStates: shapes.componentStates.default({}),
  // What came later has no default: the hash of an older message must stay what it was.
  settled: shapes.settled.optional(),
  expectation: shapes.expectation.optional(),
  recurrence: shapes.recurrence.optional(),
  recurrenceReason: shapes.recurrenceReason.optional(),
  changedSince: shapes.changedSince.optional(),
  contact: shapes.contact.optional(),
  changes: shapes.changes.optional(),
  variants: shapes.variants.optional(),
  supplierPublished: shapes.supplierPublished.optional(),
});
/** A change of some fields; what is left out stays as it is. */
export const updatePatch = z.strictObject(shapes).partial();
export type UpdatePatch = z.infer<typeof updatePatch>;
export type UpdateFields = z.infer<typeof updateFields>;

/** Every text of a message with the path of its field, in reading order. */
export function textsOf(fields: UpdateFields): { field: string; text: string }[] {
  const list = (field: string, texts: string[]) => texts.map((text, at) => ({ field: `${field}.${at}`, text }));
  return [
    { field: 'headline', text: fields.headline },
    { field: 'impact', text: fields.impact },
    ...list('known', fields.known),
    ...list('unknown', fields.unknown),
    ...list('doing', fields.doing),
    { field: 'protection', text: fields.protection },
    { field: 'dataImpact.sentence', text: fields.dataImpact?.sentence ?? '' },
    ...(fields.customerActions === 'none' ? [] : list('customerActions', fields.customerActions)),
    { field: 'estimate.basis', text: fields.estimate?.basis ?? '' },
    { field: 'apology', text: fields.apology },
    ...(fields.settled ?? []).map(({ answer }, at) => ({ field: `settled.${at}.answer`, text: answer })),
    { field: 'expectation.text', text: fields.expectation?.text ?? '' },
    { field: 'recurrence.text', text: fields.recurrence?.text ?? '' },
    { field: 'changedSince', text: fields.changedSince ?? '' },
    ...(fields.changes ?? []).map(({ what }, at) => ({ field: `changes.${at}.what`, text: what })),
    { field: 'variants.workaround', text: fields.variants?.workaround ?? '' },
    { field: 'variants.developer', text: fields.variants?.developer ?? '' },
  ].filter(({ text }) => text !== '');
}
