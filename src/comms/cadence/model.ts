/** The clock of customer updates: when the next one is due and why, decided without I/O. */
import type { SeverityCadence } from './policy.ts';

/** `first`: nothing published yet; `next`: the interval; `promised`: what the last message told customers; `resolution`: the last word. */
export type DueReason = 'first' | 'scope' | 'next' | 'promised' | 'resolution';

export interface ClockFacts {
  declaredAt: Date;
  phase: string;
  restoredAt: Date | null;
  published: number;
  lastPublishedAt: Date | null;
  /** The time the last message named for the next one. */
  promisedAt: Date | null;
  /** The due time in force before, if any: an obligation that is running is never moved later by a phase or severity. */
  standing: { dueAt: Date; reason: DueReason; after: number } | null;
}

export interface Due {
  dueAt: Date;
  reason: DueReason;
  /** Seconds the rule allows. */
  seconds: number;
}

const MINUTE = 60_000;
/** When a new phase or severity asks for a shorter rhythm, the writer still gets this long (minutes). */
const SHORTEST_NOTICE = 5;
const OPEN_PHASES = ['detection', 'containment', 'eradication', 'recovery', 'verification'] as const;
type OpenPhase = (typeof OPEN_PHASES)[number];

const after = (at: Date, minutes: number) => new Date(at.getTime() + minutes * MINUTE);

/** The ordinary interval of a phase, in minutes. */
export function intervalOf(cadence: SeverityCadence, phase: string): number {
  return OPEN_PHASES.includes(phase as OpenPhase) ? cadence[phase as OpenPhase] : cadence.resolution;
}

/** What the writer is offered as time of the next update, in minutes from now. */
export function offeredMinutes(cadence: SeverityCadence | null, phase: string, published: number): number {
  if (!cadence) return 60;
  return published === 0 && cadence.scope
    ? Math.min(cadence.scope, intervalOf(cadence, phase))
    : intervalOf(cadence, phase);
}

/** The longest wait a message may name now (rule S2), in seconds. Longer than the interval only after the first hours. */
export function longestSeconds(cadence: SeverityCadence | null, phase: string, declaredAt: Date, now: Date): number {
  if (!cadence) return 24 * 3600;
  const interval = intervalOf(cadence, OPEN_PHASES.includes(phase as OpenPhase) ? phase : 'verification');
  const old = now.getTime() - declaredAt.getTime() >= cadence.longerAfter * MINUTE;
  return (old ? Math.max(interval, cadence.longest) : interval) * 60;
}

/** The rule alone, with notice to write: what is due before looking at the obligation already running. */
function byRule(cadence: SeverityCadence, facts: ClockFacts, now: Date): Due {
  const due = anchored(cadence, facts);
  const earliest = after(now, SHORTEST_NOTICE);
  return due.dueAt < earliest ? { ...due, dueAt: earliest } : due;
}

function anchored(cadence: SeverityCadence, facts: ClockFacts): Due {
  if (facts.restoredAt && (facts.phase === 'restored' || facts.phase === 'closed')) {
    return {
      dueAt: after(facts.restoredAt, cadence.resolution),
      reason: 'resolution',
      seconds: cadence.resolution * 60,
    };
  }
  if (!facts.lastPublishedAt) {
    return {
      dueAt: after(facts.declaredAt, cadence.first),
      reason: 'first',
      seconds: cadence.first * 60,
    };
  }
  const interval = intervalOf(cadence, facts.phase);
  const scope = facts.published === 1 && cadence.scope !== null && cadence.scope < interval;
  const minutes = scope ? (cadence.scope ?? interval) : interval;
  return {
    dueAt: after(facts.lastPublishedAt, minutes),
    reason: scope ? 'scope' : 'next',
    seconds: minutes * 60,
  };
}

/**
 * When the next update is due. A time told to customers is kept or beaten, never moved later; a running obligation is
 * not moved later by a change of phase or severity (domain 2.4, invariants 14 and 15).
 */
export function nextDue(cadence: SeverityCadence, facts: ClockFacts, now: Date): Due {
  // The announcement itself is the rule once customers have been told a time.
  if (facts.promisedAt && facts.lastPublishedAt && !facts.standing) {
    const seconds = Math.round((facts.promisedAt.getTime() - facts.lastPublishedAt.getTime()) / 1000);
    return { dueAt: facts.promisedAt, reason: 'promised', seconds };
  }
  const ruled = byRule(cadence, facts, now);
  const { standing } = facts;
  if (standing && standing.after === facts.published && standing.dueAt <= ruled.dueAt) {
    return {
      dueAt: standing.dueAt,
      reason: standing.reason,
      seconds: ruled.seconds,
    };
  }
  return ruled;
}

/** The ladder around a due time: who is told when, as seconds relative to it; `share` is a share of the interval. */
export const ladder = [
  { step: 'remind', seconds: -300, tells: 'communications_lead' },
  { step: 'due', seconds: 0, tells: 'incident_commander' },
  { step: 'overdue', share: 0.5, tells: 'deputy' },
  { step: 'holding', share: 1, tells: 'customers' },
] as const;
export type LadderStep = (typeof ladder)[number]['step'];

/** When a step of the ladder falls, for an obligation due at `dueAt` with that interval. */
export function ladderTime(step: LadderStep, due: Due): Date {
  const rung = ladder.find((item) => item.step === step)!;
  const seconds = 'share' in rung ? Math.max(60, rung.share * due.seconds) : rung.seconds;
  return new Date(due.dueAt.getTime() + seconds * 1000);
}
