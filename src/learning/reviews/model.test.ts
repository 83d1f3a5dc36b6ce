/** What a review needs to be scheduled and to be finished. */
import { expect, test } from 'vitest';
import { isFactor, isReviewOverdue, isTrigger, missingToFinish, reasonsNotScheduled, stateWithOwner } from './model.ts';

const due = new Date('2026-11-26T12:00:00Z');
const whole = {
  trigger: 'config_push',
  factorCodes: ['H1'],
  summary: 'One in five payments was slow.',
  actions: [
    { key: 'A-1', state: 'confirmed' },
    { key: 'A-2', state: 'rejected' },
  ],
} as const;

test('a review is scheduled as soon as it has an owner and a due time, and says what it lacks until then', () => {
  expect(stateWithOwner('draft', 'usr_1', due)).toBe('scheduled');
  expect(stateWithOwner('draft', null, due)).toBe('draft');
  expect(stateWithOwner('in_review', 'usr_2', due)).toBe('in_review');
  expect(reasonsNotScheduled(null, due)).toEqual(['the review has no owner']);
  expect(reasonsNotScheduled('usr_1', due)).toEqual([]);
});

test.each([
  ['a trigger', { trigger: null }, 'trigger'],
  ['a contributing factor', { factorCodes: [] }, 'factors'],
  ['a summary', { summary: '  ' }, 'sections.summary'],
  ['a verdict on an action', { actions: [{ key: 'A-1', state: 'proposed' as const }] }, 'actions.A-1'],
])('a review without %s can not be finished, and says so', (_, change, path) => {
  expect(missingToFinish({ ...whole, ...change }).map((missing) => missing.path)).toEqual([path]);
});

test('a review with all of them can be finished, also without any action', () => {
  expect(missingToFinish(whole)).toEqual([]);
  expect(missingToFinish({ ...whole, actions: [] })).toEqual([]);
});

test('a finished review is never overdue', () => {
  const later = new Date('2026-12-01T00:00:00Z');
  expect(isReviewOverdue({ state: 'scheduled', dueAt: due }, later)).toBe(true);
  expect(isReviewOverdue({ state: 'reviewed', dueAt: due }, later)).toBe(false);
  expect(isReviewOverdue({ state: 'draft', dueAt: null }, later)).toBe(false);
});

test('only words of the taxonomy are triggers and factors, not the names of object members', () => {
  expect(isTrigger('config_push')).toBe(true);
  expect(isTrigger('constructor')).toBe(false);
  expect(isFactor('D1')).toBe(true);
  expect(isFactor('human_error')).toBe(false);
});
