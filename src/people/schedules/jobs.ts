/** Daily: the duty that was held is written down, so that later changes cannot rewrite it. */
import { z } from 'zod';
import { defineJob } from '#kernel';
import { recordDuty } from './commands/recordDuty.ts';

export const keepDutyDaily = defineJob(
  'people.keepDuty',
  z.object({}),
  async (ctx) => void (await recordDuty(ctx, {})),
  {
    every: 86_400_000,
  },
);
