/** Reads of incidents for the modules above and for lists. */
import { type Ctx, decodeCursor, encodeCursor, sql } from '#kernel';
import { ACTIVE_PHASES, isActive, type Phase, RELAPSE_WINDOW_MS, type Severity } from './lifecycle/model.ts';
import { personAuthority } from './roles/authority.ts';
import type { AuthorityToken, RoleName } from './roles/model.ts';
import { holdingsOf } from './roles/store.ts';
import { noteReads } from './record/reads.ts';
import { readIncident } from './store.ts';
import type { IncidentRow } from './tables.ts';

type Reader = Pick<Ctx, 'db' | 'hidden'>;

export interface IncidentFacts extends IncidentRow {
  /** Somebody still has to bring the service back. */
  active: boolean;
  serviceIds: string[];
}

/** The incident by id (`inc_…`) or key (`INC-42`). Throws 404. */
export async function incidentById(ctx: Reader, idOrKey: string): Promise<IncidentFacts> {
  const row = await readIncident(ctx, idOrKey);
  const services = await ctx.db
    .selectFrom('incidents.affectedServices')
    .select('serviceId')
    .where('incidentId', '=', row.id)
    .orderBy('addedAt')
    .execute();
  return { ...row, active: isActive(row.phase), serviceIds: services.map((service) => service.serviceId) };
}

/** Who holds which role now; experts, of whom there may be several, are not in it. */
export async function currentRoles(ctx: Reader, incidentId: string): Promise<Partial<Record<RoleName, string>>> {
  const holdings = await holdingsOf(ctx, incidentId);
  return Object.fromEntries(holdings.map((held) => [held.role, held.userId]));
}

/** The authority tokens a person holds on an incident now (domain 2.3). */
export async function authorityOf(ctx: Reader, incidentId: string, userId: string): Promise<Set<AuthorityToken>> {
  return personAuthority(ctx, await readIncident(ctx, incidentId), userId);
}

/** Active incidents that affect a service, oldest first. */
export const activeIncidentsForService = (ctx: Reader, serviceId: string): Promise<IncidentRow[]> =>
  ofService(ctx, serviceId).where('i.phase', 'in', ACTIVE_PHASES).orderBy('i.declaredAt').execute();

/** Incidents of a service restored within the relapse window, newest first. */
export const recentlyRestored = (ctx: Reader, serviceId: string, now: Date): Promise<IncidentRow[]> =>
  ofService(ctx, serviceId)
    .where('i.phase', 'in', ['restored', 'closed'])
    .where('i.restoredAt', '>', new Date(now.getTime() - RELAPSE_WINDOW_MS))
    .orderBy('i.restoredAt', 'desc')
    .execute();

const ofService = (ctx: Reader, serviceId: string) =>
  ctx.db
    .selectFrom('incidents.incidents as i')
    .innerJoin('incidents.affectedServices as s', 's.incidentId', 'i.id')
    .selectAll('i')
    .where('s.serviceId', '=', serviceId);

export interface IncidentFilter {
  limit: number;
  cursor?: string | undefined;
  /** `active`: not yet restored. `open`: not yet ended. `ended`: closed, dismissed, merged. */
  state?: 'active' | 'open' | 'ended' | 'all' | undefined;
  severity?: number | undefined;
  phase?: Phase | undefined;
  serviceId?: string | undefined;
  exercise?: 'only' | 'without' | 'with' | undefined;
  /** Words in key, title or summary; every character is taken as it is. */
  q?: string | undefined;
}

export interface IncidentSummary {
  id: string;
  key: string;
  title: string;
  severity: Severity;
  phase: Phase;
  active: boolean;
  exercise: boolean;
  restricted: boolean;
  commander: { id: string; name: string } | null;
  services: { id: string; name: string }[];
  declaredAt: Date;
  restoredAt: Date | null;
  nextUpdateDueAt: Date | null;
}

const ENDED: Phase[] = ['closed', 'false_alarm', 'merged'];
/** What somebody must act on now comes first, the worst of it on top; the rest follows by age. */
const calm = sql<number>`case when i.phase = any(array['detection', 'containment', 'eradication', 'recovery', 'verification']) then i.severity else 9 end`;

/** A page of incidents: active ones first, the worst on top, then newest first. */
export async function listIncidents(
  ctx: Reader,
  filter: IncidentFilter,
): Promise<{ items: IncidentSummary[]; nextCursor: string | null }> {
  let query = ctx.db
    .selectFrom('incidents.incidents as i')
    .selectAll('i')
    .select(calm.as('calm'))
    .orderBy(calm)
    .orderBy('i.declaredAt', 'desc')
    .orderBy('i.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.state === 'active') query = query.where('i.phase', 'in', ACTIVE_PHASES);
  if (filter.state === 'open') query = query.where('i.phase', 'not in', ENDED);
  if (filter.state === 'ended') query = query.where('i.phase', 'in', ENDED);
  if (filter.severity) query = query.where('i.severity', '=', filter.severity as Severity);
  if (filter.phase) query = query.where('i.phase', '=', filter.phase);
  if (filter.exercise === 'only') query = query.where('i.exercise', '=', true);
  if (filter.exercise === 'without') query = query.where('i.exercise', '=', false);
  if (filter.q) {
    const like = `%${storableQuery(filter.q).replaceAll(/[%_\\]/g, '\\$&')}%`;
    query = query.where((eb) =>
      eb.or([eb('i.title', 'ilike', like), eb('i.summary', 'ilike', like), eb('i.key', 'ilike', like)]),
    );
  }
  if (filter.serviceId) {
    const { serviceId } = filter;
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('incidents.affectedServices as s')
          .select('s.serviceId')
          .whereRef('s.incidentId', '=', 'i.id')
          .where('s.serviceId', '=', serviceId),
      ),
    );
  }
  if (filter.cursor) {
    const [rank, at, id] = decodeCursor('incidents', filter.cursor) as [number, string, string];
    const declaredAt = new Date(at);
    query = query.where((eb) =>
      eb.or([
        eb(calm, '>', rank),
        eb.and([eb(calm, '=', rank), eb('i.declaredAt', '<', declaredAt)]),
        eb.and([eb(calm, '=', rank), eb('i.declaredAt', '=', declaredAt), eb('i.id', '<', id)]),
      ]),
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    items: await summaries(ctx, page),
    nextCursor: last ? encodeCursor('incidents', [last.calm, last.declaredAt.toISOString(), last.id]) : null,
  };
}

/** PostgreSQL takes no NUL in a text: nothing can be found by it. */
const storableQuery = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/** Rows as they stand in a list, with who leads, what is affected and when customers are next owed a word. */
export async function summaries(ctx: Reader, rows: IncidentRow[]): Promise<IncidentSummary[]> {
  if (rows.length === 0) return [];
  await noteReads(ctx, rows);
  const ids = rows.map((row) => row.id);
  const [leads, services, dues] = await Promise.all([
    ctx.db
      .selectFrom('incidents.roleAssignments as r')
      .innerJoin('security.users as u', 'u.id', 'r.userId')
      .select(['r.incidentId', 'u.id', 'u.name'])
      .where('r.incidentId', 'in', ids)
      .where('r.role', '=', 'incident_commander')
      .where('r.toAt', 'is', null)
      // Called by the rota is not yet leading.
      .where('r.acceptedAt', 'is not', null)
      .execute(),
    ctx.db
      .selectFrom('incidents.affectedServices')
      .select(['incidentId', 'serviceId', 'name'])
      .where('incidentId', 'in', ids)
      .orderBy('tier')
      .orderBy('name')
      .execute(),
    ctx.db
      .selectFrom('incidents.dues')
      .select(['incidentId', 'dueAt'])
      .where('incidentId', 'in', ids)
      .where('key', '=', 'comms.update')
      .execute(),
  ]);
  return rows.map((row) => {
    const lead = leads.find((one) => one.incidentId === row.id);
    return {
      id: row.id,
      key: row.key,
      title: row.title,
      severity: row.severity,
      phase: row.phase,
      active: isActive(row.phase),
      exercise: row.exercise,
      restricted: row.restricted,
      commander: lead ? { id: lead.id, name: lead.name } : null,
      services: services
        .filter((one) => one.incidentId === row.id)
        .map((one) => ({ id: one.serviceId, name: one.name })),
      declaredAt: row.declaredAt,
      restoredAt: row.restoredAt,
      nextUpdateDueAt: dues.find((one) => one.incidentId === row.id)?.dueAt ?? null,
    };
  });
}
