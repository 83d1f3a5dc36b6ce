/** SQL that reads the catalogue, for screens and for the modules above. */
import type { Ctx } from '#kernel';
import { ahead, decodeCursor, encodeCursor, isStanding, notFound, sent, sql, standing, standingEach } from '#kernel';
import {
  closure,
  dependants,
  type Edge,
  type NodeKind,
  type Service,
  type Strength,
  serviceCandidates,
  type Tier,
} from './model.ts';

/** One service, or undefined. */
export async function serviceById(ctx: Pick<Ctx, 'db'>, id: string): Promise<Service | undefined> {
  const ask = async () => {
    const query = ctx.db.selectFrom('catalog.services').selectAll().where('id', '=', id);
    return (await sent(query.modifyEnd(ahead)))[0];
  };
  return await standing(ctx.db, `service:${id}`, ask);
}

export async function serviceBySlug(ctx: Pick<Ctx, 'db'>, slug: string): Promise<Service | undefined> {
  return await ctx.db.selectFrom('catalog.services').selectAll().where('slug', '=', slug).executeTakeFirst();
}

/** Several services at once; unknown ids are left out. */
export async function servicesByIds(ctx: Pick<Ctx, 'db'>, ids: string[]): Promise<Map<string, Service>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.selectFrom('catalog.services').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Services by lower-case slug or name: the map holds every asked name that is known. */
export async function servicesByNames(ctx: Pick<Ctx, 'db'>, names: string[]): Promise<Map<string, Service>> {
  const whole = isStanding(ctx.db) ? await standing(ctx.db, 'services', () => wholeCatalogue(ctx)) : null;
  if (!whole) return await standingEach(ctx.db, 'service named', names, (missing) => askedByNames(ctx, missing));
  return new Map(
    names.flatMap((name) => {
      const service = whole.get(name);
      return service ? [[name, service] as const] : [];
    }),
  );
}

/** A catalogue of up to so many services is kept whole where alerts come in: the first alert of a service finds it there. */
const WHOLE = 5000;

async function wholeCatalogue(ctx: Pick<Ctx, 'db'>): Promise<Map<string, Service> | null> {
  const query = ctx.db.selectFrom('catalog.services').selectAll().orderBy('createdAt');
  const rows = await sent(query.limit(WHOLE + 1).modifyEnd(ahead));
  return rows.length > WHOLE ? null : byNames(rows);
}

async function askedByNames(ctx: Pick<Ctx, 'db'>, names: string[]): Promise<Map<string, Service>> {
  if (names.length === 0) return new Map();
  const rows = await sent(
    ctx.db
      .selectFrom('catalog.services')
      .selectAll()
      .where(sql<boolean>`(slug = any(${names}::text[]) or lower(name) = any(${names}::text[]))`)
      .orderBy('createdAt')
      .modifyEnd(ahead),
  );
  return byNames(rows);
}

function byNames(rows: Service[]): Map<string, Service> {
  const found = new Map<string, Service>();
  // A slug is unique and a name is not: slugs win, then the oldest of that name.
  for (const row of rows.toReversed()) found.set(row.name.toLowerCase(), row);
  for (const row of rows) found.set(row.slug, row);
  return found;
}

/** The service that a source means: its explicit hint first, then well-known labels. Undefined when none is known. */
export async function findServiceByHint(
  ctx: Pick<Ctx, 'db'>,
  hint: { service?: string | null; labels?: Record<string, string> },
): Promise<Service | undefined> {
  const candidates = serviceCandidates(hint);
  const known = await servicesByNames(ctx, candidates);
  return candidates.map((name) => known.get(name)).find((service) => service !== undefined);
}

/** Every dependency there is. */
export async function allEdges(ctx: Pick<Ctx, 'db'>): Promise<Edge[]> {
  const rows = await ctx.db.selectFrom('catalog.dependencies').selectAll().execute();
  return rows.map((row) => ({ from: row.fromId, to: row.toId, strength: row.strength }));
}

/** Services that need `id`, directly or through others, nearest first. */
export async function dependantsOf(ctx: Pick<Ctx, 'db'>, id: string, strength?: Strength): Promise<Service[]> {
  return await inOrder(ctx, dependants(await allEdges(ctx), id, strength));
}

/** Services that `id` needs, directly or through others, nearest first. */
export async function dependenciesOf(ctx: Pick<Ctx, 'db'>, id: string, strength?: Strength): Promise<Service[]> {
  return await inOrder(ctx, closure(await allEdges(ctx), id, strength));
}

async function inOrder(ctx: Pick<Ctx, 'db'>, ids: string[]): Promise<Service[]> {
  const known = await servicesByIds(ctx, ids);
  return ids.flatMap((id) => known.get(id) ?? []);
}

const withOwner = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('catalog.services as s')
    .leftJoin('people.teams as t', 't.id', 's.teamId')
    .leftJoin('people.policies as p', 'p.id', 's.policyId')
    .selectAll('s')
    .select(['t.name as teamName', 'p.name as policyName']);

export type ServiceRow = Awaited<ReturnType<ReturnType<typeof withOwner>['execute']>>[number];

export interface ServiceFilter {
  limit: number;
  cursor?: string | undefined;
  text?: string | undefined;
  tier?: number | undefined;
  /** One kind of node; services and stores when absent. */
  kind?: NodeKind | 'all' | undefined;
  teamId?: string | undefined;
  sort: 'name' | 'tier';
}

/** One page of services. */
export async function listServices(
  ctx: Ctx,
  filter: ServiceFilter,
): Promise<{ items: ServiceRow[]; nextCursor: string | null }> {
  const kind = `services:${filter.sort}`;
  const order =
    filter.sort === 'tier' ? sql<string>`lpad(s.tier::text, 2, '0') || lower(s.name)` : sql<string>`lower(s.name)`;
  let query = withOwner(ctx)
    .orderBy(order)
    .orderBy('s.id')
    .limit(filter.limit + 1);
  if (filter.text) {
    const like = `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where((eb) =>
      eb.or([eb('s.name', 'ilike', like), eb('s.slug', 'ilike', like), eb('s.description', 'ilike', like)]),
    );
  }
  if (filter.kind !== 'all') query = query.where('s.kind', 'in', filter.kind ? [filter.kind] : ['service', 'store']);
  if (filter.tier) query = query.where('s.tier', '=', filter.tier as Tier);
  if (filter.teamId) query = query.where('s.teamId', '=', filter.teamId);
  if (filter.cursor) {
    const [place, id] = decodeCursor(kind, filter.cursor) as [string, string];
    query = query.where(sql<boolean>`(${order}, s.id) > (${place}, ${id})`);
  }
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit);
  const last = items.at(-1);
  const place = (row: ServiceRow) => (filter.sort === 'tier' ? `0${row.tier}` : '') + row.name.toLowerCase();
  return { items, nextCursor: rows.length > filter.limit && last ? encodeCursor(kind, [place(last), last.id]) : null };
}

/** One service by id or slug with its owner. 404 when unknown. */
export async function getService(ctx: Pick<Ctx, 'db'>, idOrSlug: string): Promise<ServiceRow> {
  const row = await withOwner(ctx)
    .where((eb) => eb.or([eb('s.id', '=', idOrSlug), eb('s.slug', '=', idOrSlug)]))
    .executeTakeFirst();
  if (!row) throw notFound('Service', idOrSlug);
  return row;
}

/** Direct neighbours of a service in one direction. */
export async function neighbours(ctx: Pick<Ctx, 'db'>, id: string, direction: 'dependsOn' | 'dependants') {
  const [near, far] = direction === 'dependsOn' ? (['d.fromId', 'd.toId'] as const) : (['d.toId', 'd.fromId'] as const);
  return await ctx.db
    .selectFrom('catalog.dependencies as d')
    .innerJoin('catalog.services as s', 's.id', far)
    .select(['s.id', 's.slug', 's.name', 's.kind', 's.tier', 'd.strength'])
    .where(near, '=', id)
    .orderBy('s.tier')
    .orderBy('s.name')
    .execute();
}

const withService = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('catalog.changes as c')
    .leftJoin('catalog.services as s', 's.id', 'c.serviceId')
    .selectAll('c')
    .select('s.name as serviceName');

export type ChangeRow = Awaited<ReturnType<ReturnType<typeof withService>['execute']>>[number];

export interface ChangeFilter {
  limit: number;
  cursor?: string | undefined;
  serviceId?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** One page of changes, newest first. */
export async function listChanges(
  ctx: Ctx,
  filter: ChangeFilter,
): Promise<{ items: ChangeRow[]; nextCursor: string | null }> {
  let query = withService(ctx)
    .where('c.exercise', '=', ctx.exercise)
    .orderBy('c.at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.serviceId) query = query.where('c.serviceId', '=', filter.serviceId);
  if (filter.since) query = query.where('c.at', '>=', new Date(filter.since));
  if (filter.until) query = query.where('c.at', '<=', new Date(filter.until));
  if (filter.cursor) {
    const [at, id] = decodeCursor('changes', filter.cursor) as [string, string];
    query = query.where(sql<boolean>`(c.at, c.id) < (${new Date(at)}, ${id})`);
  }
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > filter.limit && last ? encodeCursor('changes', [last.at.toISOString(), last.id]) : null,
  };
}

export async function getChange(ctx: Pick<Ctx, 'db'>, id: string): Promise<ChangeRow> {
  const row = await withService(ctx).where('c.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Change', id);
  return row;
}

/** Every change between two instants, newest first, at most 500. */
export async function changesAround(ctx: Pick<Ctx, 'db' | 'exercise'>, from: Date, to: Date): Promise<ChangeRow[]> {
  return await withService(ctx)
    .where('c.exercise', '=', ctx.exercise)
    .where('c.at', '>=', from)
    .where('c.at', '<=', to)
    .orderBy('c.at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(500)
    .execute();
}
