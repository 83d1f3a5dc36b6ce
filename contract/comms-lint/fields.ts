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

export const messageKind = z.enum(['initial', 'update', 'resolution']);
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
  ].filter(({ text }) => text !== '');
}
