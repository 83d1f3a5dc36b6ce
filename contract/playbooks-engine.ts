/** The engine over the wire: blast radius, the sixteen checks, vetoes, overrides, dry runs and what it remembers. */
import { z } from 'zod';
import { endpoint, id, instant } from './core.ts';

/** Blast radius: what an action reaches, and what is left. */
const node = z.object({ id: z.string(), name: z.string(), tier: z.number() });
export const impact = z.object({
  services: z.array(node),
  dependants: z.array(node),
  journeys: z.array(z.object({ id: z.string(), name: z.string() })),
  tier1: z.number(),
  customersPct: z.number().nullable(),
  customers: z.number().nullable(),
  regions: z.array(z.string()),
  nodesPct: z.number().nullable(),
  capacity: z.object({ useAfterPct: z.number().nullable(), limitPct: z.number(), text: z.string() }).nullable(),
});
export type Impact = z.infer<typeof impact>;
export const checkResult = z.object({
  n: z.number(),
  rule: z.string(),
  verdict: z.enum(['pass', 'refuse', 'ask', 'wait', 'skip', 'forced']),
  message: z.string(),
});
export type CheckResult = z.infer<typeof checkResult>;
/** A person passed by a guard: shown to everybody until it ends. */
export const override = z.object({
  id: z.string(),
  kind: z.enum(['veto', 'take_over', 'skip', 'force', 'pause', 'outside']),
  incident: z.object({ id: z.string(), key: z.string() }).nullable(),
  runId: z.string().nullable(),
  actionRunId: z.string().nullable(),
  guards: z.array(z.string()),
  what: z.string(),
  reason: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  second: z.object({ id: z.string(), name: z.string() }).nullable(),
  secondNeeded: z.boolean(),
  at: instant,
  expiresAt: instant,
  endedAt: instant.nullable(),
  active: z.boolean(),
  exercise: z.boolean(),
});
export type Override = z.infer<typeof override>;

const actionId = id('act');
const incidentRef = z.string().regex(/^[A-Za-z0-9][\w.-]{0,119}$/);
const reason = z.string().trim().min(1).max(2_000);
const reasonBody = z.strictObject({ reason });
const moved = z.object({ id: z.string(), state: z.string() });

/** What an action would do and what the checks say of it; nothing is changed. */
export const preview = z.object({
  title: z.string(),
  target: z.string(),
  effect: z.string(),
  undo: z.string(),
  noop: z.boolean(),
  autonomy: z.string(),
  impact: impact.nullable(),
  checks: z.array(checkResult),
  /** True: it would be refused as things are. */
  refused: z.boolean(),
});
export type Preview = z.infer<typeof preview>;

const knownBad = z.object({
  id: z.string(),
  action: z.string(),
  target: z.string(),
  symptom: z.string(),
  incidentKey: z.string(),
  at: instant,
});
const drop = z.object({ id: z.string(), action: z.string(), target: z.string(), reason: z.string(), at: instant });
export const engineEndpoints = {
  vetoAction: endpoint({
    id: 'playbooks.vetoAction',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/veto',
    summary: 'Stop an action before it runs by itself',
    access: 'playbooks.vetoAction',
    params: z.strictObject({ id: actionId }),
    body: reasonBody,
    response: moved,
  }),
  forceAction: endpoint({
    id: 'playbooks.forceAction',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/force',
    summary: 'Pass by named guards of a refused action, for at most an hour',
    access: 'playbooks.forceAction',
    params: z.strictObject({ id: actionId }),
    body: z.strictObject({
      guards: z.array(z.string().max(80)).min(1).max(10),
      reason,
      minutes: z.number().int().min(1).max(60).default(30),
    }),
    response: z.object({ overrideId: z.string(), waitsForSecond: z.boolean() }),
  }),
  secondOverride: endpoint({
    id: 'playbooks.secondOverride',
    method: 'POST',
    path: '/api/v1/overrides/:id/second',
    summary: 'Agree to an override as the second person',
    access: 'playbooks.secondOverride',
    params: z.strictObject({ id: id('ovr') }),
    response: z.object({ overrideId: z.string() }),
  }),
  endOverride: endpoint({
    id: 'playbooks.endOverride',
    method: 'POST',
    path: '/api/v1/overrides/:id/end',
    summary: 'End an override before its time: the guard applies again',
    access: 'playbooks.endOverride',
    params: z.strictObject({ id: id('ovr') }),
    response: z.object({ overrideId: z.string() }),
  }),
  takeOverRun: endpoint({
    id: 'playbooks.takeOverRun',
    method: 'POST',
    path: '/api/v1/runs/:id/take-over',
    summary: 'The engine stops at the next safe point; a person goes on with the steps',
    access: 'playbooks.takeOverRun',
    params: z.strictObject({ id: id('run') }),
    body: reasonBody,
    response: z.object({ runId: z.string() }),
  }),
  handBackRun: endpoint({
    id: 'playbooks.handBackRun',
    method: 'POST',
    path: '/api/v1/runs/:id/hand-back',
    summary: 'The engine goes on with the run',
    access: 'playbooks.handBackRun',
    params: z.strictObject({ id: id('run') }),
    response: z.object({ runId: z.string() }),
  }),
  recordOutside: endpoint({
    id: 'playbooks.recordOutside',
    method: 'POST',
    path: '/api/v1/incidents/:id/outside-actions',
    summary: 'I did it by hand: the target is read and the action adopted',
    access: 'playbooks.recordOutside',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      action: z.string().max(80),
      with: z.record(z.string().max(80), z.unknown()).default({}),
      effect: reason,
      at: instant.optional(),
    }),
    response: moved,
  }),
  previewStep: endpoint({
    id: 'playbooks.previewStep',
    method: 'POST',
    path: '/api/v1/steps/:id/preview',
    summary: 'Dry run of a step: plan, blast radius and checks; nothing is sent',
    access: 'playbooks.dryRun',
    params: z.strictObject({ id: id('stp') }),
    response: preview,
  }),
  previewAction: endpoint({
    id: 'playbooks.previewAction',
    method: 'POST',
    path: '/api/v1/incidents/:id/action-previews',
    summary: 'Dry run of an action outside a playbook',
    access: 'playbooks.dryRun',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      action: z.string().max(80),
      with: z.record(z.string().max(80), z.unknown()).default({}),
    }),
    response: preview,
  }),
  keepMeasure: endpoint({
    id: 'playbooks.keepMeasure',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/keep',
    summary: 'Prolong a temporary measure, or make it permanent (without hours)',
    access: 'playbooks.keepMeasure',
    params: z.strictObject({ id: actionId }),
    body: z.strictObject({ reason, hours: z.number().int().min(1).max(168).optional() }),
    response: moved,
  }),
  memory: endpoint({
    id: 'playbooks.memory',
    method: 'GET',
    path: '/api/v1/automation/memory',
    summary: 'What was tried and was bad, and what has lost its autonomy',
    access: 'read',
    response: z.object({ knownBad: z.array(knownBad), drops: z.array(drop) }),
  }),
  forgetBad: endpoint({
    id: 'playbooks.forgetBad',
    method: 'POST',
    path: '/api/v1/automation/known-bad/:id/forget',
    summary: 'It is no longer bad: do not warn any more',
    access: 'playbooks.forgetBad',
    params: z.strictObject({ id: id('bad') }),
    body: reasonBody,
    response: z.object({ id: z.string() }),
  }),
  restoreAutonomy: endpoint({
    id: 'playbooks.restoreAutonomy',
    method: 'POST',
    path: '/api/v1/automation/drops/:id/restore',
    summary: 'Let an action run by itself again, as far as it has earned it',
    access: 'playbooks.restoreAutonomy',
    params: z.strictObject({ id: id('drp') }),
    body: reasonBody,
    response: z.object({ id: z.string() }),
  }),
  schema: endpoint({
    id: 'playbooks.schema',
    method: 'GET',
    path: '/api/v1/playbook-schema',
    summary: 'The JSON Schema of ir/v1, for editors',
    access: 'public',
    response: z.record(z.string(), z.unknown()),
  }),
};
