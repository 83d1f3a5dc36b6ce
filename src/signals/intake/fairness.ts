/**
 * Fair shares of the way in: each sender has a bucket of posts, and when more waits than is being processed, a sender that
 * has filled the queue is asked to come again, so that room is kept for the others. Pure but for the monotonic clock
 * that it is given. Nothing that was taken is dropped: a refusal is a 429 before anything is stored.
 */

export interface Limits {
  /** Posts a second that one sender may keep up, and how many at once on top. Lenient: a whole cluster falling over fits. */
  perSecond: number;
  burst: number;
  /** Events that may wait in the queue before shares are looked at. */
  queue: number;
  /** The part of that queue which one sender may fill. The rest is kept for the others. */
  share: number;
}

export const LENIENT: Limits = { perSecond: 20_000, burst: 100_000, queue: 100_000, share: 0.5 };

interface Bucket {
  tokens: number;
  at: number;
}

/** `null` when the post is welcome, else after how many seconds to come again. */
export type Verdict = number | null;

export interface Fairness {
  /** A post of this sender at this monotonic time. `own` and `all`: events that wait, of this sender and of everybody. */
  ask(sender: string, now: number, limits: Limits, own: number, all: number): Verdict;
}

/** Senders that are remembered; the longest unheard are full again anyway. */
const MOST_SENDERS = 10_000;

export function openFairness(): Fairness {
  const buckets = new Map<string, Bucket>();
  return {
    ask: (sender, now, limits, own, all) => {
      const bucket = buckets.get(sender) ?? { tokens: limits.burst, at: now };
      const tokens = Math.min(limits.burst, bucket.tokens + ((now - bucket.at) / 1000) * limits.perSecond);
      if (!buckets.has(sender) && buckets.size >= MOST_SENDERS) buckets.delete(buckets.keys().next().value as string);
      if (tokens < 1) {
        buckets.set(sender, { tokens, at: now });
        return Math.max(1, Math.ceil((1 - tokens) / limits.perSecond));
      }
      // Seconds, not milliseconds: the queue is long, and the sender keeps what it has.
      if (all >= limits.queue && own > all * limits.share) return 5;
      buckets.set(sender, { tokens: tokens - 1, at: now });
      return null;
    },
  };
}
