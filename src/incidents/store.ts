/** SQL that writes the incident itself: its row, affected services, phase log, gates, linked groups. */
import { type Ctx, isHidden, isId, json, newId, notFound, Problem, sql } from '#kernel';
import type { Phase, Refusal, Step, Waiver } from './lifecycle/model.ts';
import type { Times } from './lifecycle/times.ts';
import { GENESIS } from './record/model.ts';
import { noteReads } from './record/reads.ts';
import type { AffectedRow, IncidentRow } from './tables.ts';

const KEY = /^INC-([1-9][0-9]{0,8})$/i;

/** Reads an id or a key; anything that is neither is simply not found (bad input row 31). */
function identify(idOrKey: string): { column: 'id' | 'number'; value: string | number } {
  const key = KEY.exec(idOrKey);
  if (key) return { column: 'number', value: Number(key[1]) };
  if (isId('inc', idOrKey)) return { column: 'id', value: idOrKey };
  throw notFound('Incident', printable(idOrKey));
}
const printable = (text: string): string | undefined => (/^[\w-]{1,60}$/.test(text) ? text : undefined);

/** Turns a model's refusal into the problem it is. */
export const problemOf = ({ status, title, rule, detail, errors }: Refusal): Problem =>
  new Problem(status, title, { rule, detail, errors });

/** The incident, or 404. */
export async function readIncident(ctx: Pick<Ctx, 'db' | 'hidden'>, idOrKey: string): Promise<IncidentRow> {
  const { column, value } = identify(idOrKey);
  const row = await ctx.db
    .selectFrom('incidents.incidents')
    .selectAll()
    .where(column, '=', value as never)
    .executeTakeFirst();
  if (!row || isHidden(ctx, row.id)) throw notFound('Incident', printable(idOrKey));
  if (row.restricted) await noteReads(ctx, [row]);
  return row;
}

/**
 * The incident, locked until the transaction ends, so that commands on it run one after the other. What happens next
 * is a drill when the incident is one, whoever acts: the mark goes on into audit, events and jobs.
 */
export async function lockIncident(ctx: Ctx, idOrKey: string): Promise<IncidentRow> {
  const { column, value } = identify(idOrKey);
  const row = await ctx.db
    .selectFrom('incidents.incidents')
    .selectAll()
    .where(column, '=', value as never)
    // Weaker than FOR UPDATE, so that rows which only refer to the incident need not wait.
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row || isHidden(ctx, row.id)) throw notFound('Incident', printable(idOrKey));
  ctx.exercise = row.exercise;
  // Whoever had to wait for the lock acts now, not when the request came: times of one incident stay in order.
  const { rows } = await sql<{ now: Date }>`select kernel.now() as now`.execute(ctx.db);
  ctx.now = rows[0]!.now;
  ctx.audit.incident = row.id;
  ctx.audit.subject = row.id;
  return row;
}

type NewIncident = Pick<
  IncidentRow,
  | 'title'
  | 'summary'
  | 'severity'
  | 'kind'
  | 'detectedBy'
  | 'impactStartedAt'
  | 'impactStartConfidence'
  | 'detectedAt'
  | 'recursOf'
  | 'requestKey'
>;

/** Writes a new incident in detection, with an empty timeline. */
export async function insertIncident(ctx: Ctx, fields: NewIncident): Promise<IncidentRow> {
  const row = await ctx.db
    .insertInto('incidents.incidents')
    .values({
      ...fields,
      id: newId('inc'),
      phase: 'detection',
      declaredByKind: ctx.actor.kind,
      declaredBy: ctx.actor.id,
      declaredByName: ctx.actor.name,
      declaredAt: ctx.now,
      exercise: ctx.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await ctx.db
    .insertInto('incidents.timelineHeads')
    .values({ incidentId: row.id, seq: 0, hash: GENESIS, exercise: row.exercise })
    .execute();
  await enterPhase(ctx, row, null, 'detection', {});
  return row;
}

/** The incident this person already declared from the same dialog, if any. */
export const findByRequestKey = (ctx: Ctx, requestKey: string): Promise<IncidentRow | undefined> =>
  ctx.db
    .selectFrom('incidents.incidents')
    .selectAll()
    .where('declaredBy', '=', ctx.actor.id)
    .where('requestKey', '=', requestKey)
    .executeTakeFirst();

type IncidentChange = Partial<Times> &
  Partial<
    Pick<
      IncidentRow,
      | 'title'
      | 'summary'
      | 'severity'
      | 'kind'
      | 'phase'
      | 'impactStartConfidence'
      | 'acknowledgedBy'
      | 'responseKind'
      | 'endedReason'
      | 'mergedInto'
    >
  >;

/** Changes the incident's row and counts its version up. */
export async function saveIncident(ctx: Ctx, row: IncidentRow, change: IncidentChange): Promise<IncidentRow> {
  return ctx.db
    .updateTable('incidents.incidents')
    .set(change)
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The first responder action, once and for all (M8a). */
export async function markResponded(
  ctx: Ctx,
  incidentId: string,
  at: Date,
  responseKind: 'manual' | 'automatic',
): Promise<void> {
  await ctx.db
    .updateTable('incidents.incidents')
    .set({ respondedAt: at, responseKind })
    .where('id', '=', incidentId)
    .where('respondedAt', 'is', null)
    .execute();
}

/** Closes the open line of the phase log (of the incident, or of one service) and opens the next. */
export async function enterPhase(
  ctx: Ctx,
  incident: Pick<IncidentRow, 'id' | 'exercise'>,
  serviceId: string | null,
  phase: Phase,
  { waiver, note }: { waiver?: Waiver; note?: string },
): Promise<void> {
  await ctx.db
    .updateTable('incidents.phaseLog')
    .set({ leftAt: ctx.now, leftBy: ctx.actor.id, ...(waiver && { waiver: json(waiver) }), ...(note && { note }) })
    .where('incidentId', '=', incident.id)
    .where('serviceId', serviceId === null ? 'is' : '=', serviceId as never)
    .where('leftAt', 'is', null)
    .execute();
  await ctx.db
    .insertInto('incidents.phaseLog')
    .values({
      id: newId('phs'),
      incidentId: incident.id,
      serviceId,
      phase,
      enteredAt: ctx.now,
      enteredBy: ctx.actor.id,
      note: '',
      exercise: incident.exercise,
    })
    .execute();
}

export const affectedOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<AffectedRow[]> =>
  ctx.db
    .selectFrom('incidents.affectedServices')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('name')
    .execute();

/** Writes an affected service, or changes its effect and phase. */
export async function saveAffected(ctx: Ctx, row: AffectedRow): Promise<void> {
  await ctx.db
    .insertInto('incidents.affectedServices')
    .values(row)
    .onConflict((oc) =>
      oc
        .columns(['incidentId', 'serviceId'])
        .doUpdateSet({ effect: row.effect, effectStatedAt: row.effectStatedAt, phase: row.phase }),
    )
    .execute();
}

export async function setServicePhase(ctx: Ctx, incidentId: string, serviceId: string, phase: Step): Promise<void> {
  await ctx.db
    .updateTable('incidents.affectedServices')
    .set({ phase })
    .where('incidentId', '=', incidentId)
    .where('serviceId', '=', serviceId)
    .execute();
}

/**
 * One at a time about a thing that has no row to lock yet: two alerts of a service in the same second must not declare
 * twins, two clicks of one dialog must not either. Held until the transaction ends.
 */
export async function hold(ctx: Ctx, what: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`incidents:${what}`}, 0))`.execute(ctx.db);
}
