/** The tables of channels. */
import type { Generated, Instant, Selectable, StampedAt } from '#kernel';
import type { Purpose } from './model.ts';

export interface EndpointsTable {
  id: string;
  url: string;
  sealedSecret: string;
  owner: string;
  disabledAt: Date | null;
  disabledReason: string | null;
  /** Since when it has answered nothing but failures. */
  failingSince: Date | null;
  createdAt: StampedAt;
}

export type DeliveryState =
  'queued' | 'sending' | 'sent' | 'unconfirmed' | 'delivered' | 'undeliverable' | 'failed' | 'withdrawn';
export interface DeliveriesTable {
  id: string;
  key: string;
  channel: string;
  recipient: string;
  purpose: Purpose;
  ref: string;
  incidentId: string | null;
  subject: string;
  sealedMessage: string;
  sealedRecipient: string | null;
  carrier: string | null;
  sentAt: Date | null;
  state: Generated<DeliveryState>;
  attempts: Generated<number>;
  fence: Generated<number>;
  /** On the steady clock (milliseconds). */
  heldUntil: number | null;
  nextAttemptAt: Instant;
  lastError: string | null;
  remoteId: string | null;
  withdrawnAt: Date | null;
  settledAt: Date | null;
  essential: Generated<boolean>;
  exercise: boolean;
  createdAt: StampedAt;
}
export interface CallbacksTable {
  key: string;
  source: string;
  outcome: Generated<string>;
  receivedAt: StampedAt;
}
export interface PushKeysTable {
  one: Generated<boolean>;
  publicKey: string;
  sealedPrivate: string;
  createdAt: StampedAt;
}
export interface PushSubscriptionsTable {
  id: string;
  owner: string;
  endpointHash: string;
  sealed: string;
  host: string;
  endedAt: Date | null;
  endedReason: string | null;
  createdAt: StampedAt;
}
export interface PhoneDaysTable {
  /** `2026-11-24`, UTC. */
  day: string;
  /** Thousandths of the account's currency. */
  spent: Generated<number>;
  refused: Generated<number>;
  warnedAt: Date | null;
  reachedAt: Date | null;
}
export type DeliveryRow = Selectable<DeliveriesTable>;
export type EndpointRow = Selectable<EndpointsTable>;
export type PushSubscriptionRow = Selectable<PushSubscriptionsTable>;
export type PhoneDayRow = Selectable<PhoneDaysTable>;

declare module '#kernel' {
  interface Database {
    'channels.endpoints': EndpointsTable;
    'channels.deliveries': DeliveriesTable;
    'channels.callbacks': CallbacksTable;
    'channels.pushKeys': PushKeysTable;
    'channels.pushSubscriptions': PushSubscriptionsTable;
    'channels.phoneDays': PhoneDaysTable;
  }
}
