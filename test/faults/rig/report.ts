/** What an experiment prints: figures counted in this run, and whether they are at or under the promise's line. */
import { loadavg } from 'node:os';

export interface Tier {
  tier: 'quick' | 'full';
  seed: number;
}

export interface Verdict {
  promise: string;
  /** Trials: how many things could have gone wrong. */
  n: number;
  figures: Record<string, unknown>;
  pass: boolean;
}

export type Experiment = (tier: Tier, size?: number) => Promise<Verdict>;

/** Share-th value of a sample, in its own unit, whole. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
}

export const load = () => loadavg().map((value) => Math.round(value * 10) / 10);
