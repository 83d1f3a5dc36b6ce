/** Processes blocks behind their answers: in order for each integration, the one with the least to do first. */
import { type House, log } from '#kernel';
import { processBlocks } from '../commands/processBlocks.ts';
import { setAsideBlock } from '../commands/setAsideBlock.ts';
import { type Block, contentOf } from './blocks.ts';

/** Events of one transaction, by weight, and at most so many of one integration while others wait. */
const TOGETHER = 1500;
const EACH = 500;
const RETRY_MS = 300;
/** Processing rests no longer than this between two transactions, however many wait for their answers. */
const REST_MS = 250;

export interface Behind {
  add(blocks: Block[]): void;
  /** True while blocks wait: what comes now must wait behind them, or it would overtake them. */
  busy(): boolean;
  /** Events that wait here by weight (what is known already weighs little), of everybody or of one integration. */
  load(integrationId?: string): number;
  idle(): Promise<void>;
}

/** Events whose bytes wait in memory, and those that wait as they were read: their turn comes before they grow old. */
const IN_MEMORY = 15_000;
const READ = 2000;
/** A block of so few bytes is kept whatever waits. */
const SMALL = 16 * 1024;

/** Reads a block's posts again where they are not in memory. False when the database cannot say. */
async function complete(house: House, blocks: Block[]): Promise<boolean> {
  const missing = blocks.filter((block) => block.content === undefined);
  if (missing.length === 0) return true;
  try {
    const rows = await house.db
      .selectFrom('signals.blocks')
      .select(['id', 'heads', 'bodies'])
      .where(
        'id',
        'in',
        missing.map((block) => block.id),
      )
      .execute();
    for (const block of missing) {
      const row = rows.find(({ id }) => id === block.id);
      if (row) block.content = contentOf(row);
    }
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'blocks could not be read again just now');
  }
  return missing.every((block) => block.content !== undefined);
}

/** Blocks that this process has in hand, so that it does not take them over from itself. */
export const inHand = new Set<string>();

export function openBehind(house: House, pressed: () => boolean): Behind {
  const queues = new Map<string, Block[]>();
  const byIntegration = new Map<string, number>();
  let all = 0;
  const count = (blocks: Block[], sign: 1 | -1) => {
    for (const { integration, weight } of blocks) {
      all = Math.max(0, all + sign * weight);
      const own = (byIntegration.get(integration.id) ?? 0) + sign * weight;
      if (own > 0.001) byIntegration.set(integration.id, own);
      else byIntegration.delete(integration.id);
    }
  };
  let running: Promise<void> | undefined;

  const run = async () => {
    while (queues.size > 0) {
      const some = choose(queues);
      const from = performance.now();
      if (!(await complete(house, some)) || !(await processed(house, some))) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      drop(queues, some);
      count(some, -1);
      // Those who wait for an answer come first, but what was taken is never left for long.
      if (pressed())
        await new Promise((resolve) => setTimeout(resolve, Math.min(REST_MS, 2 * (performance.now() - from))));
    }
  };
  const wake = () => {
    running ??= run().finally(() => {
      running = undefined;
      if (queues.size > 0) wake();
    });
  };
  return {
    add: (blocks) => {
      count(blocks, 1);
      for (const block of blocks) {
        inHand.add(block.id);
        // A long queue waits in the database, not in memory: its bytes are read again when it is their turn.
        if (all > IN_MEMORY && block.content!.bodies.length > SMALL) block.content = undefined;
        // What came before is kept elsewhere anyway.
        else if (all > READ && block.weight > block.events / 2) block.content!.readings = undefined;
        const queue = queues.get(block.integration.id);
        if (queue) queue.push(block);
        else queues.set(block.integration.id, [block]);
      }
      if (blocks.length > 0) wake();
    },
    busy: () => queues.size > 0,
    load: (id) => (id === undefined ? all : (byIntegration.get(id) ?? 0)),
    idle: async () => {
      while (running) await running;
    },
  };
}

/** The next blocks: whole ones, in their order, small queues first. */
function choose(queues: Map<string, Block[]>): Block[] {
  const size = (queue: Block[]) => queue.length;
  const chosen: Block[] = [];
  let weight = 0;
  for (const queue of [...queues.values()].sort((a, b) => size(a) - size(b))) {
    let own = 0;
    const most = queues.size === 1 ? TOGETHER : EACH;
    for (const block of queue) {
      if (own > 0 && own + block.weight > most) break;
      chosen.push(block);
      own += block.weight;
      weight += block.weight;
    }
    if (weight >= TOGETHER) break;
  }
  return chosen;
}

function drop(queues: Map<string, Block[]>, done: Block[]): void {
  for (const block of done) {
    const queue = queues.get(block.integration.id);
    inHand.delete(block.id);
    if (queue?.[0] === block) queue.shift();
    if (queue?.length === 0) queues.delete(block.integration.id);
  }
}

/** False when the database is not there: it is tried again. A block that fails alone goes its way post by post. */
async function processed(house: House, blocks: Block[]): Promise<boolean> {
  const outer = await house.ctx(house.system('signals.ingest')).catch(() => undefined);
  if (!outer) return false;
  const ctx = { ...outer, db: house.hot };
  try {
    await processBlocks(ctx, { blocks });
    return true;
  } catch (error) {
    log.warn(
      { blocks: blocks.length, error: (error as Error).message },
      'stored posts could not be processed together',
    );
  }
  for (const block of blocks) {
    try {
      await processBlocks(ctx, { blocks: [block] });
    } catch {
      try {
        await setAsideBlock(ctx, { block });
      } catch {
        return false;
      }
    }
  }
  return true;
}
