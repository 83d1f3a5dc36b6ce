/** Runs the pattern rules over one text and returns every mark with its place, its reason and what to write instead. */
import { type Audience, type Level, type ListName, type PatternRule, patternRules } from './rules.ts';
import { type Suggestion, suggestFor } from './suggestions.ts';

/** Longest text any rule looks at: some patterns are only known to be quick up to here. */
export const maxLintLength = 5000;

export interface LintContext {
  audience: Audience;
  /** Incident phase: detection … closed. */
  phase?: string;
  dataImpact?: string | null;
  /** The component states this message sets or leaves. */
  componentStates?: string[];
  thirdPartyHasPublished?: boolean;
  /** Words of this installation: suppliers, staff, customers, hosts that are public, contacts that may be named. */
  lists?: Partial<Record<ListName, string[]>>;
  /** What does not work, in the reader's words (“Card payments”), for suggestions. */
  what?: string | null;
  /** Time of the next update as text, for suggestions: `14:30 UTC`. */
  next?: string | null;
}

export interface Mark {
  rule: string;
  level: Level;
  secret: boolean;
  reason: string;
  /** Place in the text, in UTF-16 units; 0–0 for a mark on the whole field. */
  from: number;
  to: number;
  /** The marked words; empty for secrets, which are never repeated. */
  words: string;
  suggestion: Suggestion | null;
}

const applies = (rule: PatternRule, audience: Audience) =>
  rule.audience === 'all' ||
  (rule.audience === 'general' ? audience !== 'developer' && audience !== 'internal' : audience === 'public');

function allowed(rule: PatternRule, context: LintContext): boolean {
  if (!rule.allowIf) return false;
  const { field, in: values } = rule.allowIf;
  if (field === 'componentStates') return (context.componentStates ?? []).some((state) => values.includes(state));
  return values.includes(String(context[field] ?? ''));
}

const escapeWord = (word: string) => word.trim().replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Puts the installation's words in place of `{{list}}`; an empty list matches nothing. */
function fill(pattern: string, lists: LintContext['lists']): string {
  return pattern.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const words = (lists?.[name as ListName] ?? []).filter((word) => word.trim().length >= 2).map(escapeWord);
    if (words.length === 0) return '(?!)';
    return name === 'publicHosts' ? words.join('|') : `(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`;
  });
}

const compiled = new Map<string, RegExp>();
function compile(rule: PatternRule, lists: LintContext['lists']): RegExp {
  const source = fill(rule.pattern, lists);
  const flags = rule.flags ?? 'giu';
  const key = `${flags}/${source}`;
  let pattern = compiled.get(key);
  if (!pattern) {
    if (compiled.size > 500) compiled.clear();
    pattern = new RegExp(source, flags);
    compiled.set(key, pattern);
  }
  return pattern;
}

/** Luhn's check digit, as on payment cards. */
export function luhn(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].map(Number).reverse();
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = digits.reduce((total, digit, at) => {
    const value = at % 2 === 1 ? digit * 2 : digit;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the four first characters moved to the end, letters as numbers, remainder 1 by 97. */
export function iban(text: string): boolean {
  const plain = text.replace(/\s/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return false;
  let remainder = 0;
  for (const sign of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of Number.parseInt(sign, 36).toString()) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}

const isoTime = /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?/;

function excepted(rule: PatternRule, words: string, context: LintContext): boolean {
  if (rule.check && !(rule.check === 'luhn' ? luhn(words) : iban(words))) return true;
  for (const kind of rule.except ?? []) {
    if (kind === 'isoTimes' && isoTime.test(words)) return true;
    if (kind === 'supportContacts') {
      const digits = (text: string) => text.replace(/[^\w@.+]/g, '').toLowerCase();
      if ((context.lists?.supportContacts ?? []).some((contact) => digits(contact) === digits(words))) return true;
    }
  }
  return false;
}

function* matchesOf(rule: PatternRule, text: string, context: LintContext): Generator<{ from: number; words: string }> {
  const spared = rule.unless
    ? [...text.matchAll(new RegExp(rule.unless, 'giu'))].map((m) => [m.index, m.index + m[0].length] as const)
    : [];
  for (const match of text.matchAll(compile(rule, context.lists))) {
    const words = match[0];
    const end = match.index + words.length;
    if (words.length === 0 || spared.some(([from, to]) => match.index < to && end > from)) continue;
    if (!excepted(rule, words, context)) yield { from: match.index, words };
  }
}

/** Every mark on one text, in the order of their place. Text over 5,000 characters is cut and marked `LEN`. */
export function lintText(text: string, context: LintContext): Mark[] {
  const marks: Mark[] = [];
  const read = text.slice(0, maxLintLength);
  for (const rule of patternRules) {
    if (!applies(rule, context.audience) || allowed(rule, context)) continue;
    for (const { from, words } of matchesOf(rule, read, context)) {
      marks.push({
        rule: rule.id,
        level: rule.level,
        secret: Boolean(rule.secret),
        reason: rule.why,
        from,
        to: from + words.length,
        words: rule.secret ? '' : words,
        suggestion: suggestFor(rule.id, words, context.next ?? null, {
          before: read.slice(Math.max(0, from - 40), from),
          after: read.slice(from + words.length, from + words.length + 40),
          what: context.what ?? null,
        }),
      });
    }
  }
  if (text.length > maxLintLength) {
    const reason = `longer than ${maxLintLength} characters`;
    marks.push({
      rule: 'LEN',
      level: 'error',
      secret: false,
      reason,
      from: maxLintLength,
      to: text.length,
      words: '',
      suggestion: null,
    });
  }
  // Another rule may mark the same place: a secret is not repeated there either.
  const secrets = marks.filter((mark) => mark.secret);
  for (const mark of marks)
    if (secrets.some((secret) => mark.from < secret.to && mark.to > secret.from)) mark.words = '';
  return marks.sort((a, b) => a.from - b.from || a.rule.localeCompare(b.rule));
}
