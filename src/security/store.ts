/** SQL that writes security's own tables, and the types of their rows. */
import type { Actor, Ctx, Generated, Instant, Json, Role, StampedAt } from '#kernel';
import { addMs, keyedHash, newId, randomToken } from '#kernel';

interface UsersTable {
  id: string;
  email: string;
  name: string;
  passwordHash: string | null;
  roles: Role[];
  timeZone: Generated<string>;
  active: Generated<boolean>;
  version: Generated<number>;
  createdAt: StampedAt;
}
interface InvitesTable {
  tokenHash: string;
  userId: string;
  createdAt: StampedAt;
  expiresAt: Instant;
  usedAt: Instant | null;
}
interface SessionsTable {
  id: string;
  tokenHash: string;
  userId: string;
  createdAt: StampedAt;
  lastSeenAt: StampedAt;
  expiresAt: Instant;
  ip: string | null;
  userAgent: string | null;
  revokedAt: Instant | null;
  /** When the second factor was last proven in it. */
  provenAt: Instant | null;
}
interface TokensTable {
  id: string;
  name: string;
  tokenHash: string;
  hint: string;
  userId: string;
  scopes: string[];
  createdAt: StampedAt;
  expiresAt: Instant | null;
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
}
interface AuditTable {
  seq: number;
  at: Instant;
  actorKind: string;
  actorId: string;
  actorName: string;
  onBehalfOf: string | null;
  action: string;
  subject: string | null;
  incident: string | null;
  reason: string | null;
  before: Json<unknown>;
  after: Json<unknown>;
  exercise: boolean;
  requestId: string;
  ip: string | null;
  prevHash: string;
  hash: string;
}
declare module '#kernel' {
  interface Database {
    'security.users': UsersTable;
    'security.setupTokens': { tokenHash: string; createdAt: StampedAt; usedAt: Instant | null };
    'security.invites': InvitesTable;
    'security.sessions': SessionsTable;
    'security.tokens': TokensTable;
    'security.signInFailures': { emailHash: string; ip: string; at: StampedAt };
    'security.audit': AuditTable;
    'security.auditHead': { onlyRow: Generated<boolean>; seq: number; hash: string };
  }
}

const SESSION_MS = 14 * 24 * 3_600_000;
const INVITE_MS = 7 * 24 * 3_600_000;

export const tokenHash = (token: string) => keyedHash('token', token);

/** Opens a session; the token goes into the cookie and is stored only as a keyed hash. */
export async function openSession(
  ctx: Ctx,
  userId: string,
  from: { userAgent?: string | undefined; provenAt?: Date | undefined } = {},
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = randomToken();
  const id = newId('ses');
  const expiresAt = addMs(ctx.now, SESSION_MS);
  await ctx.db
    .insertInto('security.sessions')
    .values({
      id,
      tokenHash: tokenHash(token),
      userId,
      createdAt: ctx.now,
      lastSeenAt: ctx.now,
      expiresAt,
      ip: ctx.ip ?? null,
      userAgent: from.userAgent?.slice(0, 300) ?? null,
      provenAt: from.provenAt ?? null,
    })
    .execute();
  return { id, token, expiresAt };
}

/** Makes an invitation link's token; earlier ones of that person end. */
export async function openInvite(ctx: Ctx, userId: string): Promise<{ token: string; expiresAt: Date }> {
  const token = randomToken();
  const expiresAt = addMs(ctx.now, INVITE_MS);
  await ctx.db
    .updateTable('security.invites')
    .set({ usedAt: ctx.now })
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .execute();
  await ctx.db
    .insertInto('security.invites')
    .values({ tokenHash: tokenHash(token), userId, createdAt: ctx.now, expiresAt })
    .execute();
  return { token, expiresAt };
}

/** Uses an invitation once. Undefined when it is unknown, used or too old. */
export async function useInvite(ctx: Ctx, token: string): Promise<string | undefined> {
  const row = await ctx.db
    .updateTable('security.invites')
    .set({ usedAt: ctx.now })
    .where('tokenHash', '=', tokenHash(token))
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', ctx.now)
    .returning('userId')
    .executeTakeFirst();
  return row?.userId;
}

export interface NewUser {
  email: string;
  name: string;
  roles: Role[];
  passwordHash?: string | null;
  timeZone?: string;
}

export async function insertUser(ctx: Ctx, user: NewUser): Promise<string> {
  const id = newId('usr');
  await ctx.db
    .insertInto('security.users')
    .values({
      id,
      email: user.email,
      name: user.name,
      roles: user.roles,
      passwordHash: user.passwordHash ?? null,
      timeZone: user.timeZone ?? 'UTC',
      createdAt: ctx.now,
    })
    .execute();
  return id;
}

/** Ends every way in of a person: sessions and tokens. */
export async function endAccess(ctx: Ctx, userId: string, exceptSession?: string): Promise<void> {
  let sessions = ctx.db
    .updateTable('security.sessions')
    .set({ revokedAt: ctx.now })
    .where('userId', '=', userId)
    .where('revokedAt', 'is', null);
  if (exceptSession) sessions = sessions.where('id', '!=', exceptSession);
  await sessions.execute();
  if (!exceptSession)
    await ctx.db
      .updateTable('security.tokens')
      .set({ revokedAt: ctx.now })
      .where('userId', '=', userId)
      .where('revokedAt', 'is', null)
      .execute();
}

/** The actor that is a user. */
export const userActor = (user: { id: string; name: string; roles: Role[] }): Actor => ({
  kind: 'user',
  id: user.id,
  name: user.name,
  roles: user.roles,
});
