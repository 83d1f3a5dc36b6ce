/** Later work: asking for a hand-over when somebody has led for hours. */
import { z } from 'zod';
import { defineJob, enqueue } from '#kernel';
import { noteLongDuty } from './commands/noteLongDuty.ts';

export const dutyTimer = (incidentId: string) => `incidents.duty:${incidentId}`;

/** Fires after four hours of unbroken command and each hour after that, until somebody else leads or it is over (M8d). */
export const watchDuty = defineJob(
  'incidents.watchDuty',
  z.object({ incidentId: z.string() }),
  async (ctx, { incidentId }) => {
    const { nextAt } = await noteLongDuty(ctx, { incidentId });
    if (nextAt) await enqueue(ctx, watchDuty, { incidentId }, { runAt: nextAt, key: dutyTimer(incidentId) });
  },
);

export const jobs = [watchDuty];
