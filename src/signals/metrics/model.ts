/** Watched series: how samples become steps, when a step is an anomaly, when it is over, and what people's votes change. Pure. */
import { canonicalJson, sha256hex } from '#kernel';
import { type Detector, type Reading, USUAL_THRESHOLD } from '../detection/model.ts';
import type { Severity } from '../model.ts';
import type { Matcher } from '../silences/model.ts';

export interface Sample {
  /** Epoch milliseconds. */
  at: number;
  value: number;
}
export interface SeriesIn {
  labels: Record<string, string>;
  samples: Sample[];
}

export type Sensitivity = 'low' | 'usual' | 'high';
export interface Watch {
  id: string;
  name: string;
  source: 'write' | 'query';
  selector: string;
  matchers: Matcher[];
  integrationId: string | null;
  reading: 'value' | 'rate';
  url: string;
  query: string;
  authorization: string;
  ca: string;
  secretsSealed: string | null;
  serviceId: string | null;
  severity: Severity;
  sensitivity: Sensitivity;
  stepSeconds: number;
  maxSeries: number;
  enabled: boolean;
  refused: number;
  refusedExample: string;
  refusedAt: Date | null;
  trouble: string;
  polledTo: Date | null;
  polledAt: Date | null;
  version: number;
  createdAt: Date;
}

/** What is written of a series with every post; what its detector knows is kept apart. */
export interface Series {
  id: string;
  watchId: string;
  hash: string;
  labels: Record<string, string>;
  threshold: number;
  seen: number;
  lastAt: Date | null;
  lastValue: number | null;
  stepAt: Date | null;
  stepSum: number;
  stepN: number;
  pointAt: Date | null;
  value: number | null;
  low: number | null;
  high: number | null;
  score: number;
  alerting: boolean;
  calm: number;
  heardAt: Date;
}

/** The score from which a value is an anomaly, before anybody has voted. */
export const BASE: Record<Sensitivity, number> = { low: 7, usual: USUAL_THRESHOLD, high: 4.7 };
const [LOWEST, HIGHEST] = [4, 12];

export interface Vote {
  useful: boolean;
  score: number;
}

/**
 * The threshold after people's votes, in the order they were given. “Not useful” moves it half of the way to the score that
 * called for nothing, at least by 0.5 and at most by 1.5, so that one wild value does not blind it; “useful” moves it 0.2 back.
 */
export function thresholdAfter(sensitivity: Sensitivity, votes: Vote[]): number {
  let threshold = BASE[sensitivity];
  for (const { useful, score } of votes)
    threshold = useful
      ? Math.max(LOWEST, threshold - 0.2)
      : Math.min(HIGHEST, threshold + Math.min(1.5, Math.max(0.5, (score - threshold) / 2)));
  return Math.round(threshold * 100) / 100;
}

export const hashOfLabels = (labels: Record<string, string>): string => sha256hex(canonicalJson(labels)).slice(0, 32);

/** `http_requests_total{code="500"}`, as Prometheus writes a series. */
export function nameOfSeries({ __name__: name = '', ...labels }: Record<string, string>): string {
  const inner = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ');
  return inner ? `${name}{${inner}}` : name || '{}';
}

/** A sample so far in the future is a broken clock; it would keep out everything after it. */
const AHEAD_MS = 300_000;

/** What a counter gained in a second. A counter that fell began anew. */
function perSecond(series: Series, { at, value }: Sample): number | undefined {
  const before = series.lastValue;
  const seconds = series.lastAt === null ? 0 : (at - series.lastAt.getTime()) / 1000;
  if (before === null || seconds <= 0 || seconds > 3600) return undefined;
  return (value >= before ? value - before : value) / seconds;
}

/**
 * Takes in samples in order of time and gives the steps that are over by them. What is not younger than the last sample (a
 * retry, another replica of the same Prometheus) changes nothing. Answers of a query are whole steps already.
 */
export function stepsOf(
  series: Series,
  samples: Sample[],
  watch: Pick<Watch, 'stepSeconds' | 'reading' | 'source'>,
  now: Date,
): Sample[] {
  const stepMs = watch.stepSeconds * 1000;
  const done: Sample[] = [];
  for (const one of samples.toSorted((a, b) => a.at - b.at)) {
    if (!Number.isFinite(one.value) || !Number.isFinite(one.at) || one.at < 0) continue;
    if (one.at > now.getTime() + AHEAD_MS || (series.lastAt && one.at <= series.lastAt.getTime())) continue;
    const value = watch.reading === 'rate' ? perSecond(series, one) : one.value;
    const step = Math.floor(one.at / stepMs) * stepMs;
    if (watch.source === 'query') done.push({ at: one.at, value: value ?? one.value });
    else {
      if (series.stepAt && series.stepN > 0 && step > series.stepAt.getTime())
        done.push({ at: series.stepAt.getTime(), value: series.stepSum / series.stepN });
      if (!series.stepAt || step > series.stepAt.getTime())
        Object.assign(series, { stepAt: new Date(step), stepSum: 0, stepN: 0 });
      if (value !== undefined) {
        series.stepSum += value;
        series.stepN += 1;
      }
    }
    series.lastAt = new Date(one.at);
    series.lastValue = one.value;
  }
  return done;
}

/** So many calm steps in a row end an anomaly. */
export const CALM_STEPS = 10;

/** Whether a step opens, repeats or ends the alert of its series. Only what is fresh calls anybody. */
export function turn(
  series: Series,
  reading: Pick<Reading, 'score' | 'raw'>,
  at: number,
  stepSeconds: number,
  now: Date,
): { anomaly: boolean; told: boolean; ended: boolean } {
  const anomaly = reading.score >= series.threshold;
  const told = anomaly && at >= now.getTime() - Math.max(600_000, 3 * stepSeconds * 1000);
  if (told) series.alerting = true;
  series.calm = reading.raw >= series.threshold ? 0 : Math.min(series.calm + 1, 1000);
  const ended = series.alerting && series.calm >= CALM_STEPS;
  if (ended) series.alerting = false;
  return { anomaly, told, ended };
}

/** A series is silent when this long nothing of it came. */
export const silentAfterMs = (stepSeconds: number) => Math.max(900_000, CALM_STEPS * stepSeconds * 1000);

/** What the detector knows, as text: numbers as they are, the table of words in base64. */
export const packDetector = (detector: Detector): string =>
  JSON.stringify({
    ...detector,
    order: { ...detector.order, words: Buffer.from(detector.order.words).toString('base64') },
  });

export function unpackDetector(text: string): Detector {
  const read = JSON.parse(text) as Omit<Detector, 'order'> & {
    order: Omit<Detector['order'], 'words'> & { words: string };
  };
  return { ...read, order: { ...read.order, words: new Uint8Array(Buffer.from(read.order.words, 'base64')) } };
}

/** Four digits are enough for people. */
export const sayNumber = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString('en-GB', { maximumSignificantDigits: 4 }) : '∞';

/** `45 to 62`, or what is known of it. */
export function sayBand(low: number | null, high: number | null): string | null {
  if (low !== null && high !== null) return `${sayNumber(low)} to ${sayNumber(high)}`;
  if (low === null && high === null) return null;
  return low === null ? `at most ${sayNumber(high!)}` : `at least ${sayNumber(low)}`;
}

/** High, low, or neither: against the band, else against the mean before. */
export function directionOf(reading: Pick<Reading, 'band' | 'change'>, value: number): 'high' | 'low' | '' {
  if (reading.band && value > reading.band.high) return 'high';
  if (reading.band && value < reading.band.low) return 'low';
  if (reading.change.surprise < 1 || reading.change.from === reading.change.to) return '';
  return reading.change.to > reading.change.from ? 'high' : 'low';
}

export const keyOfAnomaly = (seriesId: string) => `anomaly:${seriesId}`;
