/** The rows of the bad-input catalogue about schedules, and the time bugs others have had, each under its own name. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, zone } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import type { Layer, Window } from './layer.ts';
import { finalShifts, gapsOf, nowAndNext, onCallAt, type Plan } from './model.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => new Date(text);
const base: Layer = {
  id: 'lay',
  name: 'x',
  zone: 'Europe/Berlin',
  unit: 'week',
  every: 1,
  startsOn: '2026-09-07',
  handoverTime: '09:00',
  handoverWeekday: 1,
  effectiveFrom: null,
  effectiveUntil: null,
  windows: [],
  skipIdleDays: false,
  participants: ['ana', 'ben', 'cem'],
};
const layer = (more: Partial<Layer>): Layer => ({ ...base, ...more });
const plan = (...layers: Layer[]): Plan => ({ layers, overrides: [], absences: [], isActive: () => true });
const shifts = (of: Plan, from: string, to: string) => finalShifts(of, at(from), at(to));
const every: Window[] = [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '17:00' }];
/** What the wall shows where shifts of a person begin. */
const begins = (of: Plan, place: string, from: string, to: string) =>
  shifts(of, from, to)
    .slice(1)
    .map((shift) => zone.instantToWall(place, shift.from).time.slice(0, 5));

describe('time bugs others have had', () => {
  test('grafana/oncall#3261, #2950: a window does not move by an hour after the clocks change', () => {
    for (const place of ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca']) {
      const daily = plan(layer({ zone: place, unit: 'day', handoverTime: '09:00', windows: every }));
      expect(new Set(begins(daily, place, '2026-09-20T00:00Z', '2026-11-20T00:00Z'))).toEqual(
        new Set(['09:00', '17:00']),
      );
    }
  });

  test('grafana/oncall#5247 (#5266), #5455, #4103: a weekly shift has no gap, no overlap and its full length at the change', () => {
    const found = shifts(plan(base), '2026-10-12T07:00Z', '2026-11-09T08:00Z');
    expect(found.map((shift) => (shift.to.getTime() - shift.from.getTime()) / HOUR)).toEqual([168, 169, 168, 168]);
    expect(found.map((shift) => shift.from)).toEqual([
      at('2026-10-12T07:00Z'),
      ...found.slice(0, -1).map((shift) => shift.to),
    ]);
  });

  test('target/goalert#512, #1252: eight days around every change of the clocks the hand-over is at its time on the wall', () => {
    const daily = plan(layer({ zone: 'America/New_York', unit: 'day', handoverTime: '09:00', startsOn: '2026-01-01' }));
    for (const day of ['2026-03-08', '2026-11-01', '2027-03-14', '2027-11-07']) {
      const middle = Date.parse(`${day}T12:00Z`);
      const times = begins(
        daily,
        'America/New_York',
        new Date(middle - 8 * DAY).toISOString(),
        new Date(middle + 8 * DAY).toISOString(),
      );
      expect([times.length, new Set(times)]).toEqual([16, new Set(['09:00'])]);
    }
  });

  test('target/goalert#1392, #4362, #1763: an override neither merges shifts nor erases a gap, and covered is not uncovered', () => {
    const office = plan(layer({ unit: 'day', handoverTime: '00:00', windows: every }));
    const override = { userId: 'dan', from: at('2026-11-10T10:00Z'), to: at('2026-11-11T10:00Z'), replaces: 'ana' };
    for (const whole of [office, { ...office, overrides: [override] }]) {
      const gaps = gapsOf(shifts(whole, '2026-11-10T00:00Z', '2026-11-12T00:00Z'));
      expect(gaps.map((gap) => (gap.to.getTime() - gap.from.getTime()) / HOUR)).toEqual([8, 16, 8]);
    }
    const found = shifts({ ...office, overrides: [override] }, '2026-11-10T00:00Z', '2026-11-12T00:00Z');
    for (const shift of found) expect(shift.userId === null).toBe(shift.source === 'nobody');
  });

  test('OneUptime 70a81a67db, ad6b3d6247, 03a7722c1d (#2413): a restricted rotation gives the next one in order, its weekend stays, Friday is not again on Monday', () => {
    const weekend = plan(layer({ windows: [{ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 1, to: '08:00' }] }));
    const held = shifts(weekend, '2026-10-01T00:00Z', '2026-11-20T00:00Z').filter((shift) => shift.userId);
    const names = held.map((shift) => shift.userId);
    expect(names.every((name, n) => n === 0 || name !== names[n - 1])).toBe(true);
    expect(new Set(held.map((shift) => zone.instantToWall('Europe/Berlin', shift.from).time))).toEqual(
      new Set(['18:00:00']),
    );
    const workdays: Window[] = [{ kind: 'daily', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }];
    const daily = plan(layer({ unit: 'day', startsOn: '2026-11-02', windows: workdays, skipIdleDays: true }));
    expect(
      shifts(daily, '2026-11-05T00:00Z', '2026-11-10T23:00Z')
        .filter((shift) => shift.userId)
        .map((shift) => shift.userId),
    ).toEqual(['ana', 'ben', 'cem', 'ana']);
  });

  test('OneUptime f815d15d04: sixteen layers and their overrides are merged within the step budget', () => {
    const many = Array.from({ length: 16 }, (_, n) =>
      layer({ unit: 'hour', every: n + 1, zone: n % 2 ? 'UTC' : 'Asia/Kolkata', windows: every }),
    );
    const overrides = Array.from({ length: 16 }, (_, n) => ({
      userId: 'dan',
      from: new Date(Date.UTC(2026, 10, 1 + n)),
      to: new Date(Date.UTC(2026, 10, 2 + n)),
    }));
    const started = performance.now();
    expect(shifts({ ...plan(...many), overrides }, '2026-11-01T00:00Z', '2026-12-01T00:00Z').length).toBeGreaterThan(
      16,
    );
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('OneUptime 57d688a26e: a low layer is still there after two windows of a high one', () => {
    const high = layer({
      participants: ['ana'],
      windows: [...every, { kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '19:00', to: '21:00' }],
    });
    const found = shifts(plan(high, layer({ participants: ['zoe'] })), '2026-11-10T00:00Z', '2026-11-12T00:00Z');
    expect(found.map((shift) => shift.userId)).toEqual(['zoe', 'ana', 'zoe', 'ana', 'zoe', 'ana', 'zoe', 'ana', 'zoe']);
  });

  test('OneUptime 478a14ae24, #1890, #2086: the empty set is one gap with its reason, never 100 % covered', () => {
    for (const empty of [plan(), plan(layer({ participants: [] })), { ...plan(base), isActive: () => false }]) {
      const found = gapsOf(shifts(empty, '2026-11-10T00:00Z', '2026-11-24T00:00Z'));
      const held = found.reduce((sum, gap) => sum + gap.to.getTime() - gap.from.getTime(), 0);
      expect([held, found.every((gap) => gap.why !== null)]).toEqual([14 * DAY, true]);
    }
  });

  test('prometheus/alertmanager#2646, #2648: the zone of the server does not matter', () => {
    const before = process.env.TZ;
    const wanted = shifts(plan(base), '2026-10-19T00:00Z', '2026-11-09T00:00Z');
    try {
      for (const place of ['America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Apia']) {
        process.env.TZ = place;
        // Fresh objects: what was worked out before is not asked again.
        expect(shifts(plan({ ...base }), '2026-10-19T00:00Z', '2026-11-09T00:00Z')).toEqual(wanted);
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test('ServiceNow KB0550658: no day is 86,400 seconds: the day of the change is 23 or 25 hours on duty', () => {
    const daily = plan(layer({ unit: 'day', handoverTime: '00:00' }));
    const hours = (day: string) =>
      shifts(daily, `${day}T00:00Z`, new Date(Date.parse(`${day}T00:00Z`) + 3 * DAY).toISOString())
        .slice(1, -1)
        .map((shift) => (shift.to.getTime() - shift.from.getTime()) / HOUR);
    expect([hours('2027-03-27'), hours('2026-10-24')]).toEqual([
      [23, 24],
      [25, 24],
    ]);
  });

  test('kelektiv/node-cron#120, #563, #639; node-cron#492, #509; croner#343, #142; cron-parser#378: over a year of changes no hand-over is missing, doubled or endless', () => {
    for (const place of ['America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Havana']) {
      const daily = plan(layer({ zone: place, unit: 'day', handoverTime: '00:30' }));
      expect(shifts(daily, '2026-11-02T12:00Z', '2027-11-02T12:00Z')).toHaveLength(366);
    }
  });

  test('Cloudflare 2016, Linux 2012: a clock that runs backwards, by a second or more: the same instant has the same person, whenever and in which order it is asked', () => {
    const whole = plan(base);
    const asked = [0, 1000, -1000, 60_000, -60_000, HOUR, -HOUR, 25 * HOUR, -25 * HOUR].map(
      (ms) => new Date(Date.parse('2026-10-26T08:00Z') + ms),
    );
    const first = asked.map((one) => onCallAt(whole, one).userId);
    expect(asked.toReversed().map((one) => onCallAt(whole, one).userId)).toEqual(first.toReversed());
  });
});

describe('bad-input rows, as they are calculated', () => {
  test('row 88: a hand-over at 02:30 in the missing hour is at the first instant after it', () => {
    const spring = plan(
      layer({ zone: 'America/New_York', handoverWeekday: 7, handoverTime: '02:30', startsOn: '2026-03-01' }),
    );
    expect(shifts(spring, '2026-03-08T05:00Z', '2026-03-08T09:00Z').map((shift) => shift.from.toISOString())).toEqual([
      '2026-03-08T05:00:00.000Z',
      '2026-03-08T07:00:00.000Z',
    ]);
  });

  test('row 89: a hand-over at 01:30 in the doubled hour is at its first occurrence, without overlap', () => {
    const autumn = plan(
      layer({ zone: 'America/New_York', handoverWeekday: 7, handoverTime: '01:30', startsOn: '2026-10-25' }),
    );
    const found = shifts(autumn, '2026-11-01T04:00Z', '2026-11-01T08:00Z');
    expect(found.map((shift) => shift.from.toISOString().slice(11, 16))).toEqual(['04:00', '05:30']);
    expect(found[0]?.to).toEqual(found[1]?.from);
  });

  test('row 95: a window covers exactly what is written, to the second', () => {
    const covered = (window: Window) =>
      shifts(plan(layer({ windows: [window] })), '2026-11-09T00:00Z', '2026-11-16T00:00Z')
        .filter((shift) => shift.userId)
        .map((shift) =>
          [shift.from, shift.to]
            .map((one) => zone.instantToWall('Europe/Berlin', one))
            .map((w) => `${w.weekday} ${w.time}`)
            .join(' – '),
        );
    expect(covered({ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 1, to: '08:00' })).toEqual([
      '1 01:00:00 – 1 08:00:00',
      '5 18:00:00 – 1 01:00:00',
    ]);
    expect(covered({ kind: 'daily', days: [2], from: '00:00', to: '24:00' })).toEqual(['2 00:00:00 – 3 00:00:00']);
    expect(covered({ kind: 'daily', days: [2], from: '00:00', to: '23:59:59' })).toEqual(['2 00:00:00 – 2 23:59:59']);
  });

  test('row 99: a month that begins on the 31st, or the 29th of February, means the last day of shorter months', () => {
    const first = (startsOn: string, unit: { every: number }, from: string, to: string) =>
      shifts(plan(layer({ unit: 'month', every: unit.every, startsOn, handoverWeekday: null })), from, to)
        .slice(1)
        .map((shift) => zone.instantToWall('Europe/Berlin', shift.from).date);
    expect(first('2027-01-31', { every: 1 }, '2027-02-01T12:00Z', '2027-06-15T00:00Z')).toEqual([
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
      '2027-05-31',
    ]);
    expect(
      first('2028-02-29', { every: 12 }, '2028-03-01T00:00Z', '2032-03-15T00:00Z'.replace('2032', '2029')),
    ).toEqual(['2029-02-28']);
  });

  test('now and next agree with what the screen shows, for every shape', () => {
    for (const shape of [
      base,
      layer({ unit: 'hour', every: 5 }),
      layer({ unit: 'month', startsOn: '2026-08-31' }),
      layer({ unit: 'day', windows: every }),
    ]) {
      const { now, next } = nowAndNext(plan(shape), at('2026-10-25T00:30Z'));
      const [shown, then] = shifts(plan(shape), '2026-10-25T00:30Z', '2027-01-31T00:00Z');
      expect([now.userId, now.to, next?.userId]).toEqual([shown?.userId, shown?.to, then?.userId]);
    }
  });
});

describe('bad-input rows over HTTP', () => {
  let house: House;
  let manager: WebClient;
  let mina: string;
  let rui: string;
  beforeAll(async () => {
    house = await openHouse();
    [mina, rui] = [await house.userId('manager'), await house.userId('responder')];
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    manager = await house.signIn('manager');
  });
  const make = (fields: object, more: object = {}) =>
    manager.post('/api/v1/schedules', {
      name: newId('x'),
      zone: 'Europe/Berlin',
      acceptWarnings: true,
      layers: [
        {
          name: 'L',
          unit: 'day',
          every: 1,
          startsOn: '2026-11-01',
          handoverTime: '09:00',
          participants: [mina],
          ...fields,
        },
      ],
      ...more,
    });
  const iso = (ms: number) => new Date(ms).toISOString();
  const now = async () => (await house.ctx('system')).now.getTime();

  test('row 46: a schedule that a policy calls cannot be deleted; the uses are named', async () => {
    const { body } = await make({});
    const steps = [{ delaySeconds: 300, targets: [{ kind: 'schedule', id: body.id }] }];
    for (const name of ['Day', 'Night'])
      expect((await manager.post('/api/v1/escalation-policies', { name, steps })).status).toBe(201);
    const answer = await manager.delete(`/api/v1/schedules/${body.id}`);
    expect([answer.status, answer.body.rule, answer.body.uses]).toEqual([
      409,
      'people.in_use',
      ['policy Day', 'policy Night'],
    ]);
    expect((await manager.get(`/api/v1/schedules/${body.id}`)).status).toBe(200);
  });

  test('row 88: the rule is shown where it bites', async () => {
    const { body } = await make({ handoverTime: '02:30' });
    const { notes } = (
      await manager.get(`/api/v1/schedules/${body.id}/timeline?from=2027-03-27T00:00:00Z&to=2027-03-30T00:00:00Z`)
    ).body;
    expect(notes).toMatchObject([{ layers: ['L'], text: expect.stringContaining('the first instant after it') }]);
  });

  test('row 90: odd zones are accepted, and both names of Kyiv', async () => {
    for (const place of [
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Africa/Casablanca',
      'America/Vancouver',
      'Europe/Kyiv',
      'Europe/Kiev',
      'america/new_york',
    ])
      expect([place, (await make({}, { zone: place })).status]).toEqual([place, 201]);
  });

  test('row 91: abbreviations, offsets, strangers and nothing are refused with a suggestion', async () => {
    for (const [place, hint] of [
      ['EST', 'America/New_York'],
      ['GMT+2', 'Europe/Helsinki'],
      ['UTC+02:00', 'Europe/Helsinki'],
      ['Pacific Time (US & Canada)', 'America/Los_Angeles'],
      ['America/Nowhere', ''],
      ['', 'Europe/Berlin'],
    ]) {
      const answer = await make({}, { zone: place });
      expect([place, answer.status, answer.body.errors?.[0]?.path]).toEqual([place, 422, 'zone']);
      expect(answer.body.errors[0].message).toContain(hint);
    }
  });

  test('row 92: lengths and dates that cannot be are 422 at their field', async () => {
    for (const [fields, path] of [
      [{ every: 0 }, 'every'],
      [{ every: -1 }, 'every'],
      [{ every: 0.5 }, 'every'],
      [{ unit: 'month', every: 1200 }, 'every'],
      [{ unit: 'second', every: 1 }, 'unit'],
      [{ startsOn: '1900-01-01' }, 'startsOn'],
      [{ startsOn: '2100-01-01' }, 'startsOn'],
      [{ startsOn: '2027-02-29' }, 'startsOn'],
    ] as const) {
      const answer = await make(fields);
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, `layers.0.${path}`]);
    }
  });

  test('row 93: nobody, one person twice, and nobody reachable are warnings that block until accepted', async () => {
    for (const [participants, rule] of [
      [[], 'people.schedule.empty'],
      [[mina, mina], 'people.schedule.twice'],
      [[rui], 'people.schedule.unproven'],
    ] as const) {
      const answer = await make({ participants }, { acceptWarnings: false });
      expect([answer.status, answer.body.warnings.map((w: { rule: string }) => w.rule)]).toEqual([
        422,
        expect.arrayContaining([rule]),
      ]);
      const saved = await make({ participants });
      expect([saved.status, saved.body.warnings.map((w: { rule: string }) => w.rule)]).toEqual([
        201,
        expect.arrayContaining([rule]),
      ]);
    }
    expect((await make({ participants: ['usr_00000000000000000000000000'] })).status).toBe(422);
  });

  test('row 94: an override inverted, of no length, over, or on another one is 422; over several shifts its gap is kept', async () => {
    const { body } = await make({
      windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '17:00' }],
    });
    const start = Math.floor((await now()) / DAY) * DAY + 2 * DAY;
    const add = (from: number, to: number, more: object = {}) =>
      manager.post(`/api/v1/schedules/${body.id}/overrides`, { userId: rui, from: iso(from), to: iso(to), ...more });
    expect((await add(start + HOUR, start)).status).toBe(422);
    expect((await add(start, start)).status).toBe(422);
    expect((await add(start - 9 * DAY, start - 8 * DAY)).status).toBe(422);
    expect((await add(start, start + 2 * DAY, { replacesUserId: mina })).status).toBe(201);
    expect((await add(start + DAY, start + 3 * DAY)).status).toBe(422);
    const { shifts: held } = (
      await manager.get(`/api/v1/schedules/${body.id}/shifts?from=${iso(start)}&to=${iso(start + 2 * DAY)}`)
    ).body;
    expect(held.map((shift: { person: { name: string } | null }) => shift.person?.name ?? null)).toEqual([
      null,
      'Rui Responder',
      null,
      'Rui Responder',
      null,
    ]);
  });

  test('row 95: a window that begins when it ends is refused, never guessed', async () => {
    for (const window of [
      { kind: 'daily', days: [1], from: '09:00', to: '09:00' },
      { kind: 'weekly', fromDay: 5, from: '18:00', toDay: 5, to: '18:00' },
      { kind: 'daily', days: [1], from: '24:00', to: '09:00' },
      { kind: 'daily', days: [1, 1], from: '08:00', to: '09:00' },
    ])
      expect((await make({ windows: [window] })).status).toBe(422);
  });

  test('target/goalert#4362, grafana/oncall#1108: the gaps of who is on call begin now and are those of the timeline', async () => {
    const { body } = await make({ participants: [] });
    const asked = (await manager.get('/api/v1/on-call')).body;
    const mine = asked.items.find((item: { schedule: { id: string } }) => item.schedule.id === body.id);
    expect(mine.gaps.map((gap: { from: string }) => gap.from >= asked.at)).toEqual([true]);
    const { result } = (
      await manager.get(`/api/v1/schedules/${body.id}/timeline?from=${mine.gaps[0].from}&to=${mine.gaps[0].to}`)
    ).body;
    expect(result.every((shift: { person: unknown }) => shift.person === null)).toBe(true);
  });

  test('terraform-provider-pagerduty#200, #168, #85; terraform-provider-opsgenie#225, #245: applied twice is no change, and the zone stays a name', async () => {
    const { body } = await make({}, { zone: 'Europe/Kiev' });
    const layers = body.layers.map((one: { participants: { id: string }[] }) => ({
      ...one,
      participants: one.participants.map((p) => p.id),
    }));
    const saved = await manager.put(`/api/v1/schedules/${body.id}`, {
      name: body.name,
      zone: body.zone,
      layers,
      acceptWarnings: true,
      version: body.version,
    });
    expect([saved.body.zone, saved.body.layers]).toEqual([body.zone, body.layers]);
  });
});
