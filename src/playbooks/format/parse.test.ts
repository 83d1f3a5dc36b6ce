/** Reading playbooks: the shipped ones are clean, the whole format is understood, and bad YAML is refused where it stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlaybook } from './parse.ts';

const library = new URL('../library/', import.meta.url);
/** The two full examples of the format, which ship with it. */
const EXAMPLES = ['orders-db-primary-failure.yaml', 'payment-provider-latency.yaml'];
const small = (change: (lines: string[]) => string[] = (lines) => lines) =>
  change(
    `apiVersion: ir/v1
kind: Playbook
metadata:
  name: small
  title: Small
  version: 1.0.0
  owner: group:a
spec:
  summary: A small one.
  probes:
    up: {provider: http, target: "https://a.example/health"}
  containment:
    - id: contained
      type: check
      expr: probe.up.value
      marks: contained`.split('\n'),
  ).join('\n');
const replaced = (from: string, to: string) => small((lines) => lines.map((line) => line.replace(from, to)));

test.each(readdirSync(library))('the shipped playbook %s has no problem', (file) => {
  expect(parsePlaybook(readFileSync(new URL(file, library), 'utf8')).problems).toEqual([]);
});

test.each(EXAMPLES)('the full example %s of the format reads without an error', (file) => {
  const { playbook, problems } = parsePlaybook(readFileSync(new URL(file, library), 'utf8'));
  expect(problems.filter((one) => one.level === 'error')).toEqual([]);
  expect(playbook?.spec.readiness?.criteria.length).toBeGreaterThan(4);
  expect(playbook?.spec.triggers?.length).toBe(2);
  expect(playbook?.spec.drill).toBeTruthy();
});

describe('refused, with the position', () => {
  test('an unknown field', () => {
    const source = replaced('  summary: A small one.', '  summary: A small one.\n  colour: red');
    expect(parsePlaybook(source).problems[0]).toMatchObject({
      rule: 'PB01',
      message: 'unknown field "colour"',
      line: 10,
      column: 3,
    });
  });

  test('a key written twice', () => {
    const { playbook, problems } = parsePlaybook(replaced('  title: Small', '  title: Small\n  title: Large'));
    expect(playbook).toBeNull();
    expect(problems[0]).toMatchObject({
      line: 6,
      column: 3,
      message: expect.stringContaining('unique'),
    });
  });

  test.each(['!!js/function "return 1"', '!custom x', '!!binary aGk='])('the tag %s', (value) => {
    const { playbook, problems } = parsePlaybook(replaced('title: Small', `title: ${value}`));
    expect(playbook).toBeNull();
    expect(problems[0]).toMatchObject({ line: 5 });
  });

  test.each(['NO', 'on', '012', '1e3', '12:30', '0o17'])(
    '%s without quotes, since YAML 1.1 and 1.2 read it differently',
    (value) => {
      const { playbook, problems } = parsePlaybook(replaced('title: Small', `title: ${value}`));
      expect(playbook).toBeNull();
      expect(problems[0]).toMatchObject({
        line: 5,
        column: 10,
        message: expect.stringContaining('quotes'),
      });
      expect(parsePlaybook(replaced('title: Small', `title: "${value}"`)).playbook?.metadata.title).toBe(value);
    },
  );

  test('aliases, so that no bomb can be built', () => {
    const bomb = ['a: &a ["x","x"]', 'b: &b [*a,*a]', 'c: [*b,*b]'].join('\n');
    const { playbook, problems } = parsePlaybook(bomb);
    expect(playbook).toBeNull();
    expect(problems[0]).toMatchObject({
      line: 1,
      message: expect.stringContaining('aliases'),
    });
  });

  test('a syntax error', () => {
    expect(parsePlaybook(replaced('metadata:', 'metadata: [')).problems[0]).toMatchObject({
      level: 'error',
      line: expect.any(Number),
    });
  });

  test.each([
    ['200,000 brackets', '['.repeat(200_000)],
    ['200,000 list signs', `a:\n${'- '.repeat(100_000)}x`],
    ['nothing', ''],
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['a list', '- 1'],
  ])('%s, quickly', (_name, source) => {
    const start = performance.now();
    const { playbook, problems } = parsePlaybook(source);
    expect(playbook).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(200);
  });

  test('the key __proto__ changes nothing', () => {
    parsePlaybook(replaced('kind: Playbook', 'kind: Playbook\n__proto__: {polluted: true}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('the rules', () => {
  const rulesOf = (source: string) => parsePlaybook(source).problems.map((one) => `${one.rule} ${one.line}`);
  test('a condition that does not parse, or names what does not exist, is PB03 at its line', () => {
    expect(rulesOf(replaced('probe.up.value', 'probe.down.value'))).toContain('PB03 15');
    expect(rulesOf(replaced('probe.up.value', 'probe.up.value >'))).toContain('PB03 15');
    expect(rulesOf(replaced('probe.up.value', 'secrets.key == "a"'))).toContain('PB03 15');
  });
  test('a playbook that never says when harm has stopped is PB10', () => {
    expect(rulesOf(small((lines) => lines.slice(0, -1)))).toContain('PB10 12');
  });
  test('an action without verify, timeout, key or manual text is PB05; without undo PB07; risky without approval rule PB08', () => {
    const step = '    - {id: a, type: action, action: flag.set, risk: {class: irreversible}, autonomy: auto}';
    expect(rulesOf(small((lines) => [...lines, step]))).toEqual(
      expect.arrayContaining(['PB05 17', 'PB06 17', 'PB07 17', 'PB08 17']),
    );
  });
  test('the same id twice is PB02', () => {
    expect(
      rulesOf(small((lines) => [...lines, '    - {id: contained, type: manual, text: x, timebox: 5m}'])),
    ).toContain('PB02 17');
  });
});
