/** Which change did it, on fixtures of four kinds: the true one ranks first, and the arithmetic is the one that is shown. */
import { describe, expect, it } from 'vitest';
import { rankSuspects } from './suspects.ts';
import { topologyFrom } from './topology.ts';

const MINUTE = 60_000;
const ids = ['web', 'orders', 'billing', 'search', 'pg', 'disk', 'cdn', 'mail'];
const edges = ['web>orders', 'orders>pg', 'billing>pg', 'search>pg', 'pg>disk', 'orders~mail'].map((line) => {
  const [from = '', to = ''] = line.split(/[>~]/);
  return { from, to, strength: line.includes('>') ? ('hard' as const) : ('soft' as const) };
});
const topology = topologyFrom(
  ids.map((id) => ({ id, name: id, slug: id })),
  edges,
);
type Kind = Parameters<typeof rankSuspects>[2][number]['kind'];
/** `minutes` before the first sign. */
const change = (serviceId: string | null, minutes: number, kind: Kind = 'deploy') => ({
  id: `${serviceId}-${minutes}-${kind}`,
  serviceId,
  kind,
  at: -minutes * MINUTE,
});
const first = (trouble: Partial<Parameters<typeof rankSuspects>[1]>, changes: ReturnType<typeof change>[]) =>
  rankSuspects(topology, { originId: null, serviceIds: [], since: 0, ...trouble }, changes)[0]?.changeId;

describe('the true change ranks first', () => {
  it.each([
    [
      'a deploy of the origin, with newer ones elsewhere',
      { originId: 'pg', serviceIds: ['orders', 'billing', 'search'] },
      change('pg', 12),
      [change('cdn', 1), change('orders', 6), change(null, 2)],
    ],
    [
      'a configuration upstream of the origin',
      { originId: 'pg', serviceIds: ['orders', 'billing'] },
      change('disk', 9, 'config'),
      [change('web', 3), change('cdn', 2), change('billing', 55)],
    ],
    [
      'a migration of what alerts alone',
      { originId: 'orders', serviceIds: ['orders'] },
      change('orders', 20, 'migration'),
      [change('cdn', 1), change('billing', 5), change('orders', 600)],
    ],
    [
      'what all of them need, when no origin is known',
      { serviceIds: ['orders', 'billing', 'search'] },
      change('pg', 15),
      [change('search', 25), change('mail', 4), change('cdn', 3)],
    ],
  ])('is the first of all: %s', (_name, trouble, guilty, others) => {
    expect(first(trouble, [...others, guilty])).toBe(guilty.id);
    expect(first(trouble, [guilty, ...others])).toBe(guilty.id);
  });
});

describe('the score', () => {
  it('is time × place × risk, as shown, with the reasons of each', () => {
    const [suspect] = rankSuspects(topology, { originId: 'pg', serviceIds: ['orders'], since: 0 }, [
      change('pg', 45, 'flag'),
    ]);
    expect(suspect).toMatchObject({ score: 43, factors: { time: 0.5, place: 1, risk: 0.85 } });
    expect(suspect?.reasons.slice(0, 2)).toEqual(['45 min before the first sign', 'on pg, the probable origin']);
  });

  it('is nothing for what came well after the first sign, and little for what nothing that alerts needs', () => {
    const trouble = { originId: 'pg', serviceIds: ['orders'], since: 0 };
    expect(rankSuspects(topology, trouble, [change('pg', -5)])).toEqual([]);
    // Clocks differ by a minute or two.
    expect(rankSuspects(topology, trouble, [change('pg', -1)])[0]?.score).toBe(90);
    expect(rankSuspects(topology, trouble, [change('cdn', 1)])[0]?.score).toBe(3);
  });

  it('falls with age, whatever else is equal', () => {
    const trouble = { originId: 'pg', serviceIds: ['orders'], since: 0 };
    const ranked = rankSuspects(topology, trouble, [change('pg', 200), change('pg', 5), change('pg', 60)]);
    expect(ranked.map(({ changeId }) => changeId)).toEqual(['pg-5-deploy', 'pg-60-deploy', 'pg-200-deploy']);
  });
});
