/** SQL of the clock's row. */
import type { Ctx, Selectable } from '#kernel';
import type { ClocksTable } from '../tables.ts';

export type ClockRow = Selectable<ClocksTable>;

export const readClock = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<ClockRow | undefined> =>
  ctx.db.selectFrom('comms.clocks').selectAll().where('incidentId', '=', incidentId).executeTakeFirst();

/** The row, made when it is not there, locked until the transaction ends. */
export async function lockClock(ctx: Ctx, incident: { id: string; exercise: boolean }): Promise<ClockRow> {
  await ctx.db
    .insertInto('comms.clocks')
    .values({
      incidentId: incident.id,
      state: 'none',
      stopped: null,
      stoppedReason: null,
      stoppedBy: null,
      dueAt: null,
      reason: null,
      intervalSeconds: null,
      published: 0,
      lastPublishedAt: null,
      promisedAt: null,
      overdueSince: null,
      exercise: incident.exercise,
      updatedAt: ctx.now,
    })
    .onConflict((oc) => oc.column('incidentId').doNothing())
    .execute();
  return ctx.db
    .selectFrom('comms.clocks')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function saveClock(ctx: Ctx, incidentId: string, change: Partial<ClockRow>): Promise<ClockRow> {
  return ctx.db
    .updateTable('comms.clocks')
    .set({ ...change, updatedAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .returningAll()
    .executeTakeFirstOrThrow();
}
