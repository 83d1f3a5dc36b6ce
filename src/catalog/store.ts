/** SQL that writes the catalogue. */
import type { Ctx, Generated, StampedAt } from '#kernel';
import { conflict, newId, notFound } from '#kernel';
import type { ChangeKind, Edge, NodeKind, Redundancy, Service, Strength, Tier } from './model.ts';

interface ServicesTable {
  id: string;
  slug: string;
  name: string;
  kind: Generated<NodeKind>;
  tier: Tier;
  redundancy: Generated<Redundancy>;
  description: string;
  teamId: string | null;
  policyId: string | null;
  version: Generated<number>;
  createdAt: StampedAt;
  updatedAt: StampedAt;
}
interface DependenciesTable {
  fromId: string;
  toId: string;
  strength: Strength;
  createdAt: StampedAt;
}
interface ChangesTable {
  id: string;
  serviceId: string | null;
  kind: ChangeKind;
  summary: string;
  source: string;
  url: string | null;
  at: Date;
  recordedAt: StampedAt;
  exercise: boolean;
}

declare module '#kernel' {
  interface Database {
    'catalog.services': ServicesTable;
    'catalog.dependencies': DependenciesTable;
    'catalog.changes': ChangesTable;
  }
}

export interface ServiceFields {
  slug: string;
  name: string;
  kind: NodeKind;
  tier: Tier;
  redundancy: Redundancy;
  description: string;
  teamId: string | null;
  policyId: string | null;
}

/** Adds a service. A slug that is taken is a 409. */
export async function insertService(ctx: Ctx, fields: ServiceFields): Promise<Service> {
  const row = await ctx.db
    .insertInto('catalog.services')
    .values({ id: newId('svc'), ...fields, createdAt: ctx.now, updatedAt: ctx.now })
    .onConflict((oc) => oc.column('slug').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row) throw slugTaken(fields.slug);
  return row;
}

/** Reads a service by id or slug and locks it against other changes; alerts that point at it go on coming in. */
export async function lockService(ctx: Ctx, idOrSlug: string): Promise<Service> {
  const row = await ctx.db
    .selectFrom('catalog.services')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', idOrSlug), eb('slug', '=', idOrSlug)]))
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw notFound('Service', idOrSlug);
  return row;
}

export async function saveService(ctx: Ctx, service: Service, fields: ServiceFields): Promise<Service> {
  const taken = await ctx.db
    .selectFrom('catalog.services')
    .select('id')
    .where('slug', '=', fields.slug)
    .where('id', '<>', service.id)
    .executeTakeFirst();
  if (taken) throw slugTaken(fields.slug);
  return await ctx.db
    .updateTable('catalog.services')
    .set({ ...fields, version: service.version + 1, updatedAt: ctx.now })
    .where('id', '=', service.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

const slugTaken = (slug: string) =>
  conflict(`A service with the address “${slug}” exists`, 'catalog.slug', 'Choose another name or address.');

/** Raises the version without other changes, when something that belongs to the service changed. */
export async function touchService(ctx: Ctx, service: Service): Promise<void> {
  await ctx.db
    .updateTable('catalog.services')
    .set({ version: service.version + 1, updatedAt: ctx.now })
    .where('id', '=', service.id)
    .execute();
}

export async function deleteService(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom('catalog.services').where('id', '=', id).execute();
}

export async function replaceDependencies(ctx: Ctx, from: string, edges: Edge[]): Promise<void> {
  await ctx.db.deleteFrom('catalog.dependencies').where('fromId', '=', from).execute();
  if (edges.length === 0) return;
  await ctx.db
    .insertInto('catalog.dependencies')
    .values(edges.map((edge) => ({ fromId: from, toId: edge.to, strength: edge.strength, createdAt: ctx.now })))
    .execute();
}

export interface NewChange {
  serviceId: string | null;
  kind: ChangeKind;
  summary: string;
  source: string;
  url: string | null;
  at: Date;
}

export async function insertChange(ctx: Ctx, change: NewChange): Promise<{ id: string }> {
  return await ctx.db
    .insertInto('catalog.changes')
    .values({ id: newId('chg'), ...change, recordedAt: ctx.now, exercise: ctx.exercise })
    .returning('id')
    .executeTakeFirstOrThrow();
}
