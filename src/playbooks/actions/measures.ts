/** Temporary measures have an end, and ask for it until somebody takes them back or makes them permanent (rows C1 and C11). */
import { z } from 'zod';
import { addMs, type Ctx, defineJob } from '#kernel';
import { tellMeasure } from '../commands/tellMeasure.ts';
import { seconds } from '../format/outline.ts';
import { scopeOf } from '../probes/observe.ts';
import { MEASURE_LASTS_MS } from './model.ts';
import type { ActionRow } from './store.ts';

/** How often an overdue measure asks again. */
const AGAIN_MS = 30 * 60_000;

/** When the measure an action has taken is to end; null for what cannot be taken back and so is not temporary. */
export async function measureEnds(ctx: Ctx, row: ActionRow): Promise<Date | null> {
  if (!row.plan?.reversible || row.noop || row.action === 'change.unfreeze') return null;
  const mode = row.action === 'degraded.enter' && row.runId ? await modeOf(ctx, row) : undefined;
  return addMs(ctx.now, mode ? seconds(mode.max_duration) * 1000 : MEASURE_LASTS_MS);
}

async function modeOf(ctx: Ctx, row: ActionRow) {
  const { playbook } = await scopeOf(ctx, row.runId!);
  return playbook.spec.degraded_modes.find((one) => one.id === row.params.mode);
}

/** Asks about every measure whose time is over, and again every half hour. */
export const nagMeasures = defineJob(
  'playbooks.nagMeasures',
  z.object({}),
  async (ctx) => {
    const rows = await ctx.db
      .selectFrom('playbooks.actionRuns')
      .select(['id', 'exercise'])
      .where('state', '=', 'effective')
      .where('measureUntil', '<=', ctx.now)
      .where('measureKeptBy', 'is', null)
      .where((eb) => eb.or([eb('measureToldAt', 'is', null), eb('measureToldAt', '<=', addMs(ctx.now, -AGAIN_MS))]))
      .execute();
    for (const row of rows) await tellMeasure({ ...ctx, exercise: row.exercise }, { actionRunId: row.id });
  },
  { every: 60_000 },
);
