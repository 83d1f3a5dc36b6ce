/** The tables around messages: unknowns, commitments, clearances, recurrences, social posts, read-back, feedback. */
import type { Generated, Instant, StampedAt } from '#kernel';

export interface PostsTable {
  revisionId: string;
  incidentId: string;
  channel: 'mastodon' | 'bluesky' | 'x' | 'linkedin';
  state: Generated<'waiting' | 'posted' | 'failed' | 'to_copy'>;
  body: string;
  remoteId: string | null;
  url: string | null;
  tries: Generated<number>;
  nextTryAt: Instant | null;
  error: string | null;
  at: StampedAt;
  postedAt: Instant | null;
  exercise: Generated<boolean>;
}

export interface UnknownsTable {
  id: string;
  incidentId: string;
  text: string;
  state: Generated<'open' | 'answered' | 'withdrawn'>;
  answer: Generated<string>;
  ownerId: string | null;
  firstRevisionId: string;
  lastRevisionId: string;
  openedAt: StampedAt;
  settledAt: Instant | null;
  exercise: boolean;
}

export interface CommitmentsTable {
  id: string;
  incidentId: string;
  revisionId: string;
  kind: 'next_update' | 'estimate' | 'confirm_estimate' | 'report';
  text: string;
  dueAt: Instant;
  state: Generated<'open' | 'kept' | 'missed' | 'withdrawn'>;
  settledAt: Instant | null;
  exercise: boolean;
}

declare module '#kernel' {
  interface Database {
    'comms.posts': PostsTable;
    'comms.unknowns': UnknownsTable;
    'comms.commitments': CommitmentsTable;
    'comms.clearances': {
      revisionId: string;
      part: 'security' | 'legal';
      factsHash: string;
      givenBy: string;
      givenAt: StampedAt;
      note: Generated<string>;
    };
    'comms.recurrences': {
      incidentId: string;
      earlierId: string;
      likeness: number | null;
      state: Generated<'confirmed' | 'rejected'>;
      alike: Generated<string>;
      decidedBy: string;
      decidedAt: StampedAt;
      exercise: boolean;
    };
    'comms.readBacks': {
      incidentId: string;
      channel: string;
      revisionId: string;
      state: 'same' | 'differs' | 'unreachable';
      detail: Generated<string>;
      readAt: StampedAt;
      differsSince: Instant | null;
      alertedAt: Instant | null;
      exercise: Generated<boolean>;
    };
    'comms.feedback': {
      id: string;
      incidentId: string;
      revisionId: string | null;
      helped: boolean;
      words: Generated<string>;
      day: string;
      exercise: Generated<boolean>;
    };
  }
}
