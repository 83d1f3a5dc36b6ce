/** Which groups have one cause, by tables over small maps: whatever the order they come in. */
import { describe, expect, it } from 'vitest';
import { topologyFrom } from '../../catalog/topology.ts';
import { type Cluster, correlate, LIMITS, placeNew, type Scene, type Sighting } from './model.ts';

const SECOND = 1000;
const MINUTE = 60_000;

/** `a>b` = a does not work without b; `a~b` = a works worse without b. */
const map = (...lines: string[]) => {
  const edges = lines.map((line) => {
    const [from = '', to = ''] = line.split(/[>~]/);
    return { from, to, strength: line.includes('>') ? ('hard' as const) : ('soft' as const) };
  });
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return topologyFrom(
    ids.map((id) => ({
      id,
      name: id,
      slug: id,
      kind: id.startsWith('cloud') ? ('third_party' as const) : ('service' as const),
    })),
    edges,
  );
};
const shop = map('orders>pg', 'billing>pg', 'search>pg', 'auth>pg', 'web>orders', 'mail~pg', 'pg>disk', 'cdn>edge');

const at = (serviceId: string, since: number, more: Partial<Sighting> = {}): Sighting => ({
  groupId: `g-${serviceId}-${since}`,
  serviceId,
  since,
  severity: 'critical',
  asked: true,
  correlationId: null,
  ...more,
});
const scene = (sightings: Sighting[], more: Partial<Scene> = {}): Scene => ({
  topology: shop,
  sightings,
  known: [],
  changes: new Map(),
  limits: LIMITS,
  ...more,
});
const told = (clusters: Cluster[]) =>
  clusters.map(({ originId, silent, lead, members }) => ({
    originId,
    silent,
    lead: lead.serviceId,
    members: members.map(({ serviceId }) => serviceId).sort(),
  }));

describe('an upstream that alerts', () => {
  const five = [
    at('pg', 0),
    at('orders', 20 * SECOND),
    at('billing', 30 * SECOND),
    at('cdn', 35 * SECOND),
    at('web', 40 * SECOND),
  ];

  it('leads those that do not work without it, near and far, and nobody else', () => {
    expect(told(correlate(scene(five)))).toEqual([
      { originId: 'pg', silent: false, lead: 'pg', members: ['billing', 'orders', 'web'] },
    ]);
  });

  it('says why in sentences that can be checked', () => {
    expect(correlate(scene(five))[0]?.reasons).toEqual([
      '3 of 4 alerting services depend on pg',
      'it alerted 20 s before the first of them',
    ]);
  });

  it('is found in every order of arrival', () => {
    const expected = told(correlate(scene(five)));
    for (let turn = 0; turn < five.length; turn++) {
      const turned = [...five.slice(turn), ...five.slice(0, turn)];
      expect(told(correlate(scene(turned)))).toEqual(expected);
      expect(told(correlate(scene(turned.reverse())))).toEqual(expected);
    }
  });

  it('may alert after what depends on it, and says so', () => {
    const [cluster] = correlate(scene([at('orders', 0), at('pg', 90 * SECOND)]));
    expect(cluster).toMatchObject({ originId: 'pg', lead: { serviceId: 'pg' } });
    expect(cluster?.reasons[1]).toBe('it alerted 90 s after the first of them');
  });

  it('gives way to one further up that alerts too', () => {
    expect(told(correlate(scene([at('orders', 0), at('web', 5), at('pg', 10), at('disk', 20)])))).toEqual([
      { originId: 'disk', silent: false, lead: 'disk', members: ['orders', 'pg', 'web'] },
    ]);
  });

  it('does not lead over a soft dependency, or outside the window, or what is more urgent than itself', () => {
    expect(correlate(scene([at('pg', 0), at('mail', 5)]))).toEqual([]);
    expect(correlate(scene([at('pg', 0), at('orders', 11 * MINUTE)]))).toEqual([]);
    expect(correlate(scene([at('pg', 0, { severity: 'warning' }), at('orders', 5)]))).toEqual([]);
    expect(
      correlate(scene([at('pg', 0, { severity: 'warning' }), at('orders', 5, { severity: 'warning' })])),
    ).toHaveLength(1);
  });

  it('goes on leading while others go on joining', () => {
    const lead = at('pg', 0);
    const known = [
      { id: 'c', originId: 'pg', leadGroupId: lead.groupId, silent: false, lastJoinedAt: 8 * MINUTE, separated: [] },
    ];
    expect(correlate(scene([lead, at('orders', 15 * MINUTE)], { known }))).toHaveLength(1);
    expect(correlate(scene([lead, at('orders', 19 * MINUTE)], { known }))).toEqual([]);
  });

  it('does not lead what a person took out', () => {
    const lead = at('pg', 0);
    const known = [
      { id: 'c', originId: 'pg', leadGroupId: lead.groupId, silent: false, lastJoinedAt: 0, separated: ['orders'] },
    ];
    expect(told(correlate(scene([lead, at('orders', 5), at('billing', 6)], { known })))).toMatchObject([
      { members: ['billing'] },
    ]);
  });

  it('is the earlier of two that need each other', () => {
    const ring = map('a>b', 'b>a', 'c>a');
    const clusters = told(correlate(scene([at('b', 10), at('a', 0), at('c', 20)], { topology: ring })));
    expect(clusters).toEqual([{ originId: 'a', silent: false, lead: 'a', members: ['b', 'c'] }]);
  });
});

describe('an upstream that is silent', () => {
  it('is held for the cause when three alert that need it, led by the one that was asked first', () => {
    const two = [at('orders', 0), at('billing', 10 * SECOND)];
    expect(correlate(scene(two))).toEqual([]);
    const three = [...two, at('auth', 20 * SECOND, { asked: false })];
    expect(told(correlate(scene(three)))).toEqual([
      { originId: 'pg', silent: true, lead: 'orders', members: ['auth', 'billing'] },
    ]);
    expect(correlate(scene(three))[0]?.reasons).toEqual([
      '3 of 3 alerting services depend on pg',
      'pg has not alerted itself: it is concluded from what depends on it',
    ]);
  });

  it('is held for the cause with two, when it was changed shortly before', () => {
    const two = [at('orders', 0), at('billing', 10 * SECOND)];
    const changes = new Map([['pg', { at: -4 * MINUTE, summary: 'pg 18.1' }]]);
    expect(correlate(scene(two, { changes }))[0]?.reasons).toContain('pg was changed 4 min before: pg 18.1');
    expect(correlate(scene(two, { changes: new Map([['pg', { at: -2 * 60 * MINUTE, summary: 'x' }]]) }))).toEqual([]);
  });

  it('is the nearest one that explains as much', () => {
    expect(told(correlate(scene([at('orders', 0), at('billing', 1), at('auth', 2)])))[0]?.originId).toBe('pg');
  });

  it('is not blamed when most of what directly needs it is well', () => {
    const wide = map(...Array.from({ length: 20 }, (_, n) => `s${n}>dns`));
    const three = [at('s1', 0), at('s2', 1), at('s3', 2)];
    expect(correlate(scene(three, { topology: wide }))).toEqual([]);
    expect(correlate(scene([...three, at('s4', 3), at('s5', 4), at('s6', 5)], { topology: wide }))).toHaveLength(1);
  });

  it('takes those with it that stand beneath one of its own', () => {
    const all = [at('orders', 0), at('web', 1), at('billing', 2), at('auth', 3)];
    expect(told(correlate(scene(all)))).toEqual([
      { originId: 'pg', silent: true, lead: 'orders', members: ['auth', 'billing', 'web'] },
    ]);
  });
});

/** Everything stands on a cloud; `pg` and `redis` are our own, `cloud` is not. */
const onCloud = map(
  ...['orders', 'billing', 'auth'].map((name) => `${name}>pg`),
  ...['cart', 'search', 'feed'].map((name) => `${name}>redis`),
  ...['pg', 'redis', 'mail', 'maps'].map((name) => `${name}>cloud`),
);
const cloudy = (sightings: Sighting[], more: Partial<Scene> = {}) =>
  correlate(scene(sightings, { topology: onCloud, ...more }));

describe('between several upstreams', () => {
  const storm = [at('pg', 0), at('orders', 5 * SECOND), at('billing', 6 * SECOND), at('auth', 7 * SECOND)];

  it('one that alerts is named, not the silent supplier that everything needs', () => {
    for (const more of [[], [at('mail', 9 * SECOND)], [at('mail', 9 * SECOND), at('maps', 10 * SECOND)]])
      expect(told(cloudy([...storm, ...more]))).toEqual([
        { originId: 'pg', silent: false, lead: 'pg', members: ['auth', 'billing', 'orders'] },
      ]);
  });

  it('the supplier is named when its dependants alert each for itself, and none of them explains the others', () => {
    const each = [at('pg', 0), at('redis', 1), at('mail', 2), at('maps', 3)];
    expect(told(cloudy(each))).toMatchObject([{ originId: 'cloud', silent: true, members: ['mail', 'maps', 'redis'] }]);
  });

  it('the supplier is named over an alerting upstream when its own status page reports trouble', () => {
    const reports = new Map([['cloud', 'Elevated error rates in eu-west']]);
    const [found] = cloudy([...storm, at('mail', 9 * SECOND)], { reports });
    expect(found?.originId).toBe('cloud');
    expect(found?.reasons).toContain('cloud reports trouble itself: “Elevated error rates in eu-west”');
  });

  it('of silent ones, our own store that was changed lately is named before the supplier that explains more', () => {
    const sightings = [at('orders', 0), at('billing', 1), at('auth', 2), at('mail', 3)];
    const changes = new Map([['pg', { at: -4 * MINUTE, summary: 'pg 18.1' }]]);
    expect(told(cloudy(sightings, { changes }))).toMatchObject([
      { originId: 'pg', silent: true, members: ['auth', 'billing'] },
    ]);
    // Without any sign our own store still comes before the supplier, which one service more would need.
    expect(told(cloudy(sightings))[0]?.originId).toBe('pg');
  });

  it('a supplier that was changed is named with two', () => {
    const changes = new Map([['cloud', { at: -10 * MINUTE, summary: 'moved to the new region' }]]);
    expect(told(cloudy([at('mail', 0), at('maps', 1)], { changes }))[0]?.originId).toBe('cloud');
    expect(cloudy([at('mail', 0), at('maps', 1)])).toEqual([]);
  });

  it('one that alerts less urgently is named, and it is not said that it was silent', () => {
    const [found] = correlate(
      scene([at('pg', 0, { severity: 'warning' }), at('orders', 40_000), at('billing', 41_000)]),
    );
    expect(found).toMatchObject({ originId: 'pg', lead: { serviceId: 'orders' } });
    expect(found?.reasons[1]).toBe('it alerts itself, less urgently (warning), 40 s before the first of them');
  });

  it('of two that alert and explain as much, the one that was changed', () => {
    const topology = map('web>pg', 'web>redis');
    const sightings = [at('pg', 0), at('redis', 1), at('web', 2)];
    const changes = new Map([['redis', { at: -MINUTE, summary: 'redis 8' }]]);
    expect(told(correlate(scene(sightings, { topology })))[0]?.originId).toBe('pg');
    expect(told(correlate(scene(sightings, { topology, changes })))[0]?.originId).toBe('redis');
  });

  it('is the same in every order of arrival', () => {
    const all = [...storm, at('mail', 9 * SECOND), at('cart', 11 * SECOND), at('redis', 12 * SECOND)];
    const expected = told(cloudy(all));
    for (let turn = 0; turn < all.length; turn++)
      expect(told(cloudy([...all.slice(turn), ...all.slice(0, turn)].reverse()))).toEqual(expected);
  });
});

describe('a new group', () => {
  it('is placed alike in quiet and in a storm, where its upstream alerts', () => {
    const names = Array.from({ length: 400 }, (_, n) => `x${n}`);
    const topology = map('orders>pg', 'billing>pg', ...names.map((name) => `${name}>y${name}`));
    const fresh = at('billing', 30 * SECOND, { asked: false });
    const few = [at('pg', 0), at('orders', 20 * SECOND), fresh];
    const place = (storm: boolean) =>
      placeNew(scene(few, { topology }), [fresh], storm).map(({ originId, lead }) => [originId, lead.serviceId]);
    expect(place(false)).toEqual([['pg', 'pg']]);
    expect(place(true)).toEqual([['pg', 'pg']]);
  });
});
