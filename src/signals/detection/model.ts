/**
 * Anomaly detection on one metric series: streaming, constant memory, and always with its reasons.
 *
 * Three looks at the same value, each as a rarity in powers of ten: did the level change, is it unusual for the time of
 * day, did this ever follow what came before. Rarities are added (Fisher's way of combining tests). After a peak the
 * series rests: for a while only a higher one counts, so that one event is one alarm.
 */
import { type Change, type ChangeFound, newChange, stepChange } from './change.ts';
import { newOrder, type Order, stepOrder } from './order.ts';
import { bandAt, newSeason, type Season, stepSeason } from './season.ts';

/** Values for which a peak rests. */
export const REST = 100;
/** Values before anything is said about a series. */
export const LEARNING = 300;
/**
 * The sum of rarities from which a value is an anomaly, at the usual sensitivity. `bench -- detect` finds its best a little
 * lower, at 4.9; a person who is called for nothing pays more than a benchmark does.
 */
export const USUAL_THRESHOLD = 5.5;
/** The drawn band leaves out one value in a hundred on each side. */
const BAND = 2;

export interface Detector {
  seen: number;
  change: Change;
  season: Season;
  order: Order;
  /** Peaks of the resting time: value number and score, scores falling. */
  peaks: { n: number; score: number }[];
}

/** A series of which nothing is known. */
export const newDetector = (): Detector => ({
  seen: 0,
  change: newChange(),
  season: newSeason(),
  order: newOrder(),
  peaks: [],
});

export interface Reading {
  /** Sum of the three rarities; compare with the threshold. 0 while the series rests or is being learnt. */
  score: number;
  /** The same without rest. */
  raw: number;
  change: ChangeFound;
  season: { surprise: number; usual: number | null };
  order: { surprise: number; unseen: number };
  /** Where almost all values of this time of day were; null in the first days. */
  band: { low: number; high: number } | null;
}

/**
 * Takes in the value of the instant `at` (milliseconds; only the past is used). Values that are no numbers are skipped.
 * @returns how anomalous it is, and why
 */
export function step(detector: Detector, at: number, value: number): Reading | null {
  if (!Number.isFinite(value)) return null;
  const band = bandAt(detector.season, at, BAND);
  const change = stepChange(detector.change, value);
  const season = stepSeason(detector.season, at, value);
  const order = stepOrder(detector.order, value);
  const raw = change.surprise + season.surprise + order.surprise;
  const peak = rested(detector, raw);
  detector.seen += 1;
  const score = peak && detector.seen > LEARNING ? raw : 0;
  return { score, raw, change, season, order, band };
}

/** Whether `score` is higher than all of the resting time. */
function rested(detector: Detector, score: number): boolean {
  const { peaks, seen } = detector;
  while (peaks.length > 0 && peaks[0]!.n < seen - REST) peaks.shift();
  const higher = peaks.length === 0 || score > peaks[0]!.score;
  while (peaks.length > 0 && peaks[peaks.length - 1]!.score <= score) peaks.pop();
  peaks.push({ n: seen, score });
  return higher;
}

/** Why a reading is anomalous, in words for people, the strongest reason first. `number` writes a value in its unit. */
export function reasons(reading: Reading, value: number, number: (value: number) => string): string[] {
  const { change, season, order } = reading;
  const said: [number, string][] = [];
  if (change.surprise >= 1)
    said.push([
      change.surprise,
      `the mean of ${change.length} values went from ${number(change.from)} to ${number(change.to)}`,
    ]);
  if (season.surprise >= 1 && season.usual !== null)
    said.push([season.surprise, `${number(value)} is far from the ${number(season.usual)} usual at this time of day`]);
  if (order.surprise >= 1) said.push([order.surprise, 'this value never followed what came before it']);
  return said.sort((a, b) => b[0] - a[0]).map(([, text]) => text);
}
