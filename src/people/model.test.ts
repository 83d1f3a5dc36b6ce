/** On-call calculations against a simple-minded oracle, across every change of the clocks. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zone } from '#kernel';
import {
  finalShifts,
  gapsOf,
  type Override,
  onCallAt,
  type Rotation,
  rotationShifts,
  turnAt,
  turnStart,
} from './model.ts';

const { instantToWall, nextWeekly, wallToInstant } = zone;

const weekly: Rotation = {
  zone: 'Europe/Berlin',
  handoverWeekday: 1,
  handoverTime: '09:00',
  startsOn: '2026-10-12',
  everyWeeks: 1,
  participants: ['ana', 'ben', 'cem'],
};
const at = (text: string) => new Date(text);
const show = (shifts: ReturnType<typeof finalShifts>) =>
  shifts.map((s) => `${s.from.toISOString().slice(0, 16)} ${s.userId ?? s.why} ${s.source}`);

describe('a weekly rotation', () => {
  test('hands over at the same time on the wall when the clocks change', () => {
    expect(show(rotationShifts(weekly, at('2026-10-19T06:59Z'), at('2026-11-03T00:00Z')))).toEqual([
      '2026-10-19T06:59 ana rotation',
      '2026-10-19T07:00 ben rotation',
      '2026-10-26T08:00 cem rotation',
      '2026-11-02T08:00 ana rotation',
    ]);
  });

  test('that starts in mid-week begins with a short first turn', () => {
    const rotation = { ...weekly, startsOn: '2026-10-14' };
    expect(show(rotationShifts(rotation, at('2026-10-14T00:00Z'), at('2026-10-27T00:00Z')))).toEqual([
      '2026-10-14T00:00 not_started nobody',
      '2026-10-14T07:00 ana rotation',
      '2026-10-19T07:00 ben rotation',
      '2026-10-26T08:00 cem rotation',
    ]);
  });

  test('every second week keeps its rhythm', () => {
    const rotation = { ...weekly, everyWeeks: 2 };
    expect([0, 1, 2].map((k) => turnStart(rotation, k).toISOString())).toEqual([
      '2026-10-12T07:00:00.000Z',
      '2026-10-26T08:00:00.000Z',
      '2026-11-09T08:00:00.000Z',
    ]);
  });

  test('a hand-over in the missing hour happens at the first instant after it', () => {
    const rotation = {
      ...weekly,
      zone: 'America/New_York',
      handoverWeekday: 7,
      handoverTime: '02:30',
      startsOn: '2026-03-01',
    };
    expect(turnStart(rotation, 1).toISOString()).toBe('2026-03-08T07:00:00.000Z');
    expect(instantToWall('America/New_York', turnStart(rotation, 1)).time).toBe('03:00:00');
  });

  test('a hand-over in the doubled hour happens once, at its first occurrence', () => {
    const rotation = {
      ...weekly,
      zone: 'America/New_York',
      handoverWeekday: 7,
      handoverTime: '01:30',
      startsOn: '2026-10-25',
    };
    const shifts = rotationShifts(rotation, at('2026-11-01T04:00Z'), at('2026-11-01T08:00Z'));
    expect(show(shifts)).toEqual(['2026-11-01T04:00 ana rotation', '2026-11-01T05:30 ben rotation']);
  });

  test('whose first day was skipped by the calendar of Apia has no turn of no length', () => {
    const rotation = {
      ...weekly,
      zone: 'Pacific/Apia',
      handoverWeekday: 6,
      handoverTime: '00:00',
      startsOn: '2011-12-30',
    };
    const shifts = rotationShifts(rotation, at('2011-12-30T09:00Z'), at('2011-12-31T00:00Z'));
    expect(show(shifts)).toEqual(['2011-12-30T09:00 not_started nobody', '2011-12-30T10:00 ben rotation']);
  });

  test('with nobody in it is one long gap', () => {
    const shifts = finalShifts({ ...weekly, participants: [] }, [], at('2026-11-23T00:00Z'), at('2026-12-07T00:00Z'));
    expect(gapsOf(shifts)).toHaveLength(1);
    expect(shifts[0]).toMatchObject({ userId: null, why: 'no_participants' });
  });
});

describe('overrides', () => {
  const dan: Override = {
    userId: 'dan',
    from: at('2026-10-25T12:00Z'),
    to: at('2026-10-26T12:00Z'),
  };

  test('lie over the rotation, also across a hand-over, and leave the rest alone', () => {
    expect(show(finalShifts(weekly, [dan], at('2026-10-25T00:00Z'), at('2026-10-27T00:00Z')))).toEqual([
      '2026-10-25T00:00 ben rotation',
      '2026-10-25T12:00 dan override',
      '2026-10-26T12:00 cem rotation',
    ]);
  });

  test('fill a gap, and keep what is left of it', () => {
    const empty = { ...weekly, participants: [] };
    expect(show(finalShifts(empty, [dan], at('2026-10-25T00:00Z'), at('2026-10-27T00:00Z')))).toEqual([
      '2026-10-25T00:00 no_participants nobody',
      '2026-10-25T12:00 dan override',
      '2026-10-26T12:00 no_participants nobody',
    ]);
  });

  test('by a person who is not active are a gap that says so', () => {
    const shifts = finalShifts(weekly, [dan], at('2026-10-25T00:00Z'), at('2026-10-27T00:00Z'), (id) => id !== 'dan');
    expect(gapsOf(shifts)).toMatchObject([{ why: 'person_inactive', from: dan.from, to: dan.to }]);
  });
});

const zones = [
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Vancouver',
  'Africa/Casablanca',
  'Europe/Kyiv',
  'Asia/Kolkata',
  'Pacific/Apia',
  'UTC',
];
const two = (n: number) => String(n).padStart(2, '0');
const rotations = fc.record({
  zone: fc.constantFrom(...zones),
  handoverWeekday: fc.integer({ min: 1, max: 7 }),
  handoverTime: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 29, 30, 59))
    .map(([h, m]) => `${two(h)}:${two(m)}`),
  startsOn: fc
    .tuple(fc.integer({ min: 2024, max: 2027 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map(([y, m, d]) => `${y}-${two(m)}-${two(d)}`),
  everyWeeks: fc.constant(1),
  participants: fc.integer({ min: 0, max: 4 }).map((n) => ['ana', 'ben', 'cem', 'dan'].slice(0, n)),
});

describe('for every zone, weekday, time and start', () => {
  test('the turn is what walking from hand-over to hand-over gives', () => {
    fc.assert(
      fc.property(
        rotations,
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom(-1, 0, 1, 1800_000, 3600_000),
        (rotation, weeks, shiftMs) => {
          let boundary = wallToInstant(rotation.zone, `${rotation.startsOn}T${rotation.handoverTime}`);
          let walked = 0;
          for (; walked < weeks; walked++)
            boundary = nextWeekly(rotation.zone, rotation.handoverWeekday, rotation.handoverTime, boundary);
          const asked = new Date(boundary.getTime() + shiftMs);
          expect(turnStart(rotation, weeks)).toEqual(boundary);
          expect(turnAt(rotation, asked)).toBe(shiftMs < 0 ? walked - 1 : walked);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('final shifts touch, never overlap, cover the window, and agree with the question asked at one instant', () => {
    const start = at('2026-02-20T00:00Z').getTime();
    const hours = fc.integer({ min: 0, max: 24 * 40 });
    const overrides = fc.array(
      fc
        .tuple(hours, fc.integer({ min: 1, max: 300 }), fc.constantFrom('eva', 'fay'))
        .map(([from, length, userId]) => ({
          userId,
          from: new Date(start + from * 3600_000),
          to: new Date(start + (from + length) * 3600_000),
        })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(rotations, overrides, hours, (rotation, list, probe) => {
        const end = new Date(start + 24 * 40 * 3600_000);
        const isActive = (id: string) => id !== 'fay';
        const shifts = finalShifts(rotation, list, new Date(start), end, isActive);
        expect(shifts[0]?.from.getTime()).toBe(start);
        expect(shifts.at(-1)?.to).toEqual(end);
        for (const [i, shift] of shifts.entries()) {
          expect(shift.to > shift.from).toBe(true);
          if (i > 0) expect(shift.from).toEqual(shifts[i - 1]?.to);
        }
        const asked = new Date(start + Math.min(probe, 24 * 40 - 1) * 3600_000);
        const holder = shifts.find((shift) => shift.from <= asked && asked < shift.to);
        expect(onCallAt(rotation, list, asked, isActive).userId).toBe(holder?.userId ?? null);
      }),
      { numRuns: 300 },
    );
  });
});
