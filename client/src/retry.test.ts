/** Retries as rules: never more than allowed, never later, never together, never more than a tenth. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
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

const policies = fc.record({
  max_attempts: fc.integer({ min: 1, max: 8 }),
  timeout_ms: fc.constant(1_000),
  budget_ms: fc.integer({ min: 0, max: 60_000 }),
  retry_ratio_max: fc.double({ min: 0, max: 1, noNaN: true }),
  backoff: fc.record({
    base_ms: fc.integer({ min: 0, max: 5_000 }),
    factor: fc.integer({ min: 1, max: 4 }),
    cap_ms: fc.integer({ min: 0, max: 30_000 }),
    jitter: fc.constant('full' as const),
  }),
});
const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('a wait', () => {
  test('lies between nothing and min(cap, base × factor^n) (property)', () => {
    fc.assert(
      fc.property(policies, fc.nat(20), unit, (policy, n, random) => {
        const waited = delay(policy, n, () => random);
        expect(waited).toBeGreaterThanOrEqual(0);
        expect(waited).toBeLessThanOrEqual(
          Math.min(policy.backoff.cap_ms, policy.backoff.base_ms * policy.backoff.factor ** n),
        );
      }),
    );
  });
  test('is spread over the whole range, so that callers do not come back together', () => {
    const waits = Array.from({ length: 2_000 }, (_, i) => delay(DEFAULT_POLICY, 3, () => i / 2_000));
    expect(Math.min(...waits)).toBeLessThan(most(DEFAULT_POLICY, 3) * 0.01);
    expect(Math.max(...waits)).toBeGreaterThan(most(DEFAULT_POLICY, 3) * 0.98);
  });
  test('is never shorter than the other side asks for', () => {
    expect(delay(DEFAULT_POLICY, 0, () => 0, 7_000)).toBe(7_000);
  });
});

test('attempts, time and the share of retries stay within their limits, whatever fails (property)', async () => {
  await fc.assert(
    fc.asyncProperty(
      policies,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
      unit,
      async (policy: RetryPolicy, outcomes, random) => {
        let clock = 0;
        const budget = new RetryBudget(() => clock);
        let calls = 0;
        let tries = 0;
        for (const fails of outcomes) {
          calls += 1;
          const began = clock;
          let attempts = 0;
          await attempt(
            async () => {
              attempts += 1;
              if (fails) throw new TryAgain('down');
            },
            {
              policy,
              budget,
              idempotencyKey: `k${calls}`,
              random: () => random,
              now: () => clock,
              sleep: async (ms) => {
                clock += ms;
              },
            },
          ).catch(() => {});
          tries += attempts;
          expect(attempts).toBeLessThanOrEqual(policy.max_attempts);
          expect(clock - began).toBeLessThanOrEqual(policy.budget_ms);
          expect(budget.ratio()).toBeLessThanOrEqual(policy.retry_ratio_max + 1e-9);
        }
        expect(tries).toBeGreaterThanOrEqual(calls);
      },
    ),
    { numRuns: 200 },
  );
});

test('a call without a key, a refusal and a mistake of one’s own are not tried again', async () => {
  const budget = new RetryBudget(() => 0);
  for (let i = 0; i < 50; i++) budget.call();
  const run = async (error: Error, idempotencyKey?: string) => {
    let n = 0;
    await attempt(
      async () => {
        n += 1;
        throw error;
      },
      { policy: DEFAULT_POLICY, budget, idempotencyKey, sleep: async () => {} },
    ).catch(() => {});
    return n;
  };
  expect(await run(new TryAgain('x'))).toBe(1);
  expect(await run(new Error('bad request'), 'k')).toBe(1);
  expect(await run(new TryAgain('x'), 'k')).toBe(3);
  expect([400, 401, 403, 404, 409, 422].some(retryable)).toBe(false);
  expect([408, 425, 429, 500, 502, 503, 504].every(retryable)).toBe(true);
});

test('a policy that came over the wire broken is the usual one, never a looser', () => {
  expect(readPolicy(null)).toEqual(DEFAULT_POLICY);
  expect(readPolicy({ max_attempts: 1e9, retry_ratio_max: 7, backoff: { base_ms: 'x' } })).toMatchObject({
    max_attempts: 10,
    retry_ratio_max: 1,
    backoff: { base_ms: 500 },
  });
  expect(readPolicy({ max_attempts: 1 }).max_attempts).toBe(1);
});
