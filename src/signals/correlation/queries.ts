/** SQL that reads correlations for screens and for the modules above. */
import { changesAround, rankSuspects, servicesByIds, SUSPECT_AFTER_MS, SUSPECT_BEFORE_MS, topologyNow } from '#catalog';
import { addMs, type Ctx, notFound, sql } from '#kernel';
import type { Group } from '../model.ts';
import { getGroup } from '../queries.ts';
import { groupOf } from '../store.ts';
import { type Correlation, sinceOf } from './store.ts';

/** The group under which a held one stands. */
export async function leadOf(ctx: Pick<Ctx, 'db'>, group: Pick<Group, 'correlationId'>): Promise<string | undefined> {
  if (!group.correlationId) return undefined;
  const row = await ctx.db
    .selectFrom('signals.correlations')
    .select('leadGroupId')
    .where('id', '=', group.correlationId)
    .executeTakeFirst();
  return row?.leadGroupId;
}

/** Correlations with how much is in each, by id. */
export async function casesOf(ctx: Pick<Ctx, 'db'>, ids: string[]) {
  if (ids.length === 0) return new Map<string, CaseRow>();
  const rows = await ctx.db
    .selectFrom('signals.correlations as c')
    .innerJoin('catalog.services as s', 's.id', 'c.originId')
    .leftJoin('signals.groups as g', 'g.correlationId', 'c.id')
    .select(['c.id', 'c.state', 'c.leadGroupId', 'c.silent', 'c.reasons', 'c.originId'])
    .select(['s.name as originName', 's.slug as originSlug'])
    .select(sql<number>`count(g.id)::int`.as('groups'))
    .select(sql<number>`count(distinct g.service_id)::int`.as('services'))
    .select(sql<number>`coalesce(sum(g.alert_count), 0)::int`.as('alerts'))
    .select(sql<number>`count(*) filter (where g.held is not null and g.state <> 'resolved')::int`.as('held'))
    .where('c.id', 'in', [...new Set(ids)])
    .groupBy(['c.id', 's.id'])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
export interface CaseRow {
  id: string;
  state: Correlation['state'];
  leadGroupId: string;
  silent: boolean;
  reasons: string[];
  originId: string;
  originName: string;
  originSlug: string;
  groups: number;
  services: number;
  alerts: number;
  held: number;
}

/** As a group's row shows it. */
export const caseBody = (row: CaseRow | undefined, groupId: string) =>
  row
    ? {
        id: row.id,
        state: row.state,
        role: row.leadGroupId === groupId ? ('lead' as const) : ('member' as const),
        leadGroupId: row.leadGroupId,
        origin: { id: row.originId, name: row.originName, slug: row.originSlug },
        silent: row.silent,
        reasons: row.reasons,
        groups: row.groups,
        services: row.services,
        alerts: row.alerts,
        held: row.held,
      }
    : null;

export async function listCorrelations(
  ctx: Pick<Ctx, 'db'>,
  filter: { limit: number; state?: Correlation['state'] | undefined },
): Promise<Correlation[]> {
  let query = ctx.db
    .selectFrom('signals.correlations')
    .selectAll()
    .orderBy('openedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.state) query = query.where('state', '=', filter.state);
  return await query.execute();
}

/** One correlation. 404 when unknown. */
export async function getCorrelation(ctx: Pick<Ctx, 'db'>, id: string): Promise<Correlation> {
  const row = await ctx.db.selectFrom('signals.correlations').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Correlation', id);
  return row;
}

/** Everything about one case: the lead first, then in the order in which they began. */
export async function correlationBody(ctx: Pick<Ctx, 'db'>, row: Correlation) {
  const groups = (
    await ctx.db.selectFrom('signals.groups').selectAll().where('correlationId', '=', row.id).limit(500).execute()
  ).map(groupOf);
  const services = await servicesByIds(ctx, [
    ...new Set([
      row.originId,
      ...groups.flatMap(({ serviceId }) => serviceId ?? []),
      ...row.separated.map((one) => one.serviceId),
    ]),
  ]);
  const node = (id: string) => ({ id, name: services.get(id)?.name ?? id, slug: services.get(id)?.slug ?? id });
  const lead = (group: Group) => Number(group.id === row.leadGroupId);
  return {
    id: row.id,
    state: row.state,
    origin: node(row.originId),
    silent: row.silent,
    leadGroupId: row.leadGroupId,
    reasons: row.reasons,
    openedAt: row.openedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    endedReason: row.endedReason,
    separated: row.separated.map(({ serviceId, ...rest }) => ({ ...rest, service: node(serviceId) })),
    members: groups
      .sort((a, b) => lead(b) - lead(a) || sinceOf(a) - sinceOf(b))
      .map((group) => ({
        groupId: group.id,
        title: group.title,
        severity: group.severity,
        state: group.state,
        service: group.serviceId ? node(group.serviceId) : null,
        alertCount: group.alertCount,
        firingCount: group.firingCount,
        since: new Date(sinceOf(group)).toISOString(),
        resolvedAt: group.resolvedAt?.toISOString() ?? null,
        held: group.held && { kind: group.held.kind, by: group.held.by, why: group.held.why, at: group.held.at },
        incidentKey: group.incidentKey,
      })),
    history: row.history,
    exercise: row.exercise,
  };
}

/** What is being explained: a probable origin, what alerts, and since when. */
export interface Explained {
  originId: string | null;
  serviceIds: string[];
  since: Date;
}

/** Changes ranked as suspects, the likeliest first, at most ten. */
export async function suspectsFor(ctx: Pick<Ctx, 'db' | 'exercise'>, { originId, serviceIds, since }: Explained) {
  const [topology, changes] = [
    await topologyNow(ctx),
    await changesAround(ctx, addMs(since, -SUSPECT_BEFORE_MS), addMs(since, SUSPECT_AFTER_MS)),
  ];
  const ranked = rankSuspects(
    topology,
    { originId, serviceIds, since: since.getTime() },
    changes.map(({ id, serviceId, kind, at }) => ({ id, serviceId, kind, at: at.getTime() })),
  );
  const byId = new Map(changes.map((change) => [change.id, change]));
  return {
    since: since.toISOString(),
    items: ranked.slice(0, 10).map(({ changeId, ...rest }) => {
      const { id, summary, kind, source, url, at, serviceId } = byId.get(changeId)!;
      const service = serviceId
        ? { id: serviceId, name: topology.nameOf(serviceId), slug: topology.slugOf(serviceId) }
        : null;
      return { change: { id, summary, kind, source, url, at: at.toISOString(), service }, ...rest };
    }),
  };
}

/** What groups are about together: their case when they stand in one, else themselves. */
export async function explainedBy(ctx: Pick<Ctx, 'db'>, groups: Group[]): Promise<Explained | null> {
  const id = groups.find(({ correlationId }) => correlationId !== null)?.correlationId;
  const row = id ? await getCorrelation(ctx, id) : undefined;
  const whole = row
    ? (
        await ctx.db.selectFrom('signals.groups').selectAll().where('correlationId', '=', row.id).limit(500).execute()
      ).map(groupOf)
    : [];
  const all = [...new Map([...groups, ...whole].map((group) => [group.id, group])).values()];
  const serviceIds = [...new Set(all.flatMap(({ serviceId }) => serviceId ?? []))];
  if (all.length === 0) return null;
  return {
    originId: row && row.state !== 'undone' ? row.originId : serviceIds.length === 1 ? serviceIds[0]! : null,
    serviceIds,
    since: new Date(Math.min(...all.map(sinceOf))),
  };
}

export async function suspectsOfGroup(ctx: Pick<Ctx, 'db'>, id: string) {
  const group = await getGroup(ctx, id);
  const explained = (await explainedBy(ctx, [group]))!;
  return await suspectsFor({ db: ctx.db, exercise: group.exercise }, explained);
}
