/** What was read of another pager holds names and numbers of people: a week after it was read it is forgotten. */
import { addMs, defineJob } from '#kernel';
import { z } from 'zod';
import { systemActor } from '#security';
import { forgetSnapshots } from './commands/forgetSnapshots.ts';

export { runImport } from './timer.ts';

const DAY_MS = 86_400_000;
export const KEPT_MS = 7 * DAY_MS;

export const forgetReadings = defineJob(
  'programme.forgetReadings',
  z.object({}),
  async (ctx) =>
    forgetSnapshots({ ...ctx, actor: systemActor('programme.forgetReadings') }, { before: addMs(ctx.now, -KEPT_MS) }),
  { every: DAY_MS },
);
