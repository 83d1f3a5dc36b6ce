/**
 * A strict JSON reader for hostile bytes: never recursive, never ambiguous, never lossy.
 * It differs from `JSON.parse` where that one would lose an alert or hide a trick: see `readJson`.
 */

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
/** Null-prototype, so that `__proto__` and `constructor` are ordinary member names. */
export interface JsonObject {
  [name: string]: JsonValue;
}

export interface ReadJson {
  value: JsonValue;
  /** Something was replaced by U+FFFD: a NUL or half a surrogate pair. */
  sanitized: boolean;
}

/** Why a text could not be read, and where (UTF-16 offset). `syntax` | `too_deep` | `ambiguous`. */
export class JsonError extends Error {
  readonly why: 'syntax' | 'too_deep' | 'ambiguous';
  readonly at: number;
  constructor(why: 'syntax' | 'too_deep' | 'ambiguous', message: string, at: number) {
    super(message);
    this.why = why;
    this.at = at;
  }
}

/** Deepest nesting that is read. Alert bodies need about six levels. */
export const MAX_DEPTH = 64;

const REPLACEMENT = '\ufffd';
const NEEDS_CARE = /[\\\u0000-\u001f\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' };

interface Cursor {
  text: string;
  i: number;
  sanitized: boolean;
}

interface Frame {
  container: JsonValue[] | JsonObject;
  /** The member whose value comes next; null inside arrays. */
  name: string | null;
}

/**
 * Reads one JSON text (RFC 8259), with these choices:
 * - deeper than `maxDepth` → `too_deep`, at once, without recursion;
 * - one member twice with different values → `ambiguous` (twice the same value is harmless and accepted);
 * - a number that JavaScript would change (`1e999`, `-0`, 400 digits, 2^53+1) stays as its text;
 * - NUL and lone surrogates become U+FFFD and set `sanitized` (PostgreSQL's jsonb refuses them).
 * @throws JsonError
 */
export function readJson(text: string, maxDepth = MAX_DEPTH): ReadJson {
  const plain = readPlain(text, maxDepth);
  if (plain !== undefined) return { value: plain, sanitized: false };
  const cursor: Cursor = { text, i: 0, sanitized: false };
  const stack: Frame[] = [];
  let value = open(cursor, stack, maxDepth);
  for (;;) {
    // `value` is complete unless a container was just opened (then open() pushed it and returned undefined).
    while (value !== undefined) {
      const frame = stack.at(-1);
      if (!frame) {
        skipSpace(cursor);
        if (cursor.i < text.length) throw unexpected(cursor);
        return { value, sanitized: cursor.sanitized };
      }
      put(frame, value, cursor);
      value = next(cursor, stack, frame);
      if (value === undefined) break;
    }
    value = open(cursor, stack, maxDepth);
  }
}

/** What may hide a trick in a text that survives the platform's parser unchanged. */
const isSuspicious = (text: string) => text.includes('\\u') || text.includes('"__proto__"') || SURROGATE.test(text);
const SURROGATE = /[\ud800-\udfff]/;

/**
 * Most bodies are written by a machine, compactly and without tricks. Such a text is what the platform's own parser and
 * writer make of it, character by character: then no member came twice, no number was changed and nothing was escaped in
 * an odd way, and the value is the one that the strict reader would give. Undefined when that is not so.
 */
function readPlain(text: string, maxDepth: number): JsonValue | undefined {
  const first = text.charCodeAt(0);
  if ((first !== 0x7b && first !== 0x5b) || isSuspicious(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    // Of one that is nested without end the writer gives up, which is caught.
    if (JSON.stringify(value) !== text) return undefined;
    return withoutPrototypes(value, maxDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the prototypes off every object. False when containers stand in each other deeper than that. */
function withoutPrototypes(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!withoutPrototypes(item, depth - 1)) return false;
    return true;
  }
  Object.setPrototypeOf(value, null);
  for (const name in value) {
    const member = value[name] as JsonValue;
    if (typeof member === 'object' && member !== null && !withoutPrototypes(member, depth - 1)) return false;
  }
  return true;
}

/** Reads a scalar or an empty container, or opens a container and answers undefined. */
function open(cursor: Cursor, stack: Frame[], maxDepth: number): JsonValue | undefined {
  skipSpace(cursor);
  const { text } = cursor;
  const c = text[cursor.i];
  if (c === '[' || c === '{') {
    if (stack.length >= maxDepth) throw new JsonError('too_deep', `nested deeper than ${maxDepth} levels`, cursor.i);
    cursor.i++;
    skipSpace(cursor);
    const container: JsonValue[] | JsonObject = c === '[' ? [] : emptyObject();
    if (text[cursor.i] === (c === '[' ? ']' : '}')) {
      cursor.i++;
      return container;
    }
    stack.push({ container, name: c === '[' ? null : memberName(cursor) });
    return undefined;
  }
  return scalar(cursor, c);
}

/** After a value: a comma leads on (undefined), a bracket completes the container (which is then the value). */
function next(cursor: Cursor, stack: Frame[], frame: Frame): JsonValue | undefined {
  skipSpace(cursor);
  const c = cursor.text[cursor.i];
  const isArray = frame.name === null;
  if (c === ',') {
    cursor.i++;
    skipSpace(cursor);
    if (!isArray) frame.name = memberName(cursor);
    return undefined;
  }
  if (c === (isArray ? ']' : '}')) {
    cursor.i++;
    stack.pop();
    return frame.container;
  }
  throw unexpected(cursor);
}

function put(frame: Frame, value: JsonValue, cursor: Cursor): void {
  if (frame.name === null) {
    (frame.container as JsonValue[]).push(value);
    return;
  }
  const object = frame.container as JsonObject;
  if (frame.name in object && JSON.stringify(object[frame.name]) !== JSON.stringify(value)) {
    throw new JsonError(
      'ambiguous',
      `member ${JSON.stringify(frame.name)} is there twice with different values`,
      cursor.i,
    );
  }
  object[frame.name] = value;
}

function memberName(cursor: Cursor): string {
  if (cursor.text[cursor.i] !== '"') throw unexpected(cursor);
  const name = string(cursor);
  skipSpace(cursor);
  if (cursor.text[cursor.i] !== ':') throw unexpected(cursor);
  cursor.i++;
  return name;
}

function scalar(cursor: Cursor, c: string | undefined): JsonValue {
  if (c === '"') return string(cursor);
  for (const [word, value] of [
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const) {
    if (cursor.text.startsWith(word, cursor.i)) {
      cursor.i += word.length;
      return value;
    }
  }
  NUMBER.lastIndex = cursor.i;
  const lexeme = NUMBER.exec(cursor.text)?.[0];
  if (lexeme === undefined) throw unexpected(cursor);
  cursor.i += lexeme.length;
  return exactNumber(lexeme);
}

/** A number only if nothing is lost: at most 15 significant digits, finite, not minus zero, not vanished to zero. */
function exactNumber(lexeme: string): number | string {
  const mantissa = lexeme.split(/[eE]/)[0]!.replace(/[-.]/g, '').replace(/^0+/, '');
  const value = Number(lexeme);
  const lossy =
    mantissa.length > 15 || !Number.isFinite(value) || (value === 0 && (lexeme[0] === '-' || mantissa !== ''));
  return lossy ? lexeme : value;
}

function string(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.i + 1;
  let end = text.indexOf('"', start);
  // A quote after an odd run of backslashes is escaped.
  while (end > 0 && backslashesBefore(text, end, start) % 2 === 1) end = text.indexOf('"', end + 1);
  if (end < 0) throw new JsonError('syntax', 'the text ends inside a string', text.length);
  cursor.i = end + 1;
  const raw = text.slice(start, end);
  return NEEDS_CARE.test(raw) ? unescape(raw, start, cursor) : raw;
}

function backslashesBefore(text: string, at: number, start: number): number {
  let n = 0;
  while (at - n - 1 >= start && text[at - n - 1] === '\\') n++;
  return n;
}

function unescape(raw: string, offset: number, cursor: Cursor): string {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code < 0x20) throw new JsonError('syntax', 'raw control character in a string', offset + i);
    if (code !== 0x5c) continue;
    parts.push(raw.slice(from, i));
    const letter = raw[i + 1]!;
    if (letter === 'u') {
      const hex = raw.slice(i + 2, i + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new JsonError('syntax', 'bad \\u escape', offset + i);
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
      i += 5;
    } else {
      const plain = ESCAPES[letter];
      if (plain === undefined) throw new JsonError('syntax', 'unknown escape', offset + i);
      parts.push(plain);
      i += 1;
    }
    from = i + 1;
  }
  parts.push(raw.slice(from));
  const joined = parts.join('');
  const clean = joined.replaceAll('\0', REPLACEMENT).replace(LONE_SURROGATE, REPLACEMENT);
  if (clean !== joined) cursor.sanitized = true;
  return clean;
}

function skipSpace(cursor: Cursor): void {
  // Only leave the fast path when there is space at all.
  if (cursor.text.charCodeAt(cursor.i) > 0x20) return;
  SPACE.lastIndex = cursor.i;
  SPACE.exec(cursor.text);
  cursor.i = SPACE.lastIndex;
}

function unexpected(cursor: Cursor): JsonError {
  const c = cursor.text[cursor.i];
  if (c === undefined) return new JsonError('syntax', 'the text ends too early', cursor.i);
  return new JsonError('syntax', `unexpected ${JSON.stringify(c)} at character ${cursor.i + 1}`, cursor.i);
}

function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

/** True for what the reader made of `{…}`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
