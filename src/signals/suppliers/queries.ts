/** SQL that reads what suppliers report: for the job that attaches it, for screens, and for the modules above. */
import { allEdges, dependants, type Edge, servicesByIds, thirdParties } from '#catalog';
import { addMs, type Ctx } from '#kernel';
import { overlaps } from './model.ts';
import { allFeeds } from './store.ts';

type Reader = Pick<Ctx, 'db' | 'now'>;
const DAY_MS = 86_400_000;
/** Groups looked at in one run, newest first. */
const MOST_GROUPS = 5000;

/** Services that have an open group now. */
export async function servicesWithOpenGroups(ctx: Pick<Ctx, 'db'>): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .select('serviceId')
    .distinct()
    .where('state', '<>', 'resolved')
    .where('exercise', '=', false)
    .where('serviceId', 'is not', null)
    .execute();
  return new Set(rows.map(({ serviceId }) => serviceId!));
}

/** The shortest way from a service to what it needs, both named; undefined when it does not need it. */
export function wayTo(edges: readonly Edge[], from: string, to: string): string[] | undefined {
  if (from === to) return [from];
  const out = Map.groupBy(edges, (edge) => edge.from);
  const before = new Map<string, string>([[from, '']]);
  for (const id of before.keys())
    for (const edge of out.get(id) ?? [])
      if (!before.has(edge.to)) {
        before.set(edge.to, id);
        if (edge.to !== to) continue;
        const way = [to];
        for (let at = id; at !== ''; at = before.get(at) ?? '') way.unshift(at);
        return way;
      }
  return undefined;
}

const recent = (ctx: Reader) =>
  ctx.db
    .selectFrom('signals.supplierReports as r')
    .innerJoin('catalog.services as s', 's.id', 'r.serviceId')
    .selectAll('r')
    .select(['s.name as supplierName', 's.slug as supplierSlug'])
    .where((eb) => eb.or([eb('r.endedAt', 'is', null), eb('r.endedAt', '>', addMs(ctx.now, -DAY_MS))]))
    .orderBy('r.startedAt', 'desc')
    .limit(500)
    .execute();

/** Reports that belong beside a group and are not there yet. */
export async function attachable(
  ctx: Reader,
  edges: Edge[],
): Promise<{ groupId: string; reports: { id: string; path: string[] }[] }[]> {
  const reports = await recent(ctx);
  if (reports.length === 0) return [];
  const needing = new Map(
    [...new Set(reports.map(({ serviceId }) => serviceId))].map((id) => [id, new Set([id, ...dependants(edges, id)])]),
  );
  const concerned = [...new Set([...needing.values()].flatMap((ids) => [...ids]))];
  const groups = await ctx.db
    .selectFrom('signals.groups')
    .select(['id', 'serviceId', 'firstAt', 'resolvedAt'])
    .where('serviceId', 'in', concerned)
    .where('exercise', '=', false)
    .where('test', '=', false)
    .where((eb) => eb.or([eb('state', '<>', 'resolved'), eb('resolvedAt', '>', addMs(ctx.now, -DAY_MS))]))
    .orderBy('lastAt', 'desc')
    .limit(MOST_GROUPS)
    .execute();
  if (groups.length === 0) return [];
  const there = await ctx.db
    .selectFrom('signals.groupReports')
    .select(['groupId', 'reportId'])
    .where(
      'reportId',
      'in',
      reports.map(({ id }) => id),
    )
    .execute();
  const attached = new Set(there.map(({ groupId, reportId }) => `${groupId} ${reportId}`));
  const names = await servicesByIds(ctx, concerned);
  return groups.flatMap((group) => {
    const fitting = reports.filter(
      (report) =>
        needing.get(report.serviceId)!.has(group.serviceId!) &&
        !attached.has(`${group.id} ${report.id}`) &&
        overlaps(group, report, ctx.now),
    );
    if (fitting.length === 0) return [];
    const path = (to: string) => (wayTo(edges, group.serviceId!, to) ?? []).map((id) => names.get(id)?.name ?? id);
    return [{ groupId: group.id, reports: fitting.map(({ id, serviceId }) => ({ id, path: path(serviceId) })) }];
  });
}

/** What stands beside a group, newest first. */
export const reportsOfGroup = (ctx: Pick<Ctx, 'db'>, groupId: string) =>
  ctx.db
    .selectFrom('signals.groupReports as g')
    .innerJoin('signals.supplierReports as r', 'r.id', 'g.reportId')
    .innerJoin('catalog.services as s', 's.id', 'r.serviceId')
    .selectAll('r')
    .select(['s.name as supplierName', 's.slug as supplierSlug', 'g.path'])
    .where('g.groupId', '=', groupId)
    .orderBy('r.startedAt', 'desc')
    .limit(50)
    .execute();

/** What suppliers of these services report, going on or within the time given, and how the services need them. */
export async function reportsForServices(ctx: Reader, serviceIds: string[], from: Date, until: Date | null) {
  const reports = (await recent(ctx)).filter((report) =>
    overlaps({ firstAt: from, resolvedAt: until }, report, ctx.now),
  );
  if (reports.length === 0 || serviceIds.length === 0) return [];
  const edges = await allEdges(ctx);
  const ways = reports.flatMap((report) => {
    const way = serviceIds.map((id) => wayTo(edges, id, report.serviceId)).find((one) => one !== undefined);
    return way ? [{ report, way }] : [];
  });
  const names = await servicesByIds(ctx, [...new Set(ways.flatMap(({ way }) => way))]);
  return ways.map(({ report, way }) => ({ ...report, path: way.map((id) => names.get(id)?.name ?? id) }));
}

/** The services that need a supplier, and itself. */
export const servicesNeeding = async (ctx: Pick<Ctx, 'db'>, supplierId: string): Promise<string[]> => [
  supplierId,
  ...dependants(await allEdges(ctx), supplierId),
];

/** Every third party, what its page said last, and what it reports now. */
export async function supplierStates(ctx: Reader) {
  const [parties, feeds, open] = [await thirdParties(ctx), await allFeeds(ctx), await recent(ctx)];
  const byId = new Map(feeds.map((feed) => [feed.serviceId, feed]));
  return parties.map((party) => {
    const feed = byId.get(party.id);
    return {
      party,
      feed: feed && feed.statusUrl === party.statusUrl ? feed : undefined,
      reports: open.filter((report) => report.serviceId === party.id && report.endedAt === null),
    };
  });
}
export type ReportRow = Awaited<ReturnType<typeof reportsOfGroup>>[number];
