/** Who gets which variant: targeting and fractional rules as flagd writes them (JSON logic, bounded). Pure. */

/** A rule tree: values, `{var: "email"}`, `{if: [...]}`, `{fractional: [...]}` … */
export type Rule = unknown;
export type Context = Record<string, unknown>;

const MOST_NODES = 500;
const DEEPEST = 32;

/** MurmurHash3 (x86, 32 bit) of UTF-8 bytes: what flagd splits by. */
export function murmur3(text: string, seed = 0): number {
  const bytes = new TextEncoder().encode(text);
  let hash = seed;
  const mix = (value: number): number =>
    Math.imul((Math.imul(value, 0xcc9e2d51) << 15) | (Math.imul(value, 0xcc9e2d51) >>> 17), 0x1b873593);
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    hash ^= mix(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8) | bytes[i]!;
  if (bytes.length > whole) hash ^= mix(rest);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The same key always falls into the same share; shares are weights, whatever they add up to. */
export function fraction(key: string, shares: [string, number][]): string | null {
  const total = shares.reduce((sum, [, weight]) => sum + weight, 0);
  if (total <= 0) return null;
  const place = (murmur3(key) / 2 ** 32) * total;
  let end = 0;
  for (const [variant, weight] of shares) {
    end += weight;
    if (place < end) return variant;
  }
  return shares.at(-1)![0];
}

const truthy = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const number = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;

/** Own members only: a context cannot reach into anything else. */
function lookup(path: unknown, context: Context): unknown {
  if (path === '' || path === undefined) return context;
  let here: unknown = context;
  for (const part of String(path).split('.')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, part)) return null;
    here = (here as Record<string, unknown>)[part];
  }
  return here ?? null;
}

const versionOf = (text: unknown): number[] | null => {
  const parts = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(String(text));
  return parts ? parts.slice(1).map(Number) : null;
};
function compareVersions(a: unknown, operator: unknown, b: unknown): boolean {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (!left || !right) return false;
  const order = left.map((one, i) => one - right[i]!).find((one) => one !== 0) ?? 0;
  const same = (upTo: number) => left.slice(0, upTo).every((one, i) => one === right[i]);
  const known: Record<string, boolean> = {
    '=': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
    '^': same(1),
    '~': same(2),
  };
  return Object.hasOwn(known, String(operator)) && known[String(operator)]!;
}

interface Run {
  flagKey: string;
  context: Context;
  split: boolean;
}
type Operator = (args: unknown[], run: Run) => unknown;
const all = (args: unknown[], run: Run) => args.map((one) => value(one, run));
const compared =
  (test: (a: number, b: number) => boolean): Operator =>
  (args, run) => {
    const given = all(args, run).map(number);
    return given.length >= 2 && given.slice(1).every((one, i) => test(given[i]!, one));
  };

const OPERATORS: Record<string, Operator> = {
  var: ([path, otherwise], run) =>
    lookup(value(path, run), run.context) ?? (otherwise === undefined ? null : value(otherwise, run)),
  if: (args, run) => {
    for (let i = 0; i + 1 < args.length; i += 2) if (truthy(value(args[i], run))) return value(args[i + 1], run);
    return args.length % 2 === 1 ? value(args.at(-1), run) : null;
  },
  '==': (args, run) => same(all(args, run)),
  '===': (args, run) => same(all(args, run)),
  '!=': (args, run) => !same(all(args, run)),
  '!==': (args, run) => !same(all(args, run)),
  '!': ([one], run) => !truthy(value(one, run)),
  and: (args, run) => args.every((one) => truthy(value(one, run))),
  or: (args, run) => args.some((one) => truthy(value(one, run))),
  '<': compared((a, b) => a < b),
  '<=': compared((a, b) => a <= b),
  '>': compared((a, b) => a > b),
  '>=': compared((a, b) => a >= b),
  in: (args, run) => {
    const [what, where] = all(args, run);
    if (Array.isArray(where)) return where.includes(what);
    return typeof where === 'string' && typeof what === 'string' && where.includes(what);
  },
  cat: (args, run) =>
    all(args, run)
      .map((one) => (one === null ? '' : String(one)))
      .join(''),
  starts_with: (args, run) => {
    const [text, start] = all(args, run);
    return typeof text === 'string' && typeof start === 'string' && text.startsWith(start);
  },
  ends_with: (args, run) => {
    const [text, end] = all(args, run);
    return typeof text === 'string' && typeof end === 'string' && text.endsWith(end);
  },
  sem_ver: (args, run) => {
    const [a, operator, b] = all(args, run);
    return compareVersions(a, operator, b);
  },
  fractional: (args, run) => {
    const own = args.length > 0 && !isShare(args[0]);
    const by = own ? value(args[0], run) : null;
    const key = own ? by : lookup('targetingKey', run.context);
    if (typeof key !== 'string' && typeof key !== 'number') return null;
    const shares = (own ? args.slice(1) : args)
      .filter(isShare)
      .map(([variant, weight]) => [variant, weight ?? 1] as [string, number]);
    run.split = true;
    // Without a key of its own a flag is split by its name as well, so that not all flags hit the same people.
    return fraction(own ? String(key) : run.flagKey + String(key), shares);
  },
};
const same = ([a, b]: unknown[]): boolean => a === b;
const isShare = (one: unknown): one is [string, number?] =>
  Array.isArray(one) &&
  typeof one[0] === 'string' &&
  (one[1] === undefined || (typeof one[1] === 'number' && one[1] >= 0));

function value(rule: Rule, run: Run): unknown {
  if (Array.isArray(rule)) return rule.map((one) => value(one, run));
  if (rule === null || typeof rule !== 'object') return rule;
  const [name, ...more] = Object.keys(rule);
  const operator =
    name !== undefined && more.length === 0 && Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator) return null;
  const args = (rule as Record<string, unknown>)[name!];
  return operator(Array.isArray(args) ? args : [args], run);
}

/** The variant a rule gives to a context; null when it gives none. */
export function target(rule: Rule, flagKey: string, context: Context): { variant: string; split: boolean } | null {
  if (isEmpty(rule)) return null;
  const run: Run = { flagKey, context, split: false };
  const given = value(rule, run);
  const variant = typeof given === 'boolean' ? String(given) : given;
  return typeof variant === 'string' ? { variant, split: run.split } : null;
}

export const isEmpty = (rule: Rule): boolean =>
  rule === null || rule === undefined || (typeof rule === 'object' && Object.keys(rule as object).length === 0);

/** What is wrong with a rule: unknown operators, variants that are not there, too much of it. Null when it can be used. */
export function ruleProblem(rule: Rule, variants: string[]): string | null {
  let nodes = 0;
  const look = (one: unknown, depth: number): string | null => {
    nodes += 1;
    if (nodes > MOST_NODES) return `a rule has at most ${MOST_NODES} parts`;
    if (depth > DEEPEST) return `a rule is at most ${DEEPEST} deep`;
    if (Array.isArray(one)) return one.map((part) => look(part, depth + 1)).find(Boolean) ?? null;
    if (one === null || typeof one !== 'object') return null;
    const names = Object.keys(one);
    if (names.length !== 1) return 'each part of a rule has one operator';
    if (!Object.hasOwn(OPERATORS, names[0]!)) return `there is no operator "${names[0]}"`;
    const args = (one as Record<string, unknown>)[names[0]!];
    if (names[0] === 'fractional') {
      const unknown = (Array.isArray(args) ? args : [])
        .filter(isShare)
        .find(([variant]) => !variants.includes(variant));
      if (unknown) return `there is no variant "${unknown[0]}"`;
    }
    return look(args, depth + 1);
  };
  return isEmpty(rule) ? null : look(rule, 0);
}
