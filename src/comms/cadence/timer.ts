/** The job behind the clock: one step of the ladder around a due time. It does nothing when the due time has moved. */
import { z } from 'zod';
import { defineJob } from '#kernel';
import { climbLadder } from '../commands/climbLadder.ts';
import { publishHolding } from '../commands/publishHolding.ts';

const payload = z.object({
  incidentId: z.string(),
  step: z.enum(['remind', 'due', 'overdue', 'holding']),
  dueAt: z.string(),
});

export const clockStep = defineJob('comms.clockStep', payload, async (ctx, { step, ...about }) => {
  if (step === 'holding') await publishHolding(ctx, about);
  else await climbLadder(ctx, { ...about, step });
});
