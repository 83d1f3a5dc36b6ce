/** The pure rules of actions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTION_STATES,
  type ActionState,
  afterReadBack,
  approvalFor,
  heldAutonomy,
  idempotencyKey,
  intentHash,
  mayFollow,
} from './model.ts';

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
  test('no action runs above the limit of its class, and none automatically without rehearsal', () => {
    for (const risk of ['reversible', 'compensable', 'irreversible'] as const) {
      for (const wanted of ['manual', 'suggest', 'approve', 'veto', 'auto'] as const) {
        expect(['manual', 'suggest', 'approve']).toContain(heldAutonomy(wanted, risk).autonomy);
      }
    }
    expect(heldAutonomy('auto', 'irreversible').held?.rule).toBe('playbooks.admission.class_limit');
    expect(heldAutonomy('auto', 'reversible').held?.rule).toBe('playbooks.admission.rehearsal');
    expect(heldAutonomy('approve', 'irreversible').held).toBeNull();
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
