/** The life of an improvement, and when a loop has ended. */
import { expect, test } from 'vitest';
import { type ActionState, isOverdue, loopHasEnded, mayBecome, missingForConfirmation } from './model.ts';

const states: ActionState[] = ['proposed', 'confirmed', 'in_progress', 'done', 'rejected', 'superseded'];

test('an action is worked on only after it was confirmed, and what is settled stays settled', () => {
  const allowed = states.flatMap((from) => states.filter((to) => mayBecome(from, to)).map((to) => `${from} > ${to}`));
  expect(allowed).toEqual([
    ...['proposed > confirmed', 'proposed > rejected', 'proposed > superseded'],
    ...['confirmed > in_progress', 'confirmed > done', 'confirmed > rejected', 'confirmed > superseded'],
    ...['in_progress > done', 'in_progress > rejected', 'in_progress > superseded'],
  ]);
});

test('confirmation needs exactly one owner, a day and a type, and each missing one is named', () => {
  const whole = { ownerId: 'usr_1', dueOn: '2026-12-24', type: 'code' } as const;
  expect(missingForConfirmation(whole)).toEqual([]);
  for (const path of ['ownerId', 'dueOn', 'type']) {
    expect(missingForConfirmation({ ...whole, [path]: null }).map((missing) => missing.path)).toEqual([path]);
  }
});

test.each([
  ['not before the review is finished', false, ['done'], false],
  ['not while an action is open', true, ['done', 'in_progress'], false],
  ['not while an action is undecided', true, ['proposed'], false],
  ['when the last action is done', true, ['done', 'rejected', 'done'], true],
  ['at once, when nothing was confirmed', true, [], true],
] as const)('the loop ends %s', (_, finished, actions, ended) => {
  expect(loopHasEnded(finished, actions)).toBe(ended);
});

test('an action is late from the end of its day on, and never once it is settled', () => {
  const dueAt = new Date('2026-12-01T23:00:00Z');
  expect(isOverdue({ state: 'confirmed', dueAt }, new Date('2026-12-01T22:59:59Z'))).toBe(false);
  expect(isOverdue({ state: 'confirmed', dueAt }, dueAt)).toBe(true);
  expect(isOverdue({ state: 'done', dueAt }, new Date('2027-01-01T00:00:00Z'))).toBe(false);
});
