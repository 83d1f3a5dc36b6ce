/** The express lane: work that a person waits for runs in the process that made it, right after the commit, past the queue. */
import { afterCommit } from './commit.ts';
import type { Db } from './context.ts';
import { log } from './log.ts';

/** How much later than now the queue takes up a job that the lane has; by then the lane is done with it, or is gone. */
export const EXPRESS_NET_MS = 4000;
/** Jobs at once. With the worker's four and the requests they share the pool's connections. */
const AT_ONCE = 10;
/** What waits longer than this is left to the queue. */
const PATIENCE_MS = EXPRESS_NET_MS - 500;

/** Work for the lane. `db` is the pool: the transaction that asked for it is over. */
export interface ExpressJob {
  name: string;
  run: (db: Db) => unknown;
}
type Named = (name: string, envelope: unknown) => unknown;

interface Lane {
  offer(job: ExpressJob): void;
  named: Named;
  /** How many more would start at once. */
  free(): number;
}

let lane: Lane | undefined;

/** Hands work to the lane after the commit of `db`. False when there is no lane or `db` is not a command's transaction. */
export function express(db: Db, job: () => ExpressJob): boolean {
  return lane !== undefined && afterCommit(db, () => lane?.offer(job()));
}

/** Hands a job of the queue to the lane, by its name. */
export const expressJob = (db: Db, name: string, envelope: unknown): boolean =>
  express(db, () => ({ name, run: () => lane?.named(name, envelope) }));

/** How many more pieces of work the lane of this process would begin at once. */
export const expressRoom = (): number => lane?.free() ?? 0;

/** Opens this process's lane. `close` refuses new jobs and waits for the running ones; what waited stays in the queue. */
export function openExpress(db: Db, named: Named): { close(): Promise<void> } {
  const waiting: { job: ExpressJob; since: number }[] = [];
  const running = new Set<Promise<void>>();
  const next = () => {
    while (running.size < AT_ONCE) {
      const head = waiting.shift();
      if (!head) return;
      if (performance.now() - head.since > PATIENCE_MS) continue;
      const one: Promise<void> = work(db, head.job).finally(() => {
        running.delete(one);
        next();
      });
      running.add(one);
    }
  };
  lane = {
    named,
    free: () => Math.max(0, AT_ONCE - running.size - waiting.length),
    offer: (job) => {
      waiting.push({ job, since: performance.now() });
      next();
    },
  };
  return {
    close: async () => {
      lane = undefined;
      waiting.length = 0;
      await Promise.all(running);
    },
  };
}

async function work(db: Db, { name, run }: ExpressJob): Promise<void> {
  try {
    await run(db);
  } catch (error) {
    // Its row is still in the queue and is tried again from there.
    log.warn({ job: name, error: (error as Error).message }, 'an express job failed; the queue takes it up');
  }
}
