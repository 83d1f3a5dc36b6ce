/** What was hidden between two instants: by what, who set it, how much, and whether somebody was asked after all. Reads only. */
import { servicesByIds } from '#catalog';
import { type Ctx, sql } from '#kernel';
import { personRefs } from '#security';
import type { Severity } from '../model.ts';

export interface Hider {
  kind: 'silence' | 'maintenance' | 'rule' | 'inhibition';
  id: string;
  /** Its name, or what it matches. */
  name: string;
  reason: string | null;
  /** Who set it, in their own name; null when it is gone. */
  setBy: string | null;
  /** When it ends or ended by itself; null for rules. */
  endsAt: Date | null;
  /** It still hides. */
  on: boolean;
  groups: number;
  alerts: number;
  critical: number;
  /** Of these groups, about so many somebody was asked all the same, before or after. */
  asked: number;
  services: { id: string; name: string; teamId: string | null }[];
  lastAt: Date;
  examples: { id: string; title: string; severity: Severity }[];
}

/** An integration that is switched off and went on being sent to: what it sent is not even kept. */
export interface Refusing {
  id: string;
  name: string;
  /** Since it was made. */
  refused: number;
  lastAt: Date;
}

interface Row {
  kind: 'silence' | 'rule' | 'inhibition';
  byId: string;
  groups: number;
  alerts: number;
  critical: number;
  asked: number;
  serviceIds: (string | null)[];
  lastAt: Date;
  examples: Hider['examples'];
}

const rowsBetween = async (ctx: Ctx, from: Date, until: Date): Promise<Row[]> =>
  (
    await sql<Row>`
    select h.kind, h.by_id, count(*)::int as groups, coalesce(sum(g.alert_count), 0)::int as alerts,
      (count(*) filter (where h.critical))::int as critical, (count(*) filter (where g.page_id is not null))::int as asked,
      array_agg(distinct h.service_id) as service_ids, max(h.at) as last_at,
      (array_agg(jsonb_build_object('id', g.id, 'title', g.title, 'severity', g.severity) order by h.critical desc, h.at desc))[1:3] as examples
    from (
      select kind, by_id, group_id, max(service_id) as service_id, bool_or(severity = 'critical') as critical, max(at) as at
      from signals.hidden where at >= ${from} and at < ${until} and not exercise group by kind, by_id, group_id) h
    join signals.groups g on g.id = h.group_id
    group by h.kind, h.by_id order by critical desc, groups desc, h.by_id limit 200`.execute(ctx.db)
  ).rows;

type Setting = Pick<Hider, 'kind' | 'name' | 'reason' | 'setBy' | 'endsAt' | 'on'>;

/** Everything that hid something, the worst first. */
export async function hidersBetween(ctx: Ctx, from: Date, until: Date): Promise<Hider[]> {
  const rows = await rowsBetween(ctx, from, until);
  const settings = await settingsOf(ctx, rows);
  const services = await servicesByIds(ctx, [
    ...new Set(rows.flatMap((row) => row.serviceIds.filter((id) => id !== null))),
  ]);
  return rows.map(({ serviceIds, byId, ...row }) => ({
    ...row,
    id: byId,
    ...(settings.get(byId) ?? gone(row.kind)),
    services: serviceIds.flatMap((id) => {
      const service = id === null ? undefined : services.get(id);
      return service ? [{ id: service.id, name: service.name, teamId: service.teamId }] : [];
    }),
  }));
}

const gone = (kind: Row['kind']): Setting => ({
  kind,
  name: kind === 'silence' ? 'A silence that is gone' : 'A rule that was removed',
  reason: null,
  setBy: null,
  endsAt: null,
  on: false,
});

async function settingsOf(ctx: Ctx, rows: Row[]): Promise<Map<string, Setting>> {
  const ids = rows.map(({ byId }) => byId);
  const found = new Map<string, Setting>();
  if (ids.length === 0) return found;
  const silences = await ctx.db.selectFrom('signals.silences').selectAll().where('id', 'in', ids).execute();
  for (const row of silences) {
    const matches = row.matchers.map(
      ({ name, value, isRegex, isEqual }) =>
        `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}"${value}"`,
    );
    found.set(row.id, {
      kind: row.kind,
      name: row.name ?? matches.join(', '),
      reason: row.comment,
      setBy: row.createdBy,
      endsAt: row.endsAt,
      on: row.endsAt > ctx.now,
    });
  }
  const rules = await ctx.db.selectFrom('signals.rules').selectAll().where('id', 'in', ids).execute();
  const writers = await personRefs(
    ctx,
    rules.flatMap(({ writtenBy }) => writtenBy ?? []),
  );
  for (const row of rules)
    found.set(row.id, {
      kind: row.kind === 'inhibit' ? 'inhibition' : 'rule',
      name: row.name,
      reason: null,
      setBy: writers.get(row.writtenBy ?? '')?.name ?? row.createdBy,
      endsAt: null,
      on: row.enabled,
    });
  return found;
}

/** Integrations that are switched off and refused posts since then. */
export async function refusing(ctx: Ctx, from: Date): Promise<Refusing[]> {
  const rows = await ctx.db
    .selectFrom('signals.integrations')
    .select(['id', 'name', 'droppedCount', 'lastDroppedAt'])
    .where('enabled', '=', false)
    .where('lastDroppedAt', '>=', from)
    .orderBy('name')
    .limit(100)
    .execute();
  return rows.map(({ id, name, droppedCount, lastDroppedAt }) => ({
    ...{ id, name, refused: droppedCount },
    lastAt: lastDroppedAt ?? from,
  }));
}

/** The newest digest: which week, when, to how many. */
export const lastDigest = (ctx: Ctx) =>
  ctx.db.selectFrom('signals.hiddenDigests').selectAll().orderBy('weekStart', 'desc').limit(1).executeTakeFirst();
