/**
 * Duty that was held, kept as rows: a schedule says who would be on call, and an edit today must not rewrite who was.
 * Every command that changes a schedule keeps its past first; a daily job keeps the rest.
 */
import { addMs, type Ctx } from '#kernel';
import { activeIn, crowd } from '../crowd.ts';
import { finalShifts, MAX_WINDOW_DAYS } from './model.ts';
import { loadSchedules, planOf } from './store.ts';

export interface Duty {
  scheduleId: string;
  userId: string;
  from: Date;
  to: Date;
}

const CHUNK_MS = MAX_WINDOW_DAYS * 86_400_000;

/** Writes down who was on duty in these schedules (all without ids) until now. Run twice, it adds nothing. */
export async function keepDuty(ctx: Ctx, ids?: string[]): Promise<void> {
  const rows = await ctx.db
    .selectFrom('people.schedules')
    .select(['id', 'dutyKeptUntil', 'createdAt'])
    .$if(ids !== undefined, (query) => query.where('id', 'in', ids?.length ? ids : ['']))
    .orderBy('id')
    .forUpdate()
    .execute();
  for (const row of rows) {
    const since = row.dutyKeptUntil ?? row.createdAt;
    const duties = since < ctx.now ? await heldIn(ctx, [row.id], since, ctx.now) : [];
    if (duties.length > 0)
      await ctx.db
        .insertInto('people.duties')
        .values(
          duties.map(({ scheduleId, userId, from, to, source }) => ({
            scheduleId,
            userId,
            fromAt: from,
            toAt: to,
            source,
          })),
        )
        .onConflict((on) => on.doNothing())
        .execute();
    await ctx.db.updateTable('people.schedules').set({ dutyKeptUntil: ctx.now }).where('id', '=', row.id).execute();
  }
}

/** Who holds these schedules in [from, to) as they are now; any length. */
export async function heldIn(ctx: Ctx, ids: string[] | undefined, from: Date, to: Date) {
  const schedules = await loadSchedules(ctx.db, from, ids);
  const isActive = activeIn(await crowd(ctx));
  const held: (Duty & { source: 'rotation' | 'override' })[] = [];
  for (const schedule of schedules) {
    const plan = planOf(schedule, isActive);
    for (let start = from; start < to; start = addMs(start, CHUNK_MS)) {
      const end = addMs(start, CHUNK_MS) < to ? addMs(start, CHUNK_MS) : to;
      for (const { userId, source, from: begins, to: ends } of finalShifts(plan, start, end))
        if (userId && source !== 'nobody')
          held.push({ scheduleId: schedule.id, userId, from: begins, to: ends, source });
    }
  }
  return held;
}

/** Duty in [from, to): what was kept, and what the schedules say for the time after it. */
export async function dutiesBetween(ctx: Ctx, ids: string[] | undefined, from: Date, to: Date): Promise<Duty[]> {
  if (ids?.length === 0) return [];
  const schedules = await ctx.db
    .selectFrom('people.schedules')
    .select(['id', 'dutyKeptUntil', 'createdAt'])
    .$if(ids !== undefined, (query) => query.where('id', 'in', ids ?? ['']))
    .execute();
  const kept = await ctx.db
    .selectFrom('people.duties')
    .selectAll()
    .where('scheduleId', 'in', ['', ...schedules.map(({ id }) => id)])
    .where('toAt', '>', from)
    .where('fromAt', '<', to)
    .execute();
  const duties: Duty[] = kept.map((row) => ({
    scheduleId: row.scheduleId,
    userId: row.userId,
    from: row.fromAt > from ? row.fromAt : from,
    to: row.toAt < to ? row.toAt : to,
  }));
  const bySince = Map.groupBy(schedules, (row) => {
    const since = row.dutyKeptUntil ?? row.createdAt;
    return (since > from ? since : from).getTime();
  });
  for (const [since, group] of bySince)
    if (since < to.getTime())
      duties.push(
        ...(await heldIn(
          ctx,
          group.map(({ id }) => id),
          new Date(since),
          to,
        )),
      );
  return duties;
}
