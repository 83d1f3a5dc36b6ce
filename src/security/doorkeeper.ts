/** Who is calling: the session cookie, or a bearer token. */
import type { FastifyRequest } from 'fastify';
import { type Actor, type Ctx, type House, Problem, type Role, sql } from '#kernel';
import { requirePermission } from './access.ts';
import { noteView } from './commands/noteView.ts';
import { tokenHash, userActor } from './store.ts';

/** What every open window asks for by itself, about nobody else. */
const OWN_READS = new Set(['security.me', 'security.setupStatus']);

export const SESSION_COOKIE = 'evenkeel';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session behind the cookie, when there is one. */
    sessionId?: string;
  }
}

const unknown = () =>
  new Problem(401, 'This token is not valid', {
    rule: 'access.token',
    detail: 'It may have been revoked or have expired. Make a new one in the settings.',
  });

async function bySession(house: House, request: FastifyRequest, token: string): Promise<Actor | undefined> {
  const row = await house.db
    .selectFrom('security.sessions as s')
    .innerJoin('security.users as u', 'u.id', 's.userId')
    .select(['s.id as sessionId', 's.lastSeenAt', 's.provenAt', 'u.id', 'u.name', 'u.roles'])
    .where('s.tokenHash', '=', tokenHash(token))
    .where('s.revokedAt', 'is', null)
    .where((eb) => eb('s.expiresAt', '>', eb.fn<Date>('kernel.now', [])))
    .where('u.active', '=', true)
    .executeTakeFirst();
  if (!row) return undefined;
  request.sessionId = row.sessionId;
  const actor = userActor({ id: row.id, name: row.name, roles: row.roles });
  return row.provenAt ? { ...actor, provenAt: row.provenAt } : actor;
}

async function byToken(house: House, token: string): Promise<Actor> {
  const row = await house.db
    .selectFrom('security.tokens as t')
    .innerJoin('security.users as u', 'u.id', 't.userId')
    .select(['t.id', 't.name', 't.scopes', 'u.id as userId', 'u.roles'])
    .where('t.tokenHash', '=', tokenHash(token))
    .where('t.revokedAt', 'is', null)
    .where((eb) => eb.or([eb('t.expiresAt', 'is', null), eb('t.expiresAt', '>', eb.fn<Date>('kernel.now', []))]))
    .where('u.active', '=', true)
    .executeTakeFirst();
  if (!row) throw unknown();
  // Once a minute is enough to see that a token is in use.
  await sql`update security.tokens set last_used_at = kernel.now()
    where id = ${row.id} and (last_used_at is null or last_used_at < kernel.now() - interval '1 minute')`.execute(
    house.db,
  );
  return {
    kind: 'token',
    id: row.id,
    name: row.name,
    roles: row.roles as Role[],
    scopes: row.scopes,
    onBehalfOf: row.userId,
  };
}

/** The doorkeeper the HTTP server asks. A bad bearer token is refused even where nobody need be signed in. */
export function doorkeeper(house: House) {
  return {
    authenticate: async (request: FastifyRequest): Promise<Actor | undefined> => {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const token = /^Bearer ([\w.~+/=-]{1,500})$/i.exec(authorization)?.[1];
        if (!token?.startsWith('ek_')) throw unknown();
        return byToken(house, token);
      }
      const cookie = request.cookies[SESSION_COOKIE];
      return cookie && cookie.length < 200 ? bySession(house, request, cookie) : undefined;
    },
    authorize: requirePermission,
    /** What an auditor reads is written down; what people read who work with it is their work. */
    noteRead: async (ctx: Ctx, endpoint: { id: string }, params: unknown): Promise<void> => {
      const { roles } = ctx.actor;
      if (roles.length === 0 || roles.some((role) => role !== 'auditor') || OWN_READS.has(endpoint.id)) return;
      const of = Object.values((params ?? {}) as Record<string, unknown>)
        .map(String)
        .join(' ')
        .slice(0, 200);
      await noteView({ ...ctx, within: [endpoint.id] }, { asked: endpoint.id, of: of || null });
    },
  };
}
