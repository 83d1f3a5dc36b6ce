/** Who could not be reached on a walk becomes an ordinary delivery a little later, which tries again for most of a day. */
import { z } from 'zod';
import { addMs, type Ctx, defineJob, enqueue } from '#kernel';
import { handOver } from '../../commands/handOver.ts';

const payload = z.object({ revisionId: z.string(), channel: z.enum(['email', 'webhook']), subscriberId: z.string() });

/** The next try would fail at once like the one before: it waits (milliseconds). */
const LATER_MS = 20_000;

export const handOverJob = defineJob('comms.handOver', payload, (ctx, about) => handOver(ctx, about));

/** Puts one subscriber of a walk aside; asked for twice, it is done once. */
export const queueHandOver = (ctx: Ctx, about: z.infer<typeof payload>): Promise<void> =>
  enqueue(ctx, handOverJob, about, {
    key: `comms.handOver:${about.revisionId}:${about.subscriberId}`,
    runAt: addMs(ctx.now, LATER_MS),
  });
