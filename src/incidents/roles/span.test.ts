/** Span of control: how many one person leads, and what is proposed when it is too many. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SPAN, spansOf } from './span.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 12, minute));
const holds = (role: string, userId: string, handsOn = false) => ({
  role,
  userId,
  from: at(0),
  handsOn,
  accepted: true,
});
const works = (n: number, on = 'Checkout') => ({ userId: `w${n}`, from: at(n), on });

describe('span of control', () => {
  it('seven reports are fine, eight are split into sub-teams with a lead each', () => {
    const lead = [holds('incident_commander', 'ic'), holds('operations_lead', 'ol')];
    const seven = spansOf(
      lead,
      Array.from({ length: 7 }, (_, i) => works(i)),
    );
    expect(seven.map(({ reports, proposal }) => [reports.length, proposal.length])).toEqual([
      [7, 0],
      [1, 0],
    ]);
    const [operations] = spansOf(
      lead,
      Array.from({ length: 8 }, (_, i) => works(i, i < 4 ? 'Checkout' : 'Search')),
    );
    expect(operations?.proposal).toEqual([
      { lead: 'w0', members: ['w1', 'w2', 'w3'], on: 'Checkout' },
      { lead: 'w4', members: ['w5', 'w6', 'w7'], on: 'Search' },
    ]);
  });

  it('without an operations lead everybody reports to the commander; who is only called leads nobody', () => {
    const called = { ...holds('operations_lead', 'ol'), accepted: false };
    const [only, ...more] = spansOf([holds('incident_commander', 'ic'), called], [works(1), works(2)]);
    expect(only).toMatchObject({ leadId: 'ic', reports: ['w1', 'w2'] });
    expect(more).toEqual([]);
    expect(spansOf([called], [works(1)])).toEqual([]);
  });

  it('everybody proposed is in exactly one sub-team, and none leads more than five (property)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40), { minLength: SPAN + 1, maxLength: 30 }), (ids) => {
        const [span] = spansOf(
          [holds('incident_commander', 'ic')],
          ids.map((id) => works(id, `s${id % 3}`)),
        );
        const placed = span!.proposal.flatMap(({ lead, members }) => [lead, ...members]);
        expect(placed.toSorted()).toEqual(ids.map((id) => `w${id}`).toSorted());
        expect(Math.max(...span!.proposal.map(({ members }) => members.length))).toBeLessThanOrEqual(5);
      }),
    );
  });
});
