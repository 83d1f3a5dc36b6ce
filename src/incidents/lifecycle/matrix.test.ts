/** The severity matrix as a table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../measures.ts';
import { DEFAULT_MATRIX, type Hit, proposeByMatrix } from './matrix.ts';

const hit = (tier: number | null, effect: Effect, stated = true): Hit => ({ name: 'Checkout', tier, effect, stated });

describe('the severity matrix', () => {
  it.each([
    [1, 'down', 1],
    [1, 'wrong_data', 1],
    [1, 'partial', 2],
    [2, 'down', 2],
    [2, 'partial', 3],
    [3, 'down', 3],
    [3, 'slow', 4],
    [1, 'none', 4],
    [null, 'down', 1],
  ] as const)('tier %s and %s: SEV%i', (tier, effect, severity) => {
    expect(proposeByMatrix(DEFAULT_MATRIX, [hit(tier, effect)])?.severity).toBe(severity);
  });

  it('says why, in a sentence', () => {
    expect(proposeByMatrix(DEFAULT_MATRIX, [hit(1, 'down'), hit(2, 'slow')])?.because).toBe(
      'Checkout (tier 1) is down',
    );
  });

  it('proposes nothing from what nobody has stated', () => {
    expect(proposeByMatrix(DEFAULT_MATRIX, [hit(1, 'down', false)])).toBeNull();
    expect(proposeByMatrix(DEFAULT_MATRIX, [])).toBeNull();
  });

  it('one more affected service never makes the proposal milder (property)', () => {
    const service = fc.record({
      name: fc.constantFrom('a', 'b'),
      tier: fc.constantFrom(1, 2, 3, null),
      effect: fc.constantFrom<Effect>('none', 'slow', 'partial', 'down', 'wrong_data'),
      stated: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(service), service, (services, more) => {
        const before = proposeByMatrix(DEFAULT_MATRIX, services)?.severity ?? 4;
        expect(proposeByMatrix(DEFAULT_MATRIX, [...services, more])?.severity ?? 4).toBeLessThanOrEqual(before);
      }),
    );
  });
});
