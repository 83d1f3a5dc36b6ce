/** The breaker: opens at half failures, probes with a few, comes back by a ramp, and obeys what is imposed. */
import { expect, test } from 'vitest';
import { Breaker, DEFAULT_BREAKER, readBreaker } from './breaker.ts';

test('opens when half of twenty calls fail, half-opens after a minute, closes after twenty successes, and waits twice as long the next time', () => {
  let now = 0;
  const breaker = new Breaker(() => now);
  const rule = DEFAULT_BREAKER;
  for (let i = 0; i < 19; i++) breaker.note(i % 2 === 0, rule);
  expect(breaker.state(rule)).toBe('closed');
  breaker.note(false, rule);
  expect(breaker.state(rule)).toBe('open');
  expect(breaker.admit(rule)).toBe(false);
  now = 60_000;
  expect(breaker.state(rule)).toBe('half_open');
  const admitted = Array.from({ length: 10 }, () => breaker.admit(rule)).filter(Boolean).length;
  expect(admitted).toBe(5);
  breaker.note(false, rule);
  expect(breaker.state(rule)).toBe('open');
  now += 119_999;
  expect(breaker.state(rule)).toBe('open');
  now += 1;
  expect(breaker.state(rule)).toBe('half_open');
  for (let i = 0; i < 20; i++) {
    expect(breaker.admit(rule)).toBe(true);
    breaker.note(true, rule);
  }
  expect(breaker.state(rule)).toBe('closed');
});

test('does what is imposed, at once, and goes back to its own counting', () => {
  const breaker = new Breaker(() => 0);
  expect(breaker.admit(readBreaker({ state: 'open' }))).toBe(false);
  const half = readBreaker({ state: 'half_open', probes: 2 });
  expect([breaker.admit(half), breaker.admit(half), breaker.admit(half)]).toEqual([true, true, false]);
  expect(breaker.admit(readBreaker({ state: 'closed' }))).toBe(true);
  expect(breaker.admit(DEFAULT_BREAKER)).toBe(true);
  expect(readBreaker({ state: 'nonsense', probes: -1 })).toEqual(DEFAULT_BREAKER);
});
