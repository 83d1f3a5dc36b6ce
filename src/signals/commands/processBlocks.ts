/** Processes stored blocks: of each integration with the locks, reads and writes of one post. */
import { command } from '#security';
import { noteHeard } from '../integrations/store.ts';
import { type Block, eventsOf, postsOf } from '../intake/blocks.ts';
import { claimBlocks } from '../intake/store.ts';
import { processAll } from '../process.ts';

/** Returns how many blocks were processed here; one that another node took over meanwhile is left alone. */
export const processBlocks = command(
  'signals.processBlocks',
  { allow: 'internal', standing: true },
  async (ctx, { blocks }: { blocks: Block[] }): Promise<{ processed: number }> => {
    ctx.audit.skip = true;
    const ours = await claimBlocks(ctx, blocks);
    // In one order, so that two nodes cannot wait for each other.
    const byIntegration = [...Map.groupBy(ours, (block) => block.integration.id)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [integrationId, list] of byIntegration) {
      const { serviceId } = list[0]!.integration;
      const brought = list.flatMap((block) =>
        postsOf(block).map((post) => ({
          origin: { signalId: post.id, integrationId, serviceId, test: false, mayPage: true },
          events: eventsOf(post, block) ?? [],
        })),
      );
      await processAll(ctx, brought, true);
      await noteHeard(ctx, integrationId);
    }
    return { processed: ours.length };
  },
);
