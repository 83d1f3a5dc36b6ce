/** What the map computes, on the fixture of the demo company (worked out by hand) and on graphs with cycles. */
import { describe, expect, it } from 'vitest';
import {
  blastRadius,
  broken,
  closure,
  fallbackState,
  type Graph,
  type MapEdge,
  type MapFallback,
  type MapNode,
  type NodeKind,
  protectFirst,
  singlePoints,
  structuralPoints,
  unknownPoints,
} from '#contract/catalog-graph';
import { layout } from '#contract/catalog-layout';

const node = (id: string, kind: NodeKind, tier: 1 | 2 | 3 = 1, single = false): MapNode => ({
  id,
  name: id,
  kind,
  tier,
  redundancy: kind === 'third_party' || single ? 'single' : 'several',
});
const hard = (from: string, ...to: string[]): MapEdge[] => to.map((one) => ({ from, to: one, strength: 'hard' }));
const soft = (from: string, ...to: string[]): MapEdge[] => to.map((one) => ({ from, to: one, strength: 'soft' }));

const services = [
  'edge-gateway',
  'checkout-web',
  'order-api',
  'inventory-api',
  'order-events',
  'config-flags',
  'identity-api',
  'payments-api',
  'edi-importer',
  'pricing-api',
  'catalog-api',
  'driver-app-api',
  'route-planner',
];
const second = new Set(['edi-importer', 'pricing-api', 'catalog-api', 'driver-app-api']);
/** Domain 9.2. */
const orchardline: Graph = {
  nodes: [
    node('sign-in', 'journey'),
    node('place-order', 'journey'),
    node('pay', 'journey'),
    node('receive-supplier-prices', 'journey', 2),
    node('deliver', 'journey', 2),
    ...services.map((id) => node(id, 'service', id === 'route-planner' ? 3 : second.has(id) ? 2 : 1)),
    ...['orders-db', 'inventory-db', 'event-log', 'payments-ledger'].map((id) => node(id, 'store')),
    node('identity-db', 'store', 1, true),
    ...['PayBridge', 'Cardwell', 'SignPort', 'CloudNorth'].map((id) => node(id, 'third_party')),
    node('Mapstead', 'third_party', 2),
  ],
  edges: [
    ...hard('place-order', 'edge-gateway'),
    ...hard('edge-gateway', 'checkout-web'),
    ...hard('checkout-web', 'order-api'),
    ...hard('order-api', 'orders-db', 'inventory-api', 'order-events', 'config-flags', 'identity-api'),
    ...hard('inventory-api', 'inventory-db'),
    ...hard('order-events', 'event-log'),
    ...hard('pay', 'payments-api'),
    ...hard('payments-api', 'payments-ledger', 'PayBridge'),
    ...hard('sign-in', 'identity-api'),
    ...hard('identity-api', 'identity-db', 'SignPort'),
    ...hard('receive-supplier-prices', 'edi-importer'),
    ...hard('edi-importer', 'pricing-api'),
    ...hard('pricing-api', 'catalog-api'),
    ...hard('deliver', 'driver-app-api'),
    ...soft('driver-app-api', 'route-planner', 'Mapstead'),
    ...services.flatMap((id) => hard(id, 'CloudNorth')),
  ],
  fallbacks: [
    { of: 'PayBridge', for: null, to: 'Cardwell', tested: true },
    { of: 'CloudNorth', for: null, to: null, tested: false },
  ],
};
const without = (graph: Graph, from: string, to: string): Graph => ({
  ...graph,
  edges: graph.edges.filter((edge) => edge.from !== from || edge.to !== to),
});
const order = (graph: Graph) => protectFirst(graph).map(({ id }) => id);

describe('what a journey needs', () => {
  it('its transitive hard dependencies are exact on the fixture, and on a graph with a cycle', () => {
    expect(closure(orchardline.edges, 'place-order', 'hard').sort()).toEqual(
      [
        'CloudNorth',
        'SignPort',
        'checkout-web',
        'config-flags',
        'edge-gateway',
        'event-log',
        'identity-api',
        'identity-db',
        'inventory-api',
        'inventory-db',
        'order-api',
        'order-events',
        'orders-db',
      ].sort(),
    );
    expect(closure(orchardline.edges, 'deliver', 'hard')).toEqual(['driver-app-api', 'CloudNorth']);
    const ring = [
      ...hard('journey', 'a'),
      ...hard('a', 'b'),
      ...hard('b', 'c', 'd'),
      ...hard('c', 'a'),
      ...soft('c', 'e'),
    ];
    expect(closure(ring, 'journey', 'hard')).toEqual(['a', 'b', 'c', 'd']);
    expect(closure(ring, 'a', 'hard')).toEqual(['b', 'c', 'd']);
  });
});

describe('single points of failure', () => {
  it('on the fixture are CloudNorth, SignPort and identity-db; PayBridge is not, because its fallback is tested', () => {
    expect(singlePoints(orchardline)).toEqual([
      { id: 'identity-db', journeys: ['sign-in', 'place-order'], fallback: 'none' },
      { id: 'SignPort', journeys: ['sign-in', 'place-order'], fallback: 'none' },
      {
        id: 'CloudNorth',
        journeys: ['sign-in', 'place-order', 'pay', 'receive-supplier-prices', 'deliver'],
        fallback: 'documented',
      },
    ]);
    expect(structuralPoints(orchardline).map(({ id, fallback }) => `${id}: ${fallback}`)).toEqual([
      'identity-db: none',
      'PayBridge: tested',
      'SignPort: none',
      'CloudNorth: documented',
    ]);
  });

  it('a fallback that was not tested, that helps somebody else, or that falls with what it stands in for, is none', () => {
    const points = (...fallbacks: MapFallback[]) =>
      singlePoints({ ...orchardline, fallbacks: [orchardline.fallbacks[1]!, ...fallbacks] }).map(({ id }) => id);
    const paybridge = { of: 'PayBridge', for: null, to: 'Cardwell', tested: true };
    expect(points(paybridge)).not.toContain('PayBridge');
    expect(points({ ...paybridge, tested: false })).toContain('PayBridge');
    expect(points({ ...paybridge, for: 'invoice-api' })).toContain('PayBridge');
    expect(points({ ...paybridge, for: 'payments-api' })).not.toContain('PayBridge');
    const chained = {
      ...orchardline,
      edges: [...orchardline.edges, ...hard('Cardwell', 'PayBridge')],
    };
    expect(singlePoints(chained).map(({ id }) => id)).toContain('PayBridge');
  });

  it('what nobody has said about is listed apart, not called safe', () => {
    const nodes = orchardline.nodes.map((one) =>
      one.id === 'orders-db' ? { ...one, redundancy: 'unknown' as const } : one,
    );
    expect(singlePoints({ ...orchardline, nodes }).map(({ id }) => id)).not.toContain('orders-db');
    expect(unknownPoints({ ...orchardline, nodes })).toEqual([
      { id: 'orders-db', journeys: ['place-order'], fallback: 'none' },
    ]);
  });

  it('failures go round a cycle once, and a soft edge carries none', () => {
    const ring: Graph = {
      nodes: [],
      edges: [...hard('a', 'b'), ...hard('b', 'c'), ...hard('c', 'a'), ...soft('x', 'a'), ...hard('y', 'x')],
      fallbacks: [],
    };
    expect([...broken(ring, 'b')].sort()).toEqual(['a', 'b', 'c']);
    const reach = blastRadius(ring, 'b');
    expect({ down: [...reach.down].sort(), worse: [...reach.worse].sort() }).toEqual({
      down: ['a', 'c'],
      worse: ['x', 'y'],
    });
  });
});

describe('what to protect first', () => {
  it('goes by tier, then tier-1 journeys, then absence of a fallback, and shows the three', () => {
    const list = protectFirst(orchardline);
    expect(list.slice(0, 5)).toEqual([
      { id: 'CloudNorth', place: 1, tier: 1, tier1Journeys: ['sign-in', 'place-order', 'pay'], fallback: 'documented' },
      { id: 'SignPort', place: 2, tier: 1, tier1Journeys: ['sign-in', 'place-order'], fallback: 'none' },
      { id: 'identity-api', place: 3, tier: 1, tier1Journeys: ['sign-in', 'place-order'], fallback: 'none' },
      { id: 'identity-db', place: 4, tier: 1, tier1Journeys: ['sign-in', 'place-order'], fallback: 'none' },
      { id: 'checkout-web', place: 5, tier: 1, tier1Journeys: ['place-order'], fallback: 'none' },
    ]);
    // One journey each: PayBridge has a tested way round, so it stands behind all others of one journey; Cardwell has none.
    const tail = list.filter(({ tier }) => tier === 1).slice(-2);
    expect(tail.map(({ id, tier1Journeys }) => [id, tier1Journeys.length])).toEqual([
      ['PayBridge', 1],
      ['Cardwell', 0],
    ]);
    expect(list.at(-1)).toMatchObject({ id: 'route-planner', tier: 3 });
    expect(order(orchardline)).not.toContain('pay');
  });

  it('removing an edge changes the order as computed by hand', () => {
    // Without order-api → identity-api only sign-in needs the three: they fall back among those of one journey, by name.
    const next = order(without(orchardline, 'order-api', 'identity-api'));
    expect(next[0]).toBe('CloudNorth');
    expect(next.slice(1, 6)).toEqual(['SignPort', 'checkout-web', 'config-flags', 'edge-gateway', 'event-log']);
    expect(next.indexOf('identity-api')).toBe(6);
    expect(next.indexOf('identity-db')).toBe(7);
  });

  it('a way round for one of two that need it is not a way round', () => {
    const graph: Graph = {
      nodes: [],
      edges: [...hard('a', 'x'), ...hard('b', 'x'), ...soft('c', 'x')],
      fallbacks: [{ of: 'x', for: 'a', to: null, tested: true }],
    };
    expect(fallbackState(graph, 'x')).toBe('none');
    expect(
      fallbackState({ ...graph, fallbacks: [...graph.fallbacks, { of: 'x', for: 'b', to: null, tested: false }] }, 'x'),
    ).toBe('documented');
  });
});

describe('the picture', () => {
  it('puts what is needed to the right of what needs it, cycles or not, and everything somewhere of its own', () => {
    const placed = layout(orchardline.nodes, orchardline.edges);
    expect(new Set(placed.map(({ id }) => id)).size).toBe(orchardline.nodes.length);
    expect(new Set(placed.map(({ column, row }) => `${column}:${row}`)).size).toBe(placed.length);
    const at = new Map(placed.map((one) => [one.id, one]));
    for (const edge of orchardline.edges.filter(({ to }) => to !== 'CloudNorth'))
      expect(at.get(edge.to)!.column, `${edge.from} → ${edge.to}`).toBeGreaterThan(at.get(edge.from)!.column);
    const ring = layout(
      ['a', 'b', 'c'].map((id) => ({ id, kind: 'service' as const })),
      [...hard('a', 'b'), ...hard('b', 'c'), ...hard('c', 'a')],
    );
    expect(ring.map(({ column }) => column)).toEqual([0, 1, 2]);
  });

  it('500 nodes are computed and placed within the time of a blink', () => {
    const nodes = Array.from({ length: 500 }, (_, n) => node(`n${n}`, n < 10 ? 'journey' : 'service', 1, n % 5 === 0));
    const edges = nodes.slice(0, 460).flatMap(({ id }, n) => hard(id, `n${n + 11}`, `n${n + 25}`, `n${n + 40}`));
    const started = performance.now();
    layout(nodes, edges);
    protectFirst({ nodes, edges, fallbacks: [] });
    singlePoints({ nodes, edges, fallbacks: [] });
    // Measured 120 ms; the limit is for a busy machine.
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
