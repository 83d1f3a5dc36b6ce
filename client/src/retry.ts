/** Trying again without making it worse: full jitter, a budget of time, and a share of calls that may be retries (domain.md 4.4). */

/** As it comes in the flag `policy.<target>`. Times in milliseconds. */
export interface RetryPolicy {
  max_attempts: number;
  timeout_ms: number;
  budget_ms: number;
  /** Retries may be at most this share of the calls to a target in a minute. */
  retry_ratio_max: number;
  backoff: { base_ms: number; factor: number; cap_ms: number; jitter: 'full' };
}
export const DEFAULT_POLICY: RetryPolicy = {
  max_attempts: 3,
  timeout_ms: 10_000,
  budget_ms: 60_000,
  retry_ratio_max: 0.1,
  backoff: { base_ms: 500, factor: 2, cap_ms: 20_000, jitter: 'full' },
};

/** Reads a policy as it came over the wire; what is missing or senseless is as by default, never looser than that. */
export function readPolicy(value: unknown): RetryPolicy {
  const given = (value !== null && typeof value === 'object' ? value : {}) as Partial<RetryPolicy>;
  const number = (one: unknown, usual: number, least: number, most: number): number =>
    typeof one === 'number' && Number.isFinite(one) ? Math.min(most, Math.max(least, one)) : usual;
  const { backoff } = given;
  return {
    max_attempts: Math.floor(number(given.max_attempts, DEFAULT_POLICY.max_attempts, 1, 10)),
    timeout_ms: number(given.timeout_ms, DEFAULT_POLICY.timeout_ms, 1, 600_000),
    budget_ms: number(given.budget_ms, DEFAULT_POLICY.budget_ms, 0, 3_600_000),
    retry_ratio_max: number(given.retry_ratio_max, DEFAULT_POLICY.retry_ratio_max, 0, 1),
    backoff: {
      base_ms: number(backoff?.base_ms, DEFAULT_POLICY.backoff.base_ms, 0, 600_000),
      factor: number(backoff?.factor, DEFAULT_POLICY.backoff.factor, 1, 10),
      cap_ms: number(backoff?.cap_ms, DEFAULT_POLICY.backoff.cap_ms, 0, 3_600_000),
      jitter: 'full',
    },
  };
}

/** The longest wait before retry `n` (from 0). */
export const most = ({ backoff }: Pick<RetryPolicy, 'backoff'>, n: number): number =>
  Math.min(backoff.cap_ms, backoff.base_ms * backoff.factor ** n);

/** How long to wait before retry `n`: anything from nothing to the most, so that callers do not come back together. `Retry-After` is a lower bound. */
export const delay = (
  policy: Pick<RetryPolicy, 'backoff'>,
  n: number,
  random: () => number,
  retryAfterMs = 0,
): number => Math.max(retryAfterMs, random() * most(policy, n));

const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Statuses worth a second try; connection errors are, too. Everything else would only fail again. */
export const retryable = (status: number): boolean => AGAIN.has(status);

/** Counts calls and retries of one target over the last minute: the budget all its callers in this process share. */
export class RetryBudget {
  #events: { at: number; retry: boolean }[] = [];
  readonly #now: () => number;
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  #recent(): { calls: number; retries: number } {
    const since = this.#now() - 60_000;
    while (this.#events.length > 0 && this.#events[0]!.at < since) this.#events.shift();
    const retries = this.#events.filter((one) => one.retry).length;
    return { calls: this.#events.length, retries };
  }
  /** Notes a first attempt. */
  call(): void {
    this.#events.push({ at: this.#now(), retry: false });
  }
  /** True, and noted, when one more retry keeps retries within their share of all calls. */
  mayRetry(ratio: number): boolean {
    const { calls, retries } = this.#recent();
    if (retries + 1 > ratio * (calls + 1)) return false;
    this.#events.push({ at: this.#now(), retry: true });
    return true;
  }
  /** Share of retries among the calls of the last minute. */
  ratio(): number {
    const { calls, retries } = this.#recent();
    return calls === 0 ? 0 : retries / calls;
  }
}

/** Thrown by what is called to say that trying again makes sense, and from when. */
export class TryAgain extends Error {
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs = 0) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Attempts {
  policy: RetryPolicy;
  budget: RetryBudget;
  /** Without a key the other side cannot tell a second try from a second order: then there is none. */
  idempotencyKey: string | undefined;
  sleep?: (ms: number) => Promise<void>;
  random?: () => number;
  now?: () => number;
}

/** Calls, and tries again only for {@link TryAgain}, within attempts, time and the shared budget. */
export async function attempt<T>(run: (n: number, signal: AbortSignal) => Promise<T>, options: Attempts): Promise<T> {
  const { policy, budget, idempotencyKey, random = Math.random, now = () => performance.now() } = options;
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const began = now();
  budget.call();
  for (let n = 0; ; n++) {
    try {
      return await run(n, AbortSignal.timeout(policy.timeout_ms));
    } catch (error) {
      const wait = error instanceof TryAgain ? delay(policy, n, random, error.retryAfterMs) : Number.POSITIVE_INFINITY;
      const late = now() - began + wait > policy.budget_ms;
      if (
        idempotencyKey === undefined ||
        late ||
        n + 1 >= policy.max_attempts ||
        !budget.mayRetry(policy.retry_ratio_max)
      )
        throw error;
      await sleep(wait);
    }
  }
}
