/** The incident's clock marks: which a move sets or clears, the order they must keep, and the durations computed from them. */
import { type Passage, type Refusal, type Step, isBefore } from './model.ts';

export interface Times {
  impactStartedAt: Date | null;
  detectedAt: Date;
  declaredAt: Date;
  acknowledgedAt: Date | null;
  respondedAt: Date | null;
  containmentStartedAt: Date | null;
  containedAt: Date | null;
  eradicatedAt: Date | null;
  recoveryStartedAt: Date | null;
  verificationStartedAt: Date | null;
  impactEndedAt: Date | null;
  restoredAt: Date | null;
  closedAt: Date | null;
}

/** Nothing may be said to have happened later than this after the moment it is written down (invariant 3). */
export const FUTURE_GRACE_MS = 60_000;

/**
 * What a walk through these passages does to the times. Start points keep their first value, end points take the
 * last one (domain 2.3); a phase whose work was waived leaves no time of its own, except that harm did end.
 */
export function timesAfter(times: Times, passages: readonly Passage[], now: Date): Partial<Times> {
  const change: Partial<Times> = {};
  for (const { from, to, waived } of passages) {
    if (from === 'containment') change.containedAt = now;
    if (from === 'eradication' && !waived) change.eradicatedAt = now;
    if (to === 'recovery' && !isWaivedNext(passages, 'recovery'))
      change.recoveryStartedAt = times.recoveryStartedAt ?? now;
    if (to === 'verification') change.verificationStartedAt = times.verificationStartedAt ?? now;
    if (to === 'restored') {
      change.restoredAt = now;
      // Nobody said when customers were well again: the end of the soak is the latest it can have been.
      change.impactEndedAt = times.impactEndedAt ?? now;
    }
    if (to === 'closed') change.closedAt = now;
  }
  return change;
}

const isWaivedNext = (passages: readonly Passage[], phase: Step): boolean =>
  passages.some((passage) => passage.from === phase && passage.waived !== undefined);

/** Going back makes later end points untrue; they are cleared here and stay readable in the phase log. */
export function timesAfterGoingBack(to: Step, relapsed: boolean): Partial<Times> {
  const change: Partial<Times> = {};
  if (!isBefore('containment', to)) change.containedAt = null;
  if (!isBefore('eradication', to)) change.eradicatedAt = null;
  if (relapsed) {
    change.restoredAt = null;
    change.impactEndedAt = null;
  }
  return change;
}

const ORDER: [keyof Times, keyof Times][] = [
  ['impactStartedAt', 'impactEndedAt'],
  ['impactEndedAt', 'restoredAt'],
  ['restoredAt', 'closedAt'],
  ['containedAt', 'restoredAt'],
  ['containmentStartedAt', 'containedAt'],
];

/** Invariant 4: the marks that are set stand in order, and none lies in the future. */
export function checkTimes(times: Times, now: Date): Refusal | null {
  const errors: { path: string; message: string }[] = [];
  for (const [before, after] of ORDER) {
    const [a, b] = [times[before], times[after]];
    if (a && b && a > b) errors.push({ path: before, message: `lies after ${after} (${b.toISOString()})` });
  }
  for (const path of ['impactStartedAt', 'impactEndedAt', 'detectedAt'] as const) {
    const at = times[path];
    if (at && at.getTime() > now.getTime() + FUTURE_GRACE_MS) errors.push({ path, message: 'lies in the future' });
  }
  if (errors.length === 0) return null;
  const said = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return { status: 422, rule: 'incidents.times', title: `These times cannot be: ${said}`, errors };
}

/** Invariant 3 for one entry: it may tell of the past, never of more than a minute ahead. */
export function checkOccurredAt(occurredAt: Date, recordedAt: Date): Refusal | null {
  if (occurredAt.getTime() <= recordedAt.getTime() + FUTURE_GRACE_MS) return null;
  return {
    status: 422,
    rule: 'incidents.occurred_at',
    title: 'An entry cannot tell of the future: occurredAt lies more than 60 s ahead of the server clock',
    errors: [{ path: 'occurredAt', message: `later than ${recordedAt.toISOString()}` }],
  };
}

/** Whole seconds from one mark to another; null when either is missing: a missing time is never zero (domain 2.5). */
export const seconds = (from: Date | null, to: Date | null): number | null =>
  from && to ? Math.round((to.getTime() - from.getTime()) / 1000) : null;

export interface Durations {
  /** First containment action start to contained. Computed here and nowhere typed (M24b). */
  containment: number | null;
  /** Impact start to detection; caught before impact counts as 0. */
  timeToDetect: number | null;
  /** Detection to contained. */
  timeToContain: number | null;
  /** First signal to first responder action. */
  detectionToResponse: number | null;
  /** Impact start to impact end. */
  customerImpact: number | null;
  /** Impact start to restored, verification included. */
  timeToRecover: number | null;
}

export const durations = (times: Times): Durations => ({
  containment: seconds(times.containmentStartedAt, times.containedAt),
  timeToDetect: notNegative(seconds(times.impactStartedAt, times.detectedAt)),
  timeToContain: seconds(times.detectedAt, times.containedAt),
  detectionToResponse: notNegative(seconds(times.detectedAt, times.respondedAt)),
  customerImpact: seconds(times.impactStartedAt, times.impactEndedAt),
  timeToRecover: seconds(times.impactStartedAt, times.restoredAt),
});

const notNegative = (value: number | null): number | null => (value === null ? null : Math.max(0, value));
