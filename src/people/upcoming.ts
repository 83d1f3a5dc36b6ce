/** Who is next on a page, or would have been: the turns that have not come yet, played through without touching anything. */
import { gateOf } from './conditions.ts';
import { type Called, type Cursor, nextTurn, type Post, type Resolved, type Turn } from './escalation.ts';
import type { PageFacts, Plan } from './plan.ts';
import { afterTurn, whoseTurn } from './rounds.ts';

export interface Upcoming {
  stage: 'step' | 'team_leads' | 'emergency' | 'wait' | 'unanswered';
  /** From 1; null outside the steps. */
  step: number | null;
  round: number;
  /** Null: nobody is being called, so there is no time. */
  at: Date | null;
  people: Called[];
  posts: Post[];
  /** Steps passed over on the way, and why. */
  notes: string[];
}

export interface Start {
  cursor: Cursor;
  /** When the next turn is due; null: nobody is being called. */
  at: Date | null;
  now: Date;
  page: PageFacts;
  /** Whose turn was last in each step that calls by the round. */
  orders: Map<number, string[]>;
}

/** No screen shows more, and a policy of 20 steps may go round eleven times. */
const MOST = 8;
const PASSED = new Set(['condition', 'fell_through_nobody']);

/** The next turns as they would be if nobody answers and everything stays as it is now. */
export function upcomingTurns(
  plan: Plan,
  resolved: Resolved,
  { cursor: start, at: first, now, page, orders }: Start,
): Upcoming[] {
  const found: Upcoming[] = [];
  const rounds = new Map(orders);
  let { anyoneCalled } = resolved;
  let cursor = start;
  let at = first;
  while (found.length < MOST) {
    const moment = at ?? now;
    const steps = resolved.steps.map((step, i) => ({ ...step, gate: gateOf(plan.steps[i]?.when, page, moment) }));
    const turn = nextTurn(plan, cursor, { ...resolved, steps, anyoneCalled });
    const people = turn.oneOf ? inTurn(turn, rounds) : turn.call;
    found.push(shown(turn, at, people));
    anyoneCalled ||= people.length > 0;
    cursor = turn.cursor;
    if (turn.unanswered || (page.urgency === 'low' && anyoneCalled)) break;
    if (turn.resumeAt) at = turn.resumeAt;
    else if (at) at = new Date(at.getTime() + (turn.waitSeconds ?? 0) * 1000);
    // Without times the hours of a step cannot be waited for: it would be the same step for ever.
    if (turn.resumeAt && !first) break;
  }
  return found;
}

function inTurn(turn: Turn, rounds: Map<number, string[]>): Called[] {
  const { step } = turn.cursor;
  const order = rounds.get(step) ?? [];
  const chosen = whoseTurn(turn.call, order);
  if (!chosen) return [];
  rounds.set(step, afterTurn(order, chosen.userId));
  return [{ ...chosen, because: `${chosen.because}; their turn among ${turn.call.length}` }];
}

function shown(turn: Turn, at: Date | null, people: Called[]): Upcoming {
  const { stage, step, round } = turn.cursor;
  const notes = turn.log.filter(({ reason }) => PASSED.has(reason)).map(({ text }) => text);
  const base = { round, people, posts: turn.posts, notes, at };
  if (turn.resumeAt) {
    const why = turn.log.find(({ reason }) => reason === 'waits_for_hours')?.text ?? '';
    return { ...base, stage: 'wait', step: step + 2, notes: [...notes, why] };
  }
  if (turn.unanswered) return { ...base, stage: 'unanswered', step: null };
  if (stage === 'steps') return { ...base, stage: 'step', step: step + 1 };
  return { ...base, stage: stage === 'team_leads' ? 'team_leads' : 'emergency', step: null };
}
