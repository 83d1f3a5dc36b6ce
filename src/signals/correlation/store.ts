/** SQL of correlations: the scene as it stands, and what is written about it. */
import { changesAround, topologyNow } from '#catalog';
import {
  addMs,
  ahead,
  type Ctx,
  json,
  type Json,
  later,
  newId,
  readSetting,
  type Selectable,
  sent,
  sql,
} from '#kernel';
import type { Group } from '../model.ts';
import { correlation as setting } from '../settings.ts';
import { groupOf } from '../store.ts';
import { CHANGED_WITHIN_MS, type Known, type Limits, type Scene, type Sighting } from './model.ts';

export interface Separated {
  serviceId: string;
  by: string;
  at: string;
  reason: string;
}
export interface CorrelationsTable {
  id: string;
  originId: string;
  leadGroupId: string;
  silent: boolean;
  state: 'open' | 'ended' | 'undone';
  reasons: Json<string[]>;
  separated: Json<Separated[]>;
  history: Json<{ at: string; text: string }[]>;
  openedAt: Date;
  lastJoinedAt: Date;
  endedAt: Date | null;
  endedBy: string | null;
  endedReason: string | null;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'signals.correlations': CorrelationsTable;
  }
}
export type Correlation = Selectable<CorrelationsTable>;

const HOUR_MS = 3_600_000;

/** When a group began: its sources' own time when it is believable, else when it was received. */
export function sinceOf({ startedAt, firstAt }: Pick<Group, 'startedAt' | 'firstAt'>): number {
  const [received, said] = [firstAt.getTime(), startedAt?.getTime()];
  return said !== undefined && said <= received && received - said <= HOUR_MS ? said : received;
}

export const sightingOf = (group: OpenGroup): Sighting => ({
  groupId: group.id,
  serviceId: group.serviceId!,
  since: sinceOf(group),
  severity: group.severity,
  asked: group.held === null && (group.pageId !== null || group.state === 'acknowledged' || group.incidentId !== null),
  correlationId: group.correlationId,
});

/** Groups looked at: the newest. */
const MOST = 2_000;

/** What is known of an open group here; everything that the decision needs, and no more of its row. */
export type OpenGroup = Pick<
  Group,
  | 'id'
  | 'serviceId'
  | 'severity'
  | 'state'
  | 'startedAt'
  | 'firstAt'
  | 'pageId'
  | 'incidentId'
  | 'correlationId'
  | 'held'
>;

export interface Among {
  windowMs: number;
  /** Only these services. */
  serviceIds?: string[];
  limit?: number;
}

/**
 * Open groups that began lately, and those of every correlation that is open. Asked while other things are on their way:
 * with nothing open it costs two empty looks into an index.
 */
export async function openGroups(
  ctx: Pick<Ctx, 'db' | 'now' | 'exercise'>,
  { windowMs, serviceIds, limit = MOST }: Among,
): Promise<OpenGroup[]> {
  const scope = sql`g.exercise = ${ctx.exercise} and not g.test and g.service_id is not null and g.state <> 'resolved'`;
  // What was released, or taken out by a person, stands on its own from then on.
  const free = sql`not exists (select from signals.correlations c where c.id = g.correlation_id and c.state <> 'open')`;
  const these = serviceIds ? sql`and g.service_id = any(${serviceIds}::text[])` : sql``;
  const columns = sql`g.id, g.service_id, g.severity, g.state, g.started_at, g.first_at, g.page_id, g.incident_id, g.correlation_id,
    case when g.held is null then null else '{}'::jsonb end as held`;
  const query = sql<OpenGroup>`
    (select ${columns} from signals.groups g where ${scope} and ${free} ${these} and g.first_at > ${addMs(ctx.now, -windowMs)}
      order by g.first_at desc limit ${limit})
    union all
    (select ${columns} from signals.groups g where ${scope} ${these} and g.correlation_id in (
      select id from signals.correlations where state = 'open' and exercise = ${ctx.exercise}) limit ${limit}) ${ahead}`;
  const rows = await sent({ execute: () => query.execute(ctx.db) });
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** An open correlation without its history. */
export type OpenCorrelation = Pick<
  Correlation,
  'id' | 'originId' | 'leadGroupId' | 'silent' | 'reasons' | 'separated' | 'lastJoinedAt'
>;

/** Open correlations, of these origins only when some are named. */
export const openCorrelations = (
  ctx: Pick<Ctx, 'db' | 'exercise'>,
  { originIds, limit = 1000 }: { originIds?: string[]; limit?: number } = {},
): Promise<OpenCorrelation[]> =>
  sent(
    ctx.db
      .selectFrom('signals.correlations')
      .select(['id', 'originId', 'leadGroupId', 'silent', 'reasons', 'separated', 'lastJoinedAt'])
      .where('state', '=', 'open')
      .where('exercise', '=', ctx.exercise)
      .$if(originIds !== undefined, (query) => query.where(sql<boolean>`origin_id = any(${originIds ?? []}::text[])`))
      .orderBy('openedAt')
      .limit(limit)
      .modifyEnd(ahead),
  );

export const knownOf = (row: OpenCorrelation): Known => ({
  id: row.id,
  originId: row.originId,
  leadGroupId: row.leadGroupId,
  silent: row.silent,
  lastJoinedAt: row.lastJoinedAt.getTime(),
  separated: row.separated.map(({ serviceId }) => serviceId),
});

/** The limits in force, and whether correlation is on. */
export async function limitsNow(
  ctx: Pick<Ctx, 'db' | 'log'>,
): Promise<Limits & { on: boolean; releaseAfterMs: number }> {
  const { enabled, windowMinutes, silentFrom, silentFromChanged, silentShare, releaseAfterSeconds } = await readSetting(
    ctx,
    setting,
  );
  return {
    on: enabled,
    windowMs: windowMinutes * 60_000,
    silentFrom,
    silentFromChanged,
    silentShare,
    releaseAfterMs: releaseAfterSeconds * 1000,
  };
}

/** The newest change of each service in the last hours, for “it was changed shortly before”. */
export async function latestChanges(
  ctx: Pick<Ctx, 'db' | 'now' | 'exercise'>,
  windowMs: number,
): Promise<Scene['changes']> {
  const from = addMs(ctx.now, -(CHANGED_WITHIN_MS + 2 * windowMs + HOUR_MS));
  const found = new Map<string, { at: number; summary: string }>();
  for (const { serviceId, at, summary } of await changesAround(ctx, from, ctx.now))
    if (serviceId !== null && !found.has(serviceId)) found.set(serviceId, { at: at.getTime(), summary });
  return found;
}

/** Suppliers whose own status pages report trouble just now; maintenance that was announced is none. */
export async function reportedNow(ctx: Pick<Ctx, 'db'>): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom('signals.supplierReports')
    .select(['serviceId', 'title'])
    .where('endedAt', 'is', null)
    .where('impact', '<>', 'maintenance')
    .orderBy('startedAt')
    .limit(MOST)
    .execute();
  return new Map(rows.map(({ serviceId, title }) => [serviceId, title]));
}

/** Everything that the decision looks at, as it stands now. */
export async function readScene(
  ctx: Ctx,
): Promise<{ scene: Scene; groups: Map<string, OpenGroup>; known: OpenCorrelation[]; on: boolean }> {
  const { on, ...limits } = await limitsNow(ctx);
  const [topology, groups, known] = await Promise.all([
    topologyNow(ctx),
    openGroups(ctx, { windowMs: 2 * limits.windowMs }),
    openCorrelations(ctx),
  ]);
  const changes = groups.length > 1 ? await latestChanges(ctx, limits.windowMs) : new Map();
  const reports = groups.length > 1 ? await reportedNow(ctx) : new Map();
  const scene = { topology, sightings: groups.map(sightingOf), known: known.map(knownOf), changes, reports, limits };
  return { scene, groups: new Map(groups.map((group) => [group.id, group])), known, on };
}

export interface NewCorrelation {
  originId: string;
  leadGroupId: string;
  silent: boolean;
  reasons: string[];
  /** When the newest in it began. */
  lastJoinedAt: Date;
}

/** The open correlation of an origin; a new one when there is none. Two who open it at once get the same. */
export async function correlationFor(ctx: Ctx, fields: NewCorrelation): Promise<{ row: Correlation; fresh: boolean }> {
  const made = await ctx.db
    .insertInto('signals.correlations')
    .values({
      id: newId('cor'),
      ...fields,
      reasons: json(fields.reasons),
      separated: json([]),
      history: json([{ at: ctx.now.toISOString(), text: fields.reasons.join('; ') }]),
      state: 'open',
      openedAt: ctx.now,
      exercise: ctx.exercise,
    })
    .onConflict((oc) =>
      oc
        .columns(['originId', 'exercise'])
        .where(sql<boolean>`state = 'open'`)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  if (made) return { row: made, fresh: true };
  const row = await ctx.db
    .selectFrom('signals.correlations')
    .selectAll()
    .where('originId', '=', fields.originId)
    .where('exercise', '=', ctx.exercise)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return { row, fresh: false };
}

/** One correlation, locked after the groups that its caller holds. */
export const lockCorrelation = (ctx: Ctx, id: string): Promise<Correlation | undefined> =>
  ctx.db.selectFrom('signals.correlations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export async function saveCorrelation(
  ctx: Ctx,
  before: Correlation,
  change: Partial<Correlation>,
  told?: string,
): Promise<void> {
  const { reasons, separated, history: _, ...plain } = change;
  const history = told ? [...before.history, { at: ctx.now.toISOString(), text: told }].slice(-30) : undefined;
  await ctx.db
    .updateTable('signals.correlations')
    .set({
      ...plain,
      ...(reasons && { reasons: json(reasons) }),
      ...(separated && { separated: json(separated) }),
      ...(history && { history: json(history) }),
      endedAt: change.state && change.state !== 'open' ? ctx.now : before.endedAt,
    })
    .where('id', '=', before.id)
    .modifyEnd(later)
    .execute();
}

/** Groups of these ids that are not resolved, locked in one order. */
export async function lockOpen(ctx: Ctx, ids: string[]): Promise<Group[]> {
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .selectAll()
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .where('state', '<>', 'resolved')
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(groupOf);
}

/** Ids of what stands in a correlation and is not over. */
export async function openMembers(ctx: Pick<Ctx, 'db'>, correlationId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .select('id')
    .where('correlationId', '=', correlationId)
    .where('state', '<>', 'resolved')
    .execute();
  return rows.map(({ id }) => id);
}
