/** Reads the instants of incidents, one by one from the record and many from the cases. */
import type { Ctx } from '#kernel';
import { type Case, measures, report } from './model.ts';
import { compare } from './statistics.ts';
import type { CaseRow } from './store.ts';

const YEAR_MS = 365 * 86_400_000;

/** When the first person took command: the start of command, whoever holds it now. Being called by a rota is no start. */
async function firstCommandAt(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<Date | null> {
  const row = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select('acceptedAt')
    .where('incidentId', '=', incidentId)
    .where('role', '=', 'incident_commander')
    .where('acceptedAt', 'is not', null)
    .orderBy('acceptedAt')
    .limit(1)
    .executeTakeFirst();
  return row?.acceptedAt ?? null;
}

/** First page sent and first human acknowledgement, over the incident and every alert group linked to it. */
async function pageTimesOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const groups = ctx.db.selectFrom('incidents.groupLinks').select('groupId').where('incidentId', '=', incidentId);
  const row = await ctx.db
    .selectFrom('people.pages')
    .select((eb) => [eb.fn.min('firstSentAt').as('sent'), eb.fn.min('acknowledgedAt').as('acked')])
    .where((eb) =>
      eb.or([
        eb.and([eb('subjectKind', '=', 'incident'), eb('subjectId', '=', incidentId)]),
        eb.and([eb('subjectKind', '=', 'incident_role'), eb('incidentId', '=', incidentId)]),
        eb.and([eb('subjectKind', '=', 'alert_group'), eb('subjectId', 'in', groups)]),
      ]),
    )
    .executeTakeFirst();
  return { firstPagedAt: row?.sent ?? null, firstAckedAt: row?.acked ?? null };
}

/** The case of one incident as the record has it now, with the services it touched. Also for exercises: reviews show it. */
export async function readCaseOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const row = await ctx.db
    .selectFrom('incidents.incidents')
    .selectAll()
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow();
  const services = await ctx.db
    .selectFrom('incidents.affectedServices')
    .select('serviceId')
    .where('incidentId', '=', incidentId)
    .execute();
  const found: Case = {
    incidentId,
    key: row.key,
    title: row.title,
    severity: row.severity,
    detectedBy: row.detectedBy,
    impactStartedAt: row.impactStartedAt,
    detectedAt: row.detectedAt,
    declaredAt: row.declaredAt,
    ...(await pageTimesOf(ctx, incidentId)),
    commanderAt: await firstCommandAt(ctx, incidentId),
    containmentStartedAt: row.containmentStartedAt,
    containedAt: row.containedAt,
    impactEndedAt: row.impactEndedAt,
    restoredAt: row.restoredAt,
    firstPublicAt: await firstPublicAt(ctx, incidentId),
  };
  const leftOut: CaseRow['leftOut'] = row.phase === 'false_alarm' || row.phase === 'merged' ? row.phase : null;
  return { case: found, serviceIds: services.map((service) => service.serviceId), leftOut, exercise: row.exercise };
}

/** When customers could first read of it: the first public update that went out. */
async function firstPublicAt(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<Date | null> {
  const row = await ctx.db
    .selectFrom('comms.incidentPages')
    .select('firstPublishedAt')
    .where('incidentId', '=', incidentId)
    .executeTakeFirst();
  return row?.firstPublishedAt ?? null;
}

export interface MetricsFilter {
  from?: Date | undefined;
  to?: Date | undefined;
  severity?: number | undefined;
  serviceId?: string | undefined;
}

const beginning = (row: CaseRow) => row.impactStartedAt ?? row.detectedAt ?? row.declaredAt;

function counted<K extends string | number>(values: readonly K[], all: readonly K[]): [K, number][] {
  return all.map((value) => [value, values.filter((other) => other === value).length]);
}

/**
 * The figures of a period (a year back from now unless told), grouped by when the impact began. Population: real incidents of
 * SEV1 to SEV3 that were neither false alarms nor merged. Exercises are not in the table at all.
 */
export async function metricsOf(ctx: Pick<Ctx, 'db' | 'now'>, filter: MetricsFilter) {
  const to = filter.to ?? ctx.now;
  const from = filter.from ?? new Date(to.getTime() - YEAR_MS);
  const middle = new Date((from.getTime() + to.getTime()) / 2);
  let query = ctx.db.selectFrom('learning.cases').selectAll();
  if (filter.severity) query = query.where('severity', '=', filter.severity);
  if (filter.serviceId) query = query.where((eb) => eb(eb.val(filter.serviceId), '=', eb.fn.any('serviceIds')));
  const rows = (await query.execute()).filter((row) => {
    const at = beginning(row);
    return at !== null && at >= from && at <= to;
  });
  rows.sort((a, b) => beginning(a)!.getTime() - beginning(b)!.getTime());
  const cases = rows.filter((row) => row.severity <= 3 && row.leftOut === null);
  const why = (row: CaseRow) =>
    row.leftOut === 'false_alarm' ? 'false alarm' : row.leftOut === 'merged' ? 'merged into another' : 'SEV4';
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    middle: middle.toISOString(),
    severities: counted(
      cases.map((row) => row.severity),
      [1, 2, 3],
    ).map(([severity, n]) => ({ severity, n })),
    detection: counted(
      cases.map((row) => row.detectedBy ?? ('unknown' as const)),
      ['monitor', 'person', 'customer', 'unknown'] as const,
    ).map(([by, n]) => ({ by, n })),
    notCounted: rows
      .filter((row) => !cases.includes(row))
      .map((row) => ({ incidentId: row.incidentId, key: row.key, reason: why(row) })),
    measures: measures.map((measure) => ({ ...report(measure, cases), change: halves(measure, cases, middle) })),
  };
}

function halves(measure: (typeof measures)[number], cases: readonly CaseRow[], middle: Date) {
  const minutes = (half: readonly CaseRow[]) => report(measure, half).dots.map((dot) => dot.minutes);
  return compare(
    minutes(cases.filter((row) => beginning(row)! < middle)),
    minutes(cases.filter((row) => beginning(row)! >= middle)),
  );
}
