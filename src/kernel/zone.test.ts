/** Tables of wall-clock times and instants around the changes that have hurt others. */
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addWallDays,
  checkZone,
  daysBetween,
  instantToWall,
  isDate,
  nextWeekly,
  sayInstant,
  wallToInstant,
  weekdayOf,
} from './zone.ts';

describe('a wall-clock time becomes an instant', () => {
  test.each([
    ['an ordinary time', 'Europe/Berlin', '2026-11-23T09:00', '2026-11-23T08:00:00.000Z'],
    [
      'a missing time: the first instant after the gap',
      'America/New_York',
      '2026-03-08T02:30',
      '2026-03-08T07:00:00.000Z',
    ],
    ['a doubled time: its first occurrence', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    ['the end of a doubled hour', 'America/New_York', '2026-11-01T02:00', '2026-11-01T07:00:00.000Z'],
    ['Lord Howe, half an hour missing', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00.000Z'],
    ['Lord Howe, half an hour doubled', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
    ['Apia, a whole day missing', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
    ['Vancouver before it gave up changing', 'America/Vancouver', '2026-03-08T09:00', '2026-03-08T16:00:00.000Z'],
    ['Casablanca in Ramadan', 'Africa/Casablanca', '2026-03-01T09:00', '2026-03-01T09:00:00.000Z'],
    ['UTC', 'UTC', '2026-01-01T00:00:30', '2026-01-01T00:00:30.000Z'],
  ])('%s', (_, zone, local, expected) => {
    expect(wallToInstant(zone, local).toISOString()).toBe(expected);
  });

  test('Vancouver stays on summer time after 2026-11-01, if this Node has heard of it', () => {
    // tz 2026a and later: 16:00Z. Before: 17:00Z. Either way the wall shows 09:00 there: that is what is promised.
    const at = wallToInstant('America/Vancouver', '2026-11-23T09:00');
    expect(['2026-11-23T16:00:00.000Z', '2026-11-23T17:00:00.000Z']).toContain(at.toISOString());
    expect(instantToWall('America/Vancouver', at).time).toBe('09:00:00');
  });

  test('an impossible date is refused', () => {
    expect(() => wallToInstant('UTC', '2026-02-30T09:00')).toThrow(RangeError);
    expect(isDate('2026-02-30')).toBe(false);
    expect(isDate('2026-2-3')).toBe(false);
    expect(isDate('2028-02-29')).toBe(true);
  });
});

describe('zones people type', () => {
  test.each(['Europe/Berlin', 'Europe/Kiev', 'Europe/Kyiv', 'Asia/Calcutta', 'US/Eastern', 'Japan', 'UTC'])(
    '%s is accepted',
    (zone) => {
      expect(checkZone(zone)).toEqual({ ok: true, zone });
    },
  );

  test('spelling is restored', () => {
    expect(checkZone('america/new_york')).toEqual({ ok: true, zone: 'America/New_York' });
    expect(checkZone('utc')).toEqual({ ok: true, zone: 'UTC' });
    expect(checkZone('europe/kyiv')).toEqual({ ok: true, zone: 'Europe/Kyiv' });
  });

  test.each([
    ['EST', 'America/New_York'],
    ['CET', 'Europe/Berlin'],
    ['GMT+2', 'Europe/Helsinki'],
    ['UTC+02:00', 'Europe/Helsinki'],
    ['Etc/GMT-2', 'Europe/Helsinki'],
    ['+0530', 'Asia/Kolkata'],
    ['Europe/Berln', 'Europe/Berlin'],
    ['berlin', 'Europe/Berlin'],
    ['New York', 'America/New_York'],
    ['Pacific Time (US & Canada)', 'America/Los_Angeles'],
    ['America/Nowhere', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ])('%s is refused, and %s is suggested', (name, suggestion) => {
    expect(checkZone(name)).toMatchObject({ ok: false, suggestion });
  });
});

describe('days and weeks are counted on the wall', () => {
  test('a day over the spring change has 23 hours, over the autumn change 25', () => {
    const spring = new Date('2026-03-07T14:00:00Z'); // 09:00 in New York
    expect(addWallDays('America/New_York', spring, 1).toISOString()).toBe('2026-03-08T13:00:00.000Z');
    const autumn = new Date('2026-10-31T13:00:00Z');
    expect(addWallDays('America/New_York', autumn, 1).toISOString()).toBe('2026-11-01T14:00:00.000Z');
    expect(addWallDays('America/New_York', autumn, -1).toISOString()).toBe('2026-10-30T13:00:00.000Z');
  });

  test('calendar dates move over month ends and leap days', () => {
    expect(addDays('2028-02-27', 2)).toBe('2028-02-29');
    expect(daysBetween('2026-03-01', '2026-03-31')).toBe(30);
    expect(daysBetween('2026-03-31', '2026-03-01')).toBe(-30);
    expect(weekdayOf('2026-11-23')).toBe(1);
  });

  test.each([
    ['the coming Monday', 'Europe/Berlin', 1, '09:00', '2026-11-20T12:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['later on the same day', 'Europe/Berlin', 1, '09:00', '2026-11-23T07:59:59Z', '2026-11-23T08:00:00.000Z'],
    ['strictly after: a week on', 'Europe/Berlin', 1, '09:00', '2026-11-23T08:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['in a missing hour', 'America/New_York', 7, '02:30', '2026-03-05T00:00:00Z', '2026-03-08T07:00:00.000Z'],
    ['in a doubled hour, once', 'America/New_York', 7, '01:30', '2026-11-01T05:30:00Z', '2026-11-08T06:30:00.000Z'],
  ])('the next weekly hand-over: %s', (_, zone, weekday, time, after, expected) => {
    expect(nextWeekly(zone, weekday, time, new Date(after)).toISOString()).toBe(expected);
  });
});

test('an instant is said with its zone', () => {
  expect(sayInstant('Europe/Berlin', new Date('2026-11-23T08:00:00Z'))).toBe('Mon 23 Nov 09:00 CET');
});
