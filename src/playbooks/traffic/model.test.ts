/** Redirecting traffic as rules: the rest must carry it, and half of everything being sick is the probe's fault until proven. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayDrain, shed, type TrafficNode } from './model.ts';

const node = (name: string, more: Partial<TrafficNode> = {}): TrafficNode => ({
  name,
  serving: true,
  healthy: true,
  capacity: 100,
  load: 40,
  ...more,
});

describe('draining', () => {
  test('goes when the rest stays under 80 %', () => {
    expect(mayDrain([node('a'), node('b'), node('c', { healthy: false })], ['c'])).toEqual({ ok: true, use: 60 });
    expect(mayDrain([node('a', { load: 60 }), node('b', { load: 60 }), node('c', { healthy: false })], ['c'])).toEqual({
      ok: true,
      use: 80,
    });
  });
  test.each([
    ['capacity', [node('a', { load: 70 }), node('b', { load: 60 }), node('c', { healthy: false })], ['c']],
    ['panic', [node('a'), node('b', { healthy: false }), node('c', { healthy: false })], ['c']],
    ['step', [node('a'), node('b'), node('c'), node('d')], ['a', 'b']],
    ['min_healthy', [node('a', { healthy: false }), node('b', { serving: false })], ['a']],
    ['unknown', [node('a', { capacity: null }), node('b'), node('c')], ['c']],
  ] as const)('is refused by the rule %s', (rule, nodes, drain) => {
    expect(mayDrain([...nodes], [...drain])).toMatchObject({ ok: false, rule });
  });
  test('exactly half sick is not a panic; one more is', () => {
    const half = [
      node('a', { load: 10 }),
      node('b', { load: 10 }),
      node('c', { healthy: false, load: 10 }),
      node('d', { healthy: false, load: 10 }),
    ];
    expect(mayDrain(half, ['c']).ok).toBe(true);
    expect(mayDrain([...half, node('e', { healthy: false })], ['c'])).toMatchObject({ rule: 'panic' });
  });
  test('whatever is allowed never leaves the rest above 80 % nor drains while more than half look sick (property)', () => {
    const one = fc.record({
      serving: fc.boolean(),
      healthy: fc.boolean(),
      capacity: fc.option(fc.integer({ min: 0, max: 200 }), { nil: null }),
      load: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.nat(11), (list, pick) => {
        const nodes = list.map((entry, index) => ({ name: `n${index}`, ...entry }));
        const verdict = mayDrain(nodes, [`n${pick}`]);
        if (!verdict.ok) return;
        const staying = nodes.filter((entry) => entry.name !== `n${pick}` && entry.serving && entry.healthy);
        const capacity = staying.reduce((sum, entry) => sum + entry.capacity!, 0);
        const load = nodes.reduce((sum, entry) => sum + entry.load, 0);
        expect(load).toBeLessThanOrEqual(capacity * 0.8 + 1e-9);
        expect(nodes.filter((entry) => !entry.healthy).length * 2).toBeLessThanOrEqual(nodes.length);
      }),
    );
  });
});

test('when capacity is short, batch goes first and writes that were accepted never', () => {
  const load = { batch: 20, tier_3: 10, anonymous: 30, authenticated: 20, accepted_writes: 10 };
  expect(shed(load, 200)).toEqual([]);
  expect(shed(load, 80)).toEqual(['batch', 'tier_3']);
  expect(shed(load, 20)).toEqual(['batch', 'tier_3', 'tier_2', 'anonymous', 'authenticated']);
  expect(shed(load, 5)).toBeNull();
});
