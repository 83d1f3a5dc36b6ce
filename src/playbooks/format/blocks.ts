/** The blocks of `ir/v1` around the steps: triggers, people, guardrails, degraded modes, communication, the way back, drills (domain.md 3.2). */
import { z } from 'zod';
import { actionName, duration, expression, id, params, riskClass, text } from './words.ts';

export const trigger = z.strictObject({
  id,
  when: expression,
  /** How long the condition must hold, as in Prometheus alerts. */
  for: duration.default('0s'),
  /** Whether a run starts by itself or is suggested; actions keep their own level. */
  autonomy: z.enum(['auto', 'suggest']).default('suggest'),
});

export const severityRule = z.strictObject({ sev: z.number().int().min(1).max(4), when: expression });

export const roles = z.strictObject({
  required: z.array(id).default([]),
  /** Subject-matter experts by the name this playbook uses, and where they are found: `schedule:orders-primary`. */
  sme: z.record(id, z.string().max(160)).default({}),
  lanes: z.array(id).default([]),
});
const people = z.array(id).default([]);
export const raciRow = z.strictObject({
  R: people,
  /** One role, or several written by mistake: rule PB04 says so at its place. */
  A: z.union([id, z.array(id)]).optional(),
  C: people,
  I: people,
});

export const guardrails = z.strictObject({
  approvals: z
    .array(
      z.strictObject({
        for: z.array(riskClass).min(1),
        count: z.number().int().min(1).max(2).default(1),
        from: z.array(z.string()).min(1),
        not_requester: z.boolean().default(false),
      }),
    )
    .default([]),
  freeze: z
    .strictObject({
      scope: z.enum(['affected', 'affected_and_upstream']).default('affected'),
      blocks: z.array(z.string()).default(['deploy']),
      allow_label: z.string().max(80).default('incident-fix'),
      until: z.literal('restored').default('restored'),
    })
    .optional(),
  /** Counted over all active actions together (check 11). */
  max_blast_radius: z
    .strictObject({
      services: z.number().int().min(0).optional(),
      tier1_services: z.number().int().min(0).optional(),
      customers_pct: z.number().min(0).max(100).optional(),
      regions: z.number().int().min(0).optional(),
      nodes_pct: z.number().min(0).max(100).optional(),
    })
    .optional(),
  cooldown: z
    .strictObject({
      per_target: duration.default('10m'),
      max_runs: z.number().int().min(1).max(100).default(3),
      window: duration.default('1h'),
    })
    .optional(),
  concurrency: z
    .strictObject({
      group: text(200),
      max: z.number().int().min(1).max(20).default(1),
      on_conflict: z.enum(['refuse', 'queue']).default('refuse'),
    })
    .optional(),
  dry_run: z
    .strictObject({
      required: z.enum(['first_use', 'always', 'never']).default('first_use'),
      valid_for: duration.default('90d'),
    })
    .optional(),
  rehearsal: z
    .strictObject({
      required_for: z.array(z.enum(['veto', 'auto'])).default(['veto', 'auto']),
      within: duration.default('120d'),
    })
    .optional(),
  abort_when: z.array(expression).default([]),
});

/** The integrity contract is loose on purpose: rule PB09 names every field that lacks. */
const integrity = z.strictObject({
  writes: z.enum(['allowed', 'queued', 'rejected']).optional(),
  reads: z.strictObject({ stale_up_to: duration }).optional(),
  ordering: text(200).optional(),
  idempotency: text(400).optional(),
  precheck: z.array(expression).optional(),
  invariants: z.array(expression).optional(),
  reconcile: z.array(id).optional(),
  notes: z.string().max(2_000).optional(),
});
export const degradedMode = z.strictObject({
  id,
  /** Feature flag that the callers obey. */
  flag: z.string().min(1).max(100),
  enter: z.strictObject({ set: text(60) }),
  exit: z.strictObject({ set: text(60) }),
  max_duration: duration.default('4h'),
  customer_effect: text(600).optional(),
  data_integrity: integrity.optional(),
});

const told = z.array(id).default([]);
export const communications = z.strictObject({
  internal: z
    .array(z.strictObject({ when: expression.optional(), to: told, template: id, every: duration.optional() }))
    .default([]),
  stakeholders: z
    .array(z.strictObject({ when: expression.optional(), to: told, template: id, due: duration.optional() }))
    .default([]),
  customer: z
    .array(
      z.strictObject({
        event: z.string().max(80),
        when: expression.optional(),
        template: id,
        due: duration.default('15m'),
      }),
    )
    .default([]),
  segments: z
    .array(z.strictObject({ id, when: expression.optional(), channel: z.string().max(40), template: id }))
    .default([]),
  facts: z
    .strictObject({
      impact: z.string().max(600).optional(),
      protection: z.string().max(600).optional(),
      customer_actions: z.string().max(600).optional(),
      data_impact: z.string().max(80).optional(),
    })
    .default({}),
  recurrence: z
    .strictObject({ look_back: duration, require_reference_from: z.number().int().min(1).max(100) })
    .optional(),
  naming: z.record(id, z.string().max(80)).optional(),
});

export const rollbackPlan = z.strictObject({
  strategy: id.default('reverse_completed_stages'),
  steps: z.array(z.strictObject({ id, action: actionName, with: params.default({}) })).default([]),
  /** Id of the step after which nothing is rolled back by itself; `none`. */
  point_of_no_return: id.default('none'),
  known_bad_memory: z.boolean().default(true),
});

const analysis = z.strictObject({
  interval: duration.default('30s'),
  count: z.number().int().min(1).max(1_000).default(5),
  failure_limit: z.number().int().min(0).max(1_000).default(1),
  inconclusive_limit: z.number().int().min(0).max(1_000).default(2),
  error_limit: z.number().int().min(0).max(1_000).default(3),
  initial_delay: duration.default('30s'),
});
/** What a stage says differently; without defaults of its own, so that what it leaves out is as in `analysis_defaults`. */
const ownAnalysis = z.strictObject({
  interval: duration.optional(),
  count: z.number().int().min(1).max(1_000).optional(),
  failure_limit: z.number().int().min(0).max(1_000).optional(),
  inconclusive_limit: z.number().int().min(0).max(1_000).optional(),
  error_limit: z.number().int().min(0).max(1_000).optional(),
  initial_delay: duration.optional(),
});
const stage = z.strictObject({
  id,
  title: text(160).optional(),
  /** `action` and `with` carry it out; without them the kind of action that contained does, else a person. */
  shift: z.looseObject({ kind: id, to: z.union([z.string().max(80), z.number()]), manual: text(1_000).optional() }),
  soak: duration.default('5m'),
  delay: duration.optional(),
  manual_gate: id.optional(),
  analysis: ownAnalysis.optional(),
  irreversible: z.boolean().default(false),
});
/** The same question put to every region and endpoint; `{region}` and `{endpoint}` stand in the address. */
const sweep = z.strictObject({
  url: text(2_000),
  regions: z.array(text(120)).max(50).default([]),
  endpoints: z.array(text(400)).max(100).default([]),
});
const healthCheck = z
  .strictObject({
    id,
    title: text(160).optional(),
    pass: expression.optional(),
    fail: expression.optional(),
    sweep: sweep.optional(),
  })
  .refine((one) => one.pass !== undefined || one.sweep !== undefined, 'a check has a condition `pass` or a `sweep`');
export const recovery = z.strictObject({
  prerequisites: z.array(expression).default([]),
  analysis_defaults: analysis.prefault({}),
  stages: z.array(stage).default([]),
  health_checks: z.array(healthCheck).default([]),
  /** Each blocks the stages it names; `restored` is the declaration at the end. */
  data_checks: z
    .array(
      z.strictObject({ id, title: text(160).optional(), pass: expression, blocks: z.array(id).default(['restored']) }),
    )
    .default([]),
  signoffs: z.array(z.strictObject({ lane: id, of: id })).default([]),
  on_stage_failure: z.enum(['rollback_stage', 'pause']).default('rollback_stage'),
  on_inconclusive: z.enum(['pause', 'continue']).default('pause'),
});

const criterion = z.union([expression, z.strictObject({ id: id.optional(), name: text(160), expr: expression })]);
export const readiness = z.strictObject({
  soak: duration,
  criteria: z.array(criterion).min(1),
  on_restored: z.array(z.string()).default([]),
});

export const security = z.strictObject({
  watch: z.array(expression).default([]),
  access: z
    .strictObject({
      elevation: id.optional(),
      max: duration.optional(),
      two_person: z.boolean().default(true),
    })
    .optional(),
  evidence: z.array(id).default([]),
});

const inject = z.strictObject({
  id,
  at: duration,
  kind: z.enum(['alert', 'probe', 'message', 'pressure', 'absence', 'vendor', 'clock', 'note']),
  to: id.optional(),
  content: z.string().max(2_000).optional(),
  set: params.optional(),
  expect: z.strictObject({ by: duration, event: z.string().max(80) }).optional(),
  objective: id.optional(),
  note: z.string().max(400).optional(),
});
export const drill = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  mode: z.enum(['tabletop', 'functional', 'live']),
  duration,
  objectives: z.array(z.strictObject({ id, text: text(400) })).min(1),
  injects: z.array(inject).default([]),
  end_when: expression.optional(),
});

export const review = z.strictObject({
  required: expression.optional(),
  /** By severity: calendar days `3d` or business days `5bd`. */
  due: z.record(z.string(), z.string().regex(/^\d{1,3}(d|bd)$/)).default({}),
  questions: z.array(text(400)).default([]),
});
