/** The rules of monitors and objectives, by tables. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, type Assertion, checkAll, checkOne, problemsOfAssertions, SUBJECTS } from './assert.ts';
import { openSchedule } from './engine/schedule.ts';
import { fill } from './family.ts';
import { parsePath, valuesAt } from './json-path.ts';
import { afterResult, type Monitor, nextDue, type PlaceState, sliceOf, SLICES, verdictOf } from './model.ts';

const T0 = Date.UTC(2026, 10, 24, 9);
const at = (seconds: number) => new Date(T0 + seconds * 1000);
const rules = { failAfter: 2, recoverAfter: 2 };

const monitor: Monitor = {
  id: 'mon_1',
  name: 'Shop front',
  kind: 'http',
  serviceId: null,
  enabled: true,
  severity: 'error',
  intervalSeconds: 30,
  timeoutSeconds: 10,
  ...rules,
  quorum: 1,
  places: ['main'],
  spec: {},
  secretsSealed: null,
  slice: 0,
  state: 'unknown',
  since: at(0),
  reason: '',
  alerting: false,
  version: 1,
  createdAt: at(0),
};

/** A place after a row of results half a minute apart: `.` good, `x` failed, `?` could not look. */
function seen(row: string, place = 'main'): PlaceState {
  let state: PlaceState | undefined;
  [...row].forEach((one, n) => {
    const ok = one === '?' ? null : one === '.';
    const result = { monitorId: 'mon_1', at: at(n * 30), ok, ms: 5, reason: ok ? '' : `failed ${n}`, facts: {} };
    state = afterResult(state, place, result, rules);
  });
  return state!;
}

describe('a place', () => {
  it.each([
    ['.', 'up'],
    ['x', 'unknown'],
    ['.x', 'up'],
    ['xx', 'down'],
    ['.xx', 'down'],
    ['xx.', 'down'],
    ['xx..', 'up'],
    ['xx.x.', 'down'],
    ['x.x.x.', 'up'],
    ['?', 'unknown'],
    ['.?', 'unknown'],
    ['xx?', 'down'],
    ['xx.?.', 'down'],
  ])('%s is %s', (row, state) => {
    expect(seen(row).state).toBe(state);
  });

  it('keeps the last sixty results and the instant of the first failure', () => {
    const place = seen(`${'.'.repeat(70)}xxx`);
    expect(place.recent).toHaveLength(60);
    expect(place.recent.at(-1)).toEqual([at(72 * 30).getTime(), 5, 0]);
    expect(place.firstFailedAt).toEqual(at(70 * 30));
  });

  it('takes no result that is older than the last', () => {
    const place = seen('..');
    const late = { monitorId: 'mon_1', at: at(10), ok: false, ms: 1, reason: 'late', facts: {} };
    expect(afterResult(place, 'main', late, rules)).toBe(place);
  });
});

describe('places together', () => {
  const three = { ...monitor, places: ['a', 'b', 'c'], quorum: 2 };
  const now = at(95);
  const said = (rows: string[]) => rows.map((row, n) => seen(row, 'abc'[n])).filter((_, n) => rows[n] !== '');

  it.each([
    [['....', '....', '....'], 'up', ''],
    [['xxxx', '....', '....'], 'up', '1 of 3 places says down, 2 must agree: failed 3'],
    [['xxxx', 'xxxx', '....'], 'down', 'failed 3 (2 of 3 places)'],
    [['????', '....', '....'], 'up', ''],
    [['????', '????', '....'], 'unknown', 'failed 3'],
    [['xxxx', '????', '....'], 'unknown', '1 of 3 places says down, 2 must agree: failed 3'],
  ] as const)('%s is %s', (rows, state, reason) => {
    expect(verdictOf(three, said([...rows]), now)).toMatchObject({ state, reason });
  });

  it('a check that has not run is unknown, never up', () => {
    expect(verdictOf(monitor, [], now)).toMatchObject({ state: 'unknown', reason: 'Has not been looked at yet' });
    expect(verdictOf(monitor, [seen('....')], at(90 + 130)).state).toBe('up');
    expect(verdictOf(monitor, [seen('....')], at(90 + 131))).toMatchObject({
      state: 'unknown',
      reason: 'No recent result',
    });
  });

  it('what was down stays down while nobody looks', () => {
    expect(verdictOf({ ...monitor, state: 'down' }, [seen('xxxx')], at(10_000)).state).toBe('down');
  });

  it('for every mixture: down at the quorum, up only when the rest could not reach it, and never both', () => {
    const one = fc.constantFrom('....', 'xxxx', '????');
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 7 }), (rows, wanted) => {
        const places = rows.map((_, n) => `p${n}`);
        const quorum = Math.min(wanted, places.length);
        const { state } = verdictOf(
          { ...monitor, places, quorum },
          rows.map((row, n) => seen(row, `p${n}`)),
          now,
        );
        const down = rows.filter((row) => row === 'xxxx').length;
        const unknown = rows.filter((row) => row === '????').length;
        expect(state).toBe(down >= quorum ? 'down' : down + unknown < quorum ? 'up' : 'unknown');
      }),
    );
  });
});

describe('the rhythm', () => {
  it('is the same on every node, once in every interval, and spread evenly', () => {
    const ids = Array.from({ length: 2000 }, (_, n) => `mon_${n.toString(36).padStart(26, '0')}`);
    const first = ids.map((id) => nextDue(id, 30, T0));
    expect(Math.min(...first)).toBeGreaterThan(T0);
    expect(Math.max(...first)).toBeLessThanOrEqual(T0 + 30_000);
    expect(nextDue(ids[7]!, 30, first[7]!)).toBe(first[7]! + 30_000);
    expect(nextDue(ids[7]!, 30, first[7]! - 1)).toBe(first[7]);
    const perSecond = Array.from(
      { length: 30 },
      (_, n) => first.filter((due) => Math.ceil((due - T0) / 1000) === n + 1).length,
    );
    expect(Math.max(...perSecond)).toBeLessThan(110);
    expect(Math.min(...perSecond)).toBeGreaterThan(35);
    const slices = new Set(ids.map(sliceOf));
    expect(slices.size).toBe(SLICES);
  });

  it('gives out what is due in order, moved and removed ones too', () => {
    const schedule = openSchedule();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1000 }))), (puts) => {
        const wanted = new Map<string, number>();
        for (const [id, due] of puts) {
          schedule.put(`m${id}`, due);
          wanted.set(`m${id}`, due);
        }
        schedule.remove('m3');
        wanted.delete('m3');
        const taken: number[] = [];
        for (let one = schedule.take(1000); one; one = schedule.take(1000)) {
          expect(wanted.get(one.id)).toBe(one.at);
          taken.push(one.at);
        }
        expect(taken).toHaveLength(wanted.size);
        expect(taken).toEqual([...taken].sort((a, b) => a - b));
        expect(schedule.next()).toBeUndefined();
      }),
    );
  });
});

describe('a JSON path', () => {
  const data = { a: { b: [1, { c: 'x' }, 3] }, 'odd name': true, list: [{ n: 1 }, { n: 2 }], text: 'abc', empty: null };
  it.each([
    ['$.a.b[0]', [1]],
    ['a.b[1].c', ['x']],
    ['$.a.b[-1]', [3]],
    ["$['odd name']", [true]],
    ['$.list[*].n', [1, 2]],
    ['$.list.length', [2]],
    ['$.text.length', [3]],
    ['$.empty', [null]],
    ['$.nothing.here', []],
    ['$.a.b[9]', []],
    ['$.__proto__', []],
    ['$.list.constructor', []],
    ['$', [data]],
  ])('%s', (path, values) => {
    const steps = parsePath(path);
    expect(typeof steps).not.toBe('string');
    expect(valuesAt(data, steps as never)).toEqual(values);
  });
  it.each(['$..a', '$.a[?(@.b)]', '$.a[', 'x'.repeat(600), "$['a"])(
    '%s is refused with what was not understood',
    (path) => {
      expect(typeof parsePath(path)).toBe('string');
    },
  );
});

describe('an assertion', () => {
  const answer: Answer = {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-two': ['a', 'b'] },
    body: '{"ok":true,"items":[{"price":3},{"price":9}],"name":"Ada"}',
    ms: 42.4,
    tlsDays: 12,
  };
  const check = (on: Assertion['on'], where: string, is: Assertion['is'], value = '') =>
    checkOne({ on, at: where, is, value }, answer).ok;

  it.each([
    ['status', '', 'is', '200', true],
    ['status', '', 'is', '200-299, 304', true],
    ['status', '', 'is_not', '500-599', true],
    ['status', '', 'is', '201', false],
    ['body', '', 'contains', 'Ada', true],
    ['body', '', 'lacks', 'Ada', false],
    ['body', '', 'matches', '"price":\\d', true],
    ['json', '$.ok', 'is', 'true', true],
    ['json', '$.name', 'is_not', 'Bob', true],
    ['json', '$.items.length', 'above', '1', true],
    ['json', '$.items[*].price', 'above', '2', true],
    ['json', '$.items[*].price', 'above', '3', false],
    ['json', '$.gone', 'exists', '', false],
    ['json', '$.gone', 'is', 'undefined', false],
    ['json', '$.gone', 'below', '5', false],
    ['header', 'Content-Type', 'contains', 'json', true],
    ['header', 'x-two', 'contains', 'b', true],
    ['header', 'x-none', 'lacks', 'a', true],
    ['time', '', 'below', '500', true],
    ['time', '', 'below', '42', false],
    ['tls', '', 'above', '14', false],
  ] as const)('%s %s %s %s', (on, where, is, value, ok) => {
    expect(check(on, where, is, value)).toBe(ok);
  });

  it('expects 200 to 299 when nothing is asked about the status, and says what it was', () => {
    expect(checkAll([], { ...answer, status: 301 })).toEqual([{ text: 'Status is 200-299', ok: false, actual: '301' }]);
    expect(checkAll([{ on: 'status', at: '', is: 'is', value: '301' }], { ...answer, status: 301 })).toMatchObject([
      { ok: true },
    ]);
  });

  it('of a body that is not JSON holds nothing about its JSON', () => {
    expect(checkOne({ on: 'json', at: '$.ok', is: 'lacks', value: 'x' }, { ...answer, body: '<html>' })).toMatchObject({
      ok: false,
      actual: 'the body is not JSON',
    });
  });

  it('runs a catastrophic pattern over 10,000 characters in linear time, and refuses what RE2 cannot run (rows 100, 101)', () => {
    const from = performance.now();
    for (const value of ['^(\\w+\\s?)*$', '(a+)+$', '(a|aa)+$'])
      checkOne({ on: 'body', at: '', is: 'matches', value }, { ...answer, body: `${'a'.repeat(10_000)}!` });
    expect(performance.now() - from).toBeLessThan(1000);
    for (const value of ['(?=a)', '(a)\\1', '((a{1000}){1000})'])
      expect(
        problemsOfAssertions([{ on: 'body', at: '', is: 'matches', value }], 'assertions', SUBJECTS),
      ).toMatchObject([{ path: 'assertions.0.value' }]);
  });
});

it('named values are put in, and unknown names stay as they are written', () => {
  expect(fill('Bearer {{token}} {{ none }} {{__proto__}}', { token: 's3cret' })).toBe(
    'Bearer s3cret {{ none }} {{__proto__}}',
  );
});
