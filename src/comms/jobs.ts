/** Every job of comms; they live beside what they do. */
import { z } from 'zod';
import { addMs, defineJob } from '#kernel';
import { clockStep } from './cadence/timer.ts';
import { sweepAttempts } from './commands/sweepAttempts.ts';
import { commitmentTimer } from './messages/commitments.ts';
import { postJob } from './social/posts.ts';
import { readBackJob } from './social/read-back.ts';
import { criticalJob } from './subscribers/critical.ts';
import { maintenanceStep } from './maintenance/step.ts';
import { pushSite, watchCopies } from './copies/jobs.ts';
import { renderStatusPage } from './statuspage/jobs.ts';
import { spread } from './subscribers/publish.ts';
import { handOverJob } from './subscribers/walk/hand-over.ts';
import { resumeWalks, walkJob } from './subscribers/walk/index.ts';

/** Counters of subscribe attempts are kept for a day, unconfirmed addresses for a week. */
export const sweep = defineJob(
  'comms.sweep',
  z.object({}),
  (ctx) =>
    sweepAttempts(ctx, {
      attemptsBefore: addMs(ctx.now, -86_400_000),
      pendingBefore: addMs(ctx.now, -7 * 86_400_000),
    }),
  {
    every: 6 * 3_600_000,
  },
);

export const jobs = [
  clockStep,
  commitmentTimer,
  criticalJob,
  postJob,
  readBackJob,
  spread,
  walkJob,
  handOverJob,
  resumeWalks,
  renderStatusPage,
  pushSite,
  watchCopies,
  maintenanceStep,
  sweep,
];
