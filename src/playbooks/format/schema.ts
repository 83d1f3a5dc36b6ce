/** The shape of an `ir/v1` playbook. Blocks used by this version are strict; later blocks of the format pass through typed. */
import { z } from 'zod';

/** Ids allow dotted access in conditions (domain.md 3.1). */
const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'an id is lower case letters, digits and _, starting with a letter');
const duration = z.string().regex(/^\d{1,6}(ms|s|m|h|d)$/, 'write a duration such as 30s, 5m or 12h');
const text = (max: number) => z.string().min(1).max(max);
const expression = z.string().min(1).max(4_000);
/** Blocks of the format that later versions act on. They are kept, shown and exported, never silently dropped. */
const laterMap = z.record(z.string(), z.unknown());
const laterList = z.array(z.unknown());

export const riskClass = z.enum(['reversible', 'compensable', 'irreversible']);
export const autonomy = z.enum(['manual', 'suggest', 'approve', 'veto', 'auto']);

const probe = z.strictObject({
  provider: z.enum(['http', 'flag', 'prometheus', 'tcp', 'sql', 'synthetic', 'manual']),
  target: z.string().max(2_000).optional(),
  ref: z.string().max(400).optional(),
  query: z.string().max(4_000).optional(),
  ask: z.string().max(400).optional(),
  every: duration.default('30s'),
  timeout: duration.default('5s'),
  returns: z.enum(['bool', 'int', 'double', 'number', 'string']).default('bool'),
  /** For http: where in the JSON answer the value stands, e.g. `status.indicator`. */
  extract: z.string().max(400).optional(),
});

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
  action: z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'an action is named connector.verb, such as flag.set'),
  with: z.record(z.string(), z.unknown()).default({}),
  autonomy: autonomy.default('approve'),
  veto_window: duration.optional(),
  preconditions: z.array(expression).default([]),
  risk: z.strictObject({
    class: riskClass,
    customer_visible: z.boolean().default(false),
  }),
  idempotency_key: z.string().min(1).max(300).optional(),
  timeout: duration.optional(),
  retry: laterMap.optional(),
  verify: z.strictObject({ expr: expression, within: duration }).optional(),
  on_failure: z
    .strictObject({
      do: z.enum(['needs_human', 'undo', 'continue', 'fallback']),
      page: z.string().optional(),
    })
    .optional(),
  undo: z
    .union([
      z.literal('none'),
      z.strictObject({
        action: z.string(),
        with: z.record(z.string(), z.unknown()).default({}),
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
/** Step kinds the engine does not run yet: a person does them and says so. */
const later = z.looseObject({
  ...common,
  type: z.enum(['approval', 'wait', 'notify', 'parallel']),
  text: z.string().optional(),
});
const step = z.discriminatedUnion('type', [manual, action, check, decide, later]);

const guardrails = z.strictObject({
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
  max_blast_radius: laterMap.optional(),
  cooldown: laterMap.optional(),
  concurrency: laterMap.optional(),
  dry_run: laterMap.optional(),
  rehearsal: laterMap.optional(),
  abort_when: z.array(expression).optional(),
});

const criterion = z.union([expression, z.strictObject({ id: id.optional(), name: text(160), expr: expression })]);
const healthCheck = z.strictObject({
  id,
  title: text(160).optional(),
  pass: expression.optional(),
  fail: expression.optional(),
  /** The same question put to every region and endpoint; `{region}` and `{endpoint}` stand in the address. */
  sweep: z
    .strictObject({
      url: text(2_000),
      regions: z.array(text(120)).max(50).default([]),
      endpoints: z.array(text(400)).max(100).default([]),
    })
    .optional(),
});

const recovery = z.looseObject({
  health_checks: z.array(healthCheck).default([]),
});
const readiness = z.strictObject({
  soak: duration,
  criteria: z.array(criterion).min(1),
  on_restored: z.array(z.string()).default([]),
});
const communications = z.looseObject({
  facts: z
    .strictObject({
      impact: z.string().max(600).optional(),
      protection: z.string().max(600).optional(),
      customer_actions: z.string().max(600).optional(),
      data_impact: z.string().max(80).optional(),
    })
    .default({}),
});

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
    normal_operation: laterMap.optional(),
    inputs: z.record(id, input).default({}),
    probes: z.record(id, probe).default({}),
    triggers: laterList.optional(),
    severity: laterList.optional(),
    roles: laterMap.optional(),
    raci: laterMap.optional(),
    decisions: z.array(decision).default([]),
    guardrails: guardrails.default({ approvals: [] }),
    degraded_modes: laterList.optional(),
    containment: z.array(step).min(1),
    eradication: z.array(step).default([]),
    communications: communications.default({ facts: {} }),
    rollback_plan: laterMap.optional(),
    recovery: recovery.default({ health_checks: [] }),
    readiness: readiness.optional(),
    security: laterMap.optional(),
    drill: laterMap.optional(),
    review: laterMap.optional(),
  }),
});

export type Playbook = z.infer<typeof playbookSchema>;
export type PlaybookSpec = Playbook['spec'];
export type Step = PlaybookSpec['containment'][number];
export type ActionStep = Extract<Step, { type: 'action' }>;
export type CheckStep = Extract<Step, { type: 'check' }>;
export type ProbeSpec = PlaybookSpec['probes'][string];
export type RiskClass = z.infer<typeof riskClass>;
export type Autonomy = z.infer<typeof autonomy>;
