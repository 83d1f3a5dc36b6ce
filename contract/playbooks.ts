/** Playbooks, runs, containment actions, flags and safeguards over the wire. */
import { z } from 'zod';
import { endpoint, id, instant, pageOf, pageQuery } from './core.ts';
import { checkResult, engineEndpoints, impact, override } from './playbooks-engine.ts';

export { checkResult, impact, override };
export type { CheckResult, Impact, Override } from './playbooks-engine.ts';
import { suggestionEndpoints } from './playbooks-suggestions.ts';

export type { Acceptance, SuggestionKind, TriageSuggestion } from './playbooks-suggestions.ts';

const playbookId = id('pbk');
const versionId = id('pbv');
const actionId = id('act');
const stepId = id('stp');
/** An id, key or name in a path; anything else is simply not found (bad-input row 31). */
const word = z.string().regex(/^[A-Za-z0-9][\w.-]{0,119}$/);
const incidentRef = word;

/** One thing wrong in a source, at its place. Lines and columns start at 1. */
export const sourceProblem = z.object({
  rule: z.string(),
  level: z.enum(['error', 'warning']),
  message: z.string(),
  path: z.string(),
  line: z.number(),
  column: z.number(),
});
export type SourceProblem = z.infer<typeof sourceProblem>;

const outlineStep = z.object({
  id: z.string(),
  block: z.enum(['containment', 'eradication']),
  kind: z.string(),
  title: z.string(),
  action: z.string().nullable(),
  risk: z.string().nullable(),
  marks: z.string().nullable(),
});
/** What a playbook contains, for people who do not read YAML. */
export const outline = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string(),
  owner: z.string(),
  services: z.array(z.string()),
  summary: z.string(),
  useWhen: z.string().nullable(),
  notFor: z.array(z.string()),
  inputs: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      default: z.unknown(),
      description: z.string().nullable(),
    }),
  ),
  steps: z.array(outlineStep),
  readiness: z
    .object({
      soakSeconds: z.number(),
      criteria: z.array(z.object({ name: z.string(), expr: z.string() })),
    })
    .nullable(),
});
export type Outline = z.infer<typeof outline>;

export const version = z.object({
  id: versionId,
  playbookId,
  number: z.number(),
  version: z.string(),
  state: z.enum(['draft', 'approved', 'retired']),
  hash: z.string(),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: instant,
  approvedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  approvedAt: instant.nullable(),
});
export type PlaybookVersion = z.infer<typeof version>;

export const playbookSummary = z.object({
  id: playbookId,
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  services: z.array(z.string()),
  approvedVersion: z.string().nullable(),
  latestVersion: z.string(),
  draftWaiting: z.boolean(),
  runs: z.number(),
  lastRunAt: instant.nullable(),
});
export type PlaybookSummary = z.infer<typeof playbookSummary>;

export const playbookDetail = z.object({
  id: playbookId,
  name: z.string(),
  title: z.string(),
  source: z.string(),
  outline,
  problems: z.array(sourceProblem),
  versions: z.array(version),
  /** The version whose source is shown: the newest. */
  shown: versionId,
});
export type PlaybookDetail = z.infer<typeof playbookDetail>;

const validated = z.object({
  ok: z.boolean(),
  problems: z.array(sourceProblem),
  outline: outline.nullable(),
});

export const suggestion = z.object({
  playbookId,
  versionId,
  title: z.string(),
  version: z.string(),
  summary: z.string(),
  useWhen: z.string().nullable(),
  inputs: outline.shape.inputs,
  /** Why it is offered: "covers checkout", "meant for SEV2". */
  reasons: z.array(z.string()),
});
export type Suggestion = z.infer<typeof suggestion>;

/** What an action would do, before anybody agrees to it. */
export const plan = z.object({
  targets: z.array(z.string()),
  effect: z.string(),
  collateral: z.array(z.string()),
  undo: z.string(),
  reversible: z.boolean(),
  noop: z.boolean(),
});
const refusedRule = z.object({ rule: z.string(), message: z.string() });

export const actionRun = z.object({
  id: actionId,
  incidentId: z.string(),
  runId: z.string().nullable(),
  stepRunId: z.string().nullable(),
  action: z.string(),
  title: z.string(),
  params: z.record(z.string(), z.unknown()),
  state: z.enum([
    'proposed',
    'previewed',
    'awaiting_approval',
    'approved',
    'veto_window',
    'running',
    'verifying',
    'effective',
    'unknown',
    'failed',
    'aborted',
    'needs_human',
    'undoing',
    'undone',
    'refused',
    'vetoed',
    'cancelled',
    'expired',
  ]),
  autonomy: z.string(),
  /** What its playbook asked for; `autonomy` is what it got. */
  wantedAutonomy: z.string().nullable(),
  automatic: z.boolean(),
  /** When it runs by itself unless somebody stops it. */
  vetoUntil: instant.nullable(),
  waitsFor: z.string().nullable(),
  impact: impact.nullable(),
  /** What the sixteen checks said, in their order. */
  checks: z.array(checkResult),
  policy: z.string().nullable(),
  /** It was tried before and was bad: the approver says that they know. */
  knownBad: z.string().nullable(),
  /** When a temporary measure is to end. */
  measureUntil: instant.nullable(),
  measureKept: z.boolean(),
  riskClass: z.enum(['reversible', 'compensable', 'irreversible']),
  customerVisible: z.boolean(),
  plan: plan.nullable(),
  /** Rules that refused it, or held it at a lower autonomy. */
  rules: z.array(refusedRule),
  noop: z.boolean(),
  error: z.string().nullable(),
  manual: z.string().nullable(),
  reason: z.string().nullable(),
  /** The second click: who gave it, how many are needed, and whether the reader may give one. */
  approval: z
    .object({
      needed: z.number(),
      given: z.array(z.object({ id: z.string(), name: z.string(), at: instant })),
      notRequester: z.boolean(),
      yours: z.boolean(),
      why: z.string().nullable(),
    })
    .nullable(),
  requestedBy: z.object({ id: z.string(), name: z.string() }),
  requestedAt: instant,
  expiresAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  undoneAt: instant.nullable(),
  durationSeconds: z.number().nullable(),
  outcomeNote: z.string().nullable(),
  canUndo: z.boolean(),
  simulated: z.boolean(),
  exercise: z.boolean(),
});
export type ActionRun = z.infer<typeof actionRun>;

export const stepRun = z.object({
  id: stepId,
  stepId: z.string(),
  block: z.enum(['containment', 'eradication']),
  kind: z.string(),
  title: z.string(),
  text: z.string().nullable(),
  role: z.string().nullable(),
  timeboxSeconds: z.number().nullable(),
  overTimebox: z.boolean(),
  evidenceRequired: z.boolean(),
  options: z.array(
    z.object({
      id: z.string(),
      when: z.string().nullable(),
      holds: z.enum(['true', 'false', 'unknown']),
    }),
  ),
  marks: z.string().nullable(),
  state: z.enum(['pending', 'waiting_approval', 'running', 'done', 'skipped', 'failed', 'needs_human']),
  note: z.string().nullable(),
  choice: z.string().nullable(),
  doneBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** For a check: its condition, what it came to last, and the readings it used. */
  check: z
    .object({
      expr: z.string(),
      verdict: z.enum(['true', 'false', 'unknown']),
      detail: z.string().nullable(),
      at: instant.nullable(),
      readings: z.array(
        z.object({
          probe: z.string(),
          value: z.unknown(),
          ok: z.boolean(),
          at: instant,
          error: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  /** The latest action made for this step. */
  action: actionRun.nullable(),
});
export type StepRun = z.infer<typeof stepRun>;

export const run = z.object({
  id: z.string(),
  incidentId: z.string(),
  playbookId,
  versionId,
  title: z.string(),
  version: z.string(),
  state: z.enum(['active', 'finished', 'cancelled']),
  startedBy: z.object({ id: z.string(), name: z.string() }),
  startedAt: instant,
  endedAt: instant.nullable(),
  /** The step to do now, or null when all are done. */
  nextStepId: z.string().nullable(),
  /** Who goes on: the engine, or a person who took over. */
  control: z.enum(['engine', 'human']),
  steps: z.array(stepRun),
  exercise: z.boolean(),
});
export type Run = z.infer<typeof run>;

export const freeze = z.object({
  id: z.string(),
  service: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  incident: z.object({ id: z.string(), key: z.string() }),
  reason: z.string(),
  blocks: z.array(z.string()),
  allowLabel: z.string(),
  startedBy: z.string(),
  startedAt: instant,
  expiresAt: instant,
  endedAt: instant.nullable(),
  endReason: z.string().nullable(),
  exceptions: z.array(
    z.object({
      label: z.string(),
      ref: z.string(),
      by: z.string(),
      at: instant,
    }),
  ),
  exercise: z.boolean(),
});
export type Freeze = z.infer<typeof freeze>;

export const containment = z.object({
  runs: z.array(run),
  /** Actions made outside a playbook. */
  actions: z.array(actionRun),
  freezes: z.array(freeze),
  paused: z.object({ reason: z.string(), by: z.string(), at: instant }).nullable(),
  /** Every override of this incident, those in force first. */
  overrides: z.array(override),
  /** What the reader may do here, so that screens offer only what will work. */
  may: z.object({
    propose: z.boolean(),
    liftFreeze: z.boolean(),
    undo: z.boolean(),
  }),
});
export type Containment = z.infer<typeof containment>;

const flagValue = z.union([z.boolean(), z.string().max(4_000), z.number(), z.record(z.string(), z.unknown())]);
const flagKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'a flag key is letters, digits, dot, dash and _');
const variantName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/);
export const flag = z.object({
  id: z.string(),
  key: z.string(),
  description: z.string(),
  kind: z.enum(['boolean', 'string', 'number', 'object']),
  variants: z.record(z.string(), z.unknown()),
  defaultVariant: z.string(),
  variant: z.string(),
  state: z.enum(['enabled', 'disabled']),
  serviceId: z.string().nullable(),
  revision: z.number(),
  /** Targeting and fractional rules as flagd writes them (JSON logic); empty: everybody gets the same. */
  targeting: z.unknown(),
  updatedAt: instant,
  lastChange: z
    .object({
      reason: z.string(),
      by: z.string(),
      at: instant,
      incidentId: z.string().nullable(),
    })
    .nullable(),
});
export type Flag = z.infer<typeof flag>;
const saveFlagBody = z.strictObject({
  key: flagKey,
  description: z.string().max(400).default(''),
  variants: z.record(variantName, flagValue),
  defaultVariant: variantName,
  state: z.enum(['enabled', 'disabled']).default('enabled'),
  serviceId: z.string().nullable().default(null),
  /** As flagd writes it, e.g. `{"fractional": [["on", 10], ["off", 90]]}`; absent: unchanged. */
  targeting: z.record(z.string(), z.unknown()).optional(),
});

export const webhookTarget = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  url: z.string(),
  readUrl: z.string().nullable(),
  /** Given once, when the target is made or its secret is renewed (`whsec_…`). */
  secret: z.string().optional(),
});
export type WebhookTarget = z.infer<typeof webhookTarget>;

/** The deploy gate's answer. */
export const gateAnswer = z.object({
  decision: z.enum(['allow', 'deny', 'allow_exception']),
  service: z.string(),
  incident: z.object({ key: z.string(), title: z.string(), url: z.string() }).nullable(),
  reason: z.string(),
  until: instant.nullable(),
  /** How to get a needed fix out all the same. */
  how: z.string().nullable(),
});
export type GateAnswer = z.infer<typeof gateAnswer>;

const noteBody = z.strictObject({ note: z.string().trim().min(1).max(2_000) });
const reasonBody = z.strictObject({
  reason: z.string().trim().min(1).max(2_000),
});
const values = z.record(z.string().max(80), z.unknown());

export const endpoints = {
  ...suggestionEndpoints,
  list: endpoint({
    id: 'playbooks.list',
    method: 'GET',
    path: '/api/v1/playbooks',
    summary: 'All playbooks',
    access: 'read',
    query: z.strictObject({ ...pageQuery }),
    response: pageOf(playbookSummary),
  }),
  detail: endpoint({
    id: 'playbooks.detail',
    method: 'GET',
    path: '/api/v1/playbooks/:id',
    summary: 'One playbook with its source',
    access: 'read',
    params: z.strictObject({ id: word }),
    response: playbookDetail,
  }),
  validate: endpoint({
    id: 'playbooks.validate',
    method: 'POST',
    path: '/api/v1/playbooks/validate',
    summary: 'Check a source without saving it',
    access: 'read',
    body: z.strictObject({ source: z.string().max(300_000) }),
    response: validated,
  }),
  templates: endpoint({
    id: 'playbooks.templates',
    method: 'GET',
    path: '/api/v1/playbook-templates',
    summary: 'Playbooks that ship with the product, to start from',
    access: 'read',
    response: z.object({ items: z.array(z.object({ name: z.string(), title: z.string(), source: z.string() })) }),
  }),
  savePlaybook: endpoint({
    id: 'playbooks.savePlaybook',
    method: 'POST',
    path: '/api/v1/playbooks',
    summary: 'Save a source as a new draft version',
    access: 'playbooks.savePlaybook',
    body: z.strictObject({ source: z.string().min(1).max(300_000) }),
    response: version,
    status: 201,
  }),
  retirePlaybook: endpoint({
    id: 'playbooks.retirePlaybook',
    method: 'DELETE',
    path: '/api/v1/playbooks/:id',
    summary: 'Take a playbook out of use; refused while it runs. Saving it again brings it back',
    access: 'playbooks.retirePlaybook',
    params: z.strictObject({ id: playbookId }),
    response: z.object({ id: z.string() }),
  }),
  approveVersion: endpoint({
    id: 'playbooks.approveVersion',
    method: 'POST',
    path: '/api/v1/playbook-versions/:id/approve',
    summary: 'Approve a draft as the second person',
    access: 'playbooks.approveVersion',
    params: z.strictObject({ id: versionId }),
    response: version,
  }),

  containment: endpoint({
    id: 'playbooks.containment',
    method: 'GET',
    path: '/api/v1/incidents/:id/containment',
    summary: 'Runs, actions and freezes of an incident',
    access: 'read',
    params: z.strictObject({ id: incidentRef }),
    response: containment,
  }),
  suggested: endpoint({
    id: 'playbooks.suggested',
    method: 'GET',
    path: '/api/v1/incidents/:id/playbooks',
    summary: 'Playbooks that fit an incident',
    access: 'read',
    params: z.strictObject({ id: incidentRef }),
    response: z.object({ items: z.array(suggestion) }),
  }),
  startRun: endpoint({
    id: 'playbooks.startRun',
    method: 'POST',
    path: '/api/v1/incidents/:id/runs',
    summary: 'Start a playbook; its version is pinned',
    access: 'playbooks.startRun',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({ playbookId, inputs: values.default({}) }),
    response: z.object({ runId: z.string() }),
    status: 201,
  }),
  cancelRun: endpoint({
    id: 'playbooks.cancelRun',
    method: 'POST',
    path: '/api/v1/runs/:id/cancel',
    summary: 'Stop following a playbook',
    access: 'playbooks.cancelRun',
    params: z.strictObject({ id: id('run') }),
    body: reasonBody,
    response: z.object({ runId: z.string() }),
  }),

  completeStep: endpoint({
    id: 'playbooks.completeStep',
    method: 'POST',
    path: '/api/v1/steps/:id/complete',
    summary: 'A person did the step',
    access: 'playbooks.completeStep',
    params: z.strictObject({ id: stepId }),
    body: z.strictObject({
      note: z.string().trim().max(2_000).default(''),
      choice: z.string().max(80).optional(),
    }),
    response: z.object({ stepRunId: z.string(), state: z.string() }),
  }),
  skipStep: endpoint({
    id: 'playbooks.skipStep',
    method: 'POST',
    path: '/api/v1/steps/:id/skip',
    summary: 'Pass over a step, with the reason',
    access: 'playbooks.skipStep',
    params: z.strictObject({ id: stepId }),
    body: reasonBody,
    response: z.object({ stepRunId: z.string(), state: z.string() }),
  }),
  checkStep: endpoint({
    id: 'playbooks.checkStep',
    method: 'POST',
    path: '/api/v1/steps/:id/check',
    summary: 'Take a check now',
    access: 'playbooks.completeStep',
    params: z.strictObject({ id: stepId }),
    response: z.object({
      verdict: z.enum(['true', 'false', 'unknown']),
      detail: z.string().nullable(),
    }),
  }),
  proposeStep: endpoint({
    id: 'playbooks.proposeStep',
    method: 'POST',
    path: '/api/v1/steps/:id/propose',
    summary: 'Preview the action of a step and ask for approval',
    access: 'playbooks.proposeStep',
    params: z.strictObject({ id: stepId }),
    response: actionRun,
    status: 201,
  }),
  proposeAction: endpoint({
    id: 'playbooks.proposeAction',
    method: 'POST',
    path: '/api/v1/incidents/:id/actions',
    summary: 'Preview an action outside a playbook and ask for approval',
    access: 'playbooks.proposeAction',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      action: z.string().max(80),
      with: values,
      reason: z.string().trim().min(1).max(2_000),
    }),
    response: actionRun,
    status: 201,
  }),
  approveAction: endpoint({
    id: 'playbooks.approveAction',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/approve',
    summary: 'The second click: let the action run',
    access: 'playbooks.approveAction',
    params: z.strictObject({ id: actionId }),
    /** `knowsBad`: the approver has read that it was tried before and was bad. */
    body: z.strictObject({ knowsBad: z.boolean().default(false) }).prefault({}),
    response: actionRun,
  }),
  refuseAction: endpoint({
    id: 'playbooks.refuseAction',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/refuse',
    summary: 'Refuse a proposed action',
    access: 'playbooks.refuseAction',
    params: z.strictObject({ id: actionId }),
    body: reasonBody,
    response: actionRun,
  }),
  cancelAction: endpoint({
    id: 'playbooks.cancelAction',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/cancel',
    summary: 'Take a proposal back; works until it is sent',
    access: 'playbooks.cancelAction',
    params: z.strictObject({ id: actionId }),
    response: actionRun,
  }),
  undoAction: endpoint({
    id: 'playbooks.undoAction',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/undo',
    summary: 'Put things back as they were',
    access: 'playbooks.undoAction',
    params: z.strictObject({ id: actionId }),
    body: reasonBody,
    response: actionRun,
  }),
  recordOutcome: endpoint({
    id: 'playbooks.recordOutcome',
    method: 'POST',
    path: '/api/v1/containment-actions/:id/outcome',
    summary: 'A person says how an unclear action ended',
    access: 'playbooks.recordOutcome',
    params: z.strictObject({ id: actionId }),
    body: z.strictObject({
      outcome: z.enum(['effective', 'failed', 'undone']),
      note: z.string().trim().min(1).max(2_000),
    }),
    response: actionRun,
  }),
  connectors: endpoint({
    id: 'playbooks.connectors',
    method: 'GET',
    path: '/api/v1/connectors',
    summary: 'Connectors, their actions and their health',
    access: 'read',
    response: z.object({
      items: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          healthy: z.boolean(),
          detail: z.string(),
          actions: z.array(
            z.object({
              name: z.string(),
              title: z.string(),
              params: z.string(),
            }),
          ),
        }),
      ),
    }),
  }),

  flags: endpoint({
    id: 'playbooks.flags',
    method: 'GET',
    path: '/api/v1/flags',
    summary: 'All feature flags',
    access: 'read',
    response: z.object({ items: z.array(flag) }),
  }),
  saveFlag: endpoint({
    id: 'playbooks.saveFlag',
    method: 'POST',
    path: '/api/v1/flags',
    summary: 'Make a flag, or change its variants',
    access: 'playbooks.saveFlag',
    body: saveFlagBody,
    response: flag,
  }),
  setFlag: endpoint({
    id: 'playbooks.setFlag',
    method: 'POST',
    path: '/api/v1/flags/:key/set',
    summary: 'Serve another variant, with the reason',
    access: 'playbooks.setFlag',
    params: z.strictObject({ key: flagKey }),
    body: z.strictObject({
      variant: variantName,
      reason: z.string().trim().min(1).max(2_000),
      expectRevision: z.number().int().optional(),
    }),
    response: flag,
  }),

  webhookTargets: endpoint({
    id: 'playbooks.webhookTargets',
    method: 'GET',
    path: '/api/v1/webhook-targets',
    summary: 'Webhook targets that actions may call',
    access: 'read',
    response: z.object({ items: z.array(webhookTarget) }),
  }),
  saveWebhookTarget: endpoint({
    id: 'playbooks.saveWebhookTarget',
    method: 'POST',
    path: '/api/v1/webhook-targets',
    summary: 'Make or change a webhook target',
    access: 'playbooks.saveWebhookTarget',
    body: z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name is lower case letters, digits and -'),
      description: z.string().max(400).default(''),
      url: z.string().max(2_000),
      readUrl: z.string().max(2_000).nullable().default(null),
      renewSecret: z.boolean().default(false),
    }),
    response: webhookTarget,
  }),

  gate: endpoint({
    id: 'playbooks.gate',
    method: 'GET',
    path: '/api/v1/gate/:service',
    summary: 'May this service be deployed now?',
    access: 'read',
    params: z.strictObject({ service: word }),
    query: z.strictObject({
      label: z.string().max(80).optional(),
      ref: z.string().max(200).optional(),
      change: z.string().max(40).default('deploy'),
    }),
    response: gateAnswer,
  }),
  freezes: endpoint({
    id: 'playbooks.freezes',
    method: 'GET',
    path: '/api/v1/freezes',
    summary: 'Change freezes that hold now',
    access: 'read',
    response: z.object({ items: z.array(freeze) }),
  }),
  startFreeze: endpoint({
    id: 'playbooks.startFreeze',
    method: 'POST',
    path: '/api/v1/incidents/:id/freezes',
    summary: 'Freeze changes of a service for an incident',
    access: 'playbooks.startFreeze',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      serviceId: z.string().max(80),
      reason: z.string().trim().min(1).max(2_000),
      hours: z.number().min(0.25).max(12).default(12),
      blocks: z
        .array(z.enum(['deploy', 'migration', 'flag_change', 'scale_down', 'batch_delete']))
        .min(1)
        .default(['deploy']),
    }),
    response: freeze,
    status: 201,
  }),
  endFreeze: endpoint({
    id: 'playbooks.endFreeze',
    method: 'POST',
    path: '/api/v1/freezes/:id/end',
    summary: 'Lift a freeze',
    access: 'playbooks.endFreeze',
    params: z.strictObject({ id: id('frz') }),
    body: reasonBody,
    response: freeze,
  }),
  pauseAutomation: endpoint({
    id: 'playbooks.pauseAutomation',
    method: 'POST',
    path: '/api/v1/automation/pause',
    summary: 'Nothing is started by the engine any more, everywhere or for one service',
    access: 'playbooks.pauseAutomation',
    body: reasonBody.extend({ serviceId: z.string().max(80).optional() }),
    response: z.object({ paused: z.literal(true), at: instant }),
  }),
  resumeAutomation: endpoint({
    id: 'playbooks.resumeAutomation',
    method: 'POST',
    path: '/api/v1/automation/resume',
    summary: 'Let the engine start actions again',
    access: 'playbooks.resumeAutomation',
    body: noteBody.extend({ serviceId: z.string().max(80).optional() }),
    response: z.object({ paused: z.literal(false), at: instant }),
  }),
  automation: endpoint({
    id: 'playbooks.automation',
    method: 'GET',
    path: '/api/v1/automation',
    summary: 'Is automation paused?',
    access: 'read',
    response: z.object({
      paused: z.object({ reason: z.string(), by: z.string(), at: instant }).nullable(),
      /** Pauses of single services. */
      services: z.array(
        z.object({ id: z.string(), name: z.string(), reason: z.string(), by: z.string(), at: instant }),
      ),
      /** Overrides in force anywhere. */
      overrides: z.array(override),
    }),
  }),
  ...engineEndpoints,
};
