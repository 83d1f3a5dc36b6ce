/** How often one token may call, per minute and node: a model in a loop must not take the place of people. */
import type { Ctx } from '#kernel';
import { Problem } from '#kernel';

export const PER_MINUTE = { calls: 120, writes: 20 };

interface Count {
  minute: number;
  calls: number;
  writes: number;
}

const counts = new Map<string, Count>();

/** Counts a call; throws 429 with the seconds to wait when the minute's share is used up. */
export function countCall(ctx: Pick<Ctx, 'actor' | 'now'>, kind: 'calls' | 'writes'): void {
  const minute = Math.floor(ctx.now.getTime() / 60_000);
  let count = counts.get(ctx.actor.id);
  if (count?.minute !== minute) {
    if (counts.size > 10_000) counts.clear();
    count = { minute, calls: 0, writes: 0 };
    counts.set(ctx.actor.id, count);
  }
  count[kind] += 1;
  if (count[kind] <= PER_MINUTE[kind]) return;
  const wait = Math.ceil(60 - (ctx.now.getTime() % 60_000) / 1000);
  throw new Problem(429, `More than ${PER_MINUTE[kind]} ${kind} in a minute`, {
    rule: 'mcp.rate',
    detail: `Wait ${wait} s.`,
    extra: { retryAfterSeconds: wait },
  });
}
