/** Outside systems, runners and degraded modes over the wire. */
import { z } from 'zod';
import { endpoint, id, instant } from './core.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower case letters, digits and -');
const kind = z.enum([
  'haproxy',
  'unleash',
  'launchdarkly',
  'github',
  'gitlab',
  'kubernetes',
  'weights',
  'postgres',
  'runner',
]);

export const system = z.object({
  id: z.string(),
  name: z.string(),
  kind,
  description: z.string(),
  address: z.string(),
  options: z.record(z.string(), z.unknown()),
  hasSecret: z.boolean(),
  credentialExpiresAt: instant.nullable(),
  /** Null: not asked yet. */
  healthy: z.boolean().nullable(),
  detail: z.string(),
  checkedAt: instant.nullable(),
});
export type System = z.infer<typeof system>;

export const degradedMode = z.object({
  id: z.string(),
  incidentId: z.string(),
  name: z.string(),
  flag: z.string(),
  customerEffect: z.string(),
  state: z.enum(['checking', 'entering', 'on', 'exiting', 'reconciling', 'off', 'stuck']),
  detail: z.string(),
  enteredAt: instant.nullable(),
  expiresAt: instant,
  expired: z.boolean(),
  contract: z.object({
    writes: z.string(),
    ordering: z.string(),
    idempotency: z.string(),
    reconcile: z.array(z.string()),
    notes: z.string().nullable(),
  }),
  reconciled: z.record(z.string(), z.object({ by: z.string(), at: instant, note: z.string() })),
  exception: z.string().nullable(),
  queues: z.array(
    z.object({ reporter: z.string(), queued: z.number(), drained: z.number(), failed: z.number(), at: instant }),
  ),
  exercise: z.boolean(),
});
export type DegradedMode = z.infer<typeof degradedMode>;

const runnerJob = z.object({ id: z.string(), command: z.string(), args: z.array(z.string()), fence: z.number() });

export const endpoints = {
  systems: endpoint({
    id: 'playbooks.systems',
    method: 'GET',
    path: '/api/v1/systems',
    summary: 'Outside systems that actions work on, with their health',
    access: 'read',
    response: z.object({ items: z.array(system) }),
  }),
  saveSystem: endpoint({
    id: 'playbooks.saveSystem',
    method: 'POST',
    path: '/api/v1/systems',
    summary: 'Add or change an outside system; a credential that is not given stays',
    access: 'playbooks.saveSystem',
    body: z.strictObject({
      name,
      kind,
      description: z.string().trim().max(400).default(''),
      /** `https://…`, for HAProxy `tcp://host:port` or `unix:/path`, for PostgreSQL `postgres://user@host/db`. None for runners. */
      address: z.string().trim().max(2_000).default(''),
      options: z.record(z.string(), z.unknown()).default({}),
      /** Empty text removes it. */
      secret: z.string().max(8_000).optional(),
      credentialExpiresAt: instant.nullable().default(null),
    }),
    response: system,
    status: 201,
  }),
  removeSystem: endpoint({
    id: 'playbooks.removeSystem',
    method: 'DELETE',
    path: '/api/v1/systems/:id',
    summary: 'Forget an outside system and its credential',
    access: 'playbooks.removeSystem',
    params: z.strictObject({ id: id('sys') }),
    response: z.object({ removed: z.literal(true) }),
  }),
  checkSystem: endpoint({
    id: 'playbooks.checkSystem',
    method: 'POST',
    path: '/api/v1/systems/:id/check',
    summary: 'Ask an outside system whether it answers',
    access: 'playbooks.saveSystem',
    params: z.strictObject({ id: id('sys') }),
    response: system,
  }),
  pollRunner: endpoint({
    id: 'playbooks.pollRunner',
    method: 'POST',
    path: '/api/v1/runner/poll',
    summary: 'A runner asks for its next job; each is handed out once',
    access: 'playbooks.pollRunner',
    body: z.strictObject({ system: name, runner: text(120) }),
    response: z.object({ job: runnerJob.nullable() }),
  }),
  finishRunner: endpoint({
    id: 'playbooks.finishRunner',
    method: 'POST',
    path: '/api/v1/runner/jobs/:id',
    summary: 'A runner says how a job ended',
    access: 'playbooks.finishRunner',
    params: z.strictObject({ id: id('rnj') }),
    body: z.strictObject({
      state: z.enum(['done', 'failed', 'refused']),
      output: z.string().max(20_000).default(''),
      exitCode: z.number().int().nullable().default(null),
    }),
    response: z.object({ taken: z.boolean() }),
  }),
  degradedModes: endpoint({
    id: 'playbooks.degradedModes',
    method: 'GET',
    path: '/api/v1/incidents/:id/degraded-modes',
    summary: 'Degraded modes of an incident: the contract, the queues, what is left to reconcile',
    access: 'read',
    params: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9][\w.-]{0,119}$/) }),
    response: z.object({ items: z.array(degradedMode) }),
  }),
  reportQueue: endpoint({
    id: 'playbooks.reportQueue',
    method: 'POST',
    path: '/api/v1/degraded-reports',
    summary: 'A process that keeps writes back says how many it holds',
    access: 'playbooks.reportQueue',
    body: z.strictObject({
      flag: text(100),
      reporter: text(120),
      queued: z.number().int().min(0),
      drained: z.number().int().min(0).default(0),
      failed: z.number().int().min(0).default(0),
    }),
    response: z.object({ state: z.string() }),
  }),
  reconcileMode: endpoint({
    id: 'playbooks.reconcileMode',
    method: 'POST',
    path: '/api/v1/degraded-modes/:id/reconcile',
    summary: 'A step of reconciling is done; without a step: own what remains',
    access: 'playbooks.reconcileMode',
    params: z.strictObject({ id: id('dgm') }),
    body: z.strictObject({ step: text(4_000).optional(), note: text(2_000) }),
    response: degradedMode,
  }),
};
