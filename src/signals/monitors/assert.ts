/** What may be asked of an answer: status, body, a place in its JSON, a header, its time, its certificate. Pure. */
import { evaluateCel } from '#kernel';
import { z } from 'zod';
import type { Checked, FieldProblem } from './family.ts';
import { parsePath, valuesAt } from './json-path.ts';

export const SUBJECTS = ['status', 'body', 'json', 'header', 'time', 'tls'] as const;
export const RELATIONS = ['is', 'is_not', 'contains', 'lacks', 'matches', 'above', 'below', 'exists'] as const;

export const assertion = z.strictObject({
  on: z.enum(SUBJECTS),
  /** The JSON path or the header's name. */
  at: z.string().max(500).default(''),
  is: z.enum(RELATIONS),
  value: z.string().max(1000).default(''),
});
export type Assertion = z.infer<typeof assertion>;
export const assertions = z.array(assertion).max(30).default([]);

/** What came back, as far as assertions look at it. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Whole time, milliseconds. */
  ms: number;
  /** Days until the certificate ends; undefined without TLS. */
  tlsDays?: number | undefined;
}

const SAYS: Record<Assertion['is'], string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  lacks: 'does not contain',
  matches: 'matches',
  above: 'is above',
  below: 'is below',
  exists: 'exists',
};
const NAMES: Record<Assertion['on'], string> = {
  status: 'Status',
  body: 'Body',
  json: 'JSON',
  header: 'Header',
  time: 'Time in ms',
  tls: 'Certificate days left',
};

/** `Status is 200-299`, `JSON $.ok is true`. */
export const sayAssertion = (one: Assertion): string =>
  [NAMES[one.on], one.at, SAYS[one.is], one.is === 'exists' ? '' : one.value].filter(Boolean).join(' ');

/** Runs on the linear engine (re2). */
const matches = (text: string, pattern: string) =>
  evaluateCel('v.matches(p)', { v: text.slice(0, 65_536), p: pattern });

/** `200`, `200-299`, `200,204,300-399`. */
function inRanges(value: number, ranges: string): boolean {
  return ranges.split(',').some((part) => {
    const [from = '', to = from] = part.trim().split('-');
    return from !== '' && value >= Number(from) && value <= Number(to);
  });
}

const isRanges = (text: string) => /^\s*\d{1,6}(-\d{1,6})?(\s*,\s*\d{1,6}(-\d{1,6})?)*\s*$/.test(text);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** What the assertion looks at: all values, as text. Undefined: there is nothing to look at, and why. */
function subjectOf(one: Assertion, answer: Answer): { values: string[] } | { lacking: string } {
  switch (one.on) {
    case 'status':
      return { values: [String(answer.status)] };
    case 'time':
      return { values: [String(Math.round(answer.ms))] };
    case 'tls':
      return answer.tlsDays === undefined ? { lacking: 'no TLS' } : { values: [String(answer.tlsDays)] };
    case 'body':
      return { values: [answer.body] };
    case 'header': {
      const value = answer.headers[one.at.toLowerCase()];
      return { values: value === undefined ? [] : [value].flat() };
    }
    case 'json': {
      const steps = parsePath(one.at);
      if (typeof steps === 'string') return { lacking: steps };
      try {
        return { values: valuesAt(JSON.parse(answer.body), steps).map(textOf) };
      } catch {
        return { lacking: 'the body is not JSON' };
      }
    }
  }
}

function holds(one: Assertion, values: string[]): boolean {
  if (one.is === 'exists') return values.length > 0;
  // Of something that is not there nothing is true but that it lacks a text.
  if (values.length === 0) return one.is === 'lacks';
  const each = (test: (value: string) => boolean) => values.every(test);
  switch (one.is) {
    case 'is':
      return one.on === 'status' && isRanges(one.value)
        ? each((value) => inRanges(Number(value), one.value))
        : each((value) => value === one.value);
    case 'is_not':
      return one.on === 'status' && isRanges(one.value)
        ? each((value) => !inRanges(Number(value), one.value))
        : each((value) => value !== one.value);
    case 'contains':
      return values.some((value) => value.includes(one.value));
    case 'lacks':
      return each((value) => !value.includes(one.value));
    case 'matches':
      return values.some((value) => matches(value, one.value).value === true);
    case 'above':
      return each((value) => value.trim() !== '' && Number(value) > Number(one.value));
    case 'below':
      return each((value) => value.trim() !== '' && Number(value) < Number(one.value));
  }
}

/** One assertion against one answer. */
export function checkOne(one: Assertion, answer: Answer): Checked {
  const subject = subjectOf(one, answer);
  const text = sayAssertion(one);
  if ('lacking' in subject) return { text, ok: false, actual: subject.lacking };
  const shown = subject.values.length === 0 ? 'nothing there' : subject.values.slice(0, 3).join(', ');
  return { text, ok: holds(one, subject.values), actual: shown.replaceAll(/\s+/g, ' ').slice(0, 200) };
}

/** Every assertion, and that the status is 200–299 when none is about the status. */
export function checkAll(list: Assertion[], answer: Answer): Checked[] {
  const implied: Assertion[] = list.some((one) => one.on === 'status')
    ? []
    : [{ on: 'status', at: '', is: 'is', value: '200-299' }];
  return [...implied, ...list].map((one) => checkOne(one, answer));
}

/** What is wrong with assertions, below `path`; empty when they can be kept. */
export function problemsOfAssertions(list: Assertion[], path: string, subjects: readonly string[]): FieldProblem[] {
  return list.flatMap((one, n) => {
    const at = `${path}.${n}`;
    if (!subjects.includes(one.on)) return [{ path: `${at}.on`, message: `“${one.on}” cannot be asked here` }];
    if (one.on === 'json') {
      const steps = parsePath(one.at);
      if (typeof steps === 'string') return [{ path: `${at}.at`, message: `Not a JSON path: ${steps}` }];
    }
    if (one.on === 'header' && !/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(one.at))
      return [{ path: `${at}.at`, message: 'Name the header.' }];
    if ((one.is === 'above' || one.is === 'below') && (one.value.trim() === '' || !Number.isFinite(Number(one.value))))
      return [{ path: `${at}.value`, message: 'A number to compare with.' }];
    if (one.is === 'matches') {
      const tried = matches('', one.value);
      if (tried.value === 'unknown')
        return [{ path: `${at}.value`, message: `Not a pattern: ${tried.error ?? 'it cannot be read'}` }];
    }
    if (one.is === 'contains' && one.value === '') return [{ path: `${at}.value`, message: 'Which text?' }];
    return [];
  });
}
