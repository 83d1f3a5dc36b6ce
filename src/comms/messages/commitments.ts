/** The timer behind every promise: it looks a minute after the time whether it was kept. */
import { z } from 'zod';
import { defineJob } from '#kernel';
import { scoreCommitment } from '../commands/scoreCommitment.ts';

export const commitmentTimer = defineJob('comms.commitment', z.object({ id: z.string() }), (ctx, { id }) =>
  scoreCommitment(ctx, { id }),
);
