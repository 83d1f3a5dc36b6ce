/** The context every command, job and query receives. */
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import type { Log } from './log.ts';

export type Role = 'viewer' | 'responder' | 'manager' | 'admin' | 'auditor';
export const ROLES: Role[] = ['viewer', 'responder', 'manager', 'admin', 'auditor'];

export interface Actor {
  /** `system` acts by policy; `link` is the holder of a signed link; `integration` an ingest key. */
  kind: 'user' | 'token' | 'integration' | 'link' | 'system';
  id: string;
  name: string;
  roles: Role[];
  /** For tokens: permission names, `module.*` or `*`; undefined means no limit beyond the roles. */
  scopes?: string[];
  /** The person a token or link stands for. */
  onBehalfOf?: string;
  /** When the person's session last proved a second factor. */
  provenAt?: Date;
}

export type Db = Kysely<Database>;

/** What a command tells the audit log beyond its name and actor. */
export interface AuditNote {
  subject?: string;
  incident?: string;
  before?: unknown;
  after?: unknown;
  reason?: string;
  /** Write no entry: nothing changed, or the change keeps its own append-only record (every signal received). */
  skip?: boolean;
  /** Versions of the policies that were read to decide this, by their setting; 0 is the default. Written by `readSetting`. */
  policies?: Record<string, number>;
}

export interface Ctx {
  db: Db;
  actor: Actor;
  /** The present, from the database's clock. */
  now: Date;
  /** True in a drill; inherited by every row, event and job. */
  exercise: boolean;
  /** The watchdog's own trip: announced to nobody and not audited, because the trip is its own record. */
  synthetic?: boolean | undefined;
  /** Restricted incidents whose list the actor is not on: for them these do not exist (veil.ts). */
  hidden?: string[] | undefined;
  /** The endpoint that was called, when this is the context of a request. */
  asked?: string | undefined;
  log: Log;
  requestId: string;
  ip?: string | undefined;
  audit: AuditNote;
  /** Set inside a command: the names of the commands around this one, outermost first. */
  within: string[];
}

/** The person behind the actor, if any: the user, or whom a token or link stands for. */
export const personOf = (actor: Actor): string | undefined => (actor.kind === 'user' ? actor.id : actor.onBehalfOf);
