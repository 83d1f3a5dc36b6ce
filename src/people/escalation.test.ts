/** The order in which people are called, as tables and as properties. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Called,
  type Cursor,
  clampDelay,
  nextTurn,
  type Plan,
  type Resolved,
  START,
  type Turn,
} from './escalation.ts';

const person = (userId: string): Called => ({ userId, because: 'on call' });
const plan = (steps: number, repeat = 0): Plan => ({
  policyId: 'pol',
  version: 1,
  name: 'Payments',
  teamId: 'team',
  steps: Array.from({ length: steps }, () => ({
    delaySeconds: 300,
    targets: [{ kind: 'schedule' as const, id: 's' }],
  })),
  repeat,
});
const who = (steps: string[][], more: Partial<Resolved> = {}): Resolved => ({
  steps: steps.map((ids) => ({ people: ids.map(person), posts: [], wantsPeople: true, gate: { state: 'open' } })),
  teamLeads: [],
  emergency: [person('admin')],
  anyoneCalled: false,
  ...more,
});

/** Lets a page run with nobody answering; everything stays as it is between the turns. */
function run(policy: Plan, resolved: Resolved, limit = 500): Turn[] {
  const turns: Turn[] = [];
  let cursor: Cursor = START;
  let anyoneCalled = false;
  while (turns.length < limit) {
    const turn = nextTurn(policy, cursor, { ...resolved, anyoneCalled });
    turns.push(turn);
    cursor = turn.cursor;
    anyoneCalled ||= turn.call.length > 0;
    if (turn.waitSeconds === null) return turns;
  }
  throw new Error('a page never came to an end');
}
const calls = (turns: Turn[]) => turns.map((turn) => turn.call.map((p) => p.userId).join('+'));
const reasons = (turns: Turn[]) => turns.map((turn) => turn.log.map((entry) => entry.reason).join(' '));

describe('a page nobody answers', () => {
  test('goes step by step, then to the emergency contact, then stays open as unanswered', () => {
    const turns = run(plan(2), who([['ana'], ['ben']]));
    expect(calls(turns)).toEqual(['ana', 'ben', 'admin', '']);
    expect(reasons(turns)).toEqual(['first', 'escalated', 'emergency_contact', 'unanswered']);
    expect(turns.at(-1)).toMatchObject({ unanswered: true, waitSeconds: null });
  });

  test('“repeat 2” goes through the steps three times', () => {
    const turns = run(plan(2, 2), who([['ana'], ['ben']]));
    expect(calls(turns)).toEqual(['ana', 'ben', 'ana', 'ben', 'ana', 'ben', 'admin', '']);
    expect(reasons(turns).filter((text) => text === 'repeat')).toHaveLength(2);
  });

  test('an empty step is passed over at once and said so', () => {
    const turns = run(plan(3), who([[], ['ben'], []]));
    expect(calls(turns)).toEqual(['ben', 'admin', '']);
    expect(reasons(turns)[0]).toBe('fell_through_nobody first');
    expect(reasons(turns)[1]).toBe('fell_through_nobody emergency_contact');
  });

  test('nobody in any step: the leads of the team, then the emergency contact, without going in circles', () => {
    const turns = run(plan(2, 5), who([[], []], { teamLeads: [person('lea')] }));
    expect(calls(turns)).toEqual(['lea', 'admin', '']);
    expect(reasons(turns)[0]).toContain('team_leads');
  });

  test('no policy at all calls the emergency contact first', () => {
    expect(calls(run(plan(0), who([])))).toEqual(['admin', '']);
  });

  test('with nobody left in the house it says so', () => {
    expect(reasons(run(plan(0), who([], { emergency: [] })))).toEqual(['nobody_left unanswered']);
  });

  test('two targets that lead to one person call that person once', () => {
    expect(calls(run(plan(1), who([['ana', 'ana']])))[0]).toBe('ana');
  });
});

test('delays are at least 30 s and at most a day', () => {
  expect([0, -5, 29.4, 300, 1e12].map(clampDelay)).toEqual([30, 30, 30, 300, 86_400]);
});

test('whoever is on call, every page comes to an end, and somebody is called if anybody exists', () => {
  const people = fc.array(fc.constantFrom('ana', 'ben', 'cem'), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(
      fc.array(people, { maxLength: 6 }),
      fc.integer({ min: 0, max: 10 }),
      people,
      people,
      (steps, repeat, leads, last) => {
        const resolved = who(steps, {
          teamLeads: leads.map(person),
          emergency: last.map(person),
        });
        const turns = run(plan(steps.length, repeat), resolved);
        const anybody = steps.flat().length + leads.length + last.length > 0;
        expect(turns.some((turn) => turn.call.length > 0)).toBe(anybody);
        expect(turns.at(-1)?.unanswered).toBe(true);
        expect(turns.every((turn) => turn.waitSeconds === null || turn.waitSeconds >= 30)).toBe(true);
        const full = steps.filter((ids) => ids.length > 0).length;
        expect(turns.filter((turn) => turn.cursor.stage === 'steps' && turn.call.length > 0)).toHaveLength(
          full * (repeat + 1),
        );
      },
    ),
  );
});
