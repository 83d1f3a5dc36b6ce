/** Change freezes, their exceptions, and the pause of all automation. */
import { type Ctx, type Db, type Generated, type Instant, newId, type Selectable, type StampedAt, sql } from '#kernel';

interface FreezesTable {
  id: string;
  serviceId: string;
  incidentId: string;
  actionRunId: string | null;
  reason: string;
  blocks: string[];
  allowLabel: string;
  startedBy: string;
  startedByName: string;
  startedAt: StampedAt;
  expiresAt: Instant;
  endedAt: Instant | null;
  endedBy: string | null;
  endReason: string | null;
  exercise: boolean;
}
interface FreezeExceptionsTable {
  id: string;
  freezeId: string;
  incidentId: string;
  label: string;
  ref: string;
  askedBy: string;
  askedByName: string;
  at: StampedAt;
}
interface PausesTable {
  id: string;
  reason: string;
  pausedBy: string;
  pausedByName: string;
  pausedAt: StampedAt;
  resumedBy: string | null;
  resumedAt: Instant | null;
  one: Generated<boolean>;
  /** Null: everything. */
  serviceId: string | null;
  remindedAt: Instant | null;
}
declare module '#kernel' {
  interface Database {
    'playbooks.freezes': FreezesTable;
    'playbooks.freezeExceptions': FreezeExceptionsTable;
    'playbooks.pauses': PausesTable;
  }
}
export type FreezeRow = Selectable<FreezesTable>;
export type FreezeExceptionRow = Selectable<FreezeExceptionsTable>;
export type PauseRow = Selectable<PausesTable>;

/** Freezes in force at `ctx.now`: not lifted and not past their expiry, even if no job has tidied them up yet. */
export function openFreezes(
  ctx: Pick<Ctx, 'db' | 'now'>,
  filter: { incidentId?: string; serviceId?: string; exercise?: boolean } = {},
): Promise<FreezeRow[]> {
  let query = ctx.db
    .selectFrom('playbooks.freezes')
    .selectAll()
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', ctx.now)
    .orderBy('startedAt');
  if (filter.incidentId !== undefined) query = query.where('incidentId', '=', filter.incidentId);
  if (filter.serviceId !== undefined) query = query.where('serviceId', '=', filter.serviceId);
  if (filter.exercise !== undefined) query = query.where('exercise', '=', filter.exercise);
  return query.execute();
}

/** A service by slug or id, and what freezes it now, in one question; undefined when there is no such service. */
export async function freezesAt(
  ctx: Pick<Ctx, 'db' | 'now'>,
  service: string,
): Promise<{ slug: string; freezes: FreezeRow[] } | undefined> {
  const rows = await ctx.db
    .selectFrom('catalog.services as s')
    .leftJoin('playbooks.freezes as f', (join) =>
      join
        .onRef('f.serviceId', '=', 's.id')
        .on('f.endedAt', 'is', null)
        .on('f.expiresAt', '>', ctx.now)
        .on('f.exercise', '=', false),
    )
    .selectAll('f')
    .select(['s.slug', 's.id as ownerId'])
    .where((eb) => eb.or([eb('s.slug', '=', service), eb('s.id', '=', service)]))
    .orderBy('f.startedAt')
    .execute();
  const [first] = rows;
  if (!first) return undefined;
  return { slug: first.slug, freezes: rows.filter((row) => row.serviceId !== null) as unknown as FreezeRow[] };
}

export const freezeById = (db: Db, id: string): Promise<FreezeRow | undefined> =>
  db.selectFrom('playbooks.freezes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Starts a freeze; undefined when this incident already freezes the service. */
export async function insertFreeze(
  ctx: Ctx,
  row: Pick<
    FreezeRow,
    'serviceId' | 'incidentId' | 'actionRunId' | 'reason' | 'blocks' | 'allowLabel' | 'expiresAt' | 'exercise'
  >,
): Promise<FreezeRow | undefined> {
  return ctx.db
    .insertInto('playbooks.freezes')
    .values({
      id: newId('frz'),
      ...row,
      startedBy: ctx.actor.id,
      startedByName: ctx.actor.name,
      startedAt: ctx.now,
      endedAt: null,
      endedBy: null,
      endReason: null,
    })
    .onConflict((oc) => oc.columns(['serviceId', 'incidentId']).where('endedAt', 'is', null).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Lifts a freeze; undefined when somebody already did. */
export async function liftFreeze(ctx: Ctx, id: string, reason: string): Promise<FreezeRow | undefined> {
  return ctx.db
    .updateTable('playbooks.freezes')
    .set({ endedAt: ctx.now, endedBy: ctx.actor.id, endReason: reason })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Notes that the gate let somebody through; false when this very one is already noted. */
export async function insertException(ctx: Ctx, row: Omit<FreezeExceptionRow, 'id' | 'at'>): Promise<boolean> {
  const done = await ctx.db
    .insertInto('playbooks.freezeExceptions')
    .values({ id: newId('frx'), ...row, at: ctx.now })
    .onConflict((oc) => oc.columns(['freezeId', 'label', 'ref', 'askedBy']).doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/**
 * The door that a pause closes: every engine passes it (shared) before it starts something, a pause takes it alone. So when
 * the pause returns, nothing that started without seeing it can still be on its way (M47a).
 */
export async function passPauseDoor(db: Db, how: 'start' | 'pause'): Promise<void> {
  const key = sql`hashtextextended('playbooks.pause', 0)`;
  await (
    how === 'pause' ? sql`select pg_advisory_xact_lock(${key})` : sql`select pg_advisory_xact_lock_shared(${key})`
  ).execute(db);
}

/** The pause of everything, if there is one. */
export const currentPause = (db: Db): Promise<PauseRow | undefined> =>
  db
    .selectFrom('playbooks.pauses')
    .selectAll()
    .where('resumedAt', 'is', null)
    .where('serviceId', 'is', null)
    .executeTakeFirst();

/** Every pause in force, that of everything first. */
export const openPauses = (db: Db): Promise<PauseRow[]> =>
  db
    .selectFrom('playbooks.pauses')
    .selectAll()
    .where('resumedAt', 'is', null)
    .orderBy(sql`service_id is not null`)
    .orderBy('pausedAt')
    .execute();

/** The pause that holds an action on these services. */
export async function pauseFor(db: Db, serviceIds: string[]): Promise<PauseRow | undefined> {
  return (await openPauses(db)).find((one) => one.serviceId === null || serviceIds.includes(one.serviceId));
}

export async function insertPause(ctx: Ctx, reason: string, serviceId: string | null = null): Promise<boolean> {
  const done = await ctx.db
    .insertInto('playbooks.pauses')
    .values({
      id: newId('pau'),
      reason,
      pausedBy: ctx.actor.id,
      pausedByName: ctx.actor.name,
      pausedAt: ctx.now,
      resumedBy: null,
      resumedAt: null,
      serviceId,
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function endPause(ctx: Ctx, serviceId: string | null = null): Promise<boolean> {
  const done = await ctx.db
    .updateTable('playbooks.pauses')
    .set({ resumedBy: ctx.actor.id, resumedAt: ctx.now })
    .where('resumedAt', 'is', null)
    .where('serviceId', 'is not distinct from', serviceId)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}
