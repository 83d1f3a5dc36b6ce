/** The catalogue's graph and naming rules. */
import { describe, expect, it } from 'vitest';
import { closure, dependants, type Edge, serviceCandidates, slugify } from './model.ts';

// checkout -> orders -> orders-db -> checkout is a cycle; orders -> mail is soft, mail -> smtp hard.
const edges: Edge[] = [
  { from: 'checkout', to: 'orders', strength: 'hard' },
  { from: 'orders', to: 'orders-db', strength: 'hard' },
  { from: 'orders-db', to: 'checkout', strength: 'hard' },
  { from: 'orders', to: 'mail', strength: 'soft' },
  { from: 'mail', to: 'smtp', strength: 'hard' },
  { from: 'reports', to: 'orders-db', strength: 'soft' },
];

describe('dependencies', () => {
  it('the transitive hard dependencies are exact on a graph with a cycle', () => {
    expect(closure(edges, 'checkout', 'hard')).toEqual(['orders', 'orders-db']);
    expect(closure(edges, 'checkout')).toEqual(['orders', 'orders-db', 'mail', 'smtp']);
    expect(closure(edges, 'smtp')).toEqual([]);
  });

  it('dependants are the same graph seen from the other end', () => {
    expect(dependants(edges, 'orders-db', 'hard').sort()).toEqual(['checkout', 'orders']);
    expect(dependants(edges, 'orders-db').sort()).toEqual(['checkout', 'orders', 'reports']);
  });
});

describe('names', () => {
  it.each([
    ['Orders API (EU)', 'orders-api-eu'],
    ['  Zahlungs-Dienst Ü ', 'zahlungs-dienst-u'],
    ['__proto__', 'proto'],
    ['日本', ''],
    ['a'.repeat(200), 'a'.repeat(80)],
  ])('%s becomes the address %s', (name, slug) => expect(slugify(name)).toBe(slug));

  it('the most telling label comes first when a service is looked for', () => {
    expect(
      serviceCandidates({ service: 'Orders', labels: { job: 'node', app: 'orders', service: 'orders-api' } }),
    ).toEqual(['orders', 'orders-api', 'node']);
    expect(serviceCandidates({ labels: {} })).toEqual([]);
  });
});
