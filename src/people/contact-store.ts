/** The rows of how people are reached: their methods, the codes that prove them, what waits for its time, and reply codes. */
import type { Generated, Instant, Selectable, StampedAt } from '#kernel';

export interface ContactMethodsTable {
  id: string;
  userId: string;
  /** The name of a channel. */
  kind: string;
  value: string;
  endpointId: string | null;
  label: string;
  verifiedAt: Date | null;
  /** Minutes after the call at which a page uses it, by urgency; null never. */
  highAfter: Generated<number | null>;
  lowAfter: Generated<number | null>;
  disabledAt: Generated<Date | null>;
  disabledReason: Generated<string | null>;
  createdAt: StampedAt;
}
export interface ContactChallengesTable {
  methodId: string;
  codeHash: string;
  /** Of the link in a mail; nothing for channels that bring a code only. */
  linkHash: Generated<string | null>;
  tries: Generated<number>;
  sentCount: number;
  windowStartedAt: Instant;
  sentAt: Instant;
  expiresAt: Instant;
}
export interface WaitingSendsTable {
  pageId: string;
  userId: string;
  methodId: string;
  turn: number;
  because: string;
  waitSeconds: number | null;
  why: 'rule' | 'limit';
  leavesAt: Instant;
}
export interface ReplyCodesTable {
  userId: string;
  number: number;
  pageId: string;
  createdAt: StampedAt;
}
/** Which pages went into one message; see `bundles.ts`. */
export interface BundlePagesTable {
  pageId: string;
  bundle: string;
  userId: string;
  methodId: string;
  turn: number;
  because: string;
  waitSeconds: number | null;
}
export type ContactMethodRow = Selectable<ContactMethodsTable>;
export type WaitingSend = Selectable<WaitingSendsTable>;

declare module '#kernel' {
  interface Database {
    'people.contactMethods': ContactMethodsTable;
    'people.contactChallenges': ContactChallengesTable;
    'people.waitingSends': WaitingSendsTable;
    'people.replyCodes': ReplyCodesTable;
    'people.bundlePages': BundlePagesTable;
  }
}
