/** Recovery over the wire: readiness criteria, what they are now, and the soak clock. */
import { z } from 'zod';
import { endpoint, id, instant } from './core.ts';

const incidentRef = z.string().regex(/^[A-Za-z0-9][\w.-]{0,119}$/);
const verdict = z.enum(['true', 'false', 'unknown']);

export const criterion = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['http', 'expression']),
  url: z.string().nullable(),
  /** What is expected, in words. */
  expects: z.string(),
  source: z.enum(['playbook', 'person']),
  verdict,
  detail: z.string(),
  sampledAt: instant.nullable(),
  /** Since when the verdict has been what it is. */
  changedAt: instant.nullable(),
  /** The latest samples, oldest first. */
  history: z.array(z.object({ at: instant, verdict })),
});
export type Criterion = z.infer<typeof criterion>;

export const recovery = z.object({
  id: z.string(),
  incidentId: z.string(),
  /** `sampling`: something is false, unknown, or the soak is not over. `met`: restored may be declared. */
  state: z.enum(['sampling', 'met', 'ended']),
  soakSeconds: z.number(),
  everySeconds: z.number(),
  /** Since when every sample has been true, counted only from containment on. */
  cleanSince: instant.nullable(),
  soakedSeconds: z.number(),
  remainingSeconds: z.number().nullable(),
  metAt: instant.nullable(),
  restarts: z.number(),
  lastBreak: z.string().nullable(),
  /** Why restored cannot be declared yet; empty when it can. */
  reasons: z.array(z.string()),
  criteria: z.array(criterion),
  /** What else stands in the way: stages not passed, signatures missing, degraded modes still on. */
  obstacles: z.array(z.object({ name: z.string(), detail: z.string() })),
  exercise: z.boolean(),
});
export type Recovery = z.infer<typeof recovery>;

const text = (max: number) => z.string().trim().min(1).max(max);

export const endpoints = {
  get: endpoint({
    id: 'recovery.get',
    method: 'GET',
    path: '/api/v1/incidents/:id/recovery',
    summary: 'Readiness of an incident: criteria, samples and soak',
    access: 'read',
    params: z.strictObject({ id: incidentRef }),
    response: z.object({ plan: recovery.nullable(), may: z.object({ add: z.boolean(), loosen: z.boolean() }) }),
  }),
  addCriterion: endpoint({
    id: 'recovery.addCriterion',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovery/criteria',
    summary: 'Add an HTTP check that must be true through the soak',
    access: 'recovery.addCriterion',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      name: text(160),
      url: text(2_000),
      /** Absent: any 2xx. */
      expectStatus: z.number().int().min(100).max(599).optional(),
      expectContains: text(400).optional(),
      /** A condition over `status`, `body` (the parsed JSON) and `ms`: `body.queue < 10.0`. */
      expectJson: text(2_000).optional(),
    }),
    response: criterion,
    status: 201,
  }),
  removeCriterion: endpoint({
    id: 'recovery.removeCriterion',
    method: 'POST',
    path: '/api/v1/recovery-criteria/:id/remove',
    summary: 'Take a criterion out, with the reason',
    access: 'recovery.removeCriterion',
    params: z.strictObject({ id: id('rcc') }),
    body: z.strictObject({ reason: text(2_000) }),
    response: z.object({ removed: z.literal(true) }),
  }),
  setSoak: endpoint({
    id: 'recovery.setSoak',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovery/soak',
    summary: 'Change how long everything must stay true; shortening needs authority',
    access: 'recovery.setSoak',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({ seconds: z.number().int().min(0).max(604_800), reason: text(2_000) }),
    response: z.object({ soakSeconds: z.number() }),
  }),
  sampleNow: endpoint({
    id: 'recovery.sampleNow',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovery/sample',
    summary: 'Take every criterion now',
    access: 'recovery.addCriterion',
    params: z.strictObject({ id: incidentRef }),
    response: z.object({ state: z.enum(['sampling', 'met', 'ended']), reasons: z.array(z.string()) }),
  }),
};
