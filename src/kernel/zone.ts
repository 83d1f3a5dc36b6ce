/**
 * Wall-clock time in a named zone <-> instants. Pure, and the only place where the two are turned into each other:
 * never in SQL, because Node and an external PostgreSQL may carry different time-zone data.
 *
 * Rule: a local time that happens twice means its first occurrence; one that never happens means the first instant after the gap.
 */
import { Temporal } from 'temporal-polyfill';

export {
  addMonthsToLocal,
  DAY_MS,
  dayOfLocal,
  localDay,
  localOf,
  sayLocal,
  timeOfDay,
  type WallClock,
  wallClock,
  weekdayOfLocal,
} from './wall.ts';

/** What a clock on the wall shows. `weekday` is 1 (Monday) to 7 (Sunday); `offset` as `+02:00`. */
export interface WallTime {
  date: string;
  time: string;
  weekday: number;
  offset: string;
}

export type ZoneCheck = { ok: true; zone: string } | { ok: false; message: string; suggestion: string | null };

const ABBREVIATIONS: Record<string, string> = {
  EST: 'America/New_York',
  EDT: 'America/New_York',
  ET: 'America/New_York',
  EST5EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  CT: 'America/Chicago',
  CST6CDT: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  MT: 'America/Denver',
  MST7MDT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PT: 'America/Los_Angeles',
  PST8PDT: 'America/Los_Angeles',
  GMT: 'UTC',
  Z: 'UTC',
  BST: 'Europe/London',
  WET: 'Europe/Lisbon',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  MET: 'Europe/Berlin',
  EET: 'Europe/Helsinki',
  EEST: 'Europe/Helsinki',
  MSK: 'Europe/Moscow',
  IST: 'Asia/Kolkata',
  SGT: 'Asia/Singapore',
  JST: 'Asia/Tokyo',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  NZST: 'Pacific/Auckland',
};

const LONG_NAMES: Array<[string, string]> = [
  ['pacific time', 'America/Los_Angeles'],
  ['mountain time', 'America/Denver'],
  ['central time', 'America/Chicago'],
  ['eastern time', 'America/New_York'],
];

/** A well-known place for a fixed offset in minutes: only to have something to suggest. */
const OFFSET_PLACES: Record<number, string> = {
  [-480]: 'America/Los_Angeles',
  [-420]: 'America/Denver',
  [-360]: 'America/Chicago',
  [-300]: 'America/New_York',
  [-180]: 'America/Sao_Paulo',
  0: 'UTC',
  60: 'Europe/Berlin',
  120: 'Europe/Helsinki',
  180: 'Europe/Istanbul',
  240: 'Asia/Dubai',
  330: 'Asia/Kolkata',
  480: 'Asia/Singapore',
  540: 'Asia/Tokyo',
  600: 'Australia/Sydney',
  720: 'Pacific/Auckland',
};

/** The zones this Node knows by their main names, for pick lists. `UTC` first. */
export function zoneNames(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}

/**
 * Checks a zone name a person typed. Place names and their aliases pass (`Europe/Kyiv`, `Europe/Kiev`, `Japan`), with the
 * usual spelling restored; abbreviations and fixed offsets do not, because they cannot follow summer time.
 */
export function checkZone(input: string): ZoneCheck {
  const name = input.trim();
  const refuse = (message: string, suggestion: string | null): ZoneCheck => ({ ok: false, message, suggestion });
  if (name === '') return refuse('a time zone is needed, such as Europe/Berlin', null);
  if (name.length > 60) return refuse('this is too long for a time zone name', null);
  const upper = name.toUpperCase();
  if (upper === 'UTC' || upper === 'ETC/UTC') return { ok: true, zone: 'UTC' };
  const offset = fixedOffset(name);
  if (offset !== null) {
    return refuse(
      `${name} is a fixed offset: it does not follow summer time; name a place`,
      OFFSET_PLACES[offset] ?? null,
    );
  }
  const abbreviation = ABBREVIATIONS[upper];
  if (abbreviation) return refuse(`${name} is an abbreviation, not a place; name a place`, abbreviation);
  const known = intlName(name);
  if (known && !upper.startsWith('ETC/')) return { ok: true, zone: restoreCase(name, known) };
  return refuse(`there is no time zone ${name}`, nearest(name));
}

/** Minutes east of UTC if the text is an offset in disguise (`GMT+2`, `UTC+02:00`, `+0200`, `Etc/GMT-3`), else null. */
function fixedOffset(name: string): number | null {
  const found = /^(etc\/)?(gmt|utc)?\s?([+-])(\d{1,2}):?(\d{2})?$/i.exec(name);
  if (!found) return null;
  const sign = (found[3] === '-' ? -1 : 1) * (found[1] ? -1 : 1); // Etc/GMT+2 is two hours *behind*, by POSIX
  return sign * (Number(found[4]) * 60 + Number(found[5] ?? 0));
}

function intlName(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** `america/new_york` -> `America/New_York`; an alias keeps its own name with each word capitalised where it was not. */
function restoreCase(name: string, known: string): string {
  if (known.toLowerCase() === name.toLowerCase()) return known;
  if (name !== name.toLowerCase()) return name;
  return name.replace(/(^|[/_-])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** The known zone a misspelt name most probably meant: a city alone, a long name, or at most three letters off. */
function nearest(name: string): string | null {
  const wanted = name.toLowerCase().replaceAll(' ', '_');
  const long = LONG_NAMES.find(([text]) => name.toLowerCase().includes(text));
  if (long) return long[1];
  const all = zoneNames();
  const city = all.find((zone) => zone.toLowerCase().endsWith(`/${wanted}`));
  if (city) return city;
  let best: string | null = null;
  let bestDistance = 4;
  for (const zone of all) {
    const distance = editDistance(wanted, zone.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [zone, distance];
  }
  return best;
}

/** Levenshtein distance, or `limit` as soon as it cannot be below it. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return Math.min(row[b.length]!, limit);
}

/**
 * The instant at which clocks in `zone` show `local` (`2026-03-08T02:30`, seconds optional).
 * Doubled: the first occurrence. Missing: the first instant after the gap. Throws RangeError on an impossible date.
 */
export function wallToInstant(zone: string, local: string): Date {
  const wall = Temporal.PlainDateTime.from(local, { overflow: 'reject' });
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return toDate(earlier);
  // The time does not exist: `earlier` lies before the gap, and the change itself is the first instant after it.
  const change = earlier.getTimeZoneTransition('next');
  return toDate(change ?? wall.toZonedDateTime(zone, { disambiguation: 'later' }));
}

/** What the clocks in `zone` show at an instant. */
export function instantToWall(zone: string, at: Date): WallTime {
  const there = zoned(zone, at);
  return {
    date: there.toPlainDate().toString(),
    time: there.toPlainTime().toString({ smallestUnit: 'second' }),
    weekday: there.dayOfWeek,
    offset: there.offset,
  };
}

/** The same wall-clock time `days` later (or earlier): 23, 24 or 25 hours per day as the zone has it. */
export function addWallDays(zone: string, at: Date, days: number): Date {
  const there = zoned(zone, at).toPlainDateTime().add({ days });
  return wallToInstant(zone, there.toString());
}

/** A calendar date moved by whole days: `2026-02-27` + 2 = `2026-03-01`. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whole days from one calendar date to another; negative if `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days;
}

/** 1 (Monday) to 7 (Sunday) of a calendar date. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** True for a real calendar date written `YYYY-MM-DD`: 2026-02-30 is none. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/** The first instant strictly after `after` at which it is `weekday` (1 Monday … 7 Sunday) `time` (`HH:MM`) in `zone`. */
export function nextWeekly(zone: string, weekday: number, time: string, after: Date): Date {
  const today = zoned(zone, after).toPlainDate();
  for (let day = 0; day <= 14; day++) {
    const date = today.add({ days: day });
    if (date.dayOfWeek !== weekday) continue;
    const at = wallToInstant(zone, `${date.toString()}T${time}`);
    if (at > after) return at;
  }
  throw new RangeError(`no ${weekday} ${time} in ${zone} within two weeks of ${after.toISOString()}`);
}

/** `Mon 23 Nov 09:00 GMT+1`: an instant for people, always with its zone. */
export function sayInstant(zone: string, at: Date): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at);
  return text.replaceAll(',', '');
}

function zoned(zone: string, at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}

function toDate(there: Temporal.ZonedDateTime): Date {
  return new Date(there.epochMilliseconds);
}
