/** What an incident cost its customers, computed from what was measured (domain 2.5). */

/** How much of the service is gone: down counts whole, partial half, slow a quarter (policy weights). */
export type Effect = 'none' | 'slow' | 'partial' | 'down' | 'wrong_data';
export const EFFECT_WEIGHT: Record<Effect, number> = { none: 0, slow: 0.25, partial: 0.5, down: 1, wrong_data: 1 };

export interface ImpactSample {
  at: Date;
  customers: number | null;
  /** 0 to 100. */
  pctRequests: number | null;
}

export interface ImpactMinutes {
  /** Null when neither samples nor a start of impact are known: unknown is not zero. */
  value: number | null;
  /** `customer minutes` when customers were counted, otherwise minutes of impact weighted by effect and share. */
  unit: 'customer minutes' | 'weighted minutes';
  basis: 'samples' | 'duration' | 'unknown';
  /** True while the impact goes on: the figure still grows. */
  running: boolean;
}

/**
 * Σ affected customers × minutes × weight. Each sample holds until the next, the last one until the impact ended (or
 * `now`). Without counted customers: share of requests, and without samples the whole impact weighted by the effect.
 */
export function customerImpactMinutes(
  impact: { startedAt: Date | null; endedAt: Date | null; now: Date; effects: readonly Effect[] },
  samples: readonly ImpactSample[],
): ImpactMinutes {
  const running = impact.endedAt === null;
  const end = impact.endedAt ?? impact.now;
  const weight = impact.effects.length ? Math.max(...impact.effects.map((effect) => EFFECT_WEIGHT[effect])) : 1;
  const usable = samples
    .filter((sample) => (sample.customers !== null || sample.pctRequests !== null) && sample.at < end)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  if (usable.length > 0) {
    const counted = usable.every((sample) => sample.customers !== null);
    const value = usable.reduce((sum, sample, i) => {
      const until = usable[i + 1]?.at ?? end;
      const amount = counted ? sample.customers! : (sample.pctRequests ?? 100) / 100;
      return sum + amount * minutes(sample.at, until) * weight;
    }, 0);
    return { value: round(value), unit: counted ? 'customer minutes' : 'weighted minutes', basis: 'samples', running };
  }
  if (!impact.startedAt) return { value: null, unit: 'weighted minutes', basis: 'unknown', running };
  return {
    value: round(minutes(impact.startedAt, end) * weight),
    unit: 'weighted minutes',
    basis: 'duration',
    running,
  };
}

const minutes = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 60_000);
const round = (value: number): number => Math.round(value * 100) / 100;

/** The blast radius so far: its peak, and what it was when the incident was contained (M8b). */
export function blastRadius(samples: readonly ImpactSample[], containedAt: Date | null) {
  const ordered = samples.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const peak = (pick: (sample: ImpactSample) => number | null): number | null => {
    const known = ordered.map(pick).filter((value): value is number => value !== null);
    return known.length ? Math.max(...known) : null;
  };
  const before = containedAt ? ordered.filter((sample) => sample.at <= containedAt).at(-1) : undefined;
  return {
    peakCustomers: peak((sample) => sample.customers),
    peakPctRequests: peak((sample) => sample.pctRequests),
    atContainment: before ? { customers: before.customers, pctRequests: before.pctRequests } : null,
  };
}
