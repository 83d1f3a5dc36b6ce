/** The quick clock says what the calendar library says, in every zone and around every change. */
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { addMonthsToLocal, localOf, sayLocal, wallClock, weekdayOfLocal } from './wall.ts';
import { addDays, instantToWall, wallToInstant, weekdayOf, zoneNames } from './zone.ts';

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

describe('the quick clock', () => {
  test('agrees with the calendar library in every zone around every change of 2026 and 2027', () => {
    const wrong: string[] = [];
    for (const zone of zoneNames()) {
      const clock = wallClock(zone);
      for (const { at } of clock.changes(Date.UTC(2026), Date.UTC(2028))) {
        for (const minutes of [-90, -60, -30, -1, 0, 1, 30, 60, 90]) {
          const instant = at + minutes * 60_000;
          const wall = instantToWall(zone, new Date(instant));
          const local = localOf(wall.date, wall.time);
          if (clock.localOf(instant) !== local) wrong.push(`${zone} ${iso(instant)} wall`);
          const text = `${wall.date}T${wall.time}`;
          if (clock.instantOf(local) !== wallToInstant(zone, text).getTime()) wrong.push(`${zone} ${text} instant`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('takes the first occurrence of a doubled time, or the last when asked, and the first instant after a missing one', () => {
    const newYork = wallClock('America/New_York');
    const doubled = localOf('2026-11-01', '01:30');
    expect([newYork.instantOf(doubled), newYork.instantOf(doubled, 'last')].map(iso)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T06:30:00.000Z',
    ]);
    expect(iso(newYork.instantOf(localOf('2026-03-08', '02:30')))).toBe('2026-03-08T07:00:00.000Z');
    const apia = wallClock('Pacific/Apia');
    expect(iso(apia.instantOf(localOf('2011-12-30', '12:00')))).toBe('2011-12-30T10:00:00.000Z');
    const lordHowe = wallClock('Australia/Lord_Howe');
    expect(iso(lordHowe.instantOf(localOf('2026-10-04', '02:15')))).toBe('2026-10-03T15:30:00.000Z');
  });

  test('never runs backwards: a later wall time never comes earlier', () => {
    const zones = fc.constantFrom('America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/Vancouver');
    const start = Date.UTC(2026) / 60_000;
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 200 }), (zone, at, more) => {
        const clock = wallClock(zone);
        const [a, b] = [(start + at) * 60_000, (start + at + more) * 60_000];
        expect(clock.instantOf(a)).toBeLessThanOrEqual(clock.instantOf(b));
        expect(clock.instantOf(a, 'last')).toBeGreaterThanOrEqual(clock.instantOf(a));
      }),
    );
  });

  test('lists the changes of a stretch with the offsets on both sides', () => {
    expect(wallClock('Europe/Berlin').changes(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))).toEqual([
      { at: Date.UTC(2026, 2, 29, 1), before: HOUR, after: 2 * HOUR },
      { at: Date.UTC(2026, 9, 25, 1), before: 2 * HOUR, after: HOUR },
    ]);
    expect(wallClock('UTC').changes(0, Date.UTC(2030))).toEqual([]);
  });

  test('knows weekdays, and that a month without that day ends on its last', () => {
    for (const date of ['1969-12-31', '1970-01-01', '2024-02-29', '2026-11-23'])
      expect([date, weekdayOfLocal(localOf(date))]).toEqual([date, weekdayOf(date)]);
    const months = (date: string, n: number) => sayLocal(addMonthsToLocal(localOf(date), n)).slice(0, 10);
    expect([1, 2, 13].map((n) => months('2027-01-31', n))).toEqual(['2027-02-28', '2027-03-31', '2028-02-29']);
    for (let n = 0; n < 30; n++)
      expect(months('2024-02-29', n)).toBe(Temporal.PlainDate.from('2024-02-29').add({ months: n }).toString());
    expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
  });
});
