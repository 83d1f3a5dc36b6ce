/** When copies of the site are pushed and read back: after every rendering, and by a round every minute. */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue } from '#kernel';
import { READ_EVERY_MS, REFRESH_MS } from './model.ts';
import { pushOnce } from './push.ts';
import { readBack } from './reading.ts';
import { listCopies } from './store.ts';

const one = z.object({ id: z.string() });

export const pushSite = defineJob('comms.pushSite', one, (ctx, { id }) => pushOnce(ctx, id));

/** Many changes at once make one push; pushes to one place never overlap. */
export const requestPush = (ctx: Ctx, id: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, pushSite, { id }, { key: `comms.push:${id}`, queue: `comms.push:${id}`, ...(runAt && { runAt }) });

/** Has every copy brought up to date. One that is failing keeps its own time: a change does not hurry what is down. */
export async function requestPushes(ctx: Ctx): Promise<void> {
  for (const { id, failingSince } of await listCopies(ctx)) if (failingSince === null) await requestPush(ctx, id);
}

/** True while an incident stands on the page: then copies are read every minute. */
async function somethingRuns(ctx: Ctx): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('comms.incidentPages')
    .select('incidentId')
    .where('resolvedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export const watchCopies = defineJob(
  'comms.watchCopies',
  z.object({}),
  async (ctx) => {
    const rows = await listCopies(ctx);
    if (rows.length === 0) return;
    const runs = await somethingRuns(ctx);
    const since = (at: Date | null) => (at ? ctx.now.getTime() - at.getTime() : Number.POSITIVE_INFINITY);
    for (const row of rows) {
      if (row.failingSince === null && since(row.pushedAt) >= REFRESH_MS) await requestPush(ctx, row.id);
      const due = runs || row.driftingSince !== null || since(row.readAt) >= READ_EVERY_MS;
      if (row.pushedAt !== null && due) await readBack(ctx, row);
    }
  },
  { every: 60_000 },
);
