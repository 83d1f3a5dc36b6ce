/** The tables of this module as types; their rules are in the migration. */
import type { Generated, Instant, Json, Selectable } from '#kernel';
import type { HypothesisState } from './decisions/model.ts';
import type { GateState, Kind, Phase, Severity, Step, Waiver } from './lifecycle/model.ts';
import type { Effect } from './measures.ts';
import type { Classification, Ref } from './record/model.ts';
import type { RoleName } from './roles/model.ts';
import type { Activity } from './roles/raci.ts';

interface IncidentsTable {
  id: string;
  number: Generated<number>;
  key: Generated<string>;
  title: string;
  summary: string;
  severity: Severity;
  phase: Phase;
  kind: Kind;
  /** Kept by the database: the least number `severity` ever had. */
  worstSeverity: Generated<Severity>;
  declaredByKind: string;
  declaredBy: string;
  declaredByName: string;
  detectedBy: 'monitor' | 'person' | 'customer';
  impactStartedAt: Date | null;
  impactStartConfidence: 'estimated' | 'stated';
  detectedAt: Instant;
  declaredAt: Instant;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  respondedAt: Date | null;
  responseKind: 'manual' | 'automatic' | null;
  containmentStartedAt: Date | null;
  containedAt: Date | null;
  eradicatedAt: Date | null;
  recoveryStartedAt: Date | null;
  verificationStartedAt: Date | null;
  impactEndedAt: Date | null;
  restoredAt: Date | null;
  closedAt: Date | null;
  endedReason: string | null;
  recursOf: string | null;
  mergedInto: string | null;
  restricted: Generated<boolean>;
  requestKey: string | null;
  version: Generated<number>;
  exercise: boolean;
  createdAt: Generated<Date>;
}
export type IncidentRow = Selectable<IncidentsTable>;

interface AffectedServicesTable {
  incidentId: string;
  serviceId: string;
  name: string;
  tier: number | null;
  phase: Step;
  effect: Effect;
  /** When a person said so; null: only assumed so far. */
  effectStatedAt: Date | null;
  addedAt: Instant;
  exercise: boolean;
}
export type AffectedRow = Selectable<AffectedServicesTable>;

interface PhaseLogTable {
  id: string;
  incidentId: string;
  serviceId: string | null;
  phase: Phase;
  enteredAt: Instant;
  enteredBy: string;
  leftAt: Date | null;
  leftBy: string | null;
  waiver: Json<Waiver> | null;
  note: string;
  exercise: boolean;
}

interface TimelineHeadsTable {
  incidentId: string;
  seq: number;
  hash: string;
  recordedAt: Date | null;
  exercise: boolean;
}

interface TimelineTable {
  incidentId: string;
  seq: number;
  occurredAt: Instant;
  recordedAt: Instant;
  actorKind: string;
  actorId: string;
  actorName: string;
  kind: string;
  text: string;
  refs: Json<Ref[]>;
  classification: Classification;
  corrects: number | null;
  prevHash: string;
  hash: string;
  exercise: boolean;
}
export type TimelineRow = Selectable<TimelineTable>;

interface RoleAssignmentsTable {
  id: string;
  incidentId: string;
  role: RoleName;
  userId: string;
  fromAt: Instant;
  toAt: Date | null;
  assignedBy: string;
  exception: string | null;
  handoverNote: string | null;
  source: 'person' | 'rota';
  acceptedAt: Date | null;
  shared: boolean;
  exercise: boolean;
}

export type WhyUnfilled = 'nobody' | 'no_rota' | 'nobody_on_rota' | 'not_enrolled';
interface UnfilledRolesTable {
  incidentId: string;
  role: RoleName;
  why: WhyUnfilled;
  since: Instant;
  until: Date | null;
  toldUserId: string | null;
  exercise: boolean;
}
export type UnfilledRow = Selectable<UnfilledRolesTable>;

interface RaciVersionsTable {
  version: number;
  activities: Json<Activity[]>;
  savedBy: string;
  savedByName: string;
  savedAt: Instant;
}

interface HandoversTable {
  id: string;
  incidentId: string;
  role: RoleName;
  fromUserId: string;
  toUserId: string;
  brief: string;
  state: 'offered' | 'accepted' | 'declined' | 'withdrawn';
  offeredAt: Instant;
  settledAt: Date | null;
  exercise: boolean;
}
export type HandoverRow = Selectable<HandoversTable>;

export interface Evidence {
  at: string;
  by: string;
  text: string;
  state: HypothesisState;
}
interface HypothesesTable {
  id: string;
  incidentId: string;
  text: string;
  state: HypothesisState;
  evidence: Json<Evidence[]>;
  raisedBy: string;
  raisedAt: Instant;
  changedAt: Instant;
  exercise: boolean;
}
export type HypothesisRow = Selectable<HypothesesTable>;

interface ApprovalsTable {
  id: string;
  incidentId: string;
  subjectKind: string;
  subjectId: string;
  title: string;
  note: string;
  authority: string;
  needed: number;
  requesterId: string;
  requesterName: string;
  selfAllowed: boolean;
  secondFactor: boolean;
  state: 'pending' | 'granted' | 'refused' | 'withdrawn' | 'expired';
  requestedAt: Instant;
  expiresAt: Date | null;
  settledAt: Date | null;
  exercise: boolean;
}
export type ApprovalRow = Selectable<ApprovalsTable>;

interface ApprovalVerdictsTable {
  approvalId: string;
  approverId: string;
  requesterId: string;
  selfAllowed: boolean;
  verdict: 'granted' | 'refused';
  note: string;
  secondFactor: 'code' | 'none' | null;
  at: Instant;
  exercise: boolean;
}
export type VerdictRow = Selectable<ApprovalVerdictsTable>;

interface DecisionsTable {
  id: string;
  incidentId: string;
  question: string;
  options: Json<string[]>;
  choice: string;
  rationale: string;
  inputs: Json<Record<string, unknown>>;
  deciderId: string;
  deciderName: string;
  approvalId: string | null;
  /** The open decision that it settles. */
  pointId: string | null;
  /** Whether it can be taken back; null: nobody said. */
  reversible: boolean | null;
  occurredAt: Instant;
  recordedAt: Instant;
  exercise: boolean;
}
export type DecisionRow = Selectable<DecisionsTable>;

interface GatesTable {
  incidentId: string;
  kind: string;
  holds: 'restore' | 'close';
  state: GateState['state'];
  reasons: Json<string[]>;
  waivedBy: string | null;
  waivedReason: string | null;
  goodUntil: Date | null;
  changedAt: Instant;
  exercise: boolean;
}
export type GateRow = Selectable<GatesTable>;

interface TasksTable {
  id: string;
  incidentId: string;
  text: string;
  role: RoleName | null;
  personId: string | null;
  dueAt: Date | null;
  state: 'open' | 'done' | 'dropped';
  createdBy: string;
  createdAt: Instant;
  changedAt: Instant;
  exercise: boolean;
}
export type TaskRow = Selectable<TasksTable>;

interface GroupLinksTable {
  incidentId: string;
  groupId: string;
  title: string;
  state: 'firing' | 'resolved';
  firstAt: Instant;
  linkedAt: Instant;
  changedAt: Instant;
  exercise: boolean;
}
export type GroupLinkRow = Selectable<GroupLinksTable>;

interface ImpactSamplesTable {
  id: string;
  incidentId: string;
  at: Instant;
  customers: number | null;
  pctRequests: number | null;
  services: Json<string[]>;
  method: string;
  /** Where, when it is not everywhere: "eu-west". */
  region: Generated<string>;
  recordedBy: string;
  exercise: boolean;
}
export type ImpactRow = Selectable<ImpactSamplesTable>;

interface DuesTable {
  incidentId: string;
  key: string;
  title: string;
  reason: string;
  place: string;
  dueAt: Date | null;
  exercise: boolean;
}
export type DueRow = Selectable<DuesTable>;

declare module '#kernel' {
  interface Database {
    'incidents.incidents': IncidentsTable;
    'incidents.affectedServices': AffectedServicesTable;
    'incidents.phaseLog': PhaseLogTable;
    'incidents.timelineHeads': TimelineHeadsTable;
    'incidents.timeline': TimelineTable;
    'incidents.roleAssignments': RoleAssignmentsTable;
    'incidents.unfilledRoles': UnfilledRolesTable;
    'incidents.raciVersions': RaciVersionsTable;
    'incidents.handovers': HandoversTable;
    'incidents.hypotheses': HypothesesTable;
    'incidents.approvals': ApprovalsTable;
    'incidents.approvalVerdicts': ApprovalVerdictsTable;
    'incidents.decisions': DecisionsTable;
    'incidents.gates': GatesTable;
    'incidents.tasks': TasksTable;
    'incidents.groupLinks': GroupLinksTable;
    'incidents.impactSamples': ImpactSamplesTable;
    'incidents.dues': DuesTable;
  }
}
