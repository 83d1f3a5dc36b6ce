/** The timer of a delivery. What happens when it fires is set in `jobs.ts`; here is what is needed to set and take it. */
import { type Ctx, cancelJob, defineJob, enqueue } from '#kernel';
import { z } from 'zod';

type Work = (ctx: Ctx, payload: { deliveryId: string }) => Promise<unknown>;
let work: Work = () => Promise.reject(new Error('channels.deliver has no work yet'));

/** Says what the timer does; once, when the module is loaded. */
export const onDeliveryTimer = (fn: Work) => {
  work = fn;
};

export const deliver = defineJob(
  'channels.deliver',
  z.object({ deliveryId: z.string() }),
  (ctx, payload) => work(ctx, payload),
  { urgent: true, waits: true },
);

const timer = (deliveryId: string) => `delivery:${deliveryId}`;

/** Puts a delivery's next try on the clock; the same key moves an earlier timer. */
export const scheduleDelivery = (ctx: Ctx, deliveryId: string, runAt?: Date) =>
  enqueue(ctx, deliver, { deliveryId }, { key: timer(deliveryId), ...(runAt ? { runAt } : {}) });

/** Takes the timer away. */
export const unscheduleDelivery = (ctx: Ctx, deliveryId: string) => cancelJob(ctx, timer(deliveryId));
