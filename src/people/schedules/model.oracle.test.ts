/** The calculators against the simple-minded oracle: every minute, generated schedules, around the changes of the clocks. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Layer, Window } from './layer.ts';
import { finalShifts, gapsOf, onCallAt, type Plan } from './model.ts';
import { oracle } from '../../../test/faults/oracle/roster.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Weeks in which clocks change somewhere: New York and Vancouver, Berlin, Lord Howe, Casablanca's Ramadan, Cairo. */
const WEEKS = [
  '2026-03-02',
  '2026-03-23',
  '2026-03-30',
  '2026-10-01',
  '2026-10-22',
  '2026-10-28',
  '2027-02-05',
  '2027-03-11',
  '2026-04-22',
];
const zones = fc.constantFrom(
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Vancouver',
  'Africa/Casablanca',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Kolkata',
  'UTC',
);
const two = (n: number) => String(n).padStart(2, '0');
const time = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 9, 17, 22, 23), fc.constantFrom(0, 1, 30, 59))
  .map(([h, m]) => `${two(h)}:${two(m)}`);
const weekday = fc.integer({ min: 1, max: 7 });
const windows: fc.Arbitrary<Window> = fc
  .oneof(
    fc.record({
      kind: fc.constant('daily' as const),
      days: fc.uniqueArray(weekday, { minLength: 1 }),
      from: time,
      to: fc.oneof(time, fc.constant('24:00')),
    }),
    fc.record({ kind: fc.constant('weekly' as const), fromDay: weekday, from: time, toDay: weekday, to: time }),
  )
  .filter((w) => w.from !== w.to);
/** Days in the months before those weeks, the 29th to 31st among them. */
const date = fc
  .tuple(
    fc.constantFrom('2026-01', '2026-02', '2026-03', '2026-08', '2026-10', '2027-01'),
    fc.constantFrom(1, 2, 7, 13, 22, 25, 28, 29, 30, 31),
  )
  .map(([month, day]) => new Date(Date.parse(`${month}-01T00:00Z`) + (day - 1) * DAY).toISOString().slice(0, 10));
const layers: fc.Arbitrary<Layer> = fc
  .record({
    zone: zones,
    shape: fc.constantFrom(
      ['hour', 1],
      ['hour', 2],
      ['hour', 12],
      ['hour', 60],
      ['day', 1],
      ['day', 3],
      ['week', 1],
      ['week', 2],
      ['month', 1],
    ) as fc.Arbitrary<[Layer['unit'], number]>,
    startsOn: date,
    handoverTime: time,
    handoverWeekday: fc.option(weekday),
    effectiveFrom: fc.option(
      fc.tuple(date, time).map(([d, t]) => `${d}T${t}`),
      { freq: 4 },
    ),
    windows: fc.array(windows, { maxLength: 3 }),
    skipIdleDays: fc.boolean(),
    participants: fc.integer({ min: 0, max: 4 }).map((n) => ['ana', 'ben', 'cem', 'dan'].slice(0, n)),
  })
  .map(({ shape: [unit, every], ...rest }) => ({ id: 'lay', name: 'x', unit, every, effectiveUntil: null, ...rest }));
const plans = fc
  .record({
    layers: fc.array(layers, { minLength: 1, maxLength: 3 }),
    start: fc.constantFrom(...WEEKS).map((d) => Date.parse(`${d}T00:00:00Z`)),
  })
  .chain(({ layers: list, start }) => {
    const stretch = fc.tuple(fc.integer({ min: -24, max: 24 * 9 }), fc.integer({ min: 1, max: 80 }));
    const at = ([from, length]: [number, number]) => ({
      from: new Date(start + from * HOUR),
      to: new Date(start + (from + length) * HOUR),
    });
    return fc.record({
      start: fc.constant(start),
      plan: fc.record({
        layers: fc.constant(list),
        overrides: fc.array(
          fc
            .tuple(stretch, fc.constantFrom('eva', 'fay', 'ana'), fc.option(fc.constantFrom('ana', 'ben')))
            .map(([s, userId, replaces]) => ({ ...at(s), userId, replaces })),
          { maxLength: 3 },
        ),
        absences: fc.array(
          fc.tuple(stretch, fc.constantFrom('ana', 'ben', 'eva')).map(([s, userId]) => ({ ...at(s), userId })),
          { maxLength: 3 },
        ),
        isActive: fc.constant((id: string) => id !== 'fay' && id !== 'dan'),
      }) as fc.Arbitrary<Plan>,
    });
  });

test('for every generated schedule the result is what the oracle says, minute by minute, over nine days with a change of the clocks', () => {
  let points = 0;
  fc.assert(
    fc.property(plans, ({ plan, start }) => {
      const end = start + 9 * DAY;
      const shifts = finalShifts(plan, new Date(start), new Date(end));
      const ask = oracle(plan, end);
      let i = 0;
      for (let at = start; at < end; at += 60_000) {
        while (shifts[i]!.to.getTime() <= at) i += 1;
        const said = ask(at);
        if (said !== shifts[i]!.userId)
          throw new Error(`${new Date(at).toISOString()}: ${shifts[i]!.userId}, the oracle says ${said}`);
        points += 1;
      }
    }),
    { numRuns: 40 },
  );
  expect(points).toBe(40 * 9 * 1440);
}, 60_000);

test('shifts touch, never overlap, cover the window, and neighbours differ; gaps are exactly what nobody holds', () => {
  fc.assert(
    fc.property(plans, ({ plan, start }) => {
      const [from, to] = [new Date(start), new Date(start + 9 * DAY)];
      const shifts = finalShifts(plan, from, to);
      expect([shifts[0]?.from, shifts.at(-1)?.to]).toEqual([from, to]);
      for (const [i, shift] of shifts.entries()) {
        expect(shift.to > shift.from).toBe(true);
        expect(shift.userId === null).toBe(shift.why !== null);
        if (i === 0) continue;
        const before = shifts[i - 1]!;
        expect(shift.from).toEqual(before.to);
        expect([before.userId, before.source, before.why, before.replaces, before.blocked]).not.toEqual([
          shift.userId,
          shift.source,
          shift.why,
          shift.replaces,
          shift.blocked,
        ]);
      }
      const held = shifts.filter((s) => s.userId).reduce((sum, s) => sum + s.to.getTime() - s.from.getTime(), 0);
      const gaps = gapsOf(shifts).reduce((sum, s) => sum + s.to.getTime() - s.from.getTime(), 0);
      expect(held + gaps).toBe(9 * DAY);
    }),
    { numRuns: 300 },
  );
});

test('a part of the window calculated alone is what the whole gives there, and one instant is what the window says', () => {
  fc.assert(
    fc.property(
      plans,
      fc.integer({ min: 0, max: 8 * 24 * 60 }),
      fc.integer({ min: 1, max: 24 * 60 }),
      ({ plan, start }, offset, length) => {
        const whole = finalShifts(plan, new Date(start), new Date(start + 9 * DAY));
        const [from, to] = [new Date(start + offset * 60_000), new Date(start + (offset + length) * 60_000)];
        const cut = whole
          .filter((s) => s.from < to && s.to > from)
          .map((s) => ({ ...s, from: s.from < from ? from : s.from, to: s.to > to ? to : s.to }));
        expect(finalShifts(plan, from, to)).toEqual(cut);
        const { userId, source } = onCallAt(plan, from);
        expect({ userId, source }).toEqual({ userId: cut[0]!.userId, source: cut[0]!.source });
      },
    ),
    { numRuns: 400 },
  );
});
