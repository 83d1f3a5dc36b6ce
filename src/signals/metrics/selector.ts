/** Which series are watched: a Prometheus selector, read strictly, with the place of what is wrong. Pure but for the linear pattern engine. */
import { type Matcher, matchesAll, matchesOne } from '../silences/model.ts';

export interface SelectorProblem {
  /** Character, from 1. */
  at: number;
  message: string;
}

const NAME = /[a-zA-Z_:][\w:]*/y;
const LABEL = /[a-zA-Z_]\w*/y;
const SIGN = /=~|!~|!=|=/y;
const VALUE = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`/y;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

class Stop extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** A cursor over the text that takes one token after another. */
function reader(text: string) {
  let at = 0;
  const spaces = () => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  return {
    at: () => at,
    ended: () => (spaces(), at >= text.length),
    take(pattern: RegExp): RegExpExecArray | undefined {
      spaces();
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) at = pattern.lastIndex;
      return found ?? undefined;
    },
    sign(one: string): boolean {
      spaces();
      if (text[at] !== one) return false;
      at += 1;
      return true;
    },
    stop: (message: string): never => {
      throw new Stop(message, at);
    },
  };
}

const plain = (found: RegExpExecArray): string =>
  found[3] ?? (found[1] ?? found[2] ?? '').replace(/\\(.)/g, (whole, one: string) => ESCAPES[one] ?? whole);

function read(text: string): Matcher[] {
  const from = reader(text);
  const matchers: Matcher[] = [];
  const name = from.take(NAME)?.[0];
  if (name) matchers.push({ name: '__name__', value: name, isRegex: false, isEqual: true });
  if (from.sign('{')) {
    while (!from.sign('}')) {
      const label = from.take(LABEL)?.[0] ?? from.stop('a label name is expected');
      const sign = from.take(SIGN)?.[0] ?? from.stop('one of =, !=, =~, !~ is expected');
      const before = from.at();
      const value = plain(from.take(VALUE) ?? from.stop('a value in quotes is expected'));
      const matcher = { name: label, value, isRegex: sign.includes('~'), isEqual: !sign.startsWith('!') };
      if (value.length > 500) throw new Stop('at most 500 characters', before);
      if (matcher.isRegex && !runs(matcher)) throw new Stop('this pattern cannot be run', before);
      matchers.push(matcher);
      if (!from.sign(',') && !/^\s*\}/.test(text.slice(from.at()))) from.stop('“,” or “}” is expected');
    }
  }
  if (!from.ended()) from.stop(name || matchers.length ? 'nothing more is expected here' : 'a selector is expected');
  return matchers;
}

/** A pattern that cannot be run matches neither way. */
const runs = (matcher: Matcher): boolean =>
  matchesOne(matcher, {}) !== matchesOne({ ...matcher, isEqual: !matcher.isEqual }, {});

/** `http_requests_total{job="api",code=~"5.."}` as matchers, or where it cannot be read. */
export function parseSelector(text: string): { matchers: Matcher[] } | SelectorProblem {
  if (text.length > 2000) return { at: 2001, message: 'at most 2,000 characters' };
  try {
    const matchers = read(text);
    if (matchers.length === 0) return { at: 1, message: 'name a metric or a label' };
    if (matchers.length > 20) return { at: 1, message: 'at most 20 matchers' };
    if (matchesAll(matchers, {})) return { at: 1, message: 'this would fit every series: name a metric or a label' };
    return { matchers };
  } catch (error) {
    if (error instanceof Stop) return { at: error.at + 1, message: error.message };
    throw error;
  }
}

/** Whether a series is meant. Plain equalities are looked at first: they decide almost always and cost nothing. */
export const fits = (matchers: Matcher[], labels: Record<string, string>): boolean =>
  matchers.every((one) => one.isRegex || !one.isEqual || labels[one.name] === one.value) &&
  matchesAll(matchers, labels);
