/** The express lane: jobs that a person waits for run in the process that made them, right after the commit, past the queue. */
import { afterCommit } from './commit.ts';
import type { Db } from './context.ts';
import { log } from './log.ts';

/** How much later than now the queue takes up a job that the lane has; by then the lane is done with it, or is gone. */
export const EXPRESS_NET_MS = 4000;
/** Jobs at once. With the worker's four and the requests they share the pool's connections. */
const AT_ONCE = 10;
/** What waits longer than this is left to the queue. */
const PATIENCE_MS = EXPRESS_NET_MS - 500;

export interface ExpressJob {
  name: string;
  envelope: unknown;
}

type Run = (name: string, envelope: unknown) => unknown;

let offer: ((job: ExpressJob) => void) | undefined;

/** Hands a job to the lane after the commit of `db`. False when there is no lane or `db` is not a command's transaction. */
export function express(db: Db, job: () => ExpressJob): boolean {
  if (!offer) return false;
  return afterCommit(db, () => offer?.(job()));
}

/** Opens this process's lane. `close` refuses new jobs and waits for the running ones; what waited stays in the queue. */
export function openExpress(run: Run): { close(): Promise<void> } {
  const waiting: { job: ExpressJob; since: number }[] = [];
  const running = new Set<Promise<void>>();
  const next = () => {
    while (running.size < AT_ONCE) {
      const head = waiting.shift();
      if (!head) return;
      if (performance.now() - head.since > PATIENCE_MS) continue;
      const one: Promise<void> = work(run, head.job).finally(() => {
        running.delete(one);
        next();
      });
      running.add(one);
    }
  };
  offer = (job) => {
    waiting.push({ job, since: performance.now() });
    next();
  };
  return {
    close: async () => {
      offer = undefined;
      waiting.length = 0;
      await Promise.all(running);
    },
  };
}

async function work(run: Run, { name, envelope }: ExpressJob): Promise<void> {
  try {
    await run(name, envelope);
  } catch (error) {
    // Its row is still in the queue and is tried again from there.
    log.warn({ job: name, error: (error as Error).message }, 'an express job failed; the queue takes it up');
  }
}
