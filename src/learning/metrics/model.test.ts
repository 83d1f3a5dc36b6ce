/** The measures and the statistics, case by case: missing is absent, and few cases say little. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Case, measures, quantile, readCase, report, summarise } from './model.ts';
import { compare } from './statistics.ts';

const start = new Date('2026-03-01T09:00:00Z');
const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const whole: Case = {
  incidentId: 'inc_1',
  key: 'INC-1',
  title: 'Card payments slow',
  severity: 1,
  detectedBy: 'monitor',
  impactStartedAt: at(0),
  detectedAt: at(4),
  firstPagedAt: at(5),
  firstAckedAt: at(8),
  declaredAt: at(10),
  commanderAt: at(12),
  containmentStartedAt: at(40),
  containedAt: at(94),
  impactEndedAt: at(95),
  restoredAt: at(171),
  firstPublicAt: at(34),
};

describe('one case', () => {
  test('each measure runs from its own start to its own end', () => {
    const minutes = Object.fromEntries(
      Object.entries(readCase(whole)).map(([id, reading]) => [id, 'minutes' in reading && reading.minutes]),
    );
    expect(minutes).toEqual({ ttd: 4, tta: 3, tte: 2, ttc: 90, containment: 54, ttm: 95, ttr: 171, ttn: 24 });
  });

  const absent: [keyof Case, Partial<Record<string, string>>][] = [
    ['impactStartedAt', { ttd: 'start of the impact', ttm: 'start of the impact', ttr: 'start of the impact' }],
    ['detectedAt', { ttd: 'detection', ttc: 'detection' }],
    ['firstPagedAt', { tta: 'nobody was paged' }],
    ['firstAckedAt', { tta: 'before anybody acknowledged' }],
    ['declaredAt', { tte: 'not declared', ttn: 'not declared' }],
    ['commanderAt', { tte: 'nobody took command' }],
    ['containmentStartedAt', { containment: 'no containment action' }],
    ['containedAt', { ttc: 'no containment', containment: 'no containment' }],
    ['impactEndedAt', { ttm: 'end of the impact' }],
    ['restoredAt', { ttr: 'not restored' }],
    ['firstPublicAt', { ttn: 'no public update' }],
  ];
  test.each(absent)('a missing %s makes the case absent with its reason, never zero', (field, expected) => {
    const readings = readCase({ ...whole, [field]: null });
    for (const [id, reading] of Object.entries(readings)) {
      if (expected[id]) expect(reading).toEqual({ absent: expect.stringContaining(expected[id]) });
      else expect(reading).toHaveProperty('minutes');
    }
  });

  test('an incident caught before its impact has a time to detect of 0, and says so', () => {
    expect(readCase({ ...whole, detectedAt: at(-3) }).ttd).toEqual({ minutes: 0, note: 'before_impact' });
  });

  test('time to engage is not asked of a SEV3, so it is neither counted nor left out', () => {
    const tte = measures.find((measure) => measure.id === 'tte')!;
    expect(report(tte, [{ ...whole, severity: 3 }])).toMatchObject({ dots: [], leftOut: [] });
  });
});

describe('many cases', () => {
  test('quantiles are of type 7', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.75)).toBe(40);
    expect(quantile([1, 2, 3, 4], 0.75)).toBe(3.25);
  });

  test('under five cases there are dots and no median', () => {
    expect(summarise([3, 5, 8, 9])).toEqual({ n: 4, median: null, p75: null, p90: null, p95: null });
    expect(summarise([3, 5, 8, 9, 40])).toEqual({ n: 5, median: 8, p75: 9, p90: null, p95: null });
  });

  test('p90 needs ten cases and p95 needs twenty', () => {
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    expect(summarise(upTo(9)).p90).toBeNull();
    expect(summarise(upTo(10))).toMatchObject({ p90: 9.1, p95: null });
    expect(summarise(upTo(20)).p95).toBe(19.05);
  });

  test('the order of the cases changes nothing, and quantiles never leave the range', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 5, maxLength: 60 }), (minutes) => {
        const summary = summarise(minutes);
        expect(summarise([...minutes].reverse())).toEqual(summary);
        expect(summary.median!).toBeGreaterThanOrEqual(Math.min(...minutes));
        expect(summary.p75!).toBeLessThanOrEqual(Math.max(...minutes));
        expect(summary.median!).toBeLessThanOrEqual(summary.p75!);
      }),
    );
  });

  test('those without a number are listed with the reason', () => {
    const ttr = measures.find((measure) => measure.id === 'ttr')!;
    const { dots, leftOut } = report(ttr, [whole, { ...whole, incidentId: 'inc_2', key: 'INC-2', restoredAt: null }]);
    expect(dots).toHaveLength(1);
    expect(leftOut).toEqual([{ incidentId: 'inc_2', key: 'INC-2', reason: 'not restored yet' }]);
  });
});

describe('two periods', () => {
  test('a difference whose interval includes zero is called no reliable change', () => {
    const older = [66, 160, 171, 340, 102, 49];
    const newer = [118, 96, 80, 214, 40, 88, 46];
    const change = compare(older, newer)!;
    expect(change).toMatchObject({ before: { n: 6, median: 131 }, after: { n: 7, median: 88 }, difference: -43 });
    expect(change.verdict).toBe('no reliable change');
    expect(change.interval[0]).toBeLessThan(-100);
    expect(change.interval[1]).toBeGreaterThan(0);
  });

  test('a large and steady difference is called what it is, and the same numbers give the same interval', () => {
    const change = compare([100, 101, 102, 103, 104], [10, 11, 12, 13, 14]);
    expect(change?.verdict).toBe('shorter');
    expect(compare([100, 101, 102, 103, 104], [10, 11, 12, 13, 14])).toEqual(change);
  });

  test('under five cases on either side there is no comparison', () => {
    expect(compare([1, 2, 3, 4], [1, 2, 3, 4, 5])).toBeNull();
  });
});
