/** Due times of reviews, across weekends and changes of the clock. */
import { expect, test } from 'vitest';
import { dueAfter, endOfDay } from './due.ts';

const calendar = { days: 3, count: 'calendar' } as const;
const business = { days: 5, count: 'business' } as const;

test.each([
  ['a Tuesday', '2026-11-24T14:00:00Z', '2026-11-27T14:00:00.000Z'],
  ['a Friday: weekends count as well', '2026-11-27T14:00:00Z', '2026-11-30T14:00:00.000Z'],
  [
    'the day before the clocks go back: same wall time, one hour more',
    '2026-10-23T14:00:00Z',
    '2026-10-26T15:00:00.000Z',
  ],
])('a SEV1 restored on %s is due three calendar days later', (_, restored, due) => {
  expect(dueAfter(calendar, new Date(restored), 'Europe/Berlin').toISOString()).toBe(due);
});

test.each([
  ['a Monday', '2026-11-23T10:30:00Z', '2026-11-30T10:30:00.000Z'],
  ['a Friday', '2026-11-27T10:30:00Z', '2026-12-04T10:30:00.000Z'],
  ['a Saturday', '2026-11-28T10:30:00Z', '2026-12-04T10:30:00.000Z'],
  ['a Sunday', '2026-11-29T10:30:00Z', '2026-12-04T10:30:00.000Z'],
])('a SEV2 restored on %s is due five business days later', (_, restored, due) => {
  expect(dueAfter(business, new Date(restored), 'Europe/Berlin').toISOString()).toBe(due);
});

test('late in the evening the local day decides, not the UTC one', () => {
  // Friday 23:30 in New York is already Saturday in UTC.
  const restored = new Date('2026-11-28T04:30:00Z');
  expect(dueAfter(business, restored, 'America/New_York').toISOString()).toBe('2026-12-05T04:30:00.000Z');
});

test('a day ends where the next one begins, also when the day has 25 hours', () => {
  expect(endOfDay('2026-10-25', 'Europe/Berlin').toISOString()).toBe('2026-10-25T23:00:00.000Z');
  expect(endOfDay('2026-10-24', 'Europe/Berlin').toISOString()).toBe('2026-10-24T22:00:00.000Z');
});
