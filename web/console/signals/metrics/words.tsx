/** Words and badges of watched series, the same on every screen. */
import type { MetricSeries } from '#contract/signals';
import { StateBadge, type Tone } from '../../../kit/index.ts';

const LABELS: Record<MetricSeries['state'], string> = {
  unusual: 'Unusual',
  usual: 'Usual',
  learning: 'Learning',
  silent: 'Silent',
  paused: 'Paused',
};
const TONES: Record<MetricSeries['state'], Tone> = {
  unusual: 'warn',
  usual: 'ok',
  learning: 'progress',
  silent: 'idle',
  paused: 'idle',
};

export function SeriesBadge({ state }: { state: MetricSeries['state'] }) {
  return <StateBadge state={state} label={LABELS[state]} tone={TONES[state]} />;
}

/** Four digits are enough for people. */
export const number = (value: number | null): string =>
  value === null ? '–' : value.toLocaleString('en-GB', { maximumSignificantDigits: 4 });

export function band(low: number | null, high: number | null): string {
  if (low !== null && high !== null) return `${number(low)} to ${number(high)}`;
  if (low === null && high === null) return 'not known yet';
  return low === null ? `at most ${number(high)}` : `at least ${number(low)}`;
}

/** `12 of 15 were useful`. */
export function votesText({ useful, notUseful }: { useful: number; notUseful: number }): string {
  const all = useful + notUseful;
  return all === 0 ? 'Nobody has voted yet' : `${useful} of ${all} found useful`;
}
