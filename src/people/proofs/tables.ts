/** The rows of the proofs: test pages, gaps, warnings before shifts, findings, and changes that hide trouble. */
import type { Generated, Instant, Selectable, StampedAt } from '#kernel';

export type ProofState = 'waiting' | 'confirmed' | 'missed' | 'failed';

export interface TestRoundsTable {
  id: string;
  kind: 'scheduled' | 'asked';
  askedBy: string | null;
  createdAt: StampedAt;
}
export interface ProofsTable {
  id: string;
  roundId: string;
  userId: string;
  methodId: string;
  channel: string;
  shown: string;
  number: number;
  state: Generated<ProofState>;
  deliveryId: string | null;
  deliveredAt: Date | null;
  answerBy: Instant;
  settledAt: Date | null;
  confirmedVia: string | null;
  error: string | null;
  slot: Date | null;
  createdAt: StampedAt;
}
export interface GapsTable {
  id: string;
  scheduleId: string;
  fromAt: Instant;
  toAt: Instant;
  why: string;
  blockedUserId: string | null;
  foundAt: StampedAt;
  toldAt: Date | null;
  endedAt: Date | null;
}
export interface ShiftNoticesTable {
  scheduleId: string;
  userId: string;
  fromAt: Instant;
  lead: string;
  ownerTold: boolean;
  toldAt: StampedAt;
}
export interface FindingsTable {
  id: string;
  kind: 'no_next_step' | 'step_late';
  pageId: string;
  turn: number;
  text: string;
  raisedPageId: string | null;
  foundAt: StampedAt;
}
export interface WatchMarksTable {
  name: string;
  seen: Generated<string>;
  lookedAt: StampedAt;
}
export interface HidingChangesTable {
  auditSeq: number;
  kind: string;
  action: string;
  subject: string | null;
  actorName: string;
  text: string;
  at: Instant;
  toldAt: StampedAt;
}
export type ProofRow = Selectable<ProofsTable>;
export type GapRow = Selectable<GapsTable>;

declare module '#kernel' {
  interface Database {
    'people.testRounds': TestRoundsTable;
    'people.proofs': ProofsTable;
    'people.gaps': GapsTable;
    'people.shiftNotices': ShiftNoticesTable;
    'people.findings': FindingsTable;
    'people.watchMarks': WatchMarksTable;
    'people.hidingChanges': HidingChangesTable;
  }
}
