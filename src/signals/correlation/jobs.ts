/** The net beneath correlation: what opened side by side is folded, and what is held for a reason that is gone is released. */
import { addMs, type Ctx, defineJob, sql } from '#kernel';
import { z } from 'zod';
import { releaseGroups } from './commands/releaseGroups.ts';
import { releaseHeld } from '../rules/commands/releaseHeld.ts';
import { forgetInhibitors } from '../rules/store.ts';
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

/** Groups held by a rule or an inhibiting alert that are looked at again. */
async function releaseRuled(ctx: Ctx): Promise<void> {
  await forgetInhibitors(ctx);
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .select('id')
    .where('held', 'is not', null)
    .where('state', '<>', 'resolved')
    .where(sql<boolean>`held ->> 'kind' <> 'correlation'`)
    .limit(500)
    .execute();
  for (const { id } of rows) await releaseHeld(ctx, { groupId: id });
}

export const watchCorrelations = defineJob(
  'signals.watchCorrelations',
  z.object({}),
  async (ctx) => {
    const { releaseAfterMs } = await limitsNow(ctx);
    for (const { id, exercise } of await overdue(ctx, releaseAfterMs))
      await releaseGroups({ ...ctx, exercise }, { correlationId: id });
    await releaseRuled(ctx);
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
