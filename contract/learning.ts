/** What crosses the wire about reviews, the actions that follow from them, and the figures over many incidents. */
import { z } from 'zod';
import { endpoint, id, instant, pageOf, pageQuery, personRef } from './core.ts';

export const reviewId = id('rev');
export const actionId = id('imp');

/** A calendar day, `2026-12-24`. It means the end of that day in the zone of the installation. */
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write the day as YYYY-MM-DD');
const text = (max: number) => z.string().max(max);
const line = z.string().trim().min(1, 'write at least one word').max(300);

export const reviewState = z.enum(['draft', 'scheduled', 'in_review', 'reviewed', 'closed']);
export const actionState = z.enum(['proposed', 'confirmed', 'in_progress', 'done', 'rejected', 'superseded']);
export const actionType = z.enum(['code', 'process', 'training', 'tooling', 'docs', 'supplier', 'capacity']);
export const findingKind = z.enum(['worked', 'did_not', 'lucky', 'surprise']);
export const sectionName = z.enum([
  'summary',
  'impact',
  'understanding',
  'containment',
  'recovery',
  'communication',
  'earlier',
  'publicSummary',
]);
export type ReviewState = z.infer<typeof reviewState>;
export type ActionState = z.infer<typeof actionState>;
export type ActionType = z.infer<typeof actionType>;
export type FindingKind = z.infer<typeof findingKind>;
export type SectionName = z.infer<typeof sectionName>;

const incidentRef = z.object({ id: z.string(), key: z.string(), title: z.string(), severity: z.number().int() });

export const action = z.object({
  id: actionId,
  /** What people say aloud: `A-12`. */
  key: z.string(),
  title: z.string(),
  detail: z.string(),
  type: actionType.nullable(),
  /** 5 removes the hazard … 1 is a reminder. */
  strength: z.number().int().nullable(),
  state: actionState,
  owner: personRef.nullable(),
  dueOn: day.nullable(),
  dueZone: z.string().nullable(),
  dueAt: instant.nullable(),
  originalDueOn: day.nullable(),
  overdue: z.boolean(),
  exercise: z.boolean(),
  reviewId: reviewId.nullable(),
  incident: incidentRef.nullable(),
  proposedBy: z.string(),
  proposedAt: instant,
  settledAt: instant.nullable(),
  settledNote: z.string().nullable(),
  version: z.number().int(),
});
export type Action = z.infer<typeof action>;

export const reviewSummary = z.object({
  id: reviewId,
  incident: incidentRef,
  exercise: z.boolean(),
  form: z.enum(['full', 'light']),
  state: reviewState,
  owner: personRef.nullable(),
  facilitator: personRef.nullable(),
  meetingAt: instant.nullable(),
  dueAt: instant.nullable(),
  overdue: z.boolean(),
  openedAt: instant,
  finishedAt: instant.nullable(),
  loopClosedAt: instant.nullable(),
  actions: z.object({ proposed: z.number(), open: z.number(), overdue: z.number(), done: z.number() }),
});
export type ReviewSummary = z.infer<typeof reviewSummary>;

const reading = z.object({
  id: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  note: z.string(),
  minutes: z.number().nullable(),
  /** Why there is no number; `null` when there is one. */
  absent: z.string().nullable(),
  beforeImpact: z.boolean(),
});
export type Reading = z.infer<typeof reading>;

const hint = z.object({
  rule: z.string(),
  level: z.enum(['error', 'warn']),
  path: z.string(),
  found: z.string(),
  why: z.string(),
});
export type BlameHint = z.infer<typeof hint>;

export const factor = z.object({ code: z.string(), note: text(2_000) });
export const finding = z.object({ kind: findingKind, text: line });

export const review = reviewSummary.extend({
  originalDueAt: instant.nullable(),
  dueZone: z.string(),
  askedBecause: z.string().nullable(),
  sections: z.record(sectionName, z.string()),
  trigger: z.string().nullable(),
  factors: z.array(factor.extend({ label: z.string(), group: z.string() })),
  findings: z.array(finding),
  measures: z.array(reading),
  /** What the record holds, read live until the review is finished, frozen from then on. */
  record: z.object({
    phases: z.array(z.object({ phase: z.string(), from: instant, to: instant.nullable() })),
    roles: z.array(z.object({ role: z.string(), person: personRef.nullable(), from: instant, to: instant.nullable() })),
    hypotheses: z.array(z.object({ text: z.string(), state: z.string() })),
    decisions: z.array(z.object({ question: z.string(), choice: z.string(), by: z.string(), at: instant })),
    containment: z.array(z.object({ text: z.string(), state: z.string(), at: instant.nullable() })),
    messages: z.array(z.object({ headline: z.string(), audience: z.string(), at: instant })),
    /** Asked during the incident and never answered. */
    questions: z.array(z.object({ text: z.string(), owner: z.string().nullable(), askedAt: instant })),
    /** The entries that tell the story, oldest first; all of them stand in the incident itself. */
    timeline: z.array(z.object({ seq: z.number(), at: instant, by: z.string(), text: z.string() })),
  }),
  items: z.array(action),
  blame: z.array(hint),
  /** What still stands between this review and its end; empty = it can be finished. */
  missing: z.array(z.object({ path: z.string(), message: z.string() })),
  version: z.number().int(),
});
export type Review = z.infer<typeof review>;

export const taxonomy = z.object({
  triggers: z.array(z.object({ code: z.string(), label: z.string() })),
  factors: z.array(z.object({ code: z.string(), label: z.string(), group: z.string() })),
  sections: z.array(z.object({ name: sectionName, title: z.string(), prompt: z.string() })),
  findings: z.array(z.object({ kind: findingKind, title: z.string(), prompt: z.string() })),
  actionTypes: z.array(z.object({ type: actionType, label: z.string() })),
  strengths: z.array(z.object({ strength: z.number(), label: z.string() })),
});
export type Taxonomy = z.infer<typeof taxonomy>;

const summary = z.object({
  n: z.number(),
  median: z.number().nullable(),
  p75: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
});
export const measureReport = z.object({
  id: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  note: z.string(),
  summary,
  dots: z.array(
    z.object({
      incidentId: z.string(),
      key: z.string(),
      title: z.string(),
      severity: z.number(),
      minutes: z.number(),
      note: z.literal('before_impact').optional(),
    }),
  ),
  leftOut: z.array(z.object({ incidentId: z.string(), key: z.string(), reason: z.string() })),
  /** Older half of the period against the newer one; `null` when either has fewer than five cases. */
  change: z
    .object({
      before: z.object({ n: z.number(), median: z.number() }),
      after: z.object({ n: z.number(), median: z.number() }),
      difference: z.number(),
      interval: z.tuple([z.number(), z.number()]),
      verdict: z.enum(['no reliable change', 'shorter', 'longer']),
    })
    .nullable(),
});
export type MeasureReport = z.infer<typeof measureReport>;

export const metrics = z.object({
  from: instant,
  to: instant,
  middle: instant,
  severities: z.array(z.object({ severity: z.number(), n: z.number() })),
  detection: z.array(z.object({ by: z.enum(['monitor', 'person', 'customer', 'unknown']), n: z.number() })),
  /** Real incidents that began in the period and are not counted, with the reason. Exercises never come this far. */
  notCounted: z.array(z.object({ incidentId: z.string(), key: z.string(), reason: z.string() })),
  measures: z.array(measureReport),
  actions: z.object({ open: z.number(), overdue: z.number(), done: z.number() }),
});
export type Metrics = z.infer<typeof metrics>;

const reviewParams = z.object({ id: reviewId });
const actionParams = z.object({ id: actionId });
const base = '/api/v1/learning';

export const endpoints = {
  taxonomy: endpoint({
    id: 'learning.taxonomy',
    method: 'GET',
    path: `${base}/taxonomy`,
    summary: 'The words of a review: triggers, contributing factors, sections with their prompts, action types',
    access: 'signed_in',
    response: taxonomy,
  }),
  listReviews: endpoint({
    id: 'learning.listReviews',
    method: 'GET',
    path: `${base}/reviews`,
    summary: 'Reviews, those due first',
    access: 'signed_in',
    query: z.strictObject({
      ...pageQuery,
      show: z.enum(['open', 'finished', 'all']).default('open'),
      incidentId: z.string().max(60).optional(),
    }),
    response: pageOf(reviewSummary),
  }),
  getReview: endpoint({
    id: 'learning.getReview',
    method: 'GET',
    path: `${base}/reviews/:id`,
    summary: 'One review with everything the record holds for it',
    access: 'signed_in',
    params: reviewParams,
    response: review,
  }),
  requestReview: endpoint({
    id: 'learning.requestReview',
    method: 'POST',
    path: `${base}/reviews`,
    summary: 'Ask for a review of an incident whose severity does not require one',
    access: 'learning.requestReview',
    body: z.strictObject({ incidentId: z.string().max(60), because: line }),
    response: z.object({ id: reviewId }),
    status: 201,
  }),
  assignReview: endpoint({
    id: 'learning.assignReview',
    method: 'POST',
    path: `${base}/reviews/:id/assign`,
    summary: 'Name owner and facilitator, set the meeting, move the due time with a reason',
    access: 'learning.assignReview',
    params: reviewParams,
    body: z.strictObject({
      ownerId: z.string().max(60).optional(),
      facilitatorId: z.string().max(60).nullable().optional(),
      meetingAt: instant.nullable().optional(),
      dueAt: instant.optional(),
      reason: line.optional(),
    }),
    response: reviewSummary,
  }),
  editReview: endpoint({
    id: 'learning.editReview',
    method: 'PATCH',
    path: `${base}/reviews/:id`,
    summary: 'Write sections, trigger, factors and findings; `version` guards against overwriting somebody',
    access: 'learning.editReview',
    params: reviewParams,
    body: z.strictObject({
      version: z.number().int().min(1),
      sections: z.partialRecord(sectionName, text(20_000)).optional(),
      trigger: z.string().max(40).nullable().optional(),
      factors: z
        .array(z.strictObject({ code: z.string().max(10), note: text(2_000) }))
        .max(50)
        .optional(),
      findings: z
        .array(z.strictObject({ kind: findingKind, text: line }))
        .max(100)
        .optional(),
    }),
    response: review,
  }),
  finishReview: endpoint({
    id: 'learning.finishReview',
    method: 'POST',
    path: `${base}/reviews/:id/finish`,
    summary: 'Finish the review; needs a trigger, a factor and a verdict on every proposed action',
    access: 'learning.finishReview',
    params: reviewParams,
    body: z.strictObject({}).optional(),
    response: review,
  }),
  listActions: endpoint({
    id: 'learning.listActions',
    method: 'GET',
    path: `${base}/actions`,
    summary: 'The board of improvements, open to everybody signed in',
    access: 'signed_in',
    query: z.strictObject({
      ...pageQuery,
      show: z.enum(['open', 'proposed', 'overdue', 'settled', 'all']).default('open'),
      mine: z.enum(['true', 'false']).default('false'),
      type: actionType.optional(),
    }),
    response: pageOf(action),
  }),
  getAction: endpoint({
    id: 'learning.getAction',
    method: 'GET',
    path: `${base}/actions/:id`,
    summary: 'One improvement',
    access: 'signed_in',
    params: actionParams,
    response: action,
  }),
  proposeAction: endpoint({
    id: 'learning.proposeAction',
    method: 'POST',
    path: `${base}/actions`,
    summary: 'Propose an improvement, in a review or on its own',
    access: 'learning.proposeAction',
    body: z.strictObject({
      reviewId: reviewId.optional(),
      title: line,
      detail: text(5_000).optional(),
      type: actionType.optional(),
      strength: z.number().int().min(1).max(5).optional(),
      ownerId: z.string().max(60).optional(),
      dueOn: day.optional(),
    }),
    response: action,
    status: 201,
  }),
  confirmAction: endpoint({
    id: 'learning.confirmAction',
    method: 'POST',
    path: `${base}/actions/:id/confirm`,
    summary: 'Confirm it: one owner, one day, one type. Without any of them the answer is 422',
    access: 'learning.confirmAction',
    params: actionParams,
    body: z.strictObject({
      ownerId: z.string().max(60).optional(),
      dueOn: day.optional(),
      type: actionType.optional(),
      strength: z.number().int().min(1).max(5).optional(),
    }),
    response: action,
  }),
  rejectAction: endpoint({
    id: 'learning.rejectAction',
    method: 'POST',
    path: `${base}/actions/:id/reject`,
    summary: 'Decide against it, with the reason',
    access: 'learning.rejectAction',
    params: actionParams,
    body: z.strictObject({ reason: line }),
    response: action,
  }),
  startAction: endpoint({
    id: 'learning.startAction',
    method: 'POST',
    path: `${base}/actions/:id/start`,
    summary: 'Work on it has begun',
    access: 'learning.startAction',
    params: actionParams,
    body: z.strictObject({}).optional(),
    response: action,
  }),
  completeAction: endpoint({
    id: 'learning.completeAction',
    method: 'POST',
    path: `${base}/actions/:id/complete`,
    summary: 'It is done; the note says what changed. The last one of a finished review ends its loop',
    access: 'learning.completeAction',
    params: actionParams,
    body: z.strictObject({ note: z.string().trim().min(1, 'say what changed').max(2_000) }),
    response: action,
  }),
  amendAction: endpoint({
    id: 'learning.amendAction',
    method: 'PATCH',
    path: `${base}/actions/:id`,
    summary: 'Change words, owner or type; moving the due day of a confirmed action needs a reason',
    access: 'learning.amendAction',
    params: actionParams,
    body: z.strictObject({
      title: line.optional(),
      detail: text(5_000).optional(),
      type: actionType.optional(),
      strength: z.number().int().min(1).max(5).optional(),
      ownerId: z.string().max(60).optional(),
      dueOn: day.optional(),
      reason: line.optional(),
    }),
    response: action,
  }),
  metrics: endpoint({
    id: 'learning.metrics',
    method: 'GET',
    path: `${base}/metrics`,
    summary: 'Times over many incidents: every dot, n, and a median from five cases up. Exercises are never among them',
    access: 'signed_in',
    query: z.strictObject({
      from: instant.optional(),
      to: instant.optional(),
      severity: z.coerce.number().int().min(1).max(3).optional(),
      serviceId: z.string().max(60).optional(),
    }),
    response: metrics,
  }),
};
