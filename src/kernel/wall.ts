/**
 * The quick clock: wall time of a zone as plain numbers, from a table of its changes kept per year. Pure arithmetic once
 * a year is known (about 0.1 µs, where building calendar objects takes 80), so that whole rosters can be calculated.
 *
 * A *local* number is what a clock on the wall shows, read as if it were UTC: 2026-11-23 09:00 in any zone is
 * `Date.UTC(2026, 10, 23, 9)`. Days may be added to local numbers; to instants never.
 * Rule: a doubled local time means its first occurrence (for ends: its last); a missing one the first instant after the gap.
 */
import { Temporal } from 'temporal-polyfill';

export interface WallClock {
  zone: string;
  /** What the wall shows at an instant (milliseconds), as a local number. */
  localOf(instant: number): number;
  /** The instant at which the wall shows this; `last` takes the last occurrence of a doubled time. */
  instantOf(local: number, which?: 'first' | 'last'): number;
  /** The instants in [from, to) at which the clocks are changed, with the offsets (ms) before and after. */
  changes(from: number, to: number): { at: number; before: number; after: number }[];
}

interface Stretch {
  from: number;
  to: number;
  offset: number;
}

const HOUR = 3_600_000;
export const DAY_MS = 24 * HOUR;
/** Offsets lie between -12 and +14 hours; a day beside covers the calendar jumps of Samoa too. */
const REACH = 26 * HOUR;

const clocks = new Map<string, WallClock>();

/** The quick clock of a zone; the same object for the same name. Throws RangeError for a name Node does not know. */
export function wallClock(zone: string): WallClock {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = makeClock(zone);
    clocks.set(zone, clock);
  }
  return clock;
}

function makeClock(zone: string): WallClock {
  const years = new Map<number, Stretch[]>();
  Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone); // throws for a zone that does not exist
  const yearOf = (instant: number): Stretch[] => {
    const year = new Date(instant).getUTCFullYear();
    let stretches = years.get(year);
    if (!stretches) {
      stretches = stretchesOfYear(zone, year);
      years.set(year, stretches);
    }
    return stretches;
  };
  const stretchAt = (instant: number): Stretch => {
    for (const stretch of yearOf(instant)) if (instant < stretch.to) return stretch;
    throw new RangeError(`${zone} has no offset at ${instant}`);
  };
  return {
    zone,
    localOf: (instant) => instant + stretchAt(instant).offset,
    instantOf(local, which = 'first') {
      const middle = stretchAt(local);
      // Far from any change there is one answer only.
      if (middle.from <= local - REACH && local + REACH < middle.to) return local - middle.offset;
      return searchInstant(stretchAt, local, which);
    },
    changes(from, to) {
      const found: { at: number; before: number; after: number }[] = [];
      for (let at = stretchAt(from).to; at < to;) {
        const [before, next] = [stretchAt(at - 1).offset, stretchAt(at)];
        if (before !== next.offset) found.push({ at, before, after: next.offset });
        at = next.to;
      }
      return found;
    },
  };
}

/** Near a change: every stretch of offset around is asked whether the wall shows `local` in it. */
function searchInstant(stretchAt: (at: number) => Stretch, local: number, which: 'first' | 'last'): number {
  let found: number | undefined;
  let afterGap: number | undefined;
  let before: number | undefined;
  for (let stretch = stretchAt(local - REACH); stretch.from <= local + REACH; stretch = stretchAt(stretch.to)) {
    const instant = local - stretch.offset;
    if (stretch.from <= instant && instant < stretch.to && (found === undefined || which === 'last')) found = instant;
    if (before !== undefined && stretch.from + before <= local && local < stretch.from + stretch.offset)
      afterGap = stretch.from;
    before = stretch.offset;
  }
  return found ?? afterGap ?? local - (before ?? 0);
}

/** The offsets in force during one UTC year, in order, without hole. */
function stretchesOfYear(zone: string, year: number): Stretch[] {
  const [start, end] = [Date.UTC(year), Date.UTC(year + 1)];
  const stretches: Stretch[] = [];
  let there = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone);
  // No zone has ever had more than a handful of changes in a year; the limit only keeps bad data from spinning.
  for (let step = 0; step < 100; step++) {
    const next = there.getTimeZoneTransition('next');
    const to = next && next.epochMilliseconds < end ? next.epochMilliseconds : end;
    stretches.push({ from: Math.max(start, there.epochMilliseconds), to, offset: there.offsetNanoseconds / 1e6 });
    if (!next || to === end) break;
    there = next;
  }
  return stretches;
}

/** `2026-11-23T09:00` (seconds optional, `24:00` is the next midnight) as a local number. Not checked: the day must be real. */
export function localOf(date: string, time = '00:00'): number {
  return localDay(date) + timeOfDay(time);
}

/** A calendar date as the local number of its midnight. */
export function localDay(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}

/** `09:00` or `23:59:59` as milliseconds after midnight. */
export function timeOfDay(time: string): number {
  return (
    Number(time.slice(0, 2)) * HOUR +
    Number(time.slice(3, 5)) * 60_000 +
    (time.length > 5 ? Number(time.slice(6, 8)) * 1000 : 0)
  );
}

/** The midnight of a local number. */
export const dayOfLocal = (local: number): number => Math.floor(local / DAY_MS) * DAY_MS;

/** 1 (Monday) to 7 (Sunday) of a local number. 1970-01-01 was a Thursday. */
export const weekdayOfLocal = (local: number): number => ((((Math.floor(local / DAY_MS) + 3) % 7) + 7) % 7) + 1;

/** A local day moved by whole months; a day the month does not have becomes its last day. */
export function addMonthsToLocal(day: number, months: number): number {
  const at = new Date(day);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(at.getUTCDate(), last));
}

/** A local number as `2026-11-23T09:00`. */
export const sayLocal = (local: number): string => new Date(local).toISOString().slice(0, 16);
