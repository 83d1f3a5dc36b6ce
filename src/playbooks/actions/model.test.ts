/** The pure rules of actions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTION_STATES,
  type ActionState,
  afterReadBack,
  approvalFor,
  idempotencyKey,
  intentHash,
  mayFollow,
} from './model.ts';
import { CLASS_LIMIT, earned, isAbove, REHEARSAL } from './autonomy.ts';

describe('states', () => {
  test('nothing is ever sent again: no path leads back to running', () => {
    const into = ACTION_STATES.filter((state) => mayFollow(state, 'running'));
    expect(into).toEqual(['approved']);
  });
  test('nothing runs that was not approved, whatever path is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ACTION_STATES), { maxLength: 12 }), (wishes) => {
        let state: ActionState = 'proposed';
        let approved = false;
        for (const wish of wishes) {
          if (!mayFollow(state, wish)) continue;
          state = wish;
          if (state === 'approved') approved = true;
          if (state === 'running') expect(approved).toBe(true);
        }
      }),
    );
  });
  test.each(['undone', 'refused', 'cancelled', 'expired'] as const)('%s is an end', (state) => {
    expect(ACTION_STATES.filter((next) => mayFollow(state, next))).toEqual([]);
  });
});

describe('a lost answer', () => {
  test('read as applied goes on to verification, as not applied it failed, and unreadable needs a person', () => {
    expect(afterReadBack('applied').state).toBe('verifying');
    expect(afterReadBack('not_applied').state).toBe('failed');
    expect(afterReadBack('unreadable').state).toBe('needs_human');
  });
});

describe('autonomy', () => {
  test('no action is above the limit of its class, nor automatic without an effective run in time (property, invariant 7)', () => {
    const now = new Date('2026-05-01T12:00:00Z');
    const past = fc.array(
      fc.record({
        at: fc.date({ min: new Date('2025-01-01'), max: now, noInvalidDate: true }),
        state: fc.constantFrom('effective' as const, 'undone' as const, 'failed' as const, 'aborted' as const),
        failedVerify: fc.boolean(),
        wasEffective: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('reversible' as const, 'compensable' as const, 'irreversible' as const),
        fc.constantFrom('suggest' as const, 'approve' as const, 'veto' as const, 'auto' as const),
        past,
        fc.option(fc.constant('somebody stopped it')),
        (risk, wanted, runs, dropped) => {
          const { autonomy, held } = earned(wanted, risk, { past: runs, dropped }, now);
          expect(isAbove(autonomy, CLASS_LIMIT[risk])).toBe(false);
          if (isAbove(autonomy, 'approve')) {
            expect(dropped).toBeNull();
            expect(runs.slice(0, 3).some((one) => one.failedVerify)).toBe(false);
            const since = now.getTime() - REHEARSAL.withinMs;
            expect(runs.some((one) => one.wasEffective && one.at.getTime() >= since)).toBe(true);
          }
          if (autonomy !== wanted) expect(held.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('approval', () => {
  test('irreversible needs two people who are not the requester, whatever a playbook says', () => {
    expect(approvalFor('irreversible', [])).toEqual({
      needed: 2,
      selfAllowed: false,
    });
    const lax = [
      {
        for: ['irreversible' as const],
        count: 1,
        from: ['x'],
        not_requester: false,
      },
    ];
    expect(approvalFor('irreversible', lax)).toEqual({
      needed: 2,
      selfAllowed: false,
    });
  });
  test('the requester may approve a reversible action, unless the guardrail says otherwise', () => {
    expect(approvalFor('reversible', [])).toEqual({
      needed: 1,
      selfAllowed: true,
    });
    const strict = [
      {
        for: ['reversible' as const],
        count: 1,
        from: ['x'],
        not_requester: true,
      },
    ];
    expect(approvalFor('reversible', strict)).toEqual({
      needed: 1,
      selfAllowed: false,
    });
  });
});

describe('keys', () => {
  test('the same intent has the same key; other parameters, or doing it again after an undo, have another', () => {
    const intent = intentHash('flag.set', { flag: 'a', variant: 'b' });
    expect(intentHash('flag.set', { variant: 'b', flag: 'a' })).toBe(intent);
    expect(intentHash('flag.set', { flag: 'a', variant: 'c' })).not.toBe(intent);
    const parts = { incidentId: 'inc', stepId: 's', intent };
    expect(idempotencyKey(parts, 0)).toBe(`inc/s/${intent}`);
    expect(idempotencyKey(parts, 1)).not.toBe(idempotencyKey(parts, 0));
  });
});
