/** Periodic work of monitors: what nobody looks at any more, probes that went silent, and what is too old to keep. */
import { addMs, type Ctx, defineJob, sql } from '#kernel';
import { z } from 'zod';
import { tellProbe } from './probes/commands/tellProbe.ts';
import { turnMonitor } from './commands/turnMonitor.ts';
import { forgetNodes } from './engine/leases.ts';
import { verdictOf } from './model.ts';
import { isSilent } from './probes/model.ts';
import { listProbes } from './probes/store.ts';

/** A check that does not run is not green: its state becomes unknown, by the clock alone. */
export const watchMonitors = defineJob(
  'signals.watchMonitors',
  z.object({}),
  async (ctx) => {
    for (const id of await turnable(ctx)) await turnMonitor(ctx, { id });
    for (const probe of await listProbes(ctx))
      if (isSilent(probe, ctx.now) !== probe.alerting) await tellProbe(ctx, { id: probe.id });
  },
  { every: 15_000 },
);

/** Monitors whose places say something else by now than what stands on them. */
async function turnable(ctx: Ctx): Promise<string[]> {
  const monitors = await ctx.db
    .selectFrom('signals.monitors')
    .select(['id', 'places', 'quorum', 'state', 'intervalSeconds', 'timeoutSeconds'])
    .where('enabled', '=', true)
    .execute();
  const places = await ctx.db
    .selectFrom('signals.monitorPlaces')
    .select(['monitorId', 'place', 'state', 'lastAt', 'lastOk', 'lastReason'])
    .execute();
  const byMonitor = Map.groupBy(places, (place) => place.monitorId);
  return monitors
    .filter((monitor) => verdictOf(monitor, byMonitor.get(monitor.id) ?? [], ctx.now).state !== monitor.state)
    .map((monitor) => monitor.id);
}

const DAY_MS = 86_400_000;

/** Five-minute sums are kept two days, hourly ones and changes 400; minutes of objectives four days, their hours 190. */
export const tidyMonitors = defineJob(
  'signals.tidyMonitors',
  z.object({}),
  async (ctx) => {
    const ago = (days: number) => addMs(ctx.now, -days * DAY_MS);
    await sql`delete from signals.monitor_rollups where (seconds = 300 and at < ${ago(2)}) or (seconds = 3600 and at < ${ago(400)})`.execute(
      ctx.db,
    );
    await sql`delete from signals.monitor_changes where at < ${ago(400)}`.execute(ctx.db);
    await sql`delete from signals.slo_counts where (seconds = 60 and at < ${ago(4)}) or (seconds = 3600 and at < ${ago(190)})`.execute(
      ctx.db,
    );
    await forgetNodes(ctx);
  },
  { every: 3_600_000 },
);
