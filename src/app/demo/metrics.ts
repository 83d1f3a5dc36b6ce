/** Five days of orders a minute at Orchardline, learnt step by step, with one odd hour; the band and its reason have something to show. */
import { createMetricWatch, feedMetrics } from '#signals';
import type { Stage } from './stage.ts';

const STEP_MS = 300_000;
const STEPS = 1440;
const DAY_STEPS = 288;

/** Quiet at night, a lunch and an evening; the same wobble every time. */
function orders(n: number): number {
  const day = (n % DAY_STEPS) / DAY_STEPS;
  const usual = 40 + 45 * Math.sin(Math.PI * day) ** 2 + 18 * Math.sin(2 * Math.PI * (day - 0.3));
  const wobble = 3 * Math.sin(n * 12.9898) + 2 * Math.sin(n * 78.233);
  // Half a day ago hardly an order was let through for fifty minutes.
  const odd = n >= STEPS - 160 && n < STEPS - 150;
  return Math.max(0, odd ? usual * 0.03 : usual + wobble);
}

export async function watchOrders(stage: Stage, serviceId: string, admin: string): Promise<void> {
  const watch = await stage.at(stage.now, admin, (ctx) =>
    createMetricWatch(ctx, {
      name: 'Orders a minute',
      source: 'write',
      selector: 'orders_placed_per_minute',
      stepSeconds: STEP_MS / 1000,
      serviceId,
    }),
  );
  const end = Math.floor(stage.now.getTime() / STEP_MS) * STEP_MS;
  const samples = Array.from({ length: STEPS }, (_, n) => ({ at: end - (STEPS - n) * STEP_MS, value: orders(n) }));
  const labels = { __name__: 'orders_placed_per_minute', service: 'order-api', region: 'eu-west' };
  await stage.at(stage.now, null, (ctx) =>
    feedMetrics(ctx, { watchId: watch.id, version: watch.version, series: [{ labels, samples }] }),
  );
}
