/** HTTP ↔ security's commands and queries. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { endpoints as at, type Me } from '#contract/security';
import {
  allSettings,
  type Ctx,
  config,
  notFound,
  Problem,
  personOf,
  readSetting,
  route,
  sendFile,
  type SettingDefinition,
  unveiled,
} from '#kernel';
import { hasRole, permissionsOf, scopeNames } from './access.ts';
import { auditLines } from './audit/export.ts';
import { headState } from './audit/places.ts';
import { signingKey } from './audit/signing.ts';
import { verifyAudit } from './audit/write.ts';
import { acceptInvite } from './commands/acceptInvite.ts';
import { createToken } from './commands/createToken.ts';
import { inviteUser } from './commands/inviteUser.ts';
import { noteExport } from './commands/noteExport.ts';
import { renewInvite } from './commands/renewInvite.ts';
import { revokeSession } from './commands/revokeSession.ts';
import { revokeToken } from './commands/revokeToken.ts';
import { saveSetting } from './commands/saveSetting.ts';
import { setup } from './commands/setup.ts';
import { signIn } from './commands/signIn.ts';
import { signOut } from './commands/signOut.ts';
import { updateMe } from './commands/updateMe.ts';
import { updateUser } from './commands/updateUser.ts';
import { SESSION_COOKIE } from './doorkeeper.ts';
import { insistTaken } from './factor/prove.ts';
import { factorRoutes } from './factor/routes.ts';
import { factorSince } from './factor/store.ts';
import { listAudit, listUsers, type Person, setupNeeded, userById } from './queries.ts';
import { installation } from './settings.ts';
import { openSession, userActor } from './store.ts';

export const VERSION = '0.1.0';

const showUser = (user: Person) => ({ ...user, createdAt: user.createdAt.toISOString(), version: undefined });

async function showMe(ctx: Ctx, userId: string): Promise<Me> {
  const user = await userById(ctx, userId);
  if (!user) throw notFound('Account');
  const { name, timeZone, demo } = await readSetting(ctx, installation);
  const actor = ctx.actor.kind === 'token' ? ctx.actor : userActor(user);
  return {
    user: showUser(user),
    permissions: permissionsOf(actor),
    installation: { name, timeZone, demo, publicUrl: config.publicUrl, version: VERSION },
  };
}

function setCookie(reply: FastifyReply, token: string, expires: Date): void {
  reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: config.publicUrl.startsWith('https:'),
    expires,
  });
}

/** Opens a session for somebody who just proved who they are, and answers with who that is. */
async function enter(ctx: Ctx, request: FastifyRequest, reply: FastifyReply, userId: string): Promise<Me> {
  const session = await openSession(ctx, userId, { userAgent: request.headers['user-agent'] });
  setCookie(reply, session.token, session.expiresAt);
  return showMe(ctx, userId);
}

const inviteLink = (token: string) => `${config.publicUrl}/join?token=${token}`;
const me = (ctx: Ctx) => personOf(ctx.actor) ?? '';

async function showSetting(ctx: Ctx, setting: SettingDefinition) {
  const row = await ctx.db
    .selectFrom('kernel.settings')
    .select('updatedAt')
    .where('key', '=', setting.key)
    .executeTakeFirst();
  return {
    key: setting.key,
    help: setting.help,
    secret: setting.secret ?? false,
    isSet: row !== undefined,
    value: setting.secret ? null : await readSetting(ctx, setting),
    schema: z.toJSONSchema(setting.schema, { unrepresentable: 'any', io: 'input' }),
    updatedAt: row?.updatedAt.toISOString() ?? null,
  };
}

async function tokensOf(ctx: Ctx, only?: string) {
  let query = ctx.db
    .selectFrom('security.tokens as t')
    .innerJoin('security.users as u', 'u.id', 't.userId')
    .select(['t.id', 't.name', 't.hint', 't.scopes', 't.createdAt', 't.expiresAt', 't.lastUsedAt', 'u.name as owner'])
    .where('t.revokedAt', 'is', null)
    .orderBy('t.createdAt', 'desc');
  if (!hasRole(ctx.actor, 'admin')) query = query.where('t.userId', '=', me(ctx));
  if (only) query = query.where('t.id', '=', only);
  return (await query.execute()).map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

export const routes = [
  ...factorRoutes,
  route(at.setupStatus, async ({ ctx }) => ({ needed: await setupNeeded(ctx.db) })),
  route(at.setup, async ({ ctx, body, request, reply }) => {
    const { userId } = await setup(ctx, body);
    return enter(ctx, request, reply, userId);
  }),
  route(at.signIn, async ({ ctx, body, request, reply }) => {
    const { session, userId, factor } = await signIn(ctx, { ...body, userAgent: request.headers['user-agent'] });
    if (factor === 'asked')
      throw new Problem(401, 'Now the code of your second factor', { rule: 'security.second_factor' });
    if (factor) insistTaken(factor);
    if (!session || !userId) throw new Problem(401, 'E-mail or password is not right', { rule: 'security.sign_in' });
    setCookie(reply, session.token, session.expiresAt);
    return showMe(ctx, userId);
  }),
  route(at.signOut, async ({ ctx, request, reply }) => {
    await signOut(ctx, { sessionId: request.sessionId ?? '' });
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
  }),
  route(at.me, async ({ ctx }) => showMe(ctx, me(ctx))),
  route(at.updateMe, async ({ ctx, body, request }) => {
    await updateMe(ctx, { ...body, sessionId: request.sessionId });
    return showMe(ctx, me(ctx));
  }),
  route(at.acceptInvite, async ({ ctx, body, request, reply }) => {
    const { userId } = await acceptInvite(ctx, body);
    // A link from an administrator sets a password; it does not stand in for the second factor.
    if (await factorSince(ctx, userId))
      throw new Problem(401, 'Your new password is set. Sign in with it and a code', {
        rule: 'security.second_factor',
      });
    return enter(ctx, request, reply, userId);
  }),
  route(at.listUsers, async ({ ctx }) => ({ items: (await listUsers(ctx)).map(showUser) })),
  route(at.inviteUser, async ({ ctx, body }) => {
    const { userId, token, expiresAt } = await inviteUser(ctx, body);
    const user = (await userById(ctx, userId)) as Person;
    return { user: showUser(user), inviteLink: inviteLink(token), expiresAt: expiresAt.toISOString() };
  }),
  route(at.renewInvite, async ({ ctx, params }) => {
    const { token, expiresAt } = await renewInvite(ctx, { userId: params.id });
    return { inviteLink: inviteLink(token), expiresAt: expiresAt.toISOString() };
  }),
  route(at.updateUser, async ({ ctx, params, body }) => {
    await updateUser(ctx, { userId: params.id, ...body });
    return showUser((await userById(ctx, params.id)) as Person);
  }),
  route(at.listTokens, async ({ ctx }) => ({ items: await tokensOf(ctx), scopes: scopeNames() })),
  route(at.createToken, async ({ ctx, body }) => {
    const { tokenId, secret } = await createToken(ctx, body);
    const [token] = await tokensOf(ctx, tokenId);
    if (!token) throw notFound('Token');
    return { token, secret };
  }),
  route(at.revokeToken, async ({ ctx, params }) => revokeToken(ctx, { tokenId: params.id })),
  route(at.listSessions, async ({ ctx, request }) => {
    const rows = await ctx.db
      .selectFrom('security.sessions')
      .selectAll()
      .where('userId', '=', me(ctx))
      .where('revokedAt', 'is', null)
      .where('expiresAt', '>', ctx.now)
      .orderBy('lastSeenAt', 'desc')
      .execute();
    return {
      items: rows.map(({ id, ip, userAgent, createdAt, lastSeenAt, expiresAt }) => ({
        id,
        ip,
        userAgent,
        current: id === request.sessionId,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      })),
    };
  }),
  route(at.revokeSession, async ({ ctx, params }) => revokeSession(ctx, { sessionId: params.id })),
  route(at.listAudit, async ({ ctx, query }) => {
    const { rows, nextCursor } = await listAudit(ctx, query);
    return {
      items: rows.map(({ actorKind, actorId, actorName, onBehalfOf, prevHash: _, at: when, ...row }) => ({
        ...row,
        at: when.toISOString(),
        actor: { kind: actorKind, id: actorId, name: actorName, onBehalfOf },
      })),
      nextCursor,
    };
  }),
  route(at.verifyAudit, async ({ ctx }) => verifyAudit(unveiled(ctx.db))),
  route(at.exportAudit, async ({ ctx, reply }) => {
    await noteExport({ ...ctx, within: ['security.exportAudit'] }, {});
    return sendFile(reply, { type: 'application/x-ndjson', name: 'audit.jsonl' }, auditLines(ctx));
  }),
  route(at.heads, async ({ ctx }) => {
    const { id, publicKey } = await signingKey(unveiled(ctx.db));
    const { newest, places } = await headState(ctx);
    return {
      key: { id, publicKey },
      newest: newest && { number: newest.number, at: newest.at.toISOString() },
      places: places.map((one) => ({ ...one, deliveredAt: one.deliveredAt?.toISOString() ?? null })),
    };
  }),
  route(at.listSettings, async ({ ctx }) => ({
    items: await Promise.all(allSettings().map((setting) => showSetting(ctx, setting))),
  })),
  route(at.saveSetting, async ({ ctx, params, body }) => {
    await saveSetting(ctx, { key: params.key, value: body.value });
    const setting = allSettings().find((item) => item.key === params.key);
    if (!setting) throw notFound('Setting', params.key);
    return showSetting(ctx, setting);
  }),
];
