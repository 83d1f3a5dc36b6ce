/** Later work: asking for a hand-over when somebody has led for hours. */
import { z } from 'zod';
import { addMs, defineJob, enqueue } from '#kernel';
import { noteLongDuty } from './commands/noteLongDuty.ts';

export const dutyTimer = (incidentId: string) => `incidents.duty:${incidentId}`;

/** Fires after four hours of unbroken command and each hour after that, until somebody else leads or it is over (M8d). */
export const watchDuty = defineJob(
  'incidents.watchDuty',
  z.object({ incidentId: z.string() }),
  async (ctx, { incidentId }) => {
    const { again } = await noteLongDuty(ctx, { incidentId });
    if (again)
      await enqueue(ctx, watchDuty, { incidentId }, { runAt: addMs(ctx.now, 3_600_000), key: dutyTimer(incidentId) });
  },
);

export const jobs = [watchDuty];
