/** After restored: the closing sequence is looked at until nothing is left, and the watch goes on for a day. */
import { addMs, type Ctx, defineJob, enqueue } from '#kernel';
import { z } from 'zod';
import { closeUp } from '../commands/closeUp.ts';
import { noteWatch } from '../commands/noteWatch.ts';
import { measureAll } from '../measure.ts';
import { criteriaOf, planOf } from '../store.ts';
import { watchesUnderWay } from './store.ts';

/** One round of one watch: measured outside any transaction. */
export async function watchOnce(ctx: Ctx, incidentId: string): Promise<void> {
  const plan = await planOf(ctx.db, incidentId);
  const criteria = plan ? await criteriaOf(ctx.db, plan.id) : [];
  const round = await measureAll(ctx, incidentId, criteria);
  const bad = round
    .filter(({ verdict }) => verdict === 'false')
    .map(({ criterion, detail }) => `${criterion.name} is false${detail ? ` (${detail})` : ''}`);
  await noteWatch(ctx, { incidentId, bad });
}

export const keepWatch = defineJob(
  'recovery.keepWatch',
  z.object({}),
  async (ctx) => {
    for (const watch of await watchesUnderWay(ctx.db))
      await watchOnce({ ...ctx, exercise: watch.exercise }, watch.incidentId);
  },
  { every: 60_000 },
);

/** The first list: a moment after restored, when freezes are lifted and clocks are stopped by those whose they are. */
export const firstClosing = defineJob(
  'recovery.firstClosing',
  z.object({ incidentId: z.string() }),
  (ctx, { incidentId }) => closeUp(ctx, { incidentId, first: true }),
);
/** Long enough for what follows from restored to have happened. */
const SETTLED_MS = 15_000;
export const closeUpSoon = (ctx: Ctx, incidentId: string): Promise<void> =>
  enqueue(
    ctx,
    firstClosing,
    { incidentId },
    { key: `recovery-closing:${incidentId}`, runAt: addMs(ctx.now, SETTLED_MS) },
  );

/** Left-overs may settle themselves: a freeze runs out, a mode drains, a message is published. */
export const sweepClosing = defineJob(
  'recovery.sweepClosing',
  z.object({}),
  async (ctx) => {
    const open = await ctx.db
      .selectFrom('recovery.closingItems')
      .select(['incidentId', 'exercise'])
      .distinct()
      .where('state', 'in', ['left', 'due'])
      .where('changedAt', '>', addMs(ctx.now, -7 * 24 * 3_600_000))
      .execute();
    for (const { incidentId, exercise } of open) await closeUp({ ...ctx, exercise }, { incidentId });
  },
  { every: 60_000 },
);
