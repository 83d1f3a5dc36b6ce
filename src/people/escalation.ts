/**
 * What a page does next, decided without touching anything: which people to call, what to write in its log, how long to wait.
 *
 * The order is: the steps of the policy (an empty one falls through at once), repeated as often as the policy says; if
 * those steps found nobody at all, the leads of the team; then the installation's emergency contact, once; then the page
 * is unanswered and stays visible. "Nobody on call" never means nobody is called.
 */

export type Target = { kind: 'schedule' | 'user' | 'team'; id: string };

export interface Step {
  /** Seconds to wait for an answer before the next step. */
  delaySeconds: number;
  targets: Target[];
}

/** The policy as frozen on the page when it starts. */
export interface Plan {
  policyId: string | null;
  /** Version of the policy used (domain M7d). */
  version: number | null;
  name: string;
  teamId: string | null;
  steps: Step[];
  /** How often the steps are gone through again after the first time. */
  repeat: number;
}

export type Stage = 'steps' | 'team_leads' | 'emergency' | 'done';

/** Where a page stands. `step` counts from 0; -1 before the first. `round` counts from 1. */
export interface Cursor {
  stage: Stage;
  step: number;
  round: number;
}

/** A person to call and what makes it them. */
export interface Called {
  userId: string;
  /** `on call in Payments primary until Mon 30 Nov 09:00 CET` */
  because: string;
}

/** Who would be called now, looked up beforehand: one list per step of the plan, the team's leads, the emergency contact. */
export interface Resolved {
  steps: Called[][];
  teamLeads: Called[];
  emergency: Called[];
  /** Whether this page has called anybody so far. */
  anyoneCalled: boolean;
}

export type LogReason =
  | 'first'
  | 'escalated'
  | 'repeat'
  | 'fell_through_nobody'
  | 'team_leads'
  | 'emergency_contact'
  | 'unanswered'
  | 'nobody_left';

export interface LogLine {
  reason: LogReason;
  step: number | null;
  round: number;
  text: string;
}

export interface Turn {
  cursor: Cursor;
  call: Called[];
  log: LogLine[];
  /** Seconds until the next turn; null when there is none. */
  waitSeconds: number | null;
  /** True when the page has just run out of people to ask. */
  unanswered: boolean;
}

export const MIN_DELAY_SECONDS = 30;
export const MAX_DELAY_SECONDS = 24 * 3600;
export const MAX_STEPS = 20;
export const MAX_TARGETS = 20;
export const MAX_REPEAT = 10;
/** Wait after the team's leads and after the emergency contact were called. */
export const LAST_RESORT_SECONDS = 300;
export const START: Cursor = { stage: 'steps', step: -1, round: 1 };

/** A delay a person typed, made safe: never under 30 s (a page must have time to be read), never over a day. */
export const clampDelay = (seconds: number) =>
  Math.min(MAX_DELAY_SECONDS, Math.max(MIN_DELAY_SECONDS, Math.round(seconds)));

/** Takes the page from where it stands to the next people to call. Ends after finitely many looks: each step once per call. */
export function nextTurn(plan: Plan, from: Cursor, resolved: Resolved): Turn {
  const log: LogLine[] = [];
  const first = from.stage === 'steps' && from.step === -1 && from.round === 1;
  if (from.stage === 'steps') {
    const found = nextStep(plan, from, resolved, log);
    if (found) return called(plan, found, resolved.steps[found.step] ?? [], first, log);
    if (!resolved.anyoneCalled && resolved.teamLeads.length > 0) {
      log.push(
        line(
          'team_leads',
          null,
          from.round,
          `No step of ${plan.name} has anybody on call: the team's leads are called`,
        ),
      );
      return lastResort({ ...from, stage: 'team_leads' }, resolved.teamLeads, log);
    }
  }
  if (from.stage === 'steps' || from.stage === 'team_leads') {
    if (resolved.emergency.length > 0) {
      const why =
        resolved.anyoneCalled || from.stage === 'team_leads'
          ? 'Nobody has answered'
          : `Nobody is on call in ${plan.name}`;
      log.push(line('emergency_contact', null, from.round, `${why}: the emergency contact is called`));
      return lastResort({ ...from, stage: 'emergency' }, resolved.emergency, log);
    }
    log.push(line('nobody_left', null, from.round, 'There is no active emergency contact and no active admin to call'));
  }
  log.push(line('unanswered', null, from.round, 'Everybody was called and nobody has answered; the page stays open'));
  return {
    cursor: { ...from, stage: 'done' },
    call: [],
    log,
    waitSeconds: null,
    unanswered: true,
  };
}

/** The next step that has somebody, this round or a later one; a round in which nobody at all is found is not repeated. */
function nextStep(plan: Plan, from: Cursor, resolved: Resolved, log: LogLine[]): Cursor | null {
  let { step, round } = from;
  for (let looked = 0; looked < plan.steps.length; looked++) {
    step += 1;
    if (step >= plan.steps.length) {
      if (round > plan.repeat) return null;
      step = 0;
      round += 1;
      log.push(
        line(
          'repeat',
          0,
          round,
          `Nobody has answered: ${plan.name} starts again, round ${round} of ${plan.repeat + 1}`,
        ),
      );
    }
    if ((resolved.steps[step] ?? []).length > 0) return { stage: 'steps', step, round };
    log.push(line('fell_through_nobody', step, round, `Step ${step + 1} has nobody on call: on to the next at once`));
  }
  return null;
}

function called(plan: Plan, cursor: Cursor, call: Called[], first: boolean, log: LogLine[]): Turn {
  const n = cursor.step + 1;
  if (first) log.push(line('first', cursor.step, cursor.round, `Step ${n} of ${plan.name} is called`));
  else if (!log.some((entry) => entry.reason === 'repeat')) {
    log.push(line('escalated', cursor.step, cursor.round, `Nobody has answered: step ${n} of ${plan.name} is called`));
  }
  const waitSeconds = clampDelay(plan.steps[cursor.step]?.delaySeconds ?? LAST_RESORT_SECONDS);
  return { cursor, call: once(call), log, waitSeconds, unanswered: false };
}

function lastResort(cursor: Cursor, call: Called[], log: LogLine[]): Turn {
  return {
    cursor,
    call: once(call),
    log,
    waitSeconds: LAST_RESORT_SECONDS,
    unanswered: false,
  };
}

/** Two targets that lead to one person call that person once. */
function once(call: Called[]): Called[] {
  return call.filter((person, i) => call.findIndex((other) => other.userId === person.userId) === i);
}

const line = (reason: LogReason, step: number | null, round: number, text: string): LogLine => ({
  reason,
  step,
  round,
  text,
});
