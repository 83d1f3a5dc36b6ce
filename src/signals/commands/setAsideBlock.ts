/** A block that cannot be processed together is taken apart: each post is then tried, and if need be quarantined, for itself. */
import { enqueue } from '#kernel';
import { command } from '#security';
import { type Block, postsOf } from '../intake/blocks.ts';
import { claimBlocks, insertBlockSignals } from '../intake/store.ts';
import { processSignalJob } from '../process-job.ts';

export const setAsideBlock = command(
  'signals.setAsideBlock',
  { allow: 'internal', subject: (input: { block: Block }) => input.block.id },
  async (ctx, { block }): Promise<{ posts: number }> => {
    ctx.audit.skip = true;
    const ours = await claimBlocks(ctx, [block]);
    if (ours.length === 0) return { posts: 0 };
    await insertBlockSignals(ctx, block);
    const posts = postsOf(block);
    for (const { id } of posts)
      await enqueue(ctx, processSignalJob, { signalId: id }, { key: `signals.process:${id}` });
    return { posts: posts.length };
  },
);
