/** The shape of an `ir/v1` playbook, strict in every block: an unknown field is an error at its place. */
import { z } from 'zod';
import {
  communications,
  degradedMode,
  drill,
  guardrails,
  raciRow,
  readiness,
  recovery,
  review,
  roles,
  rollbackPlan,
  security,
  severityRule,
  trigger,
} from './blocks.ts';
import { actionName, autonomy, duration, expression, id, params, riskClass, text } from './words.ts';

export type { Autonomy, RiskClass } from './words.ts';

/** What a probe of this kind reads when it does not say. */
const NATURAL = {
  http: 'bool',
  tcp: 'bool',
  manual: 'bool',
  flag: 'string',
  prometheus: 'double',
  synthetic: 'double',
  sql: 'int',
} as const;
const probeFields = z.strictObject({
  provider: z.enum(['http', 'flag', 'prometheus', 'tcp', 'sql', 'synthetic', 'manual']),
  target: z.string().max(2_000).optional(),
  ref: z.string().max(400).optional(),
  query: z.string().max(4_000).optional(),
  ask: z.string().max(400).optional(),
  every: duration.default('30s'),
  timeout: duration.default('5s'),
  returns: z.enum(['bool', 'int', 'double', 'number', 'string']).optional(),
  /** For http: where in the JSON answer the value stands, e.g. `status.indicator`. */
  extract: z.string().max(400).optional(),
});
const probe = probeFields.transform((one) => ({ ...one, returns: one.returns ?? NATURAL[one.provider] }));

const input = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean']),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  description: z.string().max(400).optional(),
});

const decision = z.strictObject({
  id,
  question: text(400),
  owner: z.string().max(80).optional(),
  options: z.record(
    id,
    z.looseObject({
      when: expression.optional(),
      requires: z.array(z.string()).optional(),
    }),
  ),
  default: id.optional(),
  timebox: duration.optional(),
});

const common = { id, if: expression.optional(), title: text(160).optional() };
const action = z.strictObject({
  ...common,
  type: z.literal('action'),
  action: actionName,
  with: params.default({}),
  autonomy: autonomy.default('approve'),
  veto_window: duration.optional(),
  preconditions: z.array(expression).default([]),
  risk: z.strictObject({
    class: riskClass,
    customer_visible: z.boolean().default(false),
  }),
  idempotency_key: z.string().min(1).max(300).optional(),
  timeout: duration.optional(),
  retry: z
    .strictObject({
      max_attempts: z.number().int().min(1).max(10).default(1),
      base: duration.default('1s'),
      factor: z.number().min(1).max(10).default(2),
      cap: duration.default('30s'),
      jitter: z.enum(['full', 'none']).default('full'),
      budget: duration.default('60s'),
    })
    .optional(),
  verify: z.strictObject({ expr: expression, within: duration }).optional(),
  on_failure: z
    .strictObject({
      do: z.enum(['needs_human', 'undo', 'continue', 'fallback']),
      /** Role that is called. */
      page: id.optional(),
    })
    .optional(),
  undo: z
    .union([
      z.literal('none'),
      z.strictObject({
        action: actionName,
        with: params.default({}),
      }),
    ])
    .optional(),
  undo_note: z.string().max(400).optional(),
  manual: text(1_000).optional(),
});
const manual = z.strictObject({
  ...common,
  type: z.literal('manual'),
  text: text(2_000),
  role: z.string().max(80).optional(),
  timebox: duration.optional(),
  evidence: z.enum(['required', 'optional']).optional(),
  allows_waiver: z.boolean().optional(),
});
const check = z.strictObject({
  ...common,
  type: z.literal('check'),
  expr: expression,
  every: duration.default('10s'),
  marks: z.enum(['contained']).optional(),
});
const decide = z.strictObject({
  ...common,
  type: z.literal('decision'),
  decision: id,
});
/** Waits for a yes from somebody who holds the authority. */
const approval = z.strictObject({
  ...common,
  type: z.literal('approval'),
  text: text(2_000),
  from: z.array(id).default([]),
});
const wait = z.strictObject({
  ...common,
  type: z.literal('wait'),
  for: duration,
  text: z.string().max(2_000).optional(),
});
const notify = z.strictObject({ ...common, type: z.literal('notify'), to: z.array(id).min(1), text: text(2_000) });
const flat = z.discriminatedUnion('type', [manual, action, check, decide, approval, wait, notify]);
/** Steps that may be done in any order; the run goes on when all of them are over. */
const parallel = z.strictObject({ ...common, type: z.literal('parallel'), steps: z.array(flat).min(2).max(10) });
const step = z.discriminatedUnion('type', [manual, action, check, decide, approval, wait, notify, parallel]);

export const playbookSchema = z.strictObject({
  apiVersion: z.literal('ir/v1'),
  kind: z.enum(['Playbook', 'Runbook']),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name is lower case letters, digits and -'),
    title: text(160),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version is three numbers, such as 1.0.0'),
    owner: z.string().max(120),
    services: z.array(z.string().max(160)).default([]),
    tier: z.number().int().min(0).max(3).optional(),
    labels: z.record(z.string(), z.string()).default({}),
    reviewBy: z.iso.date().optional(),
  }),
  spec: z.strictObject({
    summary: text(2_000),
    scope: z
      .strictObject({
        use_when: text(600).optional(),
        not_for: z.array(z.string()).default([]),
        /** Severities this playbook is meant for; all when absent. */
        severities: z.array(z.number().int().min(1).max(4)).optional(),
      })
      .default({ not_for: [] }),
    /** What is normal for a probe: `< 900`, `220-900 on weekdays`. */
    normal_operation: z.record(id, z.string().max(200)).optional(),
    inputs: z.record(id, input).default({}),
    probes: z.record(id, probe).default({}),
    triggers: z.array(trigger).default([]),
    severity: z.array(severityRule).default([]),
    roles: roles.default({ required: [], sme: {}, lanes: [] }),
    raci: z.record(id, raciRow).default({}),
    decisions: z.array(decision).default([]),
    guardrails: guardrails.prefault({}),
    degraded_modes: z.array(degradedMode).default([]),
    containment: z.array(step).min(1),
    eradication: z.array(step).default([]),
    communications: communications.prefault({}),
    rollback_plan: rollbackPlan.optional(),
    recovery: recovery.prefault({}),
    readiness: readiness.optional(),
    security: security.optional(),
    drill: drill.optional(),
    review: review.optional(),
  }),
});

export type Playbook = z.infer<typeof playbookSchema>;
export type PlaybookSpec = Playbook['spec'];
export type Step = PlaybookSpec['containment'][number];
export type ActionStep = Extract<Step, { type: 'action' }>;
export type CheckStep = Extract<Step, { type: 'check' }>;
export type ProbeSpec = PlaybookSpec['probes'][string];
export type Trigger = PlaybookSpec['triggers'][number];
export type DegradedMode = PlaybookSpec['degraded_modes'][number];
export type Guardrails = PlaybookSpec['guardrails'];
export type RecoveryBlock = PlaybookSpec['recovery'];
