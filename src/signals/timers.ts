/** Timers of a group: end its pages after the grace, resolve it after a quiet window. Each can be moved or taken back by its key. */
import { addMs, type Ctx, cancelJob, defineJob, enqueue } from '#kernel';
import { z } from 'zod';
import { settleGroup } from './commands/settleGroup.ts';
import { stopPagesOf } from './commands/stopPagesOf.ts';
import { FLAP_WINDOW_MS, STOP_GRACE_MS } from './model.ts';

const ofGroup = z.object({ groupId: z.string() });

export const stopPagesJob = defineJob(
  'signals.stopPages',
  ofGroup,
  async (ctx, payload) => void (await stopPagesOf(ctx, payload)),
);
export const settleGroupJob = defineJob(
  'signals.settle',
  ofGroup,
  async (ctx, payload) => void (await settleGroup(ctx, payload)),
);

const stopKey = (groupId: string) => `signals.stop:${groupId}`;

/** Pages end a few seconds after the source resolved. */
export const stopSoon = (ctx: Ctx, groupId: string) =>
  enqueue(ctx, stopPagesJob, { groupId }, { runAt: addMs(ctx.now, STOP_GRACE_MS), key: stopKey(groupId) });

/** It came back: the pages go on. */
export const keepPaging = (ctx: Ctx, groupId: string) => cancelJob(ctx, stopKey(groupId));

/** A flapping group resolves after a quiet window, counted anew from each resolve. */
export const settleLater = (ctx: Ctx, groupId: string) =>
  enqueue(
    ctx,
    settleGroupJob,
    { groupId },
    { runAt: addMs(ctx.now, FLAP_WINDOW_MS), key: `signals.settle:${groupId}` },
  );
