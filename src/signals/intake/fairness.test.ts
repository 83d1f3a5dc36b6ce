/** A storm of one sender leaves room for the others, and is told when to come again. */
import { expect, test } from 'vitest';
import { LENIENT, openFairness } from './fairness.ts';

const limits = { perSecond: 10, burst: 20, queue: 1000, share: 0.5 };

test('a sender may send its burst at once, then as many as flow in; its neighbour is not touched', () => {
  const fair = openFairness();
  const at = (now: number, sender = 'storm') => fair.ask(sender, now, limits, 0, 0);
  expect(Array.from({ length: 20 }, () => at(0))).toEqual(Array(20).fill(null));
  expect(at(0)).toBe(1);
  expect(at(0, 'neighbour')).toBe(null);
  expect([at(100), at(100)]).toEqual([null, 1]);
  expect(Array.from({ length: 11 }, () => at(1200)).filter((verdict) => verdict === null)).toHaveLength(11);
});

test('a bucket never holds more than its burst, and a clock that stands still gives nothing', () => {
  const fair = openFairness();
  const taken = (now: number) => {
    let n = 0;
    while (fair.ask('one', now, limits, 0, 0) === null) n += 1;
    return n;
  };
  expect(taken(0)).toBe(20);
  expect(taken(0)).toBe(0);
  expect(taken(1_000_000)).toBe(20);
});

test('when the queue is full, whoever has filled more than their share waits, and the others go on', () => {
  const fair = openFairness();
  expect(fair.ask('storm', 0, limits, 900, 999)).toBe(null);
  expect(fair.ask('storm', 0, limits, 900, 1000)).toBe(5);
  expect(fair.ask('neighbour', 0, limits, 100, 1000)).toBe(null);
  expect(fair.ask('alone', 0, limits, 500, 1000)).toBe(null);
});

test('the lenient limits let a whole cluster fall over at once', () => {
  const fair = openFairness();
  let refused = 0;
  for (let n = 0; n < 50_000; n++) if (fair.ask('cluster', n / 50, LENIENT, 0, 0) !== null) refused += 1;
  expect(refused).toBe(0);
});
