/** The net beneath correlation: what opened side by side is folded, and what is held for a reason that is gone is released. */
import { addMs, type Ctx, defineJob } from '#kernel';
import { z } from 'zod';
import { releaseGroups } from './commands/releaseGroups.ts';
import { correlateOpen } from './evaluate.ts';
import { limitsNow } from './store.ts';

/** Open correlations whose lead has been over for a while. */
async function overdue(ctx: Ctx, afterMs: number): Promise<{ id: string; exercise: boolean }[]> {
  return await ctx.db
    .selectFrom('signals.correlations as c')
    .innerJoin('signals.groups as g', 'g.id', 'c.leadGroupId')
    .select(['c.id', 'c.exercise'])
    .where('c.state', '=', 'open')
    .where('g.state', '=', 'resolved')
    .where('g.resolvedAt', '<=', addMs(ctx.now, -afterMs))
    .limit(500)
    .execute();
}

export const watchCorrelations = defineJob(
  'signals.watchCorrelations',
  z.object({}),
  async (ctx) => {
    const { releaseAfterMs } = await limitsNow(ctx);
    for (const { id, exercise } of await overdue(ctx, releaseAfterMs))
      await releaseGroups({ ...ctx, exercise }, { correlationId: id });
    await correlateOpen(ctx);
    const drill = await ctx.db
      .selectFrom('signals.groups')
      .select('id')
      .where('exercise', '=', true)
      .where('state', '<>', 'resolved')
      .where('firstAt', '>', addMs(ctx.now, -20 * 60_000))
      .executeTakeFirst();
    if (drill) await correlateOpen({ ...ctx, exercise: true });
  },
  { every: 10_000, urgent: true },
);
