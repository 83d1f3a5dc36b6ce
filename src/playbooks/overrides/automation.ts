/** Whether anything may run by itself, for the banner everybody sees. */
import { servicesByIds } from '#catalog';
import type { Ctx } from '#kernel';
import { openPauses } from '../safeguards/store.ts';
import { activeOverrides } from './store.ts';
import { overrideViews } from './view.ts';

export async function automationView(ctx: Ctx) {
  const pauses = await openPauses(ctx.db);
  const all = pauses.find((one) => one.serviceId === null);
  const single = pauses.filter((one) => one.serviceId !== null);
  const services = await servicesByIds(
    ctx,
    single.map((one) => one.serviceId!),
  );
  return {
    paused: all ? { reason: all.reason, by: all.pausedByName, at: all.pausedAt.toISOString() } : null,
    services: single.map((one) => ({
      id: one.serviceId!,
      name: services.get(one.serviceId!)?.name ?? one.serviceId!,
      reason: one.reason,
      by: one.pausedByName,
      at: one.pausedAt.toISOString(),
    })),
    overrides: await overrideViews(ctx, await activeOverrides(ctx)),
  };
}
