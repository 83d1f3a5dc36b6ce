/** Conditions: true, false and unknown; and nothing a person can type may stop the process. */
import { describe, expect, test } from 'vitest';
import { celPaths, checkCel, evaluateCel } from './cel.ts';

const fresh = { value: 0.2, ok: true, age_s: 3, stale: false };

describe('true, false, unknown', () => {
  test.each([
    ['probe.errors.value < 0.5', true],
    ['probe.errors.value > 0.5', false],
    ['flag["orders.writes"] == "queue"', true],
    ['inputs.max <= 3 && phase == "recovery"', true],
    ['size(overrides.active) == 0', true],
    ['replicas.healthy == 2', true],
    ['labels.has_label("x")', 'unknown'],
    ['group.has_label("team")', true],
    ['overrides.names.exists(n, n == "b")', true],
    ['has(inputs.none)', false],
  ])('%s is %s', (expression, expected) => {
    const context = {
      probe: { errors: fresh },
      flag: { 'orders.writes': 'queue' },
      inputs: { max: 3 },
      phase: 'recovery',
      overrides: { active: [], names: ['a', 'b'] },
      replicas: { healthy: 2 },
      group: { labels: { team: 'payments' } },
    };
    expect(evaluateCel(expression, context).value).toBe(expected);
  });

  test('a missing input is unknown even where CEL alone would say true', () => {
    const result = evaluateCel('probe.missing.value > 1.0 || true', {
      probe: {},
    });
    expect(result).toEqual({
      value: 'unknown',
      error: 'probe.missing has no value',
    });
  });

  test('a stale input is unknown', () => {
    const result = evaluateCel('probe.errors.value < 0.5', {
      probe: { errors: { ...fresh, stale: true } },
    });
    expect(result).toEqual({
      value: 'unknown',
      error: 'probe.errors is out of date',
    });
  });

  test.each([
    '1 / 0 == 1',
    '"a" + 1 == "b"',
    'size(5) == 1',
    '9223372036854775807 + 1 > 0',
    '1 + 1',
    '',
    'a.b.',
    '__proto__.x == 1',
  ])('%s is unknown with a reason, not an exception', (expression) => {
    const result = evaluateCel(expression, { a: {} });
    expect(result.value).toBe('unknown');
    expect(result.error).toBeTruthy();
  });

  test('inherited names are not inputs', () => {
    expect(evaluateCel('a.constructor != "x"', { a: {} }).value).toBe('unknown');
  });
});

describe('at save', () => {
  test('a syntax error is told with its position', () => {
    expect(checkCel('probe.a.value > ')).toMatchObject({
      position: expect.any(Number),
      message: expect.any(String),
    });
    expect(checkCel('probe.a.value > 1 &&& true')?.position).toBeGreaterThan(15);
    expect(checkCel('probe.a.value > 1')).toBeNull();
  });

  test.each([
    'fetch("http://x") == ""',
    'cel.bind(x, "a", x + x) == "aa"',
    '"a,b".split(",")[0] == "a"',
    '[1].exists(x, open(x))',
  ])('%s is refused: only the listed functions exist', (expression) => {
    expect(checkCel(expression)?.message).toContain('no function');
  });

  test('a pattern with a look-around, or one that explodes, is refused', () => {
    expect(checkCel('s.matches("(?=a)b")')?.message).toContain('pattern');
    expect(checkCel('s.matches("(a{1000}){1000}")')?.message).toContain('pattern');
  });

  test('it says which inputs it reads', () => {
    expect(celPaths('probe.a.value > 1 && flag["x.y"] == "on" && l.exists(i, i == probe.b.value)')).toEqual([
      ['probe', 'a', 'value'],
      ['flag', 'x.y'],
      ['l'],
      ['probe', 'b', 'value'],
    ]);
  });
});

describe('cost', () => {
  const quick = (expression: string, context: Record<string, unknown>) => {
    const start = performance.now();
    const result = evaluateCel(expression, context);
    return { ...result, ms: performance.now() - start };
  };

  test('evil patterns run in linear time', () => {
    const text = `${'a'.repeat(10_000)}!`;
    for (const source of ['^(\\\\w+\\\\s?)*$', '(a+)+$', '(a|aa)+$']) {
      evaluateCel(`s.matches("${source}")`, { s: 'warm' });
      const result = quick(`s.matches("${source}")`, { s: text });
      expect(result.ms).toBeLessThan(50);
      expect(result.value).toBe(false);
    }
  });

  test('three nested loops over 10,000 items stop at the limit', () => {
    const l = Array.from({ length: 10_000 }, (_, i) => i);
    const result = quick('l.all(a, l.all(b, l.all(c, a + b + c >= 0.0)))', {
      l,
    });
    expect(result.value).toBe('unknown');
    expect(result.error).toContain('too costly');
    expect(result.ms).toBeLessThan(100);
  });

  test('texts that double forty times stop at the limit', () => {
    const result = quick(`["${'x'.repeat(50)}"]${'.map(v, v + v)'.repeat(40)}[0] == "y"`, {});
    expect(result.error).toContain('too costly');
  });

  test('a text of a megabyte is refused, not searched', () => {
    expect(quick('s.contains("x")', { s: 'a'.repeat(1_000_000) }).error).toContain('too costly');
  });

  test('a hundred thousand nested brackets are refused at once', () => {
    expect(checkCel('('.repeat(100_000))?.message).toBeTruthy();
    expect(checkCel(`${'('.repeat(1_500)}1${')'.repeat(1_500)} == 1`)?.message).toBeTruthy();
  });
});
