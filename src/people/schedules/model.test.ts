/** On-call calculations: the rules by example, one by one. (Against the oracle: `model.oracle.test.ts`.) */
import { describe, expect, test } from 'vitest';
import { zone } from '#kernel';
import { type Layer, layerPieces, turnAt, turnStart } from './layer.ts';
import { finalShifts, gapsOf, layerShifts, nowAndNext, onCallAt, type Plan } from './model.ts';

const at = (text: string) => new Date(text);
const weekly: Layer = {
  id: 'lay_1',
  name: 'Primary',
  zone: 'Europe/Berlin',
  unit: 'week',
  every: 1,
  startsOn: '2026-10-12',
  handoverTime: '09:00',
  handoverWeekday: 1,
  effectiveFrom: null,
  effectiveUntil: null,
  windows: [],
  skipIdleDays: false,
  participants: ['ana', 'ben', 'cem'],
};
const layer = (more: Partial<Layer>): Layer => ({ ...weekly, ...more });
const plan = (...layers: Layer[]): Plan => ({ layers, overrides: [], absences: [], isActive: () => true });
const show = (shifts: ReturnType<typeof finalShifts>) =>
  shifts.map((s) => `${s.from.toISOString().slice(0, 16)} ${s.userId ?? s.why} ${s.source}`);
const shifts = (p: Plan, from: string, to: string) => show(finalShifts(p, at(from), at(to)));
const starts = (l: Layer, ...turns: number[]) => turns.map((k) => new Date(turnStart(l, k)).toISOString().slice(0, 16));

describe('a weekly rotation', () => {
  test('hands over at the same time on the wall when the clocks change', () => {
    expect(shifts(plan(weekly), '2026-10-19T06:59Z', '2026-11-03T00:00Z')).toEqual([
      '2026-10-19T06:59 ana rotation',
      '2026-10-19T07:00 ben rotation',
      '2026-10-26T08:00 cem rotation',
      '2026-11-02T08:00 ana rotation',
    ]);
  });

  test('that starts in mid-week begins with a short first turn', () => {
    const short = plan(layer({ startsOn: '2026-10-14' }));
    expect(shifts(short, '2026-10-14T00:00Z', '2026-10-27T00:00Z')).toEqual([
      '2026-10-14T00:00 not_started nobody',
      '2026-10-14T07:00 ana rotation',
      '2026-10-19T07:00 ben rotation',
      '2026-10-26T08:00 cem rotation',
    ]);
  });

  test('every second week keeps its rhythm', () => {
    expect(starts(layer({ every: 2 }), 0, 1, 2)).toEqual(['2026-10-12T07:00', '2026-10-26T08:00', '2026-11-09T08:00']);
  });

  test('a hand-over in the missing hour happens at the first instant after it', () => {
    const spring = layer({
      zone: 'America/New_York',
      handoverWeekday: 7,
      handoverTime: '02:30',
      startsOn: '2026-03-01',
    });
    expect(starts(spring, 1)).toEqual(['2026-03-08T07:00']);
    expect(zone.instantToWall('America/New_York', new Date(turnStart(spring, 1))).time).toBe('03:00:00');
  });

  test('a hand-over in the doubled hour happens once, at its first occurrence', () => {
    const autumn = layer({
      zone: 'America/New_York',
      handoverWeekday: 7,
      handoverTime: '01:30',
      startsOn: '2026-10-25',
    });
    expect(shifts(plan(autumn), '2026-11-01T04:00Z', '2026-11-01T08:00Z')).toEqual([
      '2026-11-01T04:00 ana rotation',
      '2026-11-01T05:30 ben rotation',
    ]);
  });

  test('whose first day was skipped by the calendar of Apia has no turn of no length', () => {
    const apia = layer({ zone: 'Pacific/Apia', handoverWeekday: 6, handoverTime: '00:00', startsOn: '2011-12-30' });
    expect(shifts(plan(apia), '2011-12-30T09:00Z', '2011-12-31T00:00Z')).toEqual([
      '2011-12-30T09:00 not_started nobody',
      '2011-12-30T10:00 ben rotation',
    ]);
  });

  test('with nobody in it, or no layer at all, is one long gap', () => {
    for (const empty of [plan(layer({ participants: [] })), plan()]) {
      const found = finalShifts(empty, at('2026-11-23T00:00Z'), at('2026-12-07T00:00Z'));
      expect(gapsOf(found)).toHaveLength(1);
      expect(found[0]).toMatchObject({ userId: null, why: 'no_participants' });
      expect(onCallAt(empty, at('2026-11-23T00:00Z'))).toMatchObject({ userId: null, why: 'no_participants' });
    }
  });
});

describe('other lengths', () => {
  test('a month rotation that starts on the 31st hands over on the last day of shorter months', () => {
    const monthly = layer({ unit: 'month', startsOn: '2027-01-31', handoverWeekday: null });
    expect(starts(monthly, 0, 1, 2, 3, 13)).toEqual([
      '2027-01-31T08:00',
      '2027-02-28T08:00',
      '2027-03-31T07:00',
      '2027-04-30T07:00',
      '2028-02-29T08:00',
    ]);
  });

  test('a rotation from 29 February by twelve months hands over on 28 February in common years', () => {
    const yearly = layer({ unit: 'month', every: 12, startsOn: '2028-02-29', handoverWeekday: null });
    expect(starts(yearly, 0, 1, 4).map((text) => text.slice(0, 10))).toEqual([
      '2028-02-29',
      '2029-02-28',
      '2032-02-29',
    ]);
  });

  test('twelve hours hand over at eight and eight for ever, whatever the clocks do', () => {
    const halves = layer({
      unit: 'hour',
      every: 12,
      handoverTime: '08:00',
      startsOn: '2026-10-24',
      handoverWeekday: null,
    });
    const walls = [0, 1, 2, 3, 4, 400].map(
      (k) => zone.instantToWall('Europe/Berlin', new Date(turnStart(halves, k))).time,
    );
    expect(new Set(walls)).toEqual(new Set(['08:00:00', '20:00:00']));
  });

  test('an hourly turn that falls into the missing hour is passed over, one in the doubled hour lasts twice as long', () => {
    const hourly = layer({
      unit: 'hour',
      zone: 'America/New_York',
      startsOn: '2026-03-08',
      handoverTime: '00:00',
      handoverWeekday: null,
    });
    expect(shifts(plan(hourly), '2026-03-08T05:00Z', '2026-03-08T09:00Z')).toEqual([
      '2026-03-08T05:00 ana rotation',
      '2026-03-08T06:00 ben rotation',
      '2026-03-08T07:00 ana rotation', // 02:00 does not exist: cem's turn has no length
      '2026-03-08T08:00 ben rotation',
    ]);
    const autumn = { ...hourly, startsOn: '2026-11-01' };
    expect(shifts(plan(autumn), '2026-11-01T04:00Z', '2026-11-01T08:00Z')).toEqual([
      '2026-11-01T04:00 ana rotation',
      '2026-11-01T05:00 ben rotation',
      '2026-11-01T07:00 cem rotation',
    ]);
  });

  test('a turn of three days, or of 60 hours, keeps its hand-over time', () => {
    expect(starts(layer({ unit: 'day', every: 3, startsOn: '2026-10-23' }), 0, 1, 2)).toEqual([
      '2026-10-23T07:00',
      '2026-10-26T08:00',
      '2026-10-29T08:00',
    ]);
    expect(starts(layer({ unit: 'hour', every: 60, startsOn: '2026-10-23' }), 0, 1, 2)).toEqual([
      '2026-10-23T07:00',
      '2026-10-25T20:00',
      '2026-10-28T08:00',
    ]);
  });
});

describe('restrictions', () => {
  const office = layer({
    unit: 'day',
    handoverWeekday: null,
    windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  });

  test('a window in office hours covers them and nothing else', () => {
    expect(shifts(plan(office), '2026-10-16T06:00Z', '2026-10-19T08:00Z')).toEqual([
      '2026-10-16T06:00 outside_hours nobody',
      '2026-10-16T07:00 ben rotation',
      '2026-10-16T15:00 outside_hours nobody',
      '2026-10-19T07:00 ben rotation', // Saturday and Sunday took a turn: three people, three days later
    ]);
  });

  test('when idle days are passed over, Monday comes after Friday: nobody has both', () => {
    const skipping = plan({ ...office, skipIdleDays: true });
    const names = finalShifts(skipping, at('2026-10-12T00:00Z'), at('2026-10-24T00:00Z')).flatMap(
      (s) => s.userId ?? [],
    );
    expect(names).toEqual(['ana', 'ben', 'cem', 'ana', 'ben', 'cem', 'ana', 'ben', 'cem', 'ana']);
  });

  test('from Friday 18:00 to Monday 08:00 the weekend is one stretch, with its hour more or less when the clocks change', () => {
    const weekend = layer({ windows: [{ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 1, to: '08:00' }] });
    const [open] = finalShifts(plan(weekend), at('2026-10-22T00:00Z'), at('2026-10-28T00:00Z')).filter((s) => s.userId);
    expect([open?.from, open?.to].map((d) => d?.toISOString())).toEqual([
      '2026-10-23T16:00:00.000Z',
      '2026-10-26T07:00:00.000Z',
    ]);
  });

  test.each([
    ['00:00', '24:00', 24 * 60],
    ['00:00', '23:59:59', 24 * 60 - 1 / 60],
    ['22:00', '06:00', 8 * 60],
    ['23:59', '00:00', 1],
  ])('the window %s–%s covers exactly what is written', (from, to, minutes) => {
    const one = layer({ windows: [{ kind: 'daily', days: [3], from, to }] });
    const open = finalShifts(plan(one), at('2026-11-09T00:00Z'), at('2026-11-14T00:00Z')).filter((s) => s.userId);
    expect(open.map((s) => (s.to.getTime() - s.from.getTime()) / 60_000)).toEqual([minutes]);
  });

  test('a window that ends in the doubled hour ends at its last occurrence; one that begins there, at its first', () => {
    const night = layer({
      zone: 'America/New_York',
      windows: [{ kind: 'daily', days: [6], from: '22:00', to: '01:30' }],
    });
    expect(shifts(plan(night), '2026-11-01T00:00Z', '2026-11-01T08:00Z')).toEqual([
      '2026-11-01T00:00 outside_hours nobody',
      '2026-11-01T02:00 cem rotation',
      '2026-11-01T06:30 outside_hours nobody',
    ]);
    const early = layer({
      zone: 'America/New_York',
      windows: [{ kind: 'daily', days: [7], from: '01:30', to: '03:00' }],
    });
    expect(shifts(plan(early), '2026-11-01T05:00Z', '2026-11-01T08:00Z').slice(0, 2)).toEqual([
      '2026-11-01T05:00 outside_hours nobody',
      '2026-11-01T05:30 cem rotation',
    ]);
  });
});

describe('layers', () => {
  const base = layer({ id: 'lay_2', participants: ['dan'] });
  const day = layer({
    participants: ['ana'],
    windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '17:00' }],
  });

  test('an upper layer covers the one under it in its hours, and the lower shows through in the others', () => {
    expect(shifts(plan(day, base), '2026-11-10T00:00Z', '2026-11-11T00:00Z')).toEqual([
      '2026-11-10T00:00 dan rotation',
      '2026-11-10T08:00 ana rotation',
      '2026-11-10T16:00 dan rotation',
    ]);
  });

  test('follow the sun: three zones hand over without a gap, also on the days when only one of them changes its clocks', () => {
    const sun = (place: string, who: string, from: string, to: string) =>
      layer({ zone: place, participants: [who], windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from, to }] });
    const three = plan(
      sun('Europe/Berlin', 'eva', '08:00', '18:00'),
      sun('America/New_York', 'ned', '09:00', '21:00'),
      sun('Asia/Singapore', 'sue', '07:00', '18:00'),
    );
    expect(gapsOf(finalShifts(three, at('2026-10-13T00:00Z'), at('2027-04-15T00:00Z')))).toEqual([]);
  });

  test('effective dates switch a layer on and off without moving its rotation', () => {
    const later = layer({ effectiveFrom: '2026-11-04T12:00', effectiveUntil: '2026-11-05T12:00' });
    expect(shifts(plan(later, base), '2026-11-04T00:00Z', '2026-11-06T00:00Z')).toEqual([
      '2026-11-04T00:00 dan rotation',
      '2026-11-04T11:00 ana rotation',
      '2026-11-05T11:00 dan rotation',
    ]);
    expect(shifts(plan(later), '2026-11-05T00:00Z', '2026-11-06T00:00Z').at(-1)).toBe('2026-11-05T11:00 ended nobody');
  });

  test('effective until a doubled time means its last occurrence, from one its first', () => {
    const fold = { zone: 'America/New_York', startsOn: '2026-10-01' };
    const ends = plan(layer({ ...fold, effectiveUntil: '2026-11-01T01:30' }));
    expect(shifts(ends, '2026-11-01T05:00Z', '2026-11-01T08:00Z').at(-1)).toBe('2026-11-01T06:30 ended nobody');
    const begins = plan(layer({ ...fold, effectiveFrom: '2026-11-01T01:30' }));
    expect(shifts(begins, '2026-11-01T05:00Z', '2026-11-01T08:00Z')[1]).toMatch(/^2026-11-01T05:30 \w+ rotation$/);
  });

  test('each layer alone is shown too, with its own holes', () => {
    const [upper, lower] = layerShifts(plan(day, base), at('2026-11-10T00:00Z'), at('2026-11-11T00:00Z'));
    expect([show(upper!), show(lower!)]).toEqual([
      [
        '2026-11-10T00:00 outside_hours nobody',
        '2026-11-10T08:00 ana rotation',
        '2026-11-10T16:00 outside_hours nobody',
      ],
      ['2026-11-10T00:00 dan rotation'],
    ]);
  });
});

describe('overrides', () => {
  const dan = { userId: 'dan', from: at('2026-10-25T12:00Z'), to: at('2026-10-26T12:00Z') };
  const window = ['2026-10-25T00:00Z', '2026-10-27T00:00Z'] as const;

  test('lie over the rotation, also across a hand-over, and leave the rest alone', () => {
    expect(shifts({ ...plan(weekly), overrides: [dan] }, ...window)).toEqual([
      '2026-10-25T00:00 ben rotation',
      '2026-10-25T12:00 dan override',
      '2026-10-26T12:00 cem rotation',
    ]);
  });

  test('fill a gap, and keep what is left of it', () => {
    expect(shifts({ ...plan(layer({ participants: [] })), overrides: [dan] }, ...window)).toEqual([
      '2026-10-25T00:00 no_participants nobody',
      '2026-10-25T12:00 dan override',
      '2026-10-26T12:00 no_participants nobody',
    ]);
  });

  test('by a person who is not active are a gap that says so', () => {
    const left = { ...plan(weekly), overrides: [dan], isActive: (id: string) => id !== 'dan' };
    expect(gapsOf(finalShifts(left, at(window[0]), at(window[1])))).toMatchObject([
      { why: 'person_inactive', blocked: 'dan', from: dan.from, to: dan.to },
    ]);
  });

  test('made for somebody take only what that person would have had: gaps inside stay gaps, others keep theirs', () => {
    const nights = layer({ windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', to: '08:00' }] });
    const swap = { ...dan, replaces: 'ben' };
    expect(shifts({ ...plan(nights), overrides: [swap] }, ...window)).toEqual([
      '2026-10-25T00:00 ben rotation',
      '2026-10-25T07:00 outside_hours nobody',
      '2026-10-25T19:00 dan override',
      '2026-10-26T07:00 outside_hours nobody',
      '2026-10-26T19:00 cem rotation',
    ]);
  });
});

describe('absences', () => {
  const away = { userId: 'ben', from: at('2026-10-21T00:00Z'), to: at('2026-10-22T00:00Z') };
  const window = ['2026-10-20T00:00Z', '2026-10-23T00:00Z'] as const;

  test('leave a gap in the shift of the person who is away, and name them', () => {
    const found = finalShifts({ ...plan(weekly), absences: [away] }, at(window[0]), at(window[1]));
    expect(show(found)).toEqual([
      '2026-10-20T00:00 ben rotation',
      '2026-10-21T00:00 person_away nobody',
      '2026-10-22T00:00 ben rotation',
    ]);
    expect(found[1]).toMatchObject({ blocked: 'ben' });
  });

  test('let a lower layer show through when it has somebody', () => {
    const two = { ...plan(weekly, layer({ participants: ['dan'] })), absences: [away] };
    expect(shifts(two, ...window)[1]).toBe('2026-10-21T00:00 dan rotation');
  });

  test('are covered by an override made for the person who is away', () => {
    const cover = { userId: 'cem', from: away.from, to: away.to, replaces: 'ben' };
    expect(shifts({ ...plan(weekly), absences: [away], overrides: [cover] }, ...window)[1]).toBe(
      '2026-10-21T00:00 cem override',
    );
  });
});

describe('limits', () => {
  test('now and next have their real ends, however long the shift', () => {
    const yearly = plan(layer({ unit: 'month', every: 6, startsOn: '2026-10-12', handoverWeekday: null }));
    const { now, next } = nowAndNext(yearly, at('2026-10-13T00:00Z'));
    expect([now.userId, now.to.toISOString(), next?.userId]).toEqual(['ana', '2027-04-12T07:00:00.000Z', 'ben']);
  });

  test('a rotation of no length, however it came in, ends with an error and does not spin', () => {
    const started = performance.now();
    for (const every of [0, -1, Number.NaN, 1e-9]) {
      for (const unit of ['hour', 'day', 'week', 'month'] as const) {
        const broken = layer({ unit, every, startsOn: '2026-10-12' });
        try {
          layerPieces(broken, Date.UTC(2026, 9, 13), Date.UTC(2027, 9, 13), { left: 10_000 });
          turnAt(broken, Date.UTC(2030, 0, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
