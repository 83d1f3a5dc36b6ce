/** Anomaly detection on made series: a step, a quiet day, a missing rise, one alarm per event, nothing for nothing. */
import { expect, test } from 'vitest';
import { LEARNING, newDetector, reasons, REST, step, USUAL_THRESHOLD } from './model.ts';
import { levelOf, newTail, surprise } from './tail.ts';

const MINUTES_5 = 300_000;
const DAY_ROWS = 288;
/** Repeatable noise between −1 and 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.999;
  };
}

/** A service's load: a day's rise and fall, with noise. */
const load = (row: number, random: () => number) => 50 + 20 * Math.sin((2 * Math.PI * row) / DAY_ROWS) + 2 * random();

/** The rows at which the detector alarms. */
function alarms(rows: number, value: (row: number) => number): number[] {
  const detector = newDetector();
  const found: number[] = [];
  for (let row = 0; row < rows; row++) {
    const reading = step(detector, row * MINUTES_5, value(row));
    if (reading && reading.score >= USUAL_THRESHOLD) found.push(row);
  }
  return found;
}

test('a step is seen before a static threshold sees it, and the control series never alarms', () => {
  const rows = 14 * DAY_ROWS;
  const random = noise(7);
  const values = Array.from({ length: rows }, (_, row) => load(row, random));
  expect(alarms(rows, (row) => values[row]!)).toEqual([]);
  // At the bottom of the day the load goes up by 25: still under the day's usual top of 72, and so under any limit above it.
  const from = 10 * DAY_ROWS + Math.round(DAY_ROWS * 0.75);
  const stepped = (row: number) => values[row]! + (row >= from ? 25 : 0);
  const first = alarms(rows, stepped).find((row) => row >= from)!;
  const limit = Math.max(...values) * 1.05;
  const late = values.findIndex((_, row) => stepped(row) > limit);
  expect(first - from).toBeLessThanOrEqual(3);
  expect(first).toBeLessThan(late);
});

test('a rise that does not come is an anomaly, with the time of day as a reason', () => {
  const random = noise(3);
  const detector = newDetector();
  const said: string[] = [];
  for (let row = 0; row < 12 * DAY_ROWS; row++) {
    const flat = row >= 10 * DAY_ROWS && row < 10.5 * DAY_ROWS;
    const value = flat ? 50 + 2 * random() : load(row, random);
    const reading = step(detector, row * MINUTES_5, value)!;
    if (reading.score >= USUAL_THRESHOLD && flat) said.push(...reasons(reading, value, (n) => n.toFixed(0)));
  }
  expect(said.join('; ')).toMatch(/usual at this time of day/);
});

test('one event is one alarm: after a peak only a higher one counts, until the rest is over', () => {
  const random = noise(11);
  const found = alarms(16 * DAY_ROWS, (row) => load(row, random) + (row >= 4000 && row < 4000 + REST / 2 ? 60 : 0));
  expect(found[0]).toBe(4000);
  expect(found.filter((row) => row < 4000 + REST).length).toBeLessThanOrEqual(4);
});

test('a flat line, and a series that has only begun, are never anomalous', () => {
  expect(alarms(3000, () => 42)).toEqual([]);
  const random = noise(5);
  expect(alarms(LEARNING, () => 100 * random())).toEqual([]);
});

test('what is no number is skipped and changes nothing', () => {
  const detector = newDetector();
  step(detector, 0, 1);
  const before = structuredClone(detector);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(step(detector, MINUTES_5, value)).toBeNull();
  expect(detector).toEqual(before);
});

test('memory does not grow with the number of values', () => {
  const detector = newDetector();
  const random = noise(1);
  const size = () => JSON.stringify({ ...detector, order: { ...detector.order, words: [] } }).length;
  for (let row = 0; row < 2000; row++) step(detector, row * MINUTES_5, load(row, random));
  const early = size();
  for (let row = 2000; row < 40_000; row++) step(detector, row * MINUTES_5, load(row, random));
  expect(size()).toBeLessThan(early * 1.5);
});

test('the tail says one in a hundred of what is one in a hundred', () => {
  const tail = newTail();
  const random = noise(9);
  // Exponential numbers: the level that one in a hundred exceeds is ln 100.
  for (let n = 0; n < 200_000; n++) surprise(tail, -Math.log((random() + 1) / 2 + 1e-6));
  expect(levelOf(tail, 2)).toBeGreaterThan(Math.log(100) * 0.85);
  expect(levelOf(tail, 2)).toBeLessThan(Math.log(100) * 1.2);
});
