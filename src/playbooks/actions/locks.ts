/** Places in concurrency groups: invariant 8 says that a group never holds more live actions than it has places. */
import type { Ctx, Db, StampedAt } from '#kernel';

interface LocksTable {
  name: string;
  slot: number;
  actionRunId: string;
  fence: number;
  takenAt: StampedAt;
}
declare module '#kernel' {
  interface Database {
    'playbooks.locks': LocksTable;
  }
}

/** Takes a place under a fencing number. Null when it has one; else the action that stands in the way. The primary key wins the race. */
export async function takeLock(
  ctx: Ctx,
  name: string,
  max: number,
  actionRunId: string,
  fence: number,
): Promise<string | null> {
  for (let slot = 0; slot < max; slot++) {
    const taken = await ctx.db
      .insertInto('playbooks.locks')
      .values({ name, slot, actionRunId, fence, takenAt: ctx.now })
      .onConflict((oc) => oc.doNothing())
      .returning('slot')
      .executeTakeFirst();
    if (taken) return null;
  }
  const holders = await holdersOf(ctx.db, name);
  if (holders.some((one) => one.actionRunId === actionRunId)) return null;
  return holders[0]?.actionRunId ?? 'another action';
}

export const holdersOf = (db: Db, name: string): Promise<{ actionRunId: string; fence: number }[]> =>
  db.selectFrom('playbooks.locks').select(['actionRunId', 'fence']).where('name', '=', name).orderBy('slot').execute();

export async function freeLock(db: Db, actionRunId: string): Promise<void> {
  await db.deleteFrom('playbooks.locks').where('actionRunId', '=', actionRunId).execute();
}
