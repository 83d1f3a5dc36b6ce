/** What crosses the wire about incidents: the record, its life, its people, its decisions. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';
import { chatEndpoints } from './incidents-chat.ts';
import { commandEndpoints } from './incidents-command.ts';
import { recordEndpoints } from './incidents-record.ts';
import { probableOrigin, suspects } from './signals-correlation.ts';

export * from './incidents-record.ts';

export const STEPS = [
  'detection',
  'containment',
  'eradication',
  'recovery',
  'verification',
  'restored',
  'closed',
] as const;
export const step = z.enum(STEPS);
/** A step, or one of the two ways an incident ends without being worked through. */
export const phase = z.enum([...STEPS, 'false_alarm', 'merged']);
export const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export const kind = z.enum(['availability', 'performance', 'data', 'security', 'third_party', 'integration']);
export const effect = z.enum(['none', 'slow', 'partial', 'down', 'wrong_data']);
/** The key of a role in the catalogue (`people.roles`): `incident_commander`, or one of your own. */
export const role = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'not the name of a role');
export const classification = z.enum(['public', 'internal', 'restricted']);
export const hypothesisState = z.enum(['open', 'supported', 'refuted', 'confirmed']);

/** `inc_…` or the key people say aloud, `INC-42`. Anything else is simply not found. */
const incidentParams = z.strictObject({ id: z.string() });
/** A line a person types; NUL cannot be stored and is refused here. */
const line = (max: number) => z.string().trim().min(1).max(max);
const optionalLine = (max: number) => z.string().trim().max(max).optional();

export const waiver = z.strictObject({ kind: z.enum(['external', 'self_ended', 'accepted']), reason: line(2000) });
export const ref = z.strictObject({
  kind: z.string().max(40),
  id: z.string().max(200),
  label: z.string().max(200).optional(),
});

export const gate = z.object({
  kind: z.string(),
  holds: z.enum(['restore', 'close']),
  state: z.enum(['open', 'closed', 'waived']),
  /** What is false, unknown or missing, each in a sentence. */
  reasons: z.array(z.string()),
  waivedReason: z.string().nullable(),
  changedAt: instant,
});

export const nextStep = z.object({
  id: z.string(),
  title: z.string(),
  reason: z.string(),
  action: z.object({ kind: z.string(), label: z.string(), target: z.string().optional() }).nullable(),
  urgency: z.enum(['now', 'soon', 'calm']),
  for: personRef.nullable(),
});

export const affectedService = z.object({
  serviceId: z.string(),
  name: z.string(),
  tier: z.number().nullable(),
  phase: step,
  effect,
  addedAt: instant,
});

export const roleHolder = z.object({
  role,
  title: z.string(),
  person: personRef,
  since: instant,
  /** False: the rota named them and they were called; they have not answered. Whoever is there first may take the role. */
  accepted: z.boolean(),
  byRota: z.boolean(),
  exception: z.string().nullable(),
});
/** A role that must be held and is not, since when it is flagged, and why. */
export const unfilledRole = z.object({ role, title: z.string(), why: z.string(), since: instant });

const letter = z.enum(['R', 'A', 'C', 'I']);
/** Who does it, who answers for it, who is asked, who is told. */
export const activity = z.strictObject({
  title: line(120),
  /** Phases in which it is done; empty: all. */
  phases: z.array(phase).max(9),
  /** Severities at which it is done; empty: all. */
  severities: z.array(z.number().int().min(1).max(4)).max(4),
  cells: z.array(z.strictObject({ role, letters: z.array(letter).min(1).max(4) })).max(30),
});
export type Activity = z.infer<typeof activity>;
export const raci = z.object({
  /** 0: the matrix the product comes with. */
  version: z.number(),
  activities: z.array(activity),
  savedBy: personRef.nullable(),
  savedAt: instant.nullable(),
});
export type Raci = z.infer<typeof raci>;

/** What the reader has to do on an incident now. */
export const duties = z.object({
  phase,
  active: z.boolean(),
  roles: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      purpose: z.string(),
      firstSteps: z.string(),
      duties: z.string(),
      handover: z.string(),
      authority: z.array(z.string()),
      since: instant,
      accepted: z.boolean(),
    }),
  ),
  activities: z.array(
    z.object({
      title: z.string(),
      letters: z.array(letter),
      others: z.array(
        z.object({ role: z.string(), title: z.string(), letters: z.array(letter), person: personRef.nullable() }),
      ),
    }),
  ),
  tasks: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      role: z.string().nullable(),
      claimed: z.boolean(),
      dueAt: instant.nullable(),
    }),
  ),
  unfilled: z.array(unfilledRole),
});
export type Duties = z.infer<typeof duties>;

/** Whole seconds; null when one of the two marks is missing. Computed by the server, never accepted from outside (M24b). */
export const durations = z.object({
  containment: z.number().nullable(),
  timeToDetect: z.number().nullable(),
  timeToContain: z.number().nullable(),
  detectionToResponse: z.number().nullable(),
  customerImpact: z.number().nullable(),
  timeToRecover: z.number().nullable(),
});

export const times = z.object({
  impactStartedAt: instant.nullable(),
  detectedAt: instant,
  declaredAt: instant,
  acknowledgedAt: instant.nullable(),
  respondedAt: instant.nullable(),
  containmentStartedAt: instant.nullable(),
  containedAt: instant.nullable(),
  eradicatedAt: instant.nullable(),
  recoveryStartedAt: instant.nullable(),
  verificationStartedAt: instant.nullable(),
  impactEndedAt: instant.nullable(),
  restoredAt: instant.nullable(),
  closedAt: instant.nullable(),
});

export const incidentSummary = z.object({
  id: z.string(),
  key: z.string(),
  title: z.string(),
  severity,
  phase,
  active: z.boolean(),
  exercise: z.boolean(),
  /** Only the people on its list see it; nothing of it may be told outside. */
  restricted: z.boolean(),
  commander: personRef.nullable(),
  services: z.array(z.object({ id: z.string(), name: z.string() })),
  declaredAt: instant,
  restoredAt: instant.nullable(),
  /** When customers are next owed a word; null when nothing is promised. */
  nextUpdateDueAt: instant.nullable(),
});
export type IncidentSummary = z.infer<typeof incidentSummary>;

export const phaseEntry = z.object({
  serviceId: z.string().nullable(),
  phase,
  enteredAt: instant,
  enteredBy: personRef,
  leftAt: instant.nullable(),
  leftBy: personRef.nullable(),
  waiver: z.object({ kind: z.string(), reason: z.string() }).nullable(),
  note: z.string(),
});

export const handover = z.object({
  id: z.string(),
  role,
  title: z.string(),
  from: personRef,
  to: personRef,
  brief: z.string(),
  state: z.enum(['offered', 'accepted', 'declined', 'withdrawn']),
  offeredAt: instant,
  settledAt: instant.nullable(),
});

export const hypothesis = z.object({
  id: z.string(),
  text: z.string(),
  state: hypothesisState,
  evidence: z.array(z.object({ at: instant, by: z.string(), text: z.string(), state: hypothesisState })),
  raisedBy: z.string(),
  raisedAt: instant,
  changedAt: instant,
});

export const approval = z.object({
  id: z.string(),
  incidentId: z.string(),
  incidentKey: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  title: z.string(),
  note: z.string(),
  authority: z.string(),
  needed: z.number(),
  requester: personRef,
  selfAllowed: z.boolean(),
  /** A yes takes the second factor of who gives it. */
  secondFactor: z.boolean(),
  state: z.enum(['pending', 'granted', 'refused', 'withdrawn', 'expired']),
  requestedAt: instant,
  expiresAt: instant.nullable(),
  settledAt: instant.nullable(),
  verdicts: z.array(
    z.object({
      approver: personRef,
      verdict: z.enum(['granted', 'refused']),
      note: z.string(),
      secondFactor: z.enum(['code', 'none']).nullable(),
      at: instant,
    }),
  ),
});

export const decision = z.object({
  id: z.string(),
  question: z.string(),
  options: z.array(z.string()),
  choice: z.string(),
  rationale: z.string(),
  /** Whether it can be taken back; null: nobody said. */
  reversible: z.boolean().nullable(),
  inputs: z.record(z.string(), z.unknown()),
  decider: personRef,
  approval: z.object({ id: z.string(), state: z.string(), approvers: z.array(personRef) }).nullable(),
  occurredAt: instant,
  recordedAt: instant,
});

export const task = z.object({
  id: z.string(),
  text: z.string(),
  role: role.nullable(),
  person: personRef.nullable(),
  dueAt: instant.nullable(),
  state: z.enum(['open', 'done', 'dropped']),
  createdAt: instant,
});

export const linkedGroup = z.object({
  groupId: z.string(),
  title: z.string(),
  state: z.enum(['firing', 'resolved']),
  firstAt: instant,
  linkedAt: instant,
});

export const impactSample = z.object({
  at: instant,
  customers: z.number().nullable(),
  pctRequests: z.number().nullable(),
  services: z.array(z.string()),
  method: z.string(),
  /** Where, when it is not everywhere; empty otherwise. */
  region: z.string(),
  by: z.string(),
});
export const impact = z.object({
  samples: z.array(impactSample),
  peakCustomers: z.number().nullable(),
  peakPctRequests: z.number().nullable(),
  atContainment: z.object({ customers: z.number().nullable(), pctRequests: z.number().nullable() }).nullable(),
  /** `value` null = unknown; `running` while the impact goes on. */
  minutes: z.object({
    value: z.number().nullable(),
    unit: z.enum(['customer minutes', 'weighted minutes']),
    basis: z.enum(['samples', 'duration', 'unknown']),
    running: z.boolean(),
  }),
});

export const incident = incidentSummary.extend({
  summary: z.string(),
  kind,
  declaredBy: personRef,
  detectedBy: z.enum(['monitor', 'person', 'customer']),
  acknowledgedBy: personRef.nullable(),
  impactStartConfidence: z.enum(['estimated', 'stated']),
  times,
  durations,
  services: z.array(z.object({ id: z.string(), name: z.string() })),
  affected: z.array(affectedService),
  phases: z.array(phaseEntry),
  roles: z.array(roleHolder),
  unfilled: z.array(unfilledRole),
  handovers: z.array(handover),
  gates: z.array(gate),
  hypotheses: z.array(hypothesis),
  decisions: z.array(decision),
  approvals: z.array(approval),
  tasks: z.array(task),
  groups: z.array(linkedGroup),
  impact,
  endedReason: z.string().nullable(),
  recursOf: z.object({ id: z.string(), key: z.string() }).nullable(),
  mergedInto: z.object({ id: z.string(), key: z.string() }).nullable(),
  next: nextStep,
  /** Authority tokens of the caller on this incident, so that a screen offers what will work. */
  yourAuthority: z.array(z.string()),
  version: z.number(),
});
export type Incident = z.infer<typeof incident>;

export const timelineEntry = z.object({
  seq: z.number(),
  occurredAt: instant,
  recordedAt: instant,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  kind: z.string(),
  text: z.string(),
  refs: z.array(ref),
  classification,
  /** The entry this one corrects; the original stays. */
  corrects: z.number().nullable(),
  /** The newest entry that corrects this one. */
  correctedBy: z.number().nullable(),
  prevHash: z.string(),
  hash: z.string(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const situation = z.object({
  key: z.string(),
  title: z.string(),
  severity,
  phase,
  exercise: z.boolean(),
  at: instant,
  /** The whole report as text a person can paste or read out. */
  text: z.string(),
  impact: z.object({
    services: z.array(affectedService),
    startedAt: instant.nullable(),
    customers: z.number().nullable(),
    pctRequests: z.number().nullable(),
  }),
  roles: z.array(roleHolder),
  /** Roles that must be held now and are not. */
  unfilled: z.array(role),
  hypotheses: z.array(z.object({ text: z.string(), state: hypothesisState })),
  actionsInFlight: z.array(z.object({ title: z.string(), state: z.string() })),
  nextDecisions: z.array(z.object({ title: z.string(), reason: z.string() })),
  nextUpdateDueAt: instant.nullable(),
  recent: z.array(timelineEntry),
  entries: z.number(),
  next: nextStep,
});

const verification = z.object({
  ok: z.boolean(),
  entries: z.number(),
  head: z.string().nullable(),
  brokenAt: z.number().nullable(),
  problem: z.string().nullable(),
});

/**
 * The whole record as one file (M24d). Published as `contract/incident-export.schema.json` and at
 * `/api/v1/schemas/incident-export`. A timeline entry's hash is SHA-256 over `prevHash`, a newline, and the canonical
 * JSON (sorted keys, no spaces) of the entry without `prevHash`, `hash` and `correctedBy`.
 */
export const incidentExport = z.object({
  format: z.literal('evenkeel.incident-export/v1'),
  exportedAt: instant,
  exportedBy: personRef,
  incident: incident.omit({ next: true, yourAuthority: true, groups: true }).extend({ alerts: z.array(linkedGroup) }),
  customerImpactMinutes: impact.shape.minutes,
  /** Who held which role from when to when. */
  roleHistory: z.array(
    z.object({
      role,
      userId: z.string(),
      fromAt: instant,
      toAt: instant.nullable(),
      exception: z.string().nullable(),
      handoverNote: z.string().nullable(),
    }),
  ),
  timeline: z.array(
    z.object({
      incidentId: z.string(),
      seq: z.number().int().min(1),
      occurredAt: instant,
      recordedAt: instant,
      actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
      kind: z.string(),
      text: z.string(),
      refs: z.array(ref),
      classification,
      corrects: z.number().nullable(),
      exercise: z.boolean(),
      prevHash: z.string().regex(/^[0-9a-f]{64}$/),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      correctedBy: z.number().nullable(),
    }),
  ),
  verification,
  /** What other parts of the product add: messages sent, actions taken, recovery, the review. */
  sections: z.record(z.string(), z.unknown()),
});
export type IncidentExport = z.infer<typeof incidentExport>;

const declared = z.object({ id: z.string(), key: z.string(), severity });
const moved = z.object({ id: z.string(), key: z.string(), phase, changed: z.boolean() });
const services = z.array(z.string()).min(1).max(50).optional();

export const endpoints = {
  ...chatEndpoints,
  ...recordEndpoints,
  ...commandEndpoints,
  list: endpoint({
    id: 'incidents.list',
    method: 'GET',
    path: '/api/v1/incidents',
    summary: 'Incidents, active ones first, then newest first',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['active', 'open', 'ended', 'all']).default('all'),
      severity: z.coerce.number().int().min(1).max(4).optional(),
      phase: phase.optional(),
      serviceId: z.string().max(60).optional(),
      exercise: z.enum(['only', 'without', 'with']).default('with'),
      q: z.string().max(200).optional(),
    }),
    response: pageOf(incidentSummary),
  }),
  get: endpoint({
    id: 'incidents.get',
    method: 'GET',
    path: '/api/v1/incidents/:id',
    summary: 'One incident with everything its war room shows; the ETag goes into If-Match of an edit',
    access: 'read',
    params: incidentParams,
    response: incident,
  }),
  origin: endpoint({
    id: 'incidents.origin',
    method: 'GET',
    path: '/api/v1/incidents/:id/origin',
    summary: 'Where it probably comes from, with reasons; null while its alerts have no common upstream',
    access: 'read',
    params: incidentParams,
    response: z.object({ origin: probableOrigin.nullable() }),
  }),
  suspects: endpoint({
    id: 'incidents.suspects',
    method: 'GET',
    path: '/api/v1/incidents/:id/suspects',
    summary: 'Changes that may have caused it, likeliest first, with the arithmetic',
    access: 'read',
    params: incidentParams,
    response: suspects,
  }),
  propose: endpoint({
    id: 'incidents.propose',
    method: 'GET',
    path: '/api/v1/incident-proposal',
    summary: 'What the declare dialog starts from: title and worst plausible severity for an alert group or services',
    access: 'read',
    query: z.strictObject({ groupId: z.string().max(60).optional(), serviceId: z.string().max(60).optional() }),
    response: z.object({
      title: z.string(),
      severity,
      reason: z.string(),
      serviceIds: z.array(z.string()),
      activeIncident: z.object({ id: z.string(), key: z.string(), title: z.string() }).nullable(),
    }),
  }),
  declare: endpoint({
    id: 'incidents.declare',
    method: 'POST',
    path: '/api/v1/incidents',
    summary: 'Declare an incident: a title is enough',
    access: 'incidents.declare',
    body: z.strictObject({
      title: line(200),
      severity: severity.optional(),
      summary: optionalLine(5000),
      kind: kind.optional(),
      serviceIds: z.array(z.string()).max(50).optional(),
      groupIds: z.array(z.string()).max(50).optional(),
      impactStartedAt: instant.optional(),
      detectedBy: z.enum(['person', 'customer']).optional(),
      recursOf: z.string().max(60).optional(),
      /** Any text unique to this attempt; a second click with the same one finds the first incident. */
      requestKey: z.string().min(8).max(100).optional(),
      /** Only the caller, these people and whoever gets a role may read it, from its first instant. */
      restricted: z.strictObject({ people: z.array(z.string().max(60)).max(200) }).optional(),
    }),
    response: declared,
    status: 201,
  }),
  edit: endpoint({
    id: 'incidents.edit',
    method: 'PATCH',
    path: '/api/v1/incidents/:id',
    summary: 'Correct title, summary, kind or the bounds of the impact; If-Match guards against a lost update',
    access: 'incidents.edit',
    params: incidentParams,
    body: z.strictObject({
      title: line(200).optional(),
      summary: z.string().trim().max(5000).optional(),
      kind: kind.optional(),
      impactStartedAt: instant.optional(),
      impactEndedAt: instant.nullable().optional(),
    }),
    response: z.object({ id: z.string(), key: z.string(), version: z.number(), changed: z.boolean() }),
  }),
  next: endpoint({
    id: 'incidents.next',
    method: 'GET',
    path: '/api/v1/incidents/:id/next',
    summary: 'The one next step, with its reason',
    access: 'read',
    params: incidentParams,
    response: nextStep,
  }),
  situation: endpoint({
    id: 'incidents.situation',
    method: 'GET',
    path: '/api/v1/incidents/:id/situation',
    summary: 'The situation report: status, impact, roles, hypotheses, actions in flight, next decisions, next update',
    access: 'read',
    params: incidentParams,
    response: situation,
  }),
  export: endpoint({
    id: 'incidents.export',
    method: 'GET',
    path: '/api/v1/incidents/:id/export',
    summary: 'The whole record as one JSON file (schema: /api/v1/schemas/incident-export)',
    access: 'read',
    params: incidentParams,
    response: incidentExport,
  }),
  timeline: endpoint({
    id: 'incidents.timeline',
    method: 'GET',
    path: '/api/v1/incidents/:id/timeline',
    summary: 'The timeline, newest first, or oldest first after a sequence number',
    access: 'read',
    params: incidentParams,
    query: z.strictObject({
      ...pageQuery,
      kind: z.string().max(40).optional(),
      /** Several kinds, separated by commas: `decision,approval`. */
      kinds: z
        .string()
        .max(200)
        .regex(/^[a-z_]+(,[a-z_]+)*$/)
        .optional(),
      /** Words in the text or the name of who acted. */
      q: z.string().trim().max(200).optional(),
      after: z.coerce.number().int().min(0).optional(),
    }),
    response: pageOf(timelineEntry).extend({ total: z.number() }),
  }),
  verifyTimeline: endpoint({
    id: 'incidents.verifyTimeline',
    method: 'GET',
    path: '/api/v1/incidents/:id/timeline/verification',
    summary: 'Compute every hash of the timeline again',
    access: 'read',
    params: incidentParams,
    response: verification,
  }),
  postEntry: endpoint({
    id: 'incidents.postEntry',
    method: 'POST',
    path: '/api/v1/incidents/:id/timeline',
    summary: 'Write a note; it can be corrected by a new one, never edited',
    access: 'incidents.postEntry',
    params: incidentParams,
    body: z.strictObject({
      text: line(10_000),
      occurredAt: instant.optional(),
      /** `action`: something done by hand; while harm is not contained it also starts the containment clock. */
      kind: z.enum(['note', 'action']).optional(),
      /** `restricted`: the words are readable to a few, and stand nowhere else. */
      classification: classification.optional(),
      /** Users who may read a restricted entry beside its author and the roles of `incidents.restrictedPolicy`. */
      readers: z.array(z.string().max(60)).max(50).optional(),
      refs: z.array(ref).max(20).optional(),
    }),
    response: timelineEntry,
    status: 201,
  }),
  correctEntry: endpoint({
    id: 'incidents.correctEntry',
    method: 'POST',
    path: '/api/v1/incidents/:id/timeline/:seq/corrections',
    summary: 'Correct an entry by a new one that points to it; both stay visible',
    access: 'incidents.correctEntry',
    params: z.strictObject({ id: z.string(), seq: z.coerce.number().int().positive().max(2_000_000_000) }),
    body: z.strictObject({ text: line(10_000), occurredAt: instant.optional() }),
    response: timelineEntry,
    status: 201,
  }),
  startContainment: endpoint({
    id: 'incidents.startContainment',
    method: 'POST',
    path: '/api/v1/incidents/:id/containment',
    summary: 'Enter containment; `action` says what is being done by hand and starts the containment clock',
    access: 'incidents.startContainment',
    params: incidentParams,
    body: z.strictObject({ action: optionalLine(2000), serviceIds: services }),
    response: moved,
  }),
  declareContained: endpoint({
    id: 'incidents.declareContained',
    method: 'POST',
    path: '/api/v1/incidents/:id/contained',
    summary: 'Harm has stopped growing: say what shows it',
    access: 'incidents.declareContained',
    params: incidentParams,
    body: z.strictObject({ evidence: optionalLine(5000), waiver: waiver.optional(), serviceIds: services }),
    response: moved,
  }),
  eradicate: endpoint({
    id: 'incidents.eradicate',
    method: 'POST',
    path: '/api/v1/incidents/:id/eradicated',
    summary: 'The cause is removed, or waived as external, self-ended or accepted with a reason',
    access: 'incidents.eradicate',
    params: incidentParams,
    body: z.strictObject({ evidence: optionalLine(5000), waiver: waiver.optional(), serviceIds: services }),
    response: moved,
  }),
  completeRecovery: endpoint({
    id: 'incidents.completeRecovery',
    method: 'POST',
    path: '/api/v1/incidents/:id/recovered',
    summary: 'The last recovery step is done; verification begins',
    access: 'incidents.completeRecovery',
    params: incidentParams,
    body: z.strictObject({ note: optionalLine(5000), waiver: waiver.optional(), serviceIds: services }),
    response: moved,
  }),
  restore: endpoint({
    id: 'incidents.restore',
    method: 'POST',
    path: '/api/v1/incidents/:id/restored',
    summary: 'Declare restored; refused with the list of what is false or unknown',
    access: 'incidents.restore',
    params: incidentParams,
    body: z.strictObject({ note: optionalLine(5000), impactEndedAt: instant.optional(), waiver: waiver.optional() }),
    response: moved,
  }),
  close: endpoint({
    id: 'incidents.close',
    method: 'POST',
    path: '/api/v1/incidents/:id/closed',
    summary: 'Close; refused with the list of obligations still open',
    access: 'incidents.close',
    params: incidentParams,
    body: z.strictObject({ note: optionalLine(5000) }),
    response: moved,
  }),
  moveBack: endpoint({
    id: 'incidents.moveBack',
    method: 'POST',
    path: '/api/v1/incidents/:id/moved-back',
    summary: 'Go back to an earlier phase, with a reason; earlier times stay in the record',
    access: 'incidents.moveBack',
    params: incidentParams,
    body: z.strictObject({ to: z.enum(['detection', 'containment', 'eradication', 'recovery']), reason: line(2000) }),
    response: moved,
  }),
  relapse: endpoint({
    id: 'incidents.relapse',
    method: 'POST',
    path: '/api/v1/incidents/:id/relapsed',
    summary: 'The same effect is back within 72 hours: return to containment',
    access: 'incidents.relapse',
    params: incidentParams,
    body: z.strictObject({ reason: line(2000) }),
    response: moved,
  }),
  dismiss: endpoint({
    id: 'incidents.dismiss',
    method: 'POST',
    path: '/api/v1/incidents/:id/dismissed',
    summary: 'A false alarm: no customer felt anything',
    access: 'incidents.dismiss',
    params: incidentParams,
    body: z.strictObject({ reason: line(2000), noCustomerImpact: z.literal(true) }),
    response: moved,
  }),
  merge: endpoint({
    id: 'incidents.merge',
    method: 'POST',
    path: '/api/v1/incidents/:id/merged',
    summary: 'The same thing as another active incident: end this one there',
    access: 'incidents.merge',
    params: incidentParams,
    body: z.strictObject({ into: z.string().max(60), reason: line(2000) }),
    response: moved,
  }),
  changeSeverity: endpoint({
    id: 'incidents.changeSeverity',
    method: 'POST',
    path: '/api/v1/incidents/:id/severity',
    summary: 'Raise freely; lower with a reason. What is already owed stays owed',
    access: 'incidents.changeSeverity',
    params: incidentParams,
    body: z.strictObject({ severity, reason: optionalLine(2000) }),
    response: z.object({ severity, changed: z.boolean() }),
  }),
  setService: endpoint({
    id: 'incidents.setService',
    method: 'POST',
    path: '/api/v1/incidents/:id/services',
    summary: 'Name an affected service, or change how it is affected',
    access: 'incidents.setService',
    params: incidentParams,
    body: z.strictObject({ serviceId: z.string().max(60), effect: effect.optional(), phase: step.optional() }),
    response: affectedService,
  }),
  linkGroup: endpoint({
    id: 'incidents.linkGroup',
    method: 'POST',
    path: '/api/v1/incidents/:id/groups',
    summary: 'Link an alert group to this incident',
    access: 'incidents.linkGroup',
    params: incidentParams,
    body: z.strictObject({ groupId: z.string().max(60) }),
    response: linkedGroup,
  }),
  assignRole: endpoint({
    id: 'incidents.assignRole',
    method: 'POST',
    path: '/api/v1/incidents/:id/roles',
    summary: 'Give a role to a person; without `userId` the caller takes it',
    access: 'incidents.assignRole',
    params: incidentParams,
    body: z.strictObject({
      role,
      userId: z.string().max(60).optional(),
      exception: optionalLine(500),
      replaceReason: optionalLine(500),
    }),
    /** `warnings`: practice that is too old, a certificate that is missing. */
    response: z.object({ role, person: personRef, changed: z.boolean(), warnings: z.array(z.string()) }),
  }),
  duties: endpoint({
    id: 'incidents.duties',
    method: 'GET',
    path: '/api/v1/incidents/:id/duties',
    summary: 'Your duties now: your roles with their cards, what you answer for in this phase, your tasks',
    access: 'read',
    params: incidentParams,
    response: duties,
  }),
  raci: endpoint({
    id: 'incidents.raci',
    method: 'GET',
    path: '/api/v1/raci',
    summary: 'The RACI matrix: who does, answers for, is asked and is told, per activity',
    access: 'read',
    response: raci,
  }),
  setRaci: endpoint({
    id: 'incidents.setRaci',
    method: 'PUT',
    path: '/api/v1/raci',
    summary: 'Save the matrix; every row has exactly one A and at least one R',
    access: 'incidents.setRaci',
    body: z.strictObject({ activities: z.array(activity).max(60), version: z.number().int().min(0) }),
    response: raci,
  }),
  offerHandover: endpoint({
    id: 'incidents.offerHandover',
    method: 'POST',
    path: '/api/v1/incidents/:id/handovers',
    summary: 'Offer a role with a brief; the old holder keeps the duty until it is accepted',
    access: 'incidents.offerHandover',
    params: incidentParams,
    body: z.strictObject({ role, toUserId: z.string().max(60), brief: line(5000) }),
    response: handover,
    status: 201,
  }),
  acceptHandover: endpoint({
    id: 'incidents.acceptHandover',
    method: 'POST',
    path: '/api/v1/incident-handovers/:handoverId/accepted',
    summary: '“I have command”: the duty passes now',
    access: 'incidents.acceptHandover',
    params: z.strictObject({ handoverId: z.string() }),
    body: z.strictObject({ exception: optionalLine(500) }),
    response: handover,
  }),
  endHandover: endpoint({
    id: 'incidents.endHandover',
    method: 'POST',
    path: '/api/v1/incident-handovers/:handoverId/ended',
    summary: 'Decline an offer made to you, or withdraw your own',
    access: 'incidents.endHandover',
    params: z.strictObject({ handoverId: z.string() }),
    body: z.strictObject({ reason: optionalLine(500) }),
    response: handover,
  }),
  addHypothesis: endpoint({
    id: 'incidents.addHypothesis',
    method: 'POST',
    path: '/api/v1/incidents/:id/hypotheses',
    summary: 'Write down what might be behind it',
    access: 'incidents.addHypothesis',
    params: incidentParams,
    body: z.strictObject({ text: line(2000) }),
    response: hypothesis,
    status: 201,
  }),
  setHypothesis: endpoint({
    id: 'incidents.setHypothesis',
    method: 'POST',
    path: '/api/v1/incident-hypotheses/:hypothesisId',
    summary: 'Support, refute or confirm a hypothesis by evidence',
    access: 'incidents.setHypothesis',
    params: z.strictObject({ hypothesisId: z.string() }),
    body: z.strictObject({ state: hypothesisState, evidence: optionalLine(5000) }),
    response: hypothesis,
  }),
  recordDecision: endpoint({
    id: 'incidents.recordDecision',
    method: 'POST',
    path: '/api/v1/incidents/:id/decisions',
    summary: 'Record a decision with its options and reasons; `needsApproval` asks a second person',
    access: 'incidents.recordDecision',
    params: incidentParams,
    body: z.strictObject({
      question: line(1000),
      options: z.array(line(500)).max(20).optional(),
      choice: line(1000),
      rationale: optionalLine(5000),
      inputs: z
        .record(z.string().max(100), z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]))
        .optional(),
      occurredAt: instant.optional(),
      /** The open decision that it settles; options, facts and how each option stood are frozen with it. */
      pointId: z.string().max(60).optional(),
      reversible: z.boolean().optional(),
      needsApproval: z.boolean().optional(),
      /** That second person proves a second factor; absent: as `incidents.approvalPolicy` says. */
      secondFactor: z.boolean().optional(),
    }),
    response: decision,
    status: 201,
  }),
  approvals: endpoint({
    id: 'incidents.approvals',
    method: 'GET',
    path: '/api/v1/incident-approvals',
    summary: 'Approvals that wait for an answer, oldest first',
    access: 'read',
    query: z.strictObject({ incidentId: z.string().max(60).optional() }),
    response: z.object({ items: z.array(approval.extend({ yours: z.boolean() })) }),
  }),
  decideApproval: endpoint({
    id: 'incidents.decideApproval',
    method: 'POST',
    path: '/api/v1/incident-approvals/:approvalId',
    summary: 'Grant or refuse; authority, and where asked a second factor, are checked at this moment',
    access: 'incidents.decideApproval',
    params: z.strictObject({ approvalId: z.string() }),
    body: z.strictObject({ verdict: z.enum(['granted', 'refused']), note: optionalLine(2000) }),
    response: approval,
  }),
  waiveGate: endpoint({
    id: 'incidents.waiveGate',
    method: 'POST',
    path: '/api/v1/incidents/:id/gates/:kind/waived',
    summary: 'Go on without a gate, with authority and a reason that everybody sees',
    access: 'incidents.waiveGate',
    params: z.strictObject({ id: z.string(), kind: z.string() }),
    body: z.strictObject({ reason: line(2000) }),
    response: gate,
  }),
  addTask: endpoint({
    id: 'incidents.addTask',
    method: 'POST',
    path: '/api/v1/incidents/:id/tasks',
    summary: 'Add a task for a person or a role',
    access: 'incidents.addTask',
    params: incidentParams,
    body: z.strictObject({
      text: line(500),
      role: role.optional(),
      personId: z.string().max(60).optional(),
      dueAt: instant.optional(),
    }),
    response: task,
    status: 201,
  }),
  setTask: endpoint({
    id: 'incidents.setTask',
    method: 'POST',
    path: '/api/v1/incident-tasks/:taskId',
    summary: 'Claim, finish, drop or reopen a task; who comes second is told who has it',
    access: 'incidents.setTask',
    params: z.strictObject({ taskId: z.string() }),
    body: z.strictObject({ state: z.enum(['open', 'done', 'dropped']).optional(), claim: z.boolean().optional() }),
    response: task,
  }),
  recordImpact: endpoint({
    id: 'incidents.recordImpact',
    method: 'POST',
    path: '/api/v1/incidents/:id/impact',
    summary: 'Note how many customers, or which share of requests, are affected at a moment',
    access: 'incidents.recordImpact',
    params: incidentParams,
    body: z.strictObject({
      at: instant.optional(),
      customers: z.number().int().min(0).max(1e12).optional(),
      pctRequests: z.number().min(0).max(100).optional(),
      /** Affected services it was counted for; absent: all. */
      serviceIds: z.array(z.string().max(60)).min(1).max(50).optional(),
      region: optionalLine(80),
      method: optionalLine(500),
    }),
    response: impactSample,
    status: 201,
  }),
};
