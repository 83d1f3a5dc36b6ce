/** Targeting and fractional rules as flagd writes them. */
import { describe, expect, test } from 'vitest';
import { evaluate } from './model.ts';
import { fraction, murmur3, ruleProblem, target } from './targeting.ts';

describe('a fractional split', () => {
  test('is sticky per key and within one per cent of its shares on 100,000 keys', () => {
    const rule = {
      fractional: [
        ['red', 10],
        ['blue', 30],
        ['green', 60],
      ],
    };
    const counts: Record<string, number> = {};
    for (let i = 0; i < 100_000; i++) {
      const context = { targetingKey: `user-${i}` };
      const first = target(rule, 'colour', context)!.variant;
      if (i % 10 === 0) expect(target(rule, 'colour', { ...context, other: i })!.variant).toBe(first);
      counts[first] = (counts[first] ?? 0) + 1;
    }
    for (const [variant, share] of [
      ['red', 10],
      ['blue', 30],
      ['green', 60],
    ] as const)
      expect(Math.abs(counts[variant]! / 1_000 - share)).toBeLessThan(1);
  });
  test('only moves those who must move when a share grows', () => {
    const before = (key: string) =>
      fraction(key, [
        ['on', 10],
        ['off', 90],
      ]);
    const after = (key: string) =>
      fraction(key, [
        ['on', 20],
        ['off', 80],
      ]);
    for (let i = 0; i < 5_000; i++) if (before(`u${i}`) === 'on') expect(after(`u${i}`)).toBe('on');
  });
  test('hashes as flagd does', () => {
    // Reference values of MurmurHash3 x86 32.
    expect(murmur3('')).toBe(0);
    expect(murmur3('hello')).toBe(0x248bfa47);
    expect(murmur3('hello, world')).toBe(0x149bbb7f);
    expect(murmur3('The quick brown fox jumps over the lazy dog')).toBe(0x2e4ff723);
  });
  test('gives nothing without a key', () =>
    expect(
      target(
        {
          fractional: [
            ['a', 50],
            ['b', 50],
          ],
        },
        'f',
        {},
      ),
    ).toBeNull());
});

describe('targeting', () => {
  const rule = {
    if: [
      { ends_with: [{ var: 'email' }, '@ours.example'] },
      'on',
      { and: [{ '>=': [{ var: 'plan.level' }, 3] }, { in: [{ var: 'region' }, ['eu', 'us']] }] },
      'half',
      null,
    ],
  };
  test.each([
    [{ email: 'a@ours.example' }, 'on'],
    [{ email: 'a@x.example', plan: { level: 3 }, region: 'eu' }, 'half'],
    [{ email: 'a@x.example', plan: { level: 2 }, region: 'eu' }, undefined],
    [{}, undefined],
  ])('%j', (context, expected) => expect(target(rule, 'f', context)?.variant).toBe(expected));

  test('versions compare as versions', () => {
    const by = (operator: string, than: string) =>
      target({ if: [{ sem_ver: [{ var: 'v' }, operator, than] }, 'yes'] }, 'f', { v: '2.10.1' })?.variant;
    expect(by('>', '2.9.9')).toBe('yes');
    expect(by('^', '2.0.0')).toBe('yes');
    expect(by('~', '2.9.0')).toBeUndefined();
    expect(by('=', 'nonsense')).toBeUndefined();
  });
  test('a context reaches nothing but itself', () => {
    expect(target({ var: '__proto__.constructor.name' }, 'f', { a: 1 })).toBeNull();
    expect(target({ var: 'constructor' }, 'f', {})).toBeNull();
  });
  test('what cannot be used is told when it is saved', () => {
    expect(ruleProblem(rule, ['on', 'half'])).toBeNull();
    expect(ruleProblem({ fractional: [['red', 1]] }, ['on'])).toContain('no variant "red"');
    expect(ruleProblem({ eval: ['x'] }, [])).toContain('no operator "eval"');
    expect(ruleProblem({ cat: Array.from({ length: 600 }, () => 'x') }, [])).toContain('at most 500');
  });
});

test('an incident’s own setting holds for everybody: targeting rests until the flag serves its normal value again', () => {
  const flag = {
    key: 'f',
    variants: { on: 1, off: 0, half: 2 },
    variant: 'off',
    defaultVariant: 'off',
    state: 'enabled' as const,
    revision: 1,
    targeting: { if: [{ '==': [{ var: 'vip' }, true] }, 'on', null] },
  };
  expect(evaluate(flag, { vip: true })).toMatchObject({ value: 1, reason: 'TARGETING_MATCH' });
  expect(evaluate(flag, {})).toMatchObject({ value: 0, reason: 'DEFAULT' });
  expect(evaluate({ ...flag, variant: 'half' }, { vip: true })).toMatchObject({ value: 2, reason: 'STATIC' });
  expect(evaluate({ ...flag, targeting: {} }, { vip: true })).toMatchObject({ value: 0, reason: 'STATIC' });
});
