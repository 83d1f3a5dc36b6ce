/** The demo company's figures, computed by the same code as everybody's, equal the ones written down by hand. */
import { describe, expect, test } from 'vitest';
import { type MeasureId, measures, report } from '#learning';
import { caseOf } from './cases.ts';
import { pastIncidents } from './data/incidents.ts';

const now = new Date('2026-11-23T12:00:00Z');
const cases = pastIncidents.filter((past) => past.severity <= 3 && !past.ended).map((past) => caseOf(past, now));
const figures = (id: MeasureId) =>
  report(
    measures.find((measure) => measure.id === id)!,
    cases,
  );

describe('Orchardline', () => {
  test.each<[MeasureId, number, number, number, number]>([
    ['ttd', 13, 5, 22, 78.6],
    ['tta', 13, 2, 6, 8.6],
    ['ttc', 13, 31, 47, 67.4],
    ['ttm', 13, 43, 94, 174.6],
    ['ttr', 13, 96, 160, 205.4],
    ['ttn', 13, 18, 23, 34.4],
  ])('%s: n %i, median %d, p75 %d, p90 %d', (id, n, median, p75, p90) => {
    expect(figures(id).summary).toEqual({ n, median, p75, p90, p95: null });
  });

  test('the incident without a known start is left out of every figure that needs it, and counted', () => {
    for (const id of ['ttd', 'ttm', 'ttr'] as const) {
      expect(figures(id).leftOut).toEqual([
        { incidentId: 'story-1016', key: 'ORL-1016', reason: 'the start of the impact is not known' },
      ]);
    }
    expect(figures('tta').leftOut).toMatchObject([{ key: 'ORL-1005', reason: 'nobody was paged' }]);
  });
});
