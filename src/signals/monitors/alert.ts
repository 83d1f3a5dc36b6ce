/** The alert of a monitor: opened and ended through the same door as heartbeats, so that grouping, paging and incidents follow. */
import { config, type Ctx } from '#kernel';
import { integrationOf } from '../integrations/store.ts';
import { eventOf, ownSignal } from '../own-signal.ts';
import { kindOf } from './families.ts';
import { failingSince, keyOfMonitor, type Monitor, type PlaceState } from './model.ts';
import { MONITOR_INTEGRATION } from './store.ts';

const origin = async (ctx: Ctx, monitor: Monitor) => ({
  ...(await integrationOf(ctx, MONITOR_INTEGRATION)),
  serviceId: monitor.serviceId,
});

/** Opens it: what fails, where, since when. */
export async function openAlert(ctx: Ctx, monitor: Monitor, places: PlaceState[]): Promise<void> {
  const title = `${monitor.name} is down`;
  const kind = kindOf(monitor.kind);
  const target = kind?.target(monitor.spec) ?? '';
  await ownSignal(ctx, await origin(ctx, monitor), `Monitor “${monitor.name}” fails: ${monitor.reason}`, [
    eventOf({
      action: 'trigger',
      key: keyOfMonitor(monitor.id),
      title,
      severity: monitor.severity,
      description: `${monitor.reason}. ${kind?.title ?? monitor.kind}: ${target}`,
      source: monitor.name,
      labels: { monitor: monitor.name, kind: monitor.kind },
      details: Object.fromEntries(
        places.map((one) => [one.place, { ...one.facts, reason: one.lastReason, last_at: one.lastAt.toISOString() }]),
      ),
      links: [{ href: `${config.publicUrl}/monitors/${monitor.id}`, text: 'The monitor' }],
      startedAt: failingSince(places),
      group: { key: keyOfMonitor(monitor.id), title },
    }),
  ]);
}

/** Ends the alert of a monitor, when one is open. */
export async function endAlert(ctx: Ctx, monitor: Monitor, why: string): Promise<void> {
  await ownSignal(ctx, await origin(ctx, monitor), why, [
    eventOf({ action: 'resolve', key: keyOfMonitor(monitor.id), endedAt: ctx.now }),
  ]);
}
