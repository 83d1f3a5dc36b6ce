/** Takes posts that arrived together, each as `receive` would, with one commit for all of them. */
import { command } from '#security';
import type { Receive } from '../intake/arrival.ts';
import { type Received, takeAll } from '../intake/take-all.ts';

/** Returns what came of each, in order. Everything or nothing. */
export const receiveAll = command(
  'signals.receiveAll',
  { allow: 'internal' },
  async (ctx, input: { posts: Receive[] }): Promise<Received[]> => {
    ctx.audit.skip = true;
    return await takeAll(ctx, input.posts);
  },
);
