/** The tables of command and of the war room as types: lanes, questions, open decisions, presence, files. */
import type { Instant, Json, Selectable } from '#kernel';
import type { Severity } from './lifecycle/model.ts';

export const LANE_STATES = ['unstaffed', 'working', 'blocked', 'signed'] as const;
export type LaneState = (typeof LANE_STATES)[number];

/** The words of a restricted entry, apart from the timeline (record/sealed.ts). */
interface SealedEntriesTable {
  incidentId: string;
  seq: number;
  sealed: string;
  fingerprint: string;
  authorId: string;
  roles: string[];
  people: string[];
  exercise: boolean;
}

interface LanesTable {
  incidentId: string;
  lane: string;
  title: string;
  role: string | null;
  ownerId: string | null;
  state: LaneState;
  conditions: string;
  actions: string;
  needs: string;
  reportedAt: Date | null;
  reportedBy: string | null;
  holdsClose: boolean;
  openedAt: Instant;
  signedBy: string | null;
  signedAt: Date | null;
  exercise: boolean;
}
export type LaneRow = Selectable<LanesTable>;

interface LaneItemsTable {
  id: string;
  incidentId: string;
  lane: string;
  position: number;
  text: string;
  state: 'open' | 'done' | 'waived';
  note: string;
  settledBy: string | null;
  settledByName: string | null;
  settledAt: Date | null;
  exercise: boolean;
}
export type LaneItemRow = Selectable<LaneItemsTable>;

interface QuestionsTable {
  id: string;
  incidentId: string;
  text: string;
  askedBy: string;
  askedByName: string;
  askedAt: Instant;
  ownerId: string | null;
  ownerRole: string | null;
  dueAt: Date | null;
  state: 'open' | 'answered' | 'withdrawn';
  answer: string;
  plain: boolean;
  settledBy: string | null;
  settledByName: string | null;
  settledAt: Date | null;
  exercise: boolean;
}
export type QuestionRow = Selectable<QuestionsTable>;

/** One way to decide; `when` says in CEL under which facts it is the right one. */
export interface Option {
  text: string;
  when: string | null;
}
interface DecisionPointsTable {
  id: string;
  incidentId: string;
  question: string;
  options: Json<Option[]>;
  ownerId: string | null;
  dueAt: Date | null;
  state: 'open' | 'decided' | 'withdrawn';
  openedBy: string;
  openedByName: string;
  openedAt: Instant;
  settledAt: Date | null;
  decisionId: string | null;
  exercise: boolean;
}
export type PointRow = Selectable<DecisionPointsTable>;

interface SeverityLogTable {
  id: string;
  incidentId: string;
  at: Instant;
  fromSeverity: Severity | null;
  toSeverity: Severity;
  proposed: Severity | null;
  because: string;
  overrides: boolean;
  reason: string;
  byKind: string;
  byId: string;
  byName: string;
  exercise: boolean;
}
export type SeverityRow = Selectable<SeverityLogTable>;

interface PresenceTable {
  incidentId: string;
  userId: string;
  since: Instant;
  seenAt: Instant;
}

interface LooksTable {
  incidentId: string;
  userId: string;
  seq: number;
  at: Instant;
}

interface AttachmentsTable {
  id: string;
  incidentId: string;
  name: string;
  mediaType: string;
  size: number;
  sha256: string;
  bytes: Buffer;
  uploadedBy: string;
  uploadedByName: string;
  uploadedAt: Instant;
  exercise: boolean;
}
export type AttachmentRow = Omit<Selectable<AttachmentsTable>, 'bytes'>;

declare module '#kernel' {
  interface Database {
    'incidents.sealedEntries': SealedEntriesTable;
    'incidents.lanes': LanesTable;
    'incidents.laneItems': LaneItemsTable;
    'incidents.questions': QuestionsTable;
    'incidents.decisionPoints': DecisionPointsTable;
    'incidents.severityLog': SeverityLogTable;
    'incidents.presence': PresenceTable;
    'incidents.looks': LooksTable;
    'incidents.attachments': AttachmentsTable;
  }
}
