/** What security tells the rest of the house and its screens. */
import type { Ctx, Db, Role } from '#kernel';
import { ahead, decodeCursor, encodeCursor, isId, sql, sent, standing } from '#kernel';

export interface Person {
  id: string;
  email: string;
  name: string;
  roles: Role[];
  timeZone: string;
  active: boolean;
  joined: boolean;
  createdAt: Date;
}

const person = (db: Db) =>
  db
    .selectFrom('security.users')
    .select(['id', 'email', 'name', 'roles', 'timeZone', 'active', 'createdAt', 'version'])
    .select((eb) => eb('passwordHash', 'is not', null).as('joined'));

/** Everybody, by name; inactive people too, marked. */
export async function listUsers(ctx: Pick<Ctx, 'db'>): Promise<Person[]> {
  return (await person(ctx.db).orderBy('name').execute()) as Person[];
}

/** These people, and whoever is an administrator; inactive people too, marked. */
export async function usersAndAdmins(ctx: Pick<Ctx, 'db'>, ids: string[]): Promise<Person[]> {
  const all = [...new Set(ids)];
  const wanted = sql<boolean>`(id = any(${all}::text[]) or 'admin' = any(roles))`;
  const ask = async () => (await sent(person(ctx.db).where(wanted).orderBy('name').modifyEnd(ahead))) as Person[];
  return await standing(ctx.db, `people and admins:${all.join()}`, ask);
}

export async function userById(ctx: Pick<Ctx, 'db'>, id: string): Promise<Person | undefined> {
  if (!isId('usr', id)) return undefined;
  return (await person(ctx.db).where('id', '=', id).executeTakeFirst()) as Person | undefined;
}

/** Active people who hold one of these roles. */
export async function usersWithRole(ctx: Pick<Ctx, 'db'>, role: Role): Promise<Person[]> {
  const all = await listUsers(ctx);
  return all.filter((user) => user.active && user.roles.includes(role));
}

/** Names for ids: people by their account, everything else (system, links) by its id. Unknown ids are left out. */
export async function personRefs(
  ctx: Pick<Ctx, 'db'>,
  ids: (string | null | undefined)[],
): Promise<Map<string, { id: string; name: string }>> {
  const wanted = [...new Set(ids.filter((id): id is string => id != null))];
  if (wanted.length === 0) return new Map();
  const rows = await ctx.db.selectFrom('security.users').select(['id', 'name']).where('id', 'in', wanted).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** True until the first administrator exists. */
export async function setupNeeded(db: Db): Promise<boolean> {
  return (await db.selectFrom('security.users').select('id').limit(1).executeTakeFirst()) === undefined;
}

export interface AuditFilter {
  limit: number;
  cursor?: string | undefined;
  action?: string | undefined;
  actor?: string | undefined;
  subject?: string | undefined;
  incident?: string | undefined;
}

/** A page of the audit log, newest first. */
export async function listAudit(ctx: Ctx, filter: AuditFilter) {
  let query = ctx.db
    .selectFrom('security.audit')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(filter.limit + 1);
  if (filter.cursor) query = query.where('seq', '<', Number(decodeCursor('security.audit', filter.cursor)[0]));
  if (filter.action) query = query.where('action', 'like', `${filter.action.replaceAll(/[%_\\]/g, '\\$&')}%`);
  if (filter.actor) query = query.where('actorId', '=', filter.actor);
  if (filter.subject) query = query.where('subject', '=', filter.subject);
  if (filter.incident) query = query.where('incident', '=', filter.incident);
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  const more = rows.length > filter.limit ? page.at(-1) : undefined;
  return { rows: page, nextCursor: more ? encodeCursor('security.audit', [more.seq]) : null };
}
