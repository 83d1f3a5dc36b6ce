/** The tables of recovery by stages, as types. */
import type { Generated, Instant, Json, Selectable } from '#kernel';
import type { AnalysisState, CourseState, Sample, StageState } from './model.ts';
import type { CoursePlan } from './plan.ts';

interface CoursesTable {
  id: string;
  incidentId: string;
  runId: string | null;
  title: string;
  plan: Json<CoursePlan>;
  state: CourseState;
  position: number | null;
  backTo: number | null;
  pausedReason: string | null;
  holds: Json<string[]>;
  noReturnAt: Instant | null;
  startedBy: string;
  startedByName: string;
  startedAt: Instant;
  steppedAt: Instant | null;
  endedAt: Instant | null;
  exercise: boolean;
}
interface StagesTable {
  id: string;
  courseId: string;
  position: number;
  stageId: string;
  state: StageState;
  attempt: Generated<number>;
  failures: Generated<number>;
  actionRunId: string | null;
  shiftedBy: string | null;
  enteredAt: Instant | null;
  until: Instant | null;
  passedAt: Instant | null;
  gateBy: string | null;
  gateByName: string | null;
  gateAt: Instant | null;
  symptom: string | null;
  exercise: boolean;
}
interface AnalysesTable {
  id: string;
  stageId: string;
  attempt: number;
  part: 'analysis' | 'soak';
  checkId: string;
  target: string;
  state: Generated<AnalysisState>;
  passes: Generated<number>;
  fails: Generated<number>;
  inconclusives: Generated<number>;
  errors: Generated<number>;
  errorsInRow: Generated<number>;
  nextAt: Instant;
  lastAt: Instant | null;
  lastSample: Sample | null;
  lastDetail: Generated<string>;
  exercise: boolean;
}
interface SignoffsTable {
  id: string;
  courseId: string;
  incidentId: string;
  lane: string;
  of: string;
  state: Generated<'open' | 'signed' | 'waived'>;
  evidence: Generated<string>;
  evidenceUrl: string | null;
  by: string | null;
  byName: string | null;
  at: Instant | null;
  reopened: string | null;
  exercise: boolean;
}
interface ScansTable {
  id: string;
  incidentId: string;
  lane: string;
  kind: 'scan' | 'drift';
  tool: string;
  result: 'pass' | 'fail';
  summary: string;
  url: string | null;
  reportedBy: string;
  at: Instant;
  exercise: boolean;
}
interface KnownBadTable {
  id: string;
  incidentId: string;
  courseId: string;
  stageId: string;
  approach: string;
  target: string;
  parameters: Json<Record<string, unknown>>;
  fingerprint: string;
  symptom: string;
  at: Instant;
  exercise: boolean;
}
interface AcknowledgementsTable {
  courseId: string;
  fingerprint: string;
  knownBadId: string;
  by: string;
  byName: string;
  reason: string;
  at: Instant;
}
declare module '#kernel' {
  interface Database {
    'recovery.courses': CoursesTable;
    'recovery.stages': StagesTable;
    'recovery.analyses': AnalysesTable;
    'recovery.signoffs': SignoffsTable;
    'recovery.scans': ScansTable;
    'recovery.knownBad': KnownBadTable;
    'recovery.acknowledgements': AcknowledgementsTable;
  }
}
export type CourseRow = Selectable<CoursesTable>;
export type StageRow = Selectable<StagesTable>;
export type AnalysisRow = Selectable<AnalysesTable>;
export type SignoffRow = Selectable<SignoffsTable>;
export type ScanRow = Selectable<ScansTable>;
export type KnownBadRow = Selectable<KnownBadTable>;
