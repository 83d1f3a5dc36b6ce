/** Recovery by stages over the wire: the staircase, its gates and sign-offs, what failed before, what is left over. */
import { z } from 'zod';
import { endpoint, id, instant } from './core.ts';

const incidentRef = z.string().regex(/^[A-Za-z0-9][\w.-]{0,119}$/);
const text = (max: number) => z.string().trim().min(1).max(max);
const person = z.object({ id: z.string(), name: z.string() });
const analysisState = z.enum(['running', 'passed', 'failed', 'inconclusive', 'error']);
const stageId = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

export const stageCheck = z.object({
  id: z.string(),
  title: z.string(),
  /** Region and endpoint of a sweep; empty for a condition over probes. */
  target: z.string(),
  state: analysisState,
  passes: z.number(),
  fails: z.number(),
  inconclusives: z.number(),
  errors: z.number(),
  /** Samples the analysis takes; null while the stage soaks. */
  wanted: z.number().nullable(),
  last: z.enum(['pass', 'fail', 'inconclusive', 'error']).nullable(),
  detail: z.string(),
  at: instant.nullable(),
});
export type StageCheck = z.infer<typeof stageCheck>;

export const stage = z.object({
  stageId: z.string(),
  title: z.string(),
  state: z.enum([
    'waiting',
    'shifting',
    'delaying',
    'analysing',
    'soaking',
    'gate',
    'passed',
    'failed',
    'undoing',
    'rolled_back',
  ]),
  current: z.boolean(),
  shift: z.object({ text: z.string(), byHand: z.boolean(), manual: z.string().nullable() }).nullable(),
  action: z.object({ id: z.string(), title: z.string(), state: z.string() }).nullable(),
  soakSeconds: z.number(),
  gate: z.string().nullable(),
  gateBy: z.string().nullable(),
  noReturn: z.boolean(),
  enteredAt: instant.nullable(),
  /** When the present state is over at the earliest. */
  until: instant.nullable(),
  passedAt: instant.nullable(),
  attempt: z.number(),
  failures: z.number(),
  symptom: z.string().nullable(),
  /** This very approach failed before and nobody has acknowledged it here. */
  knownBad: z.object({ symptom: z.string(), at: instant, incidentId: z.string() }).nullable(),
  checks: z.array(stageCheck),
});
export type Stage = z.infer<typeof stage>;

export const signoff = z.object({
  id: z.string(),
  lane: z.string(),
  of: z.string(),
  state: z.enum(['open', 'signed', 'waived']),
  evidence: z.string(),
  evidenceUrl: z.string().nullable(),
  by: z.string().nullable(),
  byName: z.string().nullable(),
  at: instant.nullable(),
  reopened: z.string().nullable(),
});
export type Signoff = z.infer<typeof signoff>;

export const course = z.object({
  id: z.string(),
  incidentId: z.string(),
  title: z.string(),
  state: z.enum(['prerequisites', 'staging', 'paused', 'rolling_back', 'completed', 'aborted']),
  pausedReason: z.string().nullable(),
  /** Why it does not go on by itself right now. */
  holds: z.array(z.string()),
  progress: z.object({ passed: z.number(), total: z.number(), share: z.number() }),
  noReturnPassed: z.boolean(),
  /** What may still go wrong, in words for anybody. */
  risks: z.array(z.string()),
  startedBy: person,
  startedAt: instant,
  endedAt: instant.nullable(),
  stages: z.array(stage),
  signoffs: z.array(signoff),
  exercise: z.boolean(),
});
export type Course = z.infer<typeof course>;

export const scan = z.object({
  id: z.string(),
  incidentId: z.string(),
  lane: z.string(),
  kind: z.enum(['scan', 'drift']),
  tool: z.string(),
  result: z.enum(['pass', 'fail']),
  summary: z.string(),
  url: z.string().nullable(),
  reportedBy: z.string(),
  at: instant,
  exercise: z.boolean(),
});

export const closingItem = z.object({
  kind: z.string(),
  ref: z.string(),
  title: z.string(),
  /** `due`: the next thing somebody does. `left`: should be gone and is not. `settled`: somebody owns what is left. */
  state: z.enum(['done', 'left', 'due', 'settled']),
  detail: z.string(),
  owner: person.nullable(),
  settledNote: z.string().nullable(),
  changedAt: instant,
});
export type ClosingItem = z.infer<typeof closingItem>;

export const closing = z.object({
  items: z.array(closingItem),
  watch: z
    .object({
      state: z.enum(['watching', 'suspected', 'over', 'relapsed']),
      until: instant,
      reasons: z.array(z.string()),
      suspectedAt: instant.nullable(),
    })
    .nullable(),
  may: z.object({ settle: z.boolean() }),
});
export type Closing = z.infer<typeof closing>;

const courseId = z.strictObject({ id: id('rcv') });
const reason = z.strictObject({ reason: text(2_000) });

export const endpoints = {
  stages: endpoint({
    id: 'recovery.stages',
    method: 'GET',
    path: '/api/v1/incidents/:id/recovery/stages',
    summary: 'Recovery by stages: where it stands, what holds it, what remains',
    access: 'read',
    params: z.strictObject({ id: incidentRef }),
    response: z.object({
      course: course.nullable(),
      /** The playbook of this incident that says how to recover. */
      offered: z.object({ title: z.string(), stages: z.number() }).nullable(),
      scans: z.array(scan),
      may: z.object({ start: z.boolean(), loosen: z.boolean() }),
    }),
  }),
  startCourse: endpoint({
    id: 'recovery.startCourse',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovery/stages',
    summary: 'Begin recovery by stages, from the playbook or from a plan written by hand',
    access: 'recovery.startCourse',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      title: text(160).optional(),
      /** The block `recovery` of the playbook format; absent: the playbook's own. */
      plan: z.record(z.string(), z.unknown()).optional(),
    }),
    response: course,
    status: 201,
  }),
  confirmShift: endpoint({
    id: 'recovery.confirmShift',
    method: 'POST',
    path: '/api/v1/recoveries/:id/confirm',
    summary: 'Say that a step without a connector was done, or taken back, by hand',
    access: 'recovery.confirmShift',
    params: courseId,
    body: z.strictObject({ note: text(2_000) }),
    response: course,
  }),
  passGate: endpoint({
    id: 'recovery.passGate',
    method: 'POST',
    path: '/api/v1/recoveries/:id/gate',
    summary: 'Let a stage that holds go on',
    access: 'recovery.passGate',
    params: courseId,
    body: z.strictObject({ stageId }),
    response: course,
  }),
  acknowledgeFailure: endpoint({
    id: 'recovery.acknowledgeFailure',
    method: 'POST',
    path: '/api/v1/recoveries/:id/acknowledge',
    summary: 'Try an approach again although it failed before',
    access: 'recovery.acknowledgeFailure',
    params: courseId,
    body: z.strictObject({ stageId, reason: text(2_000) }),
    response: course,
  }),
  pauseCourse: endpoint({
    id: 'recovery.pauseCourse',
    method: 'POST',
    path: '/api/v1/recoveries/:id/pause',
    summary: 'Stop recovery where it stands',
    access: 'recovery.pauseCourse',
    params: courseId,
    body: reason,
    response: course,
  }),
  resumeCourse: endpoint({
    id: 'recovery.resumeCourse',
    method: 'POST',
    path: '/api/v1/recoveries/:id/resume',
    summary: 'Let a paused recovery go on; its stage is measured anew',
    access: 'recovery.resumeCourse',
    params: courseId,
    body: reason,
    response: course,
  }),
  rollBackCourse: endpoint({
    id: 'recovery.rollBackCourse',
    method: 'POST',
    path: '/api/v1/recoveries/:id/roll-back',
    summary: 'Take stages back in reverse order, as far as the point of no return',
    access: 'recovery.rollBackCourse',
    params: courseId,
    body: z.strictObject({ to: stageId.optional(), reason: text(2_000) }),
    response: course,
  }),
  endCourse: endpoint({
    id: 'recovery.endCourse',
    method: 'POST',
    path: '/api/v1/recoveries/:id/end',
    summary: 'End recovery by stages without having gone through it',
    access: 'recovery.endCourse',
    params: courseId,
    body: reason,
    response: course,
  }),
  sign: endpoint({
    id: 'recovery.sign',
    method: 'POST',
    path: '/api/v1/recovery-signoffs/:id',
    summary: 'Sign for a lane with evidence, waive it, or take it up again',
    access: 'recovery.sign',
    params: z.strictObject({ id: id('rso') }),
    body: z.strictObject({
      verdict: z.enum(['signed', 'waived', 'open']),
      evidence: text(4_000),
      url: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .optional(),
    }),
    response: signoff,
  }),
  reportScan: endpoint({
    id: 'recovery.reportScan',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovery/scans',
    summary: 'Report a scan or a configuration comparison; a failure takes back the signature of its lane',
    access: 'recovery.reportScan',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({
      lane: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
      kind: z.enum(['scan', 'drift']).default('scan'),
      tool: text(120),
      result: z.enum(['pass', 'fail']),
      summary: z.string().trim().max(2_000).default(''),
      url: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .optional(),
    }),
    response: scan,
    status: 201,
  }),
  closing: endpoint({
    id: 'recovery.closing',
    method: 'GET',
    path: '/api/v1/incidents/:id/recovery/closing',
    summary: 'The closing sequence after restored: what was put back, what is left over, and the watch',
    access: 'read',
    params: z.strictObject({ id: incidentRef }),
    response: closing,
  }),
  settleLeftover: endpoint({
    id: 'recovery.settleLeftover',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovery/closing',
    summary: 'Own what is left over, with the reason',
    access: 'recovery.settleLeftover',
    params: z.strictObject({ id: incidentRef }),
    body: z.strictObject({ kind: text(40), ref: z.string().max(80).default(''), note: text(2_000) }),
    response: closing,
  }),
};
