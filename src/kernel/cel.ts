/** Conditions written by people (CEL): evaluated with limits, and *unknown* whenever an input is missing or stale. */
import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

/** What a condition came to. `unknown` never satisfies anything automatic (invariant 21). */
export interface CelResult {
  value: boolean | 'unknown';
  /** Why it is unknown, in words for a screen. */
  error?: string;
}

/** What is wrong with a condition, found when it is saved. `position` is a 0-based offset into the text. */
export interface CelProblem {
  message: string;
  position: number;
}

/** A path the condition reads: `['probe', 'error_ratio', 'value']`. */
export type CelPath = string[];

interface Node {
  op: string;
  args: unknown;
  start: number;
  end: number;
  evaluate: (...args: unknown[]) => unknown;
  meta: { alternate?: Node; macro?: unknown };
}
interface Compiled {
  run: (context: Record<string, unknown>) => unknown;
  /** Every path read, outside `has()`. */
  paths: CelPath[];
}

/** Limits of domain.md 3.1 (1,000 nodes, about 10 ms) and row 102 of the bad-input catalogue. */
const limits = {
  characters: 4_000,
  nodes: 1_000,
  depth: 60,
  steps: 20_000,
  text: 65_536,
  items: 10_000,
  pattern: 500,
};

/** The only functions a condition may call: no network, no clock, nothing that can grow without bound. */
const allowed = new Set(
  'has size matches contains startsWith endsWith lowerAscii upperAscii int uint double string bool type duration timestamp all exists exists_one map filter has_label'.split(
    ' ',
  ),
);

const tooCostly = new Error('the condition is too costly to evaluate');
let stepsLeft = 0;
function spend(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) throw tooCostly;
}

const patterns = new Map<string, RE2JS>();
function pattern(source: string): RE2JS {
  const known = patterns.get(source);
  if (known) return known;
  if (source.length > limits.pattern) throw new Error(`a pattern may have at most ${limits.pattern} characters`);
  const compiled = RE2JS.compile(source);
  if (patterns.size >= 200) patterns.delete(patterns.keys().next().value!);
  patterns.set(source, compiled);
  return compiled;
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: limits.nodes, maxDepth: limits.depth },
})
  // The library's own `matches` compiles a backtracking RegExp; ours is linear in the text (re2).
  .registerFunction('string.linearMatches(string): bool', (text: string, source: string) => {
    spend(Math.ceil(text.length / 8) + source.length);
    return pattern(source).matcher(text).find();
  })
  .registerFunction('map.has_label(string): bool', (map: unknown, label: string) => {
    const labels = map instanceof Map ? map.get('labels') : (map as { labels?: unknown }).labels;
    return labels !== null && typeof labels === 'object' && Object.hasOwn(labels, label);
  });

const compiledBefore = new Map<string, Compiled | CelProblem>();

/**
 * Evaluates a condition over plain data. Never throws: a syntax error, a wrong type, a missing input, a division by zero
 * or too much work all give `unknown` with the reason.
 *
 * Beyond CEL itself, **every path the text names must exist** and must not lie in an object marked `stale: true`; CEL alone
 * would answer `true` to `probe.missing.value > 1 || true` (domain.md 3.1).
 */
export function evaluateCel(expression: string, context: Record<string, unknown>): CelResult {
  const { value, error } = valueOfCel(expression, context);
  if (error !== undefined) return { value: 'unknown', error };
  if (typeof value === 'boolean') return { value };
  return {
    value: 'unknown',
    error: 'the condition does not come to true or false',
  };
}

/** Like `evaluateCel` for an expression that comes to any value, under the same limits: a mapping, not a condition. `error` says why there is none. */
export function valueOfCel(expression: string, context: Record<string, unknown>): { value?: unknown; error?: string } {
  const compiled = compile(expression);
  if ('message' in compiled) return { error: compiled.message };
  for (const path of compiled.paths) {
    const lacking = whyUnknown(path, context);
    if (lacking) return { error: lacking };
  }
  stepsLeft = limits.steps;
  try {
    return { value: compiled.run(context) };
  } catch (error) {
    return { error: summaryOf(error) };
  }
}

/** Checks a condition when it is saved: null if it can be used, else what is wrong and where. */
export function checkCel(expression: string): CelProblem | null {
  const compiled = compile(expression);
  return 'message' in compiled ? compiled : null;
}

/** The paths a condition reads, e.g. to know which probes must be fresh. Empty when it does not parse. */
export function celPaths(expression: string): CelPath[] {
  const compiled = compile(expression);
  return 'message' in compiled ? [] : compiled.paths;
}

function compile(expression: string): Compiled | CelProblem {
  const known = compiledBefore.get(expression);
  if (known) return known;
  const result = compileFresh(expression);
  if (compiledBefore.size >= 2_000) compiledBefore.delete(compiledBefore.keys().next().value!);
  compiledBefore.set(expression, result);
  return result;
}

function compileFresh(expression: string): Compiled | CelProblem {
  if (expression.length > limits.characters) {
    return {
      message: `a condition may have at most ${limits.characters} characters`,
      position: limits.characters,
    };
  }
  try {
    const parsed = environment.parse(expression) as unknown as Compiled['run'] & { ast: Node };
    const walk: Walk = { paths: [], bound: [], problem: null };
    prepare(parsed.ast, walk);
    if (walk.problem) return walk.problem;
    return { run: (context) => parsed(context), paths: walk.paths };
  } catch (error) {
    const range = (error as { range?: { start: number } }).range;
    return { message: summaryOf(error), position: range?.start ?? 0 };
  }
}

interface Walk {
  paths: CelPath[];
  /** Names bound by the loops we stand in; they are not inputs. */
  bound: string[];
  problem: CelProblem | null;
}

const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Walks the tree once: collects the inputs, refuses foreign functions, swaps in the linear `matches`, counts each step. */
function prepare(node: Node, walk: Walk): void {
  countSteps(node);
  const path = pathOf(node);
  if (path) {
    if (!walk.bound.includes(path[0]!)) walk.paths.push(path);
    return;
  }
  if (node.op === 'call' || node.op === 'rcall') prepareCall(node, walk);
  else for (const child of childrenOf(node.args)) prepare(child, walk);
}

function prepareCall(node: Node, walk: Walk): void {
  const args = node.args as [string, ...unknown[]];
  const name = args[0];
  if (!allowed.has(name)) {
    walk.problem ??= {
      message: `there is no function "${name}" here`,
      position: node.start,
    };
    return;
  }
  if (name === 'has') return;
  if (name === 'matches' && node.op === 'rcall') {
    const source = (args[2] as Node[])[0];
    if (source?.op === 'value' && typeof source.args === 'string') checkPattern(source, walk);
    args[0] = 'linearMatches';
  }
  if (node.meta.alternate && loops.has(name)) prepareLoop(node.meta.alternate, walk);
  else for (const child of childrenOf(args.slice(1))) prepare(child, walk);
}

function prepareLoop(loop: Node, walk: Walk): void {
  const args = loop.args as { iterable: Node; iterVarName: string; step: Node };
  countSteps(loop);
  prepare(args.iterable, walk);
  walk.bound.push(args.iterVarName);
  prepare(args.step, walk);
  walk.bound.pop();
}

function checkPattern(source: Node, walk: Walk): void {
  try {
    pattern(source.args as string);
  } catch (error) {
    walk.problem ??= {
      message: `the pattern cannot be used: ${summaryOf(error)}`,
      position: source.start,
    };
  }
}

/** `probe.a.value` and `flag["orders.writes"]` as a path; null for anything that is computed. */
function pathOf(node: Node): CelPath | null {
  if (node.op === 'id') return [node.args as string];
  if (node.op !== '.' && node.op !== '[]') return null;
  const [left, right] = node.args as [Node, string | Node];
  const key =
    typeof right === 'string' ? right : right.op === 'value' && typeof right.args === 'string' ? right.args : null;
  const start = key === null ? null : pathOf(left);
  return start && [...start, key!];
}

function childrenOf(args: unknown): Node[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return args !== null && typeof args === 'object' && 'op' in args ? [args as Node] : [];
}

/** Makes a node cost one step each time it is evaluated, and refuses texts and lists that have grown too long. */
function countSteps(node: Node): void {
  if (Object.hasOwn(node, 'evaluate')) return;
  let inner = node.evaluate;
  const counted = function (this: unknown, ...args: unknown[]): unknown {
    spend(1);
    const value = inner.apply(node, args);
    if (typeof value === 'string' && value.length > limits.text) throw tooCostly;
    if (Array.isArray(value) && value.length > limits.items) throw tooCostly;
    return value;
  };
  // The library replaces `evaluate` by a faster one on first use; the counter must stay in front of it.
  Object.defineProperty(node, 'evaluate', {
    get: () => counted,
    set: (faster: Node['evaluate']) => {
      inner = faster;
    },
  });
}

/** Says in words why a path has no usable value, or null. */
function whyUnknown(path: CelPath, context: Record<string, unknown>): string | null {
  let here: unknown = context;
  for (const [index, key] of path.entries()) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) {
      return `${path.slice(0, index + 1).join('.')} has no value`;
    }
    here = (here as Record<string, unknown>)[key];
    if (here === undefined || here === null) return `${path.slice(0, index + 1).join('.')} has no value`;
    if (typeof here === 'object' && (here as { stale?: unknown }).stale === true) {
      return `${path.slice(0, index + 1).join('.')} is out of date`;
    }
  }
  return null;
}

function summaryOf(error: unknown): string {
  const cel = error as { summary?: string; message?: string };
  return (cel.summary ?? cel.message ?? 'the condition could not be evaluated').split('\n')[0]!;
}
