/**
 * How rare a number is among those seen before, from a model of the distribution's tail that is updated with every number.
 *
 * Above a running high quantile, excesses are taken for generalised Pareto ones (peaks over threshold: Siffer et al.,
 * "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017); shape and scale come from their first two moments.
 */

/** Plain numbers, so that it can be stored as JSON. */
export interface Tail {
  n: number;
  /** The running quantile, and the mean distance to it, which is its step. */
  quantile: number;
  spread: number;
  /** First and second moment of what exceeded the quantile. */
  mean: number;
  square: number;
}

/** The share of numbers below the running quantile. */
const BELOW = 0.9;
/** No tail is taken for heavier than this: with a shape above ½ it would have no variance. */
const HEAVIEST = 0.5;
/** One wild number must not widen the tail for ever. */
const WIDEST = 50;

/** So many powers of ten beyond the numbers seen may be claimed: from a hundred numbers nobody knows one in a million. */
const BEYOND = 2;

export const newTail = (): Tail => ({ n: 0, quantile: 0, spread: 0, mean: 0, square: 0 });

/**
 * Takes in `x` and says how surprising it was beforehand.
 * @returns −log₁₀ of the share of numbers at least as high: 0 for an ordinary one, 3 for one in a thousand
 */
export function surprise(tail: Tail, x: number): number {
  tail.n += 1;
  if (tail.n === 1) {
    tail.quantile = x;
    tail.spread = Math.abs(x) + 1e-9;
    tail.mean = tail.spread * 0.1;
    tail.square = 2 * tail.mean * tail.mean;
    return 0;
  }
  const excess = x - tail.quantile;
  const rarity = excess > 0 ? Math.min(nines(tail, excess), Math.log10(tail.n) + BEYOND) : 0;
  if (excess > 0) learnExcess(tail, excess);
  tail.spread += (Math.abs(excess) - tail.spread) / tail.n;
  const step = Math.max(2 / tail.n, 0.02) * tail.spread;
  tail.quantile += excess > 0 ? step * BELOW : -step * (1 - BELOW);
  return rarity;
}

/** The value that only one in 10^`rarity` exceeds, or infinity while nothing is known. */
export function levelOf(tail: Tail, rarity: number): number {
  if (tail.n < 2) return Number.POSITIVE_INFINITY;
  const { shape, scale } = fitted(tail);
  const over = rarity * Math.LN10 + Math.log(1 - BELOW);
  if (over <= 0) return tail.quantile;
  return tail.quantile + (shape < 1e-6 ? scale * over : (scale * Math.expm1(shape * over)) / shape);
}

/** The generalised Pareto distribution with the excesses' mean and variance (Hosking and Wallis, 1987). */
function fitted(tail: Tail): { shape: number; scale: number } {
  const square = tail.mean * tail.mean;
  const variance = Math.max(1e-18, tail.square - square);
  const shape = Math.min(HEAVIEST, Math.max(0, 0.5 * (1 - square / variance)));
  return { shape, scale: tail.mean * (1 - shape) };
}

function nines(tail: Tail, excess: number): number {
  const { shape, scale } = fitted(tail);
  const over = shape < 1e-6 ? excess / scale : Math.log1p((shape * excess) / scale) / shape;
  return over / Math.LN10 - Math.log10(1 - BELOW);
}

function learnExcess(tail: Tail, excess: number): void {
  const share = 1 / (tail.n * (1 - BELOW) + 2);
  const bounded = Math.min(excess, WIDEST * tail.mean);
  tail.mean += share * (bounded - tail.mean);
  tail.square += share * (bounded * bounded - tail.square);
}
