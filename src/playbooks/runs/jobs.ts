/** The end of a step's timebox. */
import { z } from 'zod';
import { defineJob } from '#kernel';
import { noteOverdueStep } from '../commands/noteOverdueStep.ts';
import { stepById } from '../store.ts';

export const timeboxOver = defineJob(
  'playbooks.timeboxOver',
  z.object({ stepRunId: z.string() }),
  async (ctx, { stepRunId }) => {
    const row = await stepById(ctx.db, stepRunId);
    if (row) await noteOverdueStep({ ...ctx, exercise: row.exercise }, { stepRunId });
  },
);
