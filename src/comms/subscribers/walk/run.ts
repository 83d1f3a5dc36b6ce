/** A walk along the subscribers: read ahead, send over a few connections, write the mark down all the time. */
import { type Ctx, monotonic } from '#kernel';
import { type Ledger, openLedger, type Settled } from './ledger.ts';
import { leaveWalk, saveMark, subscribersAfter, type Walked, type WalkRow } from './store.ts';

/** What came of one subscriber. `away`: nobody could be reached; the walk stops here and goes on later. */
export type Step = Settled | { away: string };

export interface Stride {
  /** Begun and not yet written down: as many as a crash may repeat. */
  window: number;
  /** A walk lets go after so long, so that it never keeps a worker from stopping (milliseconds of the process clock). */
  turnMs: number;
  elapsed: () => number;
}

const PAGE = 500;
/** Waits after the first, second … time that nobody could be reached (seconds). */
const BACKOFF = [5, 15, 60, 300, 900, 1800, 3600];
export const backoffMs = (tries: number): number => (BACKOFF[Math.min(tries, BACKOFF.length - 1)] ?? 3600) * 1000;

interface Run {
  ledger: Ledger;
  away: string | undefined;
  lost: boolean;
  wake: () => void;
}

/** Goes on with a walk. Returns `more` when its turn is over before its end. */
export async function walkOn(
  ctx: Ctx,
  walk: WalkRow,
  step: (subscriber: Walked) => Promise<Step>,
  stride: Stride,
): Promise<'done' | 'more' | 'later' | 'lost'> {
  const { afterId: after, ahead, sent, failed, handed } = walk;
  const run: Run = {
    ledger: openLedger({ after, ahead, sent, failed, handed }, stride.window),
    away: undefined,
    lost: false,
    wake: () => undefined,
  };
  const recording = record(ctx, walk, run);
  const ended = await send(ctx, walk, run, step, stride).finally(() => recording.stop());
  await recording.over;
  if (run.lost) return 'lost';
  if (run.away !== undefined) {
    const until = new Date(ctx.now.getTime() + backoffMs(walk.tries));
    await leaveWalk(ctx.db, walk, { state: 'walking', wait: { until, error: run.away } });
    return 'later';
  }
  await leaveWalk(ctx.db, walk, { state: ended ? 'done' : 'walking' });
  return ended ? 'done' : 'more';
}

/** Begins one after the other while there is room. True when the last one was reached. */
async function send(
  ctx: Ctx,
  walk: WalkRow,
  run: Run,
  step: (subscriber: Walked) => Promise<Step>,
  { turnMs, elapsed }: Stride,
): Promise<boolean> {
  const changed = () => new Promise<void>((resolve) => (run.wake = resolve));
  let at = walk.afterId;
  let ended = false;
  let next = subscribersAfter(ctx.db, walk.channel, at, PAGE);
  while (!ended && run.away === undefined && !run.lost && elapsed() < turnMs) {
    const page = await next;
    at = page.at(-1)?.id ?? at;
    ended = page.length < PAGE;
    // The next page is read while this one is sent.
    next = ended ? Promise.resolve([]) : subscribersAfter(ctx.db, walk.channel, at, PAGE);
    for (const subscriber of page) {
      while (!run.ledger.hasRoom() && run.away === undefined && !run.lost) await changed();
      if (run.away !== undefined || run.lost) {
        ended = false;
        break;
      }
      if (run.ledger.begin(subscriber.id)) void one(run, subscriber, step);
    }
  }
  await next.catch(() => undefined);
  while (run.ledger.open() > 0 && !run.lost) await changed();
  return ended && run.away === undefined;
}

async function one(run: Run, subscriber: Walked, step: (subscriber: Walked) => Promise<Step>): Promise<void> {
  const outcome = await step(subscriber).catch((error: Error): Step => ({ away: error.message }));
  if (typeof outcome === 'string') run.ledger.settle(subscriber.id, outcome);
  else {
    run.away ??= outcome.away;
    run.ledger.unbegin(subscriber.id);
  }
  run.wake();
}

/** Writes the mark whenever it has moved, one write after the other; without news it only keeps the lease. */
function record(ctx: Ctx, walk: WalkRow, run: Run): { stop(): void; over: Promise<void> } {
  let stopped = false;
  let poke: () => void = () => undefined;
  const over = (async () => {
    let kept = monotonic();
    for (;;) {
      const last = stopped;
      const mark = run.ledger.pending();
      if (mark || monotonic() - kept > 1500) {
        const held = await saveMark(ctx.db, walk, mark).catch(() => false);
        kept = monotonic();
        if (!held) run.lost = true;
        else if (mark) run.ledger.recorded(mark);
        run.wake();
        if (run.lost) return;
      } else if (last) return;
      else
        await new Promise<void>((resolve) => {
          poke = resolve;
          setTimeout(resolve, 4);
        });
    }
  })();
  return {
    stop: () => {
      stopped = true;
      poke();
    },
    over,
  };
}
