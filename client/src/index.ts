/** What a service needs to obey Evenkeel during an incident, and to go on by the last good word when Evenkeel is gone. No packages needed. */
import { join } from 'node:path';
import { Breaker, DEFAULT_BREAKER, Open, readBreaker } from './breaker.ts';
import { Flags } from './flags.ts';
import { type QueuedWrite, WriteQueue } from './queue.ts';
import { attempt, readPolicy, RetryBudget, type RetryPolicy, retryable, TryAgain } from './retry.ts';

export { Breaker, Open, readBreaker, type BreakerRule } from './breaker.ts';
export { Flags } from './flags.ts';
export { WriteQueue, type QueuedWrite } from './queue.ts';
export {
  attempt,
  DEFAULT_POLICY,
  delay,
  most,
  readPolicy,
  retryable,
  RetryBudget,
  type RetryPolicy,
  TryAgain,
} from './retry.ts';

export interface ClientOptions {
  /** Of the installation, e.g. `https://evenkeel.example`. */
  url: string;
  /** With the scopes `flags.read`, and `playbooks.reportQueue` when writes are kept back. */
  token: string;
  /** Names this process, e.g. `checkout-7`. */
  name: string;
  /** A directory for the last good state and for writes kept back. */
  directory?: string | undefined;
  context?: Record<string, unknown> | undefined;
  everyMs?: number | undefined;
}

export type Gate = { decision: 'allow' | 'deny' | 'allow_exception'; reason: string; incident: string | null };

const flagKey = (kind: string, target: string): string => `${kind}.${target.replace('/', '.')}`;

/** Opens a client and waits for the first answer, or for the first silence. */
export async function createClient(options: ClientOptions) {
  const { url, token, name, directory } = options;
  const flags = new Flags({
    url,
    token,
    stateFile: directory && join(directory, 'evenkeel-flags.json'),
    context: { targetingKey: name, ...options.context },
    everyMs: options.everyMs,
  });
  await flags.start();
  const budgets = new Map<string, RetryBudget>();
  const breakers = new Map<string, Breaker>();
  const of = <T>(map: Map<string, T>, target: string, make: () => T): T => {
    const known = map.get(target) ?? make();
    map.set(target, known);
    return known;
  };
  const value = <T>(key: string, otherwise: T): T => {
    const found = flags.get(key)?.value;
    return typeof found === typeof otherwise && found !== null && found !== undefined ? (found as T) : otherwise;
  };

  /** Calls a target under the policy and the breaker that are in force for it at this moment. */
  async function call(
    target: string,
    run: (policy: RetryPolicy, signal: AbortSignal) => Promise<Response>,
    idempotencyKey?: string,
  ): Promise<Response> {
    const breaker = of(breakers, target, () => new Breaker());
    const rule = () => readBreaker(flags.get(flagKey('breaker', target))?.value ?? DEFAULT_BREAKER);
    const policy = readPolicy(flags.get(flagKey('policy', target))?.value);
    const budget = of(budgets, target, () => new RetryBudget());
    return attempt(
      async (_n, signal) => {
        if (!breaker.admit(rule())) throw new Open(target);
        const answer = await run(policy, signal).catch((error: unknown) => {
          breaker.note(false, rule());
          throw new TryAgain((error as Error).message);
        });
        breaker.note(answer.status < 500, rule());
        if (!retryable(answer.status)) return answer;
        const after = Number(answer.headers.get('retry-after'));
        throw Object.assign(
          new TryAgain(`${target} answered ${answer.status}`, Number.isFinite(after) ? after * 1000 : 0),
          { response: answer },
        );
      },
      { policy, budget, idempotencyKey },
    ).catch((error: unknown) => {
      // Tried as often as may be: the caller gets the last answer there was.
      const last = (error as { response?: Response }).response;
      if (last) return last;
      throw error;
    });
  }

  return {
    /** A flag's value, or the given one when it is not there or of another kind. */
    value,
    variant: (key: string): string | undefined => flags.get(key)?.variant,
    /** The text customers should see now; null when there is none. Served by the flag `evenkeel.banner`. */
    banner: (): string | null => value('evenkeel.banner', '') || null,
    /** Seconds since Evenkeel last answered; null when it has not, in this process: then the state on disk holds. */
    ageSeconds: () => flags.ageSeconds(),
    refresh: () => flags.refresh(),
    policy: (target: string): RetryPolicy => readPolicy(flags.get(flagKey('policy', target))?.value),
    call,
    retryRatio: (target: string): number => budgets.get(target)?.ratio() ?? 0,

    /** May this service be changed now? When Evenkeel does not answer, `otherwise` decides (tier 1: deny). */
    async gate(
      service: string,
      question: { change?: string; label?: string; ref?: string; otherwise?: 'allow' | 'deny' } = {},
    ): Promise<Gate> {
      const { otherwise = 'deny', ...asked } = question;
      try {
        const query = new URLSearchParams({ change: 'deploy', ...asked });
        const answer = await fetch(`${url}/api/v1/gate/${encodeURIComponent(service)}?${query}`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(5_000),
        });
        if (!answer.ok) return { decision: otherwise, reason: `the gate answered ${answer.status}`, incident: null };
        const body = (await answer.json()) as {
          decision: Gate['decision'];
          reason: string;
          incident: { url: string } | null;
        };
        return { decision: body.decision, reason: body.reason, incident: body.incident?.url ?? null };
      } catch (error) {
        return { decision: otherwise, reason: `the gate did not answer: ${(error as Error).message}`, incident: null };
      }
    },

    /**
     * Writes under a degraded mode: kept back while the flag serves `when`, applied at once otherwise, and always behind
     * what still waits, so that their order holds.
     */
    writes<T>(flag: string, when: string, apply: (write: QueuedWrite<T>) => Promise<void | { refused: string }>) {
      if (!directory) throw new Error('writes are kept back on disk: give the client a directory');
      const queue = new WriteQueue<T>(join(directory, `evenkeel-writes-${flag.replaceAll(/[^\w.-]/g, '_')}.log`));
      let draining: Promise<number> | null = null;
      const drain = (): Promise<number> => (draining ??= queue.drain(apply).finally(() => (draining = null)));
      const holding = (): boolean => flags.get(flag)?.variant === when;
      return {
        queue,
        holding,
        /** Accepted when it returns, whatever happens next. */
        async put(key: string, body: T): Promise<'kept' | 'applied'> {
          queue.put(key, body);
          if (holding()) return 'kept';
          await drain();
          return 'applied';
        },
        /** Applies what waits, unless the mode holds it back. */
        drain: (): Promise<number> => (holding() ? Promise.resolve(0) : drain()),
        /** Tells Evenkeel how many wait; the mode is not off before that is none. */
        async report(): Promise<boolean> {
          const answer = await fetch(`${url}/api/v1/degraded-reports`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify({ flag, reporter: name, ...queue.counts() }),
            signal: AbortSignal.timeout(5_000),
          }).catch(() => null);
          return answer?.ok ?? false;
        },
      };
    },
    close: (): void => flags.close(),
  };
}
