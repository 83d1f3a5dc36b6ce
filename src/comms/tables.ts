/** The tables of comms, as the query builder sees them. */
import type { Generated, Instant, Json, StampedAt } from '#kernel';
import type {} from './tables-messages.ts';
import type { SignedNotice } from './notices/note.ts';
import type { CopyPlace } from '#contract/comms-copies';
import type { ComponentState, LintReport, MessageKind, PublicStatus, UpdateFields } from './lint/index.ts';

export interface ComponentsTable {
  id: string;
  name: string;
  groupName: string | null;
  description: string | null;
  position: number;
  visible: boolean;
  state: ComponentState;
  stateSince: StampedAt;
  stateReason: string | null;
  stateBy: string | null;
  archivedAt: Instant | null;
  createdAt: StampedAt;
  updatedAt: StampedAt;
  exercise: Generated<boolean>;
}

export interface EmergencyKeysTable {
  id: string;
  name: string;
  publicKey: string;
  createdBy: string;
  createdAt: StampedAt;
  revokedAt: Instant | null;
}

export interface EmergencyNoticesTable {
  id: string;
  keyId: string;
  headline: string;
  body: string;
  nextUpdateBy: Date | null;
  writtenAt: Instant;
  signed: Json<SignedNotice>;
  mergedAt: StampedAt;
  endedAt: Instant | null;
  endedReason: string | null;
  exercise: Generated<boolean>;
}

export interface MessagesTable {
  id: string;
  incidentId: string;
  kind: MessageKind;
  state: 'draft' | 'published' | 'discarded';
  exercise: boolean;
  createdBy: string;
  createdAt: StampedAt;
  publishedAt: Instant | null;
  /** What a draft is owed for, and by when: a containment customers can see. */
  because: string | null;
  dueAt: Instant | null;
  waivedReason: string | null;
  scheduledAt: Instant | null;
  retractedAt: Instant | null;
  retractedBy: string | null;
  retractedReason: string | null;
}

export interface RevisionsTable {
  id: string;
  messageId: string;
  incidentId: string;
  n: number;
  version: Generated<number>;
  fields: Json<UpdateFields>;
  factsHash: string;
  publicStatus: PublicStatus;
  phase: string;
  severity: number;
  lint: Json<LintReport> | null;
  overrides: Json<{ rule: string; reason: string }[]>;
  writtenBy: string;
  writtenAt: StampedAt;
  supersedes: string | null;
  correctionReason: string | null;
  approvalRequestedAt: Instant | null;
  approvalId: string | null;
  approvedBy: string | null;
  approvedAt: Instant | null;
  approvedHash: string | null;
  unapprovedReason: string | null;
  /** Published by the clock, in words approved beforehand. */
  holding: Generated<boolean>;
  publishedBy: string | null;
  publishedAt: Instant | null;
  dueAt: Instant | null;
  exercise: boolean;
}

export interface ClocksTable {
  incidentId: string;
  state: 'none' | 'running' | 'stopped';
  stopped: 'resolved' | 'not_needed' | 'dismissed' | null;
  stoppedReason: string | null;
  stoppedBy: string | null;
  dueAt: Instant | null;
  reason: 'first' | 'scope' | 'next' | 'promised' | 'resolution' | null;
  intervalSeconds: number | null;
  published: number;
  lastPublishedAt: Instant | null;
  promisedAt: Instant | null;
  overdueSince: Instant | null;
  exercise: boolean;
  updatedAt: StampedAt;
}

export interface SubscribersTable {
  id: string;
  sealedAddress: string | null;
  addressHash: string;
  mailboxHash: string;
  hint: string;
  state: 'pending' | 'confirmed' | 'unsubscribed' | 'bounced';
  channel: Generated<SubscriberChannel>;
  endpointId: string | null;
  segments: Generated<string[]>;
  bounces: Generated<number>;
  bouncedAt: Instant | null;
  componentIds: string[];
  confirmHash: string | null;
  confirmSentAt: Instant | null;
  sealedUnsubscribe: string | null;
  unsubscribeHash: string | null;
  createdAt: StampedAt;
  confirmedAt: Instant | null;
  unsubscribedAt: Instant | null;
}

/** Where a copy of the site stands; the secret is apart. */
export type CopyConfig = CopyPlace;

export interface CopiesTable {
  id: string;
  name: string;
  kind: CopyConfig['kind'];
  config: Json<CopyConfig>;
  sealedSecret: string | null;
  url: string | null;
  createdBy: string;
  createdAt: StampedAt;
  pushed: Json<Record<string, string>>;
  said: string | null;
  pushedAt: Instant | null;
  pushedFiles: number | null;
  tries: Generated<number>;
  failingSince: Instant | null;
  error: string | null;
  readAt: Instant | null;
  readState: 'same' | 'other' | 'old' | 'unreadable' | null;
  readDetail: string | null;
  driftingSince: Instant | null;
  driftToldAt: Instant | null;
}

export type SubscriberChannel = 'email' | 'sms' | 'webhook' | 'slack' | 'teams';
/** Where a revision can go. `critical`: those who rely on us for critical work, each by a message of their own. */
export type PublicChannel =
  'status_page' | SubscriberChannel | 'critical' | 'banner' | 'mastodon' | 'bluesky' | 'x' | 'linkedin';

export interface WalksTable {
  revisionId: string;
  channel: 'email' | 'webhook';
  incidentId: string;
  publicId: string;
  state: Generated<'walking' | 'done'>;
  afterId: Generated<string>;
  ahead: Generated<string[]>;
  sent: Generated<number>;
  failed: Generated<number>;
  handed: Generated<number>;
  fence: Generated<number>;
  /** On the steady clock (milliseconds). */
  heldUntil: number | null;
  tries: Generated<number>;
  nextTryAt: Instant | null;
  lastError: string | null;
  startedAt: StampedAt;
  firstAt: Instant | null;
  endedAt: Instant | null;
  exercise: Generated<boolean>;
}

export interface PagesTable {
  id: string;
  slug: string;
  name: string;
  about: string;
  supportContact: string;
  accent: string;
  accentDark: string;
  logo: string | null;
  language: string;
  languages: Json<string[]>;
  audience: 'public' | 'signed_in' | 'token';
  tokenHash: string | null;
  host: string | null;
  componentIds: string[];
  createdBy: string;
  createdAt: StampedAt;
}

export interface MaintenancesTable {
  id: string;
  publicId: string;
  seriesId: string;
  title: string;
  body: string;
  startsAt: Date;
  endsAt: Date;
  componentIds: string[];
  mutes: boolean;
  silenceId: string | null;
  state: 'scheduled' | 'in_progress' | 'completed' | 'cancelled';
  taken: string[];
  createdBy: string;
  createdAt: StampedAt;
  updatedAt: StampedAt;
  exercise: Generated<boolean>;
}

declare module '#kernel' {
  interface Database {
    'comms.components': ComponentsTable;
    'comms.copies': CopiesTable;
    'comms.maintenances': MaintenancesTable;
    'comms.pages': PagesTable;
    'comms.componentServices': { componentId: string; serviceId: string };
    'comms.componentChanges': {
      id: string;
      componentId: string;
      fromState: ComponentState;
      toState: ComponentState;
      reason: string | null;
      revisionId: string | null;
      changedBy: string | null;
      changedAt: StampedAt;
      exercise: Generated<boolean>;
    };
    'comms.messages': MessagesTable;
    'comms.revisions': RevisionsTable;
    'comms.incidentPages': {
      incidentId: string;
      publicId: string;
      startedAt: Instant;
      firstPublishedAt: Instant;
      resolvedAt: Instant | null;
      withdrawnAt: Instant | null;
      updatedAt: Instant;
      exercise: Generated<boolean>;
    };
    'comms.publications': {
      revisionId: string;
      incidentId: string;
      channel: PublicChannel;
      factsHash: string;
      at: StampedAt;
      spreadAt: Instant | null;
      exercise: Generated<boolean>;
    };
    'comms.mirrors': {
      revisionId: string;
      incidentId: string;
      factsHash: string;
      at: StampedAt;
      exercise: Generated<boolean>;
    };
    'comms.emergencyKeys': EmergencyKeysTable;
    'comms.emergencyNotices': EmergencyNoticesTable;
    'comms.site': { one: Generated<boolean>; version: Generated<string>; changedAt: StampedAt };
    'comms.clocks': ClocksTable;
    'comms.walks': WalksTable;
    'comms.subscribers': SubscribersTable;
    'comms.subscribeAttempts': {
      ipHash: string;
      hour: Instant;
      attempts: Generated<number>;
    };
    'comms.mailings': {
      revisionId: string;
      subscriberId: string;
      deliveryId: string;
      state: Generated<'queued' | 'delivered' | 'failed'>;
      error: string | null;
      at: StampedAt;
      exercise: Generated<boolean>;
    };
  }
}
