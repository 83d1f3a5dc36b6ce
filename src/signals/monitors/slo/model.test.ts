/** Burn rates and budgets against a computation by hand. */
import { describe, expect, it } from 'vitest';
import { alarmAfter, budgetOf, burnChecks, burnDown, burnRate, type Count, sinceCounters, sumOf } from './model.ts';
import { readOpenSlo, writeOpenSlo } from './openslo.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const slo = { target: 0.999, budgeting: 'occurrences' as const, sliceTarget: null };

/** Minutes before NOW, oldest first: `badOf(minutesAgo)` of 1,000 events are bad. */
const minutes = (count: number, badOf: (ago: number) => number): Count[] =>
  Array.from({ length: count }, (_, n) => {
    const ago = count - n;
    return { at: NOW - ago * MINUTE, good: 1000 - badOf(ago), total: 1000 };
  });

describe('multi-window burn rate', () => {
  it('matches a hand computation: 2 % of requests failing for 10 minutes after three good days', () => {
    // 99.9 % leaves 1 bad in 1,000. 20 bad in 1,000 for ten minutes:
    //   5 min:  5·20 /  5,000 = 0.02     / 0.001 = 20
    //  30 min: 10·20 / 30,000 = 0.006667 / 0.001 = 6.667
    //   1 h:   10·20 / 60,000 = 0.003333 / 0.001 = 3.333
    //   6 h:   10·20 /360,000 = 0.000556 / 0.001 = 0.5556
    //   3 d:   10·20 /4.32 M  = 0.0000463/ 0.001 = 0.0463
    const checks = burnChecks(
      minutes(4320, (ago) => (ago <= 10 ? 20 : 0)),
      slo,
      NOW,
    );
    expect(checks.map(({ long, short }) => [long, short].map((rate) => Number(rate!.toFixed(4))))).toEqual([
      [3.3333, 20],
      [0.5556, 6.6667],
      [0.0463, 0.5556],
    ]);
    expect(checks.some((check) => check.exceeds)).toBe(false);
  });

  it('pages by 14.4 (1 h, 5 min) in the minute in which 2 % of the month’s budget is gone, not one before', () => {
    // All requests fail. The hour burns 14.4 when 60·0.0144 = 0.864 of its minutes are bad: within the first minute.
    // With 10 % failing (burn 100 while it lasts) it takes 60·14.4/100 = 8.64, so the ninth minute.
    const failing = (since: number) =>
      burnChecks(
        minutes(4320, (ago) => (ago <= since ? 100 : 0)),
        slo,
        NOW,
      )[0]!;
    expect(failing(8)).toMatchObject({ exceeds: false });
    expect(failing(8).long).toBeCloseTo((8 / 60) * 100, 9);
    expect(failing(9)).toMatchObject({ exceeds: true });
    // The budget of 30 days at this rate: 43,200 minutes · 1,000 · 0.001 = 43,200 bad events; 9 minutes · 100 = 900 = 2.08 %.
    expect(900 / 43_200).toBeGreaterThan(0.02);
    expect(800 / 43_200).toBeLessThan(0.02);
  });

  it('pages by 6 (6 h, 30 min) for a slower fire, and by 1 (3 d, 6 h) only writes a ticket', () => {
    // 0.7 % failing: burn 7 while it lasts; 6 h are above 6 after 6/7·360 = 308.6 minutes.
    const slow = (since: number) =>
      burnChecks(
        minutes(4320, (ago) => (ago <= since ? 7 : 0)),
        slo,
        NOW,
      );
    expect(slow(308)[1]).toMatchObject({ exceeds: false, alarm: 'page' });
    expect(slow(309)[1]).toMatchObject({ exceeds: true, alarm: 'page' });
    expect(slow(309)[0]!.exceeds).toBe(false);
    // 0.2 % failing: burn 2; 3 d are above 1 after 2,160 minutes.
    const creeping = (since: number) =>
      burnChecks(
        minutes(4320, (ago) => (ago <= since ? 2 : 0)),
        slo,
        NOW,
      );
    expect(creeping(2160)[2]).toMatchObject({ exceeds: false, long: expect.closeTo(1, 9) });
    expect(creeping(2161)[2]).toMatchObject({ exceeds: true, alarm: 'ticket' });
    expect(creeping(2161).filter((check) => check.alarm === 'page' && check.exceeds)).toEqual([]);
  });

  it('ends soon after the fire: the short window lets go while the long one still burns', () => {
    const after = (quiet: number) =>
      burnChecks(
        minutes(4320, (ago) => (ago > quiet && ago <= quiet + 20 ? 1000 : 0)),
        slo,
        NOW,
      );
    expect(after(0)[0]!.exceeds).toBe(true);
    expect(alarmAfter(true, after(4), 'page')).toBe(true);
    expect(after(5)[0]).toMatchObject({ short: 0, exceeds: false });
    // The pair of 6 h and 30 min still holds it until 30 quiet minutes have passed.
    expect(alarmAfter(true, after(5), 'page')).toBe(true);
    expect(alarmAfter(true, after(30), 'page')).toBe(false);
  });

  it('the minute that is not over does not count', () => {
    const counts = [...minutes(60, () => 0), { at: NOW, good: 0, total: 1000 }];
    expect(burnChecks(counts, slo, NOW + 30_000)[0]).toMatchObject({ long: 0, short: 0 });
    expect(sumOf(counts, NOW + MINUTE, 1)).toEqual({ good: 0, total: 1000 });
  });

  it('nothing counted is unknown: it raises no alarm, and ends none', () => {
    const silent = burnChecks(minutes(4320, (ago) => (ago <= 60 ? 1000 : 0)).slice(0, -20), slo, NOW);
    expect(silent[0]).toMatchObject({ short: undefined, exceeds: false, known: false });
    expect(alarmAfter(true, silent, 'page')).toBe(true);
    expect(alarmAfter(false, burnChecks([], slo, NOW), 'page')).toBe(false);
    expect(burnRate({ good: 0, total: 0 }, 0.999)).toBeUndefined();
  });

  it('timeslices count bad minutes, not bad events', () => {
    const slices = { target: 0.99, budgeting: 'timeslices' as const, sliceTarget: 0.95 };
    // In 3 of 60 minutes 10 % failed: 3 bad minutes of 60 = 5 % / 1 % = 5; 4 % failing is still a good minute.
    const counts = minutes(60, (ago) => (ago <= 3 ? 100 : 40));
    expect(burnChecks(counts, slices, NOW)[0]).toMatchObject({
      long: expect.closeTo(5, 9),
      short: expect.closeTo(60, 9),
    });
  });
});

describe('the budget', () => {
  it('is what the window allows less what was bad, and goes down hour by hour to what is left', () => {
    // 100 hours of 1,000: 99.5 % allows 500 bad. 100 bad in hour 10, 200 in hour 50: 300 of 500 gone.
    const hours = Array.from({ length: 100 }, (_, n) => ({
      at: NOW + n * 3_600_000,
      good: n === 10 ? 900 : n === 50 ? 800 : 1000,
      total: 1000,
    }));
    expect(budgetOf(hours, 0.995)).toMatchObject({
      bad: 300,
      total: 100_000,
      allowed: expect.closeTo(500, 6),
      left: expect.closeTo(0.4, 6),
    });
    const line = burnDown(hours, 0.995);
    expect(line[9]!.left).toBe(1);
    expect(line[10]!.left).toBeCloseTo(0.8, 6);
    expect(line[99]!.left).toBeCloseTo(0.4, 6);
    expect(budgetOf([], 0.995).left).toBeUndefined();
  });

  it('counters that fall were started anew', () => {
    expect(sinceCounters(null, { part: 5, total: 10, at: 0 })).toBeUndefined();
    expect(sinceCounters({ part: 5, total: 10, at: 0 }, { part: 9, total: 20, at: 60 })).toEqual({
      part: 4,
      total: 10,
    });
    expect(sinceCounters({ part: 5, total: 10, at: 0 }, { part: 2, total: 3, at: 60 })).toEqual({ part: 2, total: 3 });
  });
});

const OPENSLO = `
apiVersion: openslo/v1
kind: DataSource
metadata: {name: metrics}
spec:
  type: Prometheus
  connectionDetails: {url: https://prometheus.orchardline.example}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: checkout-good}
spec:
  ratioMetric:
    counter: true
    good:
      metricSource: {metricSourceRef: metrics, type: Prometheus, spec: {query: 'sum(http_requests_total{code!~"5.."})'}}
    total:
      metricSource: {metricSourceRef: metrics, type: Prometheus, spec: {query: sum(http_requests_total)}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout, displayName: Checkout answers}
spec:
  description: Requests of the checkout that do not fail
  service: checkout
  indicatorRef: checkout-good
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{targetPercent: 99.9}]
`;

describe('OpenSLO', () => {
  it('is read with its indicator and data source', () => {
    const { objectives, problems } = readOpenSlo(OPENSLO);
    expect(problems).toEqual([]);
    expect(objectives).toEqual([
      {
        slug: 'checkout',
        name: 'Checkout answers',
        description: 'Requests of the checkout that do not fail',
        service: 'checkout',
        target: 0.999,
        windowDays: 28,
        budgeting: 'occurrences',
        sliceTarget: null,
        source: {
          kind: 'prometheus',
          url: 'https://prometheus.orchardline.example',
          good: 'sum(http_requests_total{code!~"5.."})',
          bad: '',
          total: 'sum(http_requests_total)',
          counter: true,
          authorization: '',
        },
      },
    ]);
  });

  it.each([
    ['indicatorRef: checkout-good', 'indicatorRef: other', /indicator “other” is not in the file/],
    ['isRolling: true', 'isRolling: false', /only rolling windows/],
    ['duration: 4w', 'duration: 120d', /1 to 90 days/],
    ['budgetingMethod: Occurrences', 'budgetingMethod: RatioTimeslices', /Invalid option/],
    ['targetPercent: 99.9', 'targetPercent: 101', /less than|<100|Too big/i],
    ['service: checkout', 'service: checkout\n  compositeWeight: 3', /“compositeWeight” is not kept here/],
    ['openslo/v1\nkind: SLO', 'openslo/v2alpha\nkind: SLO', /only openslo\/v1/],
    ['type: Prometheus\n', 'type: Datadog\n', /only data sources of type Prometheus/],
  ])('%s → %s is refused and says why', (from, to, why) => {
    const { problems } = readOpenSlo(OPENSLO.replace(from, to));
    expect(problems.map((problem) => `${problem.path} ${problem.message}`).join('\n')).toMatch(why);
  });

  it('what is written is read back the same', () => {
    const [one] = readOpenSlo(OPENSLO).objectives;
    const kept = { ...one!, id: 'slo_1', source: one!.source as never } as never;
    const again = readOpenSlo(writeOpenSlo(kept, { service: 'checkout', monitors: [] }));
    expect(again.problems).toEqual([]);
    expect(again.objectives).toEqual([one]);
    const own = {
      ...(kept as object),
      source: { kind: 'monitors', monitorIds: ['mon_1'] },
      budgeting: 'timeslices',
      sliceTarget: 0.9,
    } as never;
    expect(readOpenSlo(writeOpenSlo(own, { service: '', monitors: ['Shop front'] })).objectives).toMatchObject([
      { budgeting: 'timeslices', sliceTarget: 0.9, source: { kind: 'monitors', monitors: ['Shop front'] } },
    ]);
  });
});
