/** The job behind the clock: one step of the ladder around a due time. It does nothing when the due time has moved. */
import { z } from 'zod';
import { defineJob } from '#kernel';
import { climbLadder } from '../commands/climbLadder.ts';

const payload = z.object({
  incidentId: z.string(),
  step: z.enum(['remind', 'due', 'overdue']),
  dueAt: z.string(),
});

export const clockStep = defineJob('comms.clockStep', payload, (ctx, input) => climbLadder(ctx, input));
