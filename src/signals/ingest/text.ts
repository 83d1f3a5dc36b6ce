/** Sizes and times of what comes in: cut to documented lengths, never refused for being long; every change leaves a mark. */
import type { Link } from '../model.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';

/** Documented sizes (README). Characters are UTF-16 units, cut at a grapheme. */
export const LIMITS = {
  title: 1024,
  description: 8192,
  source: 255,
  key: 255,
  labels: 128,
  labelName: 200,
  labelValue: 2048,
  /** Characters of the details as JSON. */
  details: 65_536,
  links: 20,
  href: 2048,
} as const;

/** Collects what was changed or assumed. */
export type Marks = Set<string>;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts at a grapheme, so that no emoji or accent is torn; marks `cut:<what>`. */
export function cut(text: string, max: number, what: string, marks: Marks): string {
  if (text.length <= max) return text;
  marks.add(`cut:${what}`);
  const near = text.slice(0, max + 64);
  const index = graphemes.segment(near).containing(max)?.index ?? max;
  // One grapheme longer than the limit (hundreds of combining marks): cut hard, but not inside a surrogate pair.
  return index > 0
    ? near.slice(0, index)
    : near
        .slice(0, max)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}

/** A value as text: strings as they are, null and absent as '', objects as JSON. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Labels: at most 128 with names and values of documented length. Null-prototype, so any name is plain data. */
export function labelsOf(value: JsonValue | undefined, marks: Marks): Record<string, string> {
  const labels = Object.create(null) as Record<string, string>;
  if (!isObject(value)) {
    if (value !== undefined && value !== null) marks.add('labels_unreadable');
    return labels;
  }
  let n = 0;
  for (const [name, item] of Object.entries(value)) {
    if (n++ >= LIMITS.labels) {
      marks.add('cut:labels');
      break;
    }
    labels[cut(name, LIMITS.labelName, 'labels', marks)] = cut(textOf(item), LIMITS.labelValue, 'labels', marks);
  }
  return labels;
}

/** Whatever else was sent, as data; replaced by its beginning as text when it is too large. */
export function detailsOf(value: JsonValue | undefined, marks: Marks): JsonObject {
  if (value === undefined || value === null) return Object.create(null) as JsonObject;
  const object = isObject(value) ? value : Object.assign(Object.create(null) as JsonObject, { value });
  const text = JSON.stringify(object);
  if (text.length <= LIMITS.details) return object;
  return Object.assign(Object.create(null) as JsonObject, { beginning: cut(text, LIMITS.details, 'details', marks) });
}

/** Links that may be shown as links: http and https only. Others are left out with a mark. */
export function linksOf(candidates: { href: JsonValue | undefined; text: string }[], marks: Marks): Link[] {
  const links: Link[] = [];
  for (const { href, text } of candidates) {
    if (typeof href !== 'string' || href === '') continue;
    if (links.length >= LIMITS.links || href.length > LIMITS.href) {
      marks.add('cut:links');
    } else if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) {
      marks.add('link_refused');
    } else {
      links.push({ href, text: cut(text || href, 200, 'links', marks) });
    }
  }
  return links;
}

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?$/;
const EARLIEST = Date.UTC(2000, 0, 1);
const AHEAD_MS = 2 * 366 * 86_400_000;

/**
 * The source's own time. Impossible, before 2000 or more than two years ahead is null with the mark `time_unusable`;
 * more than five minutes ahead is kept with `time_ahead`. Go's zero time means "not yet" and is null without a mark.
 * Nothing waits for these times: paging and escalation use the time of receipt.
 */
export function timeOf(value: JsonValue | undefined, now: Date, marks: Marks): Date | null {
  if (value === undefined || value === null || value === '') return null;
  const text = textOf(value);
  if (text.startsWith('0001-01-01T00:00:00')) return null;
  const at = parseTime(text);
  if (at === null || at < EARLIEST || at > now.getTime() + AHEAD_MS) {
    marks.add('time_unusable');
    return null;
  }
  if (at > now.getTime() + 5 * 60_000) marks.add('time_ahead');
  return new Date(at);
}

/** RFC 3339, also with `+0000` (PagerDuty's own example) and without a zone (read as UTC). Milliseconds, or null. */
function parseTime(text: string): number | null {
  const m = TIME.exec(text);
  if (!m) return null;
  const [year, month, day, hour, minute, second] = m.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Math.floor(Number(`0.${m[7] ?? '0'}`) * 1000);
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const back = new Date(at);
  // 30 February or 23:59:60 would roll over into another day: not a time anybody meant.
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    return null;
  const offset = m[9] ? (Number(m[10]) * 60 + Number(m[11])) * (m[9] === '-' ? -1 : 1) : 0;
  if (Math.abs(offset) > 18 * 60) return null;
  return at - offset * 60_000;
}
