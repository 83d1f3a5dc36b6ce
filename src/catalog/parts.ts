/** What belongs to one node of the map besides its name: a store's facts, a third party's entry in the register, fallbacks. */
import { type Ctx, type Generated, type Instant, newId, type StampedAt } from '#kernel';

export interface StoreFields {
  engine: string;
  region: string;
  /** Copies besides the primary; null when nobody has said. */
  replicas: number | null;
  rebuildable: boolean;
  backup: string;
}
export interface ThirdPartyFields {
  legalName: string;
  provides: string;
  dataCategories: string[];
  regions: string[];
  contacts: string;
  statusUrl: string | null;
  exitPlan: string;
  /** A day, `2027-03-31`. */
  contractEnd: string | null;
  ownerId: string | null;
  reviewEveryDays: number;
}
export type FallbackKind = 'manual' | 'second_provider' | 'cache' | 'defer' | 'failover';
export interface FallbackFields {
  forId: string | null;
  toId: string | null;
  kind: FallbackKind;
  how: string;
  /** When it was last shown to work; null = written down only. */
  testedAt: Date | null;
}

interface StoresTable extends StoreFields {
  serviceId: string;
}
interface ThirdPartiesTable extends ThirdPartyFields {
  serviceId: string;
  reviewedAt: Date | null;
  reviewNote: Generated<string>;
}
interface FallbacksTable extends Omit<FallbackFields, 'testedAt'> {
  id: string;
  ofId: string;
  testedAt: Instant | null;
  position: number;
  createdAt: StampedAt;
}
declare module '#kernel' {
  interface Database {
    'catalog.stores': StoresTable;
    'catalog.thirdParties': ThirdPartiesTable;
    'catalog.fallbacks': FallbacksTable;
  }
}

type Reader = Pick<Ctx, 'db'>;
const DAY = 86_400_000;

export const storeOf = async (ctx: Reader, serviceId: string): Promise<StoreFields | undefined> =>
  await ctx.db
    .selectFrom('catalog.stores')
    .select(['engine', 'region', 'replicas', 'rebuildable', 'backup'])
    .where('serviceId', '=', serviceId)
    .executeTakeFirst();

export async function saveStore(ctx: Ctx, serviceId: string, fields: StoreFields): Promise<void> {
  await ctx.db
    .insertInto('catalog.stores')
    .values({ serviceId, ...fields })
    .onConflict((oc) => oc.column('serviceId').doUpdateSet(fields))
    .execute();
}

/** When the next review is due: the interval after the last one; at once when there never was one. */
export const reviewDue = (party: { reviewedAt: Date | null; reviewEveryDays: number }): Date | null =>
  party.reviewedAt ? new Date(party.reviewedAt.getTime() + party.reviewEveryDays * DAY) : null;

/** Never reviewed, or the interval has passed. */
export const reviewOverdue = (party: { reviewedAt: Date | null; reviewEveryDays: number }, now: Date): boolean => {
  const due = reviewDue(party);
  return due === null || due.getTime() <= now.getTime();
};

const parties = (ctx: Reader) =>
  ctx.db
    .selectFrom('catalog.services as s')
    .leftJoin('catalog.thirdParties as p', 'p.serviceId', 's.id')
    .leftJoin('security.users as u', 'u.id', 'p.ownerId')
    .where('s.kind', '=', 'third_party')
    .select(['s.id', 's.slug', 's.name', 's.tier', 's.description', 'u.name as ownerName'])
    .select(['p.legalName', 'p.provides', 'p.dataCategories', 'p.regions', 'p.contacts', 'p.statusUrl', 'p.exitPlan'])
    .select(['p.contractEnd', 'p.ownerId', 'p.reviewEveryDays', 'p.reviewedAt', 'p.reviewNote']);

/** The register: every third party, with what nobody has entered yet as empty, and whether its review is overdue. */
export async function thirdParties(ctx: Pick<Ctx, 'db' | 'now'>, id?: string) {
  const query = parties(ctx).orderBy('s.tier').orderBy('s.name');
  const rows = await (id ? query.where('s.id', '=', id) : query).execute();
  const fallbacks = await fallbacksOf(
    ctx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const cycle = { reviewedAt: row.reviewedAt, reviewEveryDays: row.reviewEveryDays ?? 365 };
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      tier: row.tier,
      legalName: row.legalName ?? '',
      provides: row.provides || row.description,
      dataCategories: row.dataCategories ?? [],
      regions: row.regions ?? [],
      contacts: row.contacts ?? '',
      statusUrl: row.statusUrl,
      exitPlan: row.exitPlan ?? '',
      contractEnd: row.contractEnd,
      owner: row.ownerId ? { id: row.ownerId, name: row.ownerName ?? row.ownerId } : null,
      reviewNote: row.reviewNote ?? '',
      ...cycle,
      reviewDueAt: reviewDue(cycle),
      overdue: reviewOverdue(cycle, ctx.now),
      contingency: fallbacks.filter((one) => one.ofId === row.id),
    };
  });
}

/** Writes the entry; when it was last reviewed stays as it is. */
export async function saveThirdParty(ctx: Ctx, serviceId: string, fields: ThirdPartyFields): Promise<void> {
  await ctx.db
    .insertInto('catalog.thirdParties')
    .values({ serviceId, ...fields, reviewedAt: null })
    .onConflict((oc) => oc.column('serviceId').doUpdateSet(fields))
    .execute();
}

export async function saveReview(ctx: Ctx, serviceId: string, reviewNote: string): Promise<void> {
  const review = { reviewedAt: ctx.now, reviewNote };
  const blank = { legalName: '', provides: '', dataCategories: [], regions: [], contacts: '', statusUrl: null };
  await ctx.db
    .insertInto('catalog.thirdParties')
    .values({ serviceId, ...blank, exitPlan: '', contractEnd: null, ownerId: null, reviewEveryDays: 365, ...review })
    .onConflict((oc) => oc.column('serviceId').doUpdateSet(review))
    .execute();
}

/** Fallbacks of these nodes, or of all. */
export async function fallbacksOf(ctx: Reader, ids?: readonly string[]) {
  const query = ctx.db
    .selectFrom('catalog.fallbacks as f')
    .leftJoin('catalog.services as w', 'w.id', 'f.forId')
    .leftJoin('catalog.services as t', 't.id', 'f.toId')
    .select(['f.id', 'f.ofId', 'f.forId', 'f.toId', 'f.kind', 'f.how', 'f.testedAt'])
    .select(['w.name as forName', 't.name as toName'])
    .orderBy('f.ofId')
    .orderBy('f.position');
  return await (ids ? query.where('f.ofId', 'in', ['', ...ids]) : query).execute();
}
export type FallbackRow = Awaited<ReturnType<typeof fallbacksOf>>[number];

/** Replaces the fallbacks of a node. */
export async function saveFallbacks(ctx: Ctx, ofId: string, list: readonly FallbackFields[]): Promise<void> {
  await ctx.db.deleteFrom('catalog.fallbacks').where('ofId', '=', ofId).execute();
  if (list.length === 0) return;
  await ctx.db
    .insertInto('catalog.fallbacks')
    .values(list.map((one, position) => ({ ...one, id: newId('fbk'), ofId, position, createdAt: ctx.now })))
    .execute();
}
