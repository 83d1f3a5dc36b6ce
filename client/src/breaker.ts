/** A circuit breaker per target: by its own counting, or as Evenkeel says (domain.md 4.4). */

export interface BreakerRule {
  /** `auto`: by its own counting; the others are imposed. */
  state: 'auto' | 'open' | 'half_open' | 'closed';
  half_open_after_ms: number;
  probes: number;
  close_after_successes: number;
}
export const DEFAULT_BREAKER: BreakerRule = {
  state: 'auto',
  half_open_after_ms: 60_000,
  probes: 5,
  close_after_successes: 20,
};

/** Reads a rule as it came over the wire. */
export function readBreaker(value: unknown): BreakerRule {
  const given = (value !== null && typeof value === 'object' ? value : {}) as Partial<BreakerRule>;
  const whole = (one: unknown, usual: number): number =>
    typeof one === 'number' && one >= 1 ? Math.floor(one) : usual;
  const known = ['auto', 'open', 'half_open', 'closed'].includes(String(given.state));
  return {
    state: known ? given.state! : 'auto',
    half_open_after_ms: whole(given.half_open_after_ms, DEFAULT_BREAKER.half_open_after_ms),
    probes: whole(given.probes, DEFAULT_BREAKER.probes),
    close_after_successes: whole(given.close_after_successes, DEFAULT_BREAKER.close_after_successes),
  };
}

const WINDOW_MS = 60_000;
const LEAST_CALLS = 20;
const OPEN_AT = 0.5;
const LONGEST_MS = 15 * 60_000;

/** Thrown instead of calling while the breaker is open. */
export class Open extends Error {
  readonly target: string;
  constructor(target: string) {
    super(`${target} is not called right now: its breaker is open`);
    this.target = target;
  }
}

export class Breaker {
  #state: 'closed' | 'open' | 'half_open' = 'closed';
  #calls: { at: number; ok: boolean }[] = [];
  #openedAt = 0;
  #wait = 0;
  #probing = 0;
  #good = 0;
  #forced: BreakerRule['state'] = 'auto';
  readonly #now: () => number;
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What it is now, under a rule. A forced state that changes begins anew: an imposed half-open probes as after a wait. */
  state(rule: BreakerRule): 'closed' | 'open' | 'half_open' {
    if (rule.state !== this.#forced) {
      this.#forced = rule.state;
      if (rule.state === 'half_open') this.#halfOpen();
      if (rule.state === 'closed') this.#close();
    }
    if (rule.state === 'open') return 'open';
    if (rule.state === 'closed') return 'closed';
    if (this.#state === 'open' && this.#now() - this.#openedAt >= Math.max(this.#wait, rule.half_open_after_ms))
      this.#halfOpen();
    return this.#state;
  }

  /** Whether one more call may go now; while half open only a few, growing as they succeed (a ramp, no herd). */
  admit(rule: BreakerRule): boolean {
    const state = this.state(rule);
    if (state === 'closed') return true;
    if (state === 'open') return false;
    if (this.#probing >= rule.probes + this.#good) return false;
    this.#probing += 1;
    return true;
  }

  /** Notes how an admitted call ended. */
  note(ok: boolean, rule: BreakerRule): void {
    const now = this.#now();
    if (this.#state === 'half_open') {
      this.#probing = Math.max(0, this.#probing - 1);
      if (!ok) return this.#open(rule);
      this.#good += 1;
      if (this.#good >= rule.close_after_successes) this.#close();
      return;
    }
    this.#calls.push({ at: now, ok });
    while (this.#calls.length > 0 && this.#calls[0]!.at < now - WINDOW_MS) this.#calls.shift();
    const failed = this.#calls.filter((one) => !one.ok).length;
    if (this.#state === 'closed' && this.#calls.length >= LEAST_CALLS && failed / this.#calls.length >= OPEN_AT)
      this.#open(rule);
  }

  #open(rule: BreakerRule): void {
    // Open again before it ever closed: wait twice as long, at most 15 minutes.
    this.#wait = this.#wait === 0 ? rule.half_open_after_ms : Math.min(LONGEST_MS, this.#wait * 2);
    this.#state = 'open';
    this.#openedAt = this.#now();
    this.#calls = [];
  }
  #halfOpen(): void {
    this.#state = 'half_open';
    this.#probing = 0;
    this.#good = 0;
  }
  #close(): void {
    this.#state = 'closed';
    this.#wait = 0;
    this.#calls = [];
  }
}
