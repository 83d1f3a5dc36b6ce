/** The tables of signals, as types. */
import type { Generated, Json, StampedAt } from '#kernel';
import type { Answer, Wire } from './ingest/family.ts';
import type { AlertState, Effect, Group, Held, Link, ResolvedBy, Routed, Severity } from './model.ts';

export interface IntegrationsTable {
  id: string;
  kind: string;
  name: string;
  serviceId: string | null;
  enabled: Generated<boolean>;
  internal: Generated<boolean>;
  version: Generated<number>;
  lastHeardAt: Date | null;
  garbageCount: Generated<number>;
  lastGarbageAt: Date | null;
  lastGarbageReason: string | null;
  lastGarbageSignalId: string | null;
  garbageNoticeAt: Date | null;
  droppedCount: Generated<number>;
  lastDroppedAt: Date | null;
  createdBy: string | null;
  optionsSealed: string | null;
  createdAt: StampedAt;
}

export interface IntegrationKeysTable {
  id: string;
  integrationId: string;
  keyHash: string;
  keySealed: string;
  hint: string;
  validUntil: Date | null;
  revokedAt: Date | null;
  createdAt: StampedAt;
}

export interface SignalsTable {
  id: string;
  integrationId: string;
  receivedAt: Date;
  contentType: string;
  headers: Json<Record<string, string>>;
  body: Buffer | null;
  bodySize: number;
  bodyHash: string;
  purpose: 'alerts' | 'changes';
  idempotencyKey: string | null;
  state: Generated<'received' | 'processed' | 'rejected'>;
  reason: string | null;
  answer: Json<Answer> | null;
  wire: Json<Wire>;
  attempts: Generated<number>;
  settledAt: Date | null;
  test: boolean;
  testPages: boolean;
  exercise: boolean;
  /** Where its bytes are, when it came in a block. */
  blockId: string | null;
}

export interface GroupsTable extends Omit<Group, 'held' | 'routed'> {
  held: Json<Held> | null;
  routed: Json<Routed> | null;
  createdAt: StampedAt;
}

export interface AlertsTable {
  id: string;
  integrationId: string;
  groupId: string;
  fingerprint: string;
  dedupKey: string;
  serviceId: string | null;
  title: string;
  severity: Severity;
  state: AlertState;
  description: string;
  source: string;
  labels: Json<Record<string, string>>;
  details: Json<Record<string, unknown>>;
  links: Json<Link[]>;
  marks: Json<string[]>;
  count: number;
  flaps: number;
  firstAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  resolvedBy: ResolvedBy | null;
  startedAt: Date | null;
  endedAt: Date | null;
  expiresAt: Date | null;
  tinyId: Generated<number>;
  lastSignalId: string;
  test: boolean;
  exercise: boolean;
}

export interface OccurrencesTable {
  signalId: string;
  n: number;
  alertId: string | null;
  effect: Effect;
  dedupKey: string;
  /** So many events of one block did this alike. */
  times: Generated<number>;
  at: Date;
  exercise: boolean;
}

export interface BlocksTable {
  id: string;
  integrationId: string;
  node: string;
  receivedAt: Date;
  posts: number;
  events: number;
  firstId: string;
  lastId: string;
  heads: string;
  bodies: Buffer | null;
  state: Generated<'waiting' | 'processed'>;
  attempts: Generated<number>;
  settledAt: Date | null;
}

export interface AlertNotesTable {
  id: string;
  alertId: string;
  text: string;
  author: string;
  at: Date;
  exercise: boolean;
}

declare module '#kernel' {
  interface Database {
    'signals.integrations': IntegrationsTable;
    'signals.integrationKeys': IntegrationKeysTable;
    'signals.signals': SignalsTable;
    'signals.groups': GroupsTable;
    'signals.alerts': AlertsTable;
    'signals.alertNotes': AlertNotesTable;
    'signals.occurrences': OccurrencesTable;
    'signals.blocks': BlocksTable;
  }
}
