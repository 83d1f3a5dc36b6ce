/** The jobs of a walk: one turn at a time, and the round that finds walks whose process is gone. */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue, monotonic } from '#kernel';
import { tellingOf } from '../telling.ts';
import { hookCarrier, mailCarrier } from './carriers.ts';
import { walkOn } from './run.ts';
import { lostWalks, takeWalk, type WalkChannel } from './store.ts';

const payload = z.object({ revisionId: z.string(), channel: z.enum(['email', 'webhook']) });

/** A turn is short, so that a stopping process has not long to wait. */
const TURN_MS = 8000;

export const walkJob = defineJob('comms.walk', payload, async (ctx, about) => {
  const walk = await takeWalk(ctx.db, about, ctx.now);
  if (!walk) return;
  const told = await tellingOf(ctx, walk.revisionId);
  const carrier = walk.channel === 'email' ? await mailCarrier(ctx, walk, told) : hookCarrier(ctx, walk, told);
  const from = monotonic();
  const ended = await walkOn(ctx, walk, carrier.step, {
    window: carrier.window,
    turnMs: TURN_MS,
    elapsed: () => monotonic() - from,
  }).finally(() => carrier.close());
  if (ended === 'more') await queueWalk(ctx, about);
});

const keyOf = ({ revisionId, channel }: { revisionId: string; channel: WalkChannel }) =>
  `comms.walk:${channel}:${revisionId}`;

export const queueWalk = (ctx: Ctx, about: { revisionId: string; channel: WalkChannel }): Promise<void> =>
  enqueue(ctx, walkJob, about, { key: keyOf(about) });

/** Takes up walks that fell: a killed process, or a mail server that was away. */
export const resumeWalks = defineJob(
  'comms.resumeWalks',
  z.object({}),
  async (ctx) => {
    for (const about of await lostWalks(ctx)) await queueWalk(ctx, about);
  },
  { every: 3_000, urgent: true },
);
