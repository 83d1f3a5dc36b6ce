/** What the bench lacks: daily, and soon after somebody practised, so that nobody has to look. */
import { z } from 'zod';
import { defineJob } from '#kernel';
import { watchBench } from './commands/watchBench.ts';

export const watchBenchDaily = defineJob(
  'people.watchBench',
  z.object({}),
  async (ctx) => void (await watchBench(ctx, {})),
  { every: 86_400_000 },
);

export const refreshBenchLater = defineJob(
  'people.refreshBench',
  z.object({}),
  async (ctx) => void (await watchBench(ctx, {})),
);
