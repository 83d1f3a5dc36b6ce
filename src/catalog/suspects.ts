/** Which change probably did it: time before the first sign × place on the map × how risky such a change is. Pure. */
import type { ChangeKind } from './model.ts';
import type { Topology } from './topology.ts';

/** What is being explained. */
export interface Trouble {
  /** The probable origin, when one is known. */
  originId: string | null;
  /** Every service that alerts or is affected. */
  serviceIds: readonly string[];
  /** The first sign, in milliseconds. */
  since: number;
}

export interface Candidate {
  id: string;
  serviceId: string | null;
  kind: ChangeKind;
  at: number;
}

export interface Suspect {
  changeId: string;
  /** 0 to 100. */
  score: number;
  /** The three factors, each 0 to 1, as they were multiplied. */
  factors: { time: number; place: number; risk: number };
  /** Sentences a person can check, most telling first. */
  reasons: string[];
}

/** Looked at: changes this long before the first sign … */
export const SUSPECT_BEFORE_MS = 24 * 3_600_000;
/** … and this long after it, because clocks differ and pipelines report when they are done. */
export const SUSPECT_AFTER_MS = 2 * 60_000;

/** After so long the suspicion from time alone has halved. */
const HALF_LIFE_MIN = 45;

/** How often such a change is what broke it, as a weight: changes of code, schema and configuration lead. */
const RISK: Record<ChangeKind, number> = {
  deploy: 1,
  migration: 1,
  config: 0.9,
  flag: 0.85,
  infra: 0.8,
  vendor: 0.7,
  data: 0.6,
};
const KIND: Record<ChangeKind, string> = {
  deploy: 'a deploy',
  migration: 'a migration',
  config: 'a configuration',
  flag: 'a flag',
  infra: 'a change of the infrastructure',
  vendor: 'a change at a supplier',
  data: 'a change of data',
};

/** Suspects, the likeliest first; what is later than the first sign by more than clocks differ is none. */
export function rankSuspects(topology: Topology, trouble: Trouble, changes: readonly Candidate[]): Suspect[] {
  return changes
    .map((change) => weigh(topology, trouble, change))
    .filter((suspect) => suspect.score >= 1)
    .sort((a, b) => b.score - a.score || (a.changeId < b.changeId ? 1 : -1));
}

function weigh(topology: Topology, trouble: Trouble, change: Candidate): Suspect {
  const time = byTime((trouble.since - change.at) / 60_000);
  const place = byPlace(topology, trouble, change.serviceId);
  const risk = RISK[change.kind];
  return {
    changeId: change.id,
    score: Math.round(100 * time.factor * place.factor * risk),
    factors: { time: round(time.factor), place: round(place.factor), risk },
    reasons: [time.why, place.why, `${KIND[change.kind]} counts ${risk} of 1`],
  };
}

const round = (value: number) => Math.round(value * 100) / 100;

function byTime(minutes: number): { factor: number; why: string } {
  const after = -minutes * 60_000;
  if (after > SUSPECT_AFTER_MS) return { factor: 0, why: 'it came after the first sign' };
  if (minutes < 0) return { factor: 0.9, why: `reported ${span(-minutes)} after the first sign` };
  return { factor: 0.5 ** (minutes / HALF_LIFE_MIN), why: `${span(minutes)} before the first sign` };
}

const span = (minutes: number): string => {
  if (minutes < 1.5) return `${Math.round(minutes * 60)} s`;
  return minutes < 90 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
};

function byPlace(topology: Topology, trouble: Trouble, serviceId: string | null): { factor: number; why: string } {
  if (serviceId === null) return { factor: 0.1, why: 'it names no service' };
  const name = topology.nameOf(serviceId);
  const all = new Set(trouble.serviceIds);
  if (serviceId === trouble.originId) return { factor: 1, why: `on ${name}, the probable origin` };
  const reached = topology.neededBy(serviceId);
  const explained = [...all].filter((id) => id === serviceId || reached.has(id));
  const share = all.size === 0 ? 0 : explained.length / all.size;
  const counted = `${explained.length} of ${all.size} alerting ${all.size === 1 ? 'service' : 'services'}`;
  if (trouble.originId !== null && reached.has(trouble.originId)) {
    const distance = reached.get(trouble.originId)!;
    return {
      factor: 0.85 * 0.8 ** (distance - 1),
      why: `on ${name}, which ${topology.nameOf(trouble.originId)} needs`,
    };
  }
  if (all.has(serviceId)) {
    // Downstream of the origin it explains itself only.
    const factor = trouble.originId === null ? 0.6 + 0.4 * share : 0.25 + 0.35 * share;
    return { factor, why: `on ${name}, which alerts itself` };
  }
  if (explained.length > 0) {
    const nearest = Math.min(...explained.map((id) => reached.get(id) ?? 1));
    return { factor: (0.35 + 0.5 * share) * 0.9 ** (nearest - 1), why: `on ${name}, which ${counted} depend on` };
  }
  if ([...all].some((id) => topology.prefers(id).includes(serviceId)))
    return { factor: 0.25, why: `on ${name}, without which an alerting service works worse` };
  return { factor: 0.03, why: `on ${name}, which nothing that alerts depends on` };
}
