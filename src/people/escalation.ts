/**
 * What a page does next, decided without touching anything: which people to call, what to write in its log, how long to wait.
 *
 * The order is: the steps of the policy (an empty one falls through at once), repeated as often as the policy says; if
 * those steps found nobody at all, the leads of the team; then the installation's emergency contact, once; then the page
 * is unanswered and stays visible. "Nobody on call" never means nobody is called.
 */
import type { Gate } from './conditions.ts';
import { clampDelay, LAST_RESORT_SECONDS, type Plan } from './plan.ts';

export type { Plan, Step, Target } from './plan.ts';
export { clampDelay, MIN_DELAY_SECONDS } from './plan.ts';

/** `holder`: the person whose page it is was asked again; the steps begin anew after them. */
export type Stage = 'steps' | 'holder' | 'team_leads' | 'emergency' | 'done';

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

/** A program or a room to tell. */
export interface Post {
  channel: string;
  to: string;
  name: string;
}

/** A step as it is at this moment. */
export interface StepNow {
  people: Called[];
  posts: Post[];
  /** Some target of it is meant to lead to people; without, telling its posts is all it is for. */
  wantsPeople: boolean;
  gate: Gate;
}

/** Who would be called now, looked up beforehand: each step of the plan, the team's leads, the emergency contact. */
export interface Resolved {
  steps: StepNow[];
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
  | 'condition'
  | 'waits_for_hours'
  | 'holder'
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
  /** One of `call`, not all: the step calls its people one after the other. */
  oneOf: boolean;
  posts: Post[];
  log: LogLine[];
  /** Seconds until the next turn; null when there is none, or when `resumeAt` says it. */
  waitSeconds: number | null;
  /** The page waits for the hours of a step. */
  resumeAt: Date | null;
  /** True when the page has just run out of people to ask. */
  unanswered: boolean;
}

export const START: Cursor = { stage: 'steps', step: -1, round: 1 };
const NOTHING = { call: [], oneOf: false, posts: [], waitSeconds: null, resumeAt: null, unanswered: false };

/** Takes the page from where it stands to the next people to call. Ends after finitely many looks: each step once per call. */
export function nextTurn(plan: Plan, from: Cursor, resolved: Resolved): Turn {
  const look: Look = { plan, resolved, log: [], posts: [] };
  const { log } = look;
  if (from.stage === 'steps' || from.stage === 'holder') {
    const found = nextStep(look, from.stage === 'steps' ? from : START);
    if (found?.until) return { ...NOTHING, cursor: found.cursor, posts: look.posts, log, resumeAt: found.until };
    if (found) return stepCalled(look, found.cursor, isFirst(from));
    if (!resolved.anyoneCalled && resolved.teamLeads.length > 0) {
      const text = `No step of ${plan.name} has anybody on call: the team's leads are called`;
      log.push(line('team_leads', null, from.round, text));
      return lastResort({ ...from, stage: 'team_leads' }, resolved.teamLeads, look);
    }
  }
  if (from.stage !== 'emergency' && from.stage !== 'done') {
    if (resolved.emergency.length > 0) {
      const asked = resolved.anyoneCalled || from.stage === 'team_leads';
      const why = asked ? 'Nobody has answered' : `Nobody is on call in ${plan.name}`;
      log.push(line('emergency_contact', null, from.round, `${why}: the emergency contact is called`));
      return lastResort({ ...from, stage: 'emergency' }, resolved.emergency, look);
    }
    log.push(line('nobody_left', null, from.round, 'There is no active emergency contact and no active admin to call'));
  }
  log.push(line('unanswered', null, from.round, 'Everybody was called and nobody has answered; the page stays open'));
  return { ...NOTHING, cursor: { ...from, stage: 'done' }, posts: look.posts, log, unanswered: true };
}

const isFirst = (from: Cursor) => from.stage === 'steps' && from.step === -1 && from.round === 1;

/** Asks the person whose page it is once more, before the steps begin anew. `why` opens the line of the log. */
export const askHolder = (called: Called, why: string): Turn => ({
  ...NOTHING,
  cursor: { ...START, stage: 'holder' },
  call: [called],
  log: [line('holder', null, 1, why)],
  waitSeconds: LAST_RESORT_SECONDS,
});

/** What a look at the steps gathers on its way. */
interface Look {
  plan: Plan;
  resolved: Resolved;
  log: LogLine[];
  posts: Post[];
}

/** The next step that has something to do, this round or a later one; a round in which nobody at all is found is not repeated. */
function nextStep(look: Look, from: Cursor): { cursor: Cursor; until?: Date } | null {
  const { plan, resolved, log } = look;
  let { step, round } = from;
  for (let looked = 0; looked < plan.steps.length; looked++) {
    step += 1;
    if (step >= plan.steps.length) {
      if (round > plan.repeat || !worthRepeating(resolved)) return null;
      step = 0;
      round += 1;
      const text = `Nobody has answered: ${plan.name} starts again, round ${round} of ${plan.repeat + 1}`;
      log.push(line('repeat', 0, round, text));
    }
    const { gate, people, posts, wantsPeople } = resolved.steps[step] ?? EMPTY;
    if (gate.state === 'closed') {
      log.push(line('condition', step, round, `Step ${step + 1} is passed over: ${gate.why}`));
      continue;
    }
    if (gate.state === 'later') {
      log.push(line('waits_for_hours', step, round, `Step ${step + 1} waits: ${gate.why}`));
      return { cursor: { stage: 'steps', step: step - 1, round }, until: gate.until };
    }
    look.posts.push(...posts);
    if (people.length > 0 || (!wantsPeople && posts.length > 0)) return { cursor: { stage: 'steps', step, round } };
    log.push(line('fell_through_nobody', step, round, `Step ${step + 1} has nobody on call: on to the next at once`));
  }
  return null;
}

const EMPTY: StepNow = { people: [], posts: [], wantsPeople: true, gate: { state: 'open' } };

/** Rooms and programs alone are not told again and again while nobody has been called: the leads are next. */
const worthRepeating = ({ anyoneCalled, steps }: Resolved) =>
  anyoneCalled || steps.some(({ people, gate }) => people.length > 0 && gate.state !== 'closed');

function stepCalled({ plan, resolved, log, posts }: Look, cursor: Cursor, first: boolean): Turn {
  const n = cursor.step + 1;
  const call = once(resolved.steps[cursor.step]?.people ?? []);
  const text = call.length > 0 ? 'is called' : 'is told';
  if (first) log.push(line('first', cursor.step, cursor.round, `Step ${n} of ${plan.name} ${text}`));
  else if (!log.some((entry) => entry.reason === 'repeat'))
    log.push(line('escalated', cursor.step, cursor.round, `Nobody has answered: step ${n} of ${plan.name} ${text}`));
  const step = plan.steps[cursor.step];
  const delay = step?.delaySeconds ?? LAST_RESORT_SECONDS;
  const waitSeconds = plan.sink ? delay : clampDelay(delay);
  return { ...NOTHING, cursor, call, oneOf: step?.call === 'round_robin' && call.length > 1, posts, log, waitSeconds };
}

function lastResort(cursor: Cursor, call: Called[], { log, posts }: Look): Turn {
  return { ...NOTHING, cursor, call: once(call), posts, log, waitSeconds: LAST_RESORT_SECONDS };
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
