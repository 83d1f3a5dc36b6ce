/** Where the sampler is called. Commands wake it by address, so that neither imports the other. */
import { type Ctx, cancelJob, defineJob, enqueue } from '#kernel';
import { z } from 'zod';

const elsewhere = () => Promise.reject(new Error('this is only the address of a job'));
const sampler = defineJob('recovery.sample', z.object({ planId: z.string() }), elsewhere);

/** Lets a plan be sampled, now or at an instant; one wake-up is kept per plan. */
export const wakeSampler = (ctx: Ctx, planId: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, sampler, { planId }, { key: `recovery:${planId}`, ...(runAt && { runAt }) });

export const stopSampler = (ctx: Ctx, planId: string): Promise<void> => cancelJob(ctx, `recovery:${planId}`);
