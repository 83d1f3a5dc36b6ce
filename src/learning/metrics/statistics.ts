/** Whether two periods differ at all: the difference of their medians with an honest interval. Pure and repeatable. */
import { ENOUGH_FOR_A_MEDIAN, quantile } from './model.ts';

const RESAMPLES = 2_000;
/** Stored with every comparison so that anybody gets the same interval from the same numbers. */
export const SEED = 20_261_201;

/** Small, fast, seeded random numbers (mulberry32): a report must come out the same twice. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const medianOf = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

function resample(values: readonly number[], random: () => number): number[] {
  return values.map(() => values[Math.floor(random() * values.length)]!);
}

export interface Comparison {
  before: { n: number; median: number };
  after: { n: number; median: number };
  difference: number;
  /** 95 % bootstrap interval of the difference of medians, in minutes. */
  interval: [number, number];
  verdict: 'no reliable change' | 'shorter' | 'longer';
}

/** Compares two periods in minutes; `null` when either has fewer than five cases. */
export function compare(before: readonly number[], after: readonly number[]): Comparison | null {
  if (before.length < ENOUGH_FOR_A_MEDIAN || after.length < ENOUGH_FOR_A_MEDIAN) return null;
  const random = randomFrom(SEED);
  const differences: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    differences.push(medianOf(resample(after, random)) - medianOf(resample(before, random)));
  }
  differences.sort((a, b) => a - b);
  const interval: [number, number] = [quantile(differences, 0.025), quantile(differences, 0.975)];
  const verdict = interval[0] <= 0 && interval[1] >= 0 ? 'no reliable change' : interval[1] < 0 ? 'shorter' : 'longer';
  const medians = { before: medianOf(before), after: medianOf(after) };
  return {
    before: { n: before.length, median: medians.before },
    after: { n: after.length, median: medians.after },
    difference: medians.after - medians.before,
    interval,
    verdict,
  };
}
