/** The time of day: what the series used to be at this quarter of an hour, and how rare a distance from it is. */
import { levelOf, newTail, surprise, type Tail } from './tail.ts';

const DAY = 86_400_000;
const BUCKETS = 96;
/** A slow change of habit is followed with this share a day. */
const SHARE = 0.05;
/** Days of a bucket before it is trusted. */
const TRUSTED = 3;

export interface Season {
  means: number[];
  counts: number[];
  above: Tail;
  below: Tail;
}

export const newSeason = (): Season => ({
  means: new Array<number>(BUCKETS).fill(0),
  counts: new Array<number>(BUCKETS).fill(0),
  above: newTail(),
  below: newTail(),
});

/** What was found; `usual` is null while this time of day is not known yet. */
export interface SeasonFound {
  surprise: number;
  usual: number | null;
}

/** Takes in a value of the instant `at` (milliseconds). The day is that of UTC: a shift by a zone moves every bucket alike. */
export function stepSeason(season: Season, at: number, value: number): SeasonFound {
  const bucket = bucketOf(at);
  const count = season.counts[bucket] ?? 0;
  const mean = season.means[bucket] ?? 0;
  const usual = count > TRUSTED ? mean : null;
  const distance = value - mean;
  const rarity = usual === null ? 0 : Math.max(surprise(season.above, distance), surprise(season.below, -distance));
  season.counts[bucket] = count + 1;
  season.means[bucket] = mean + Math.max(1 / (count + 1), SHARE) * (value - mean);
  return { surprise: rarity, usual };
}

/** The band in which all but one in 10^`rarity` values of this time of day were; null while it is not known. */
export function bandAt(season: Season, at: number, rarity: number): { low: number; high: number } | null {
  const bucket = bucketOf(at);
  if ((season.counts[bucket] ?? 0) <= TRUSTED) return null;
  const usual = season.means[bucket] ?? 0;
  return { low: usual - levelOf(season.below, rarity), high: usual + levelOf(season.above, rarity) };
}

const bucketOf = (at: number): number =>
  Math.min(BUCKETS - 1, Math.floor(((((at % DAY) + DAY) % DAY) / DAY) * BUCKETS));
