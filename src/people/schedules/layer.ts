/**
 * One layer of a schedule: people taking turns, perhaps only at some hours. Kept as intent on the wall (zone, day, time);
 * instants are computed when asked, so that new time-zone rules move future hand-overs by themselves. Pure.
 *
 * Everything here works on numbers: instants in milliseconds, and *local* numbers as in `#kernel` `zone`.
 */
import { zone as clock } from '#kernel';

const { addMonthsToLocal, DAY_MS, dayOfLocal, localDay, localOf, timeOfDay, wallClock, weekdayOfLocal } = clock;
const HOUR = 3_600_000;

export type Unit = 'hour' | 'day' | 'week' | 'month';

/** Hours in which a layer is on duty. `daily`: on each of these weekdays; `weekly`: one stretch that may go over days. */
export type Window =
  | { kind: 'daily'; days: number[]; from: string; to: string }
  | { kind: 'weekly'; fromDay: number; from: string; toDay: number; to: string };

export interface Layer {
  id: string;
  name: string;
  /** IANA place name: where the layer's times are read off the wall. */
  zone: string;
  /** A turn lasts `every` units. */
  unit: Unit;
  every: number;
  /** First day, `YYYY-MM-DD`; turn 0 begins at the hand-over time of that day. The 31st means the last day of shorter months. */
  startsOn: string;
  /** `HH:MM` on the wall. */
  handoverTime: string;
  /** 1 Monday … 7 Sunday, for turns in weeks; null: the weekday of `startsOn`. A first turn cut short by it counts. */
  handoverWeekday: number | null;
  /** From when until when the layer holds at all, `YYYY-MM-DDTHH:MM` on the wall; null: without limit. */
  effectiveFrom: string | null;
  effectiveUntil: string | null;
  /** None: around the clock. Several: all of them together. */
  windows: Window[];
  /** Turns in days pass over days on which the layer has no duty: Monday comes after Friday. */
  skipIdleDays: boolean;
  /** What it makes of the holidays its schedule knows; left out: nothing. */
  onHolidays?: 'as_usual' | 'off' | 'only';
  /** User ids in order. */
  participants: string[];
}

export type GapReason =
  'not_started' | 'ended' | 'outside_hours' | 'holiday' | 'no_participants' | 'person_inactive' | 'person_away';

/** A stretch of one layer. `userId` null: nobody, with the reason; `claimed` is whose turn it would be. */
export interface Piece {
  from: number;
  to: number;
  userId: string | null;
  claimed: string | null;
  why: GapReason | null;
}

export interface Interval {
  from: number;
  to: number;
}

/** What counts the steps of a calculation, so that no input whatever can make it spin (bad-input row 85). */
export interface Budget {
  left: number;
}
export const STEP_BUDGET = 400_000;

/** Throws RangeError when the calculation has taken more steps than any honest schedule needs. */
export function spend(budget: Budget, steps = 1): void {
  budget.left -= steps;
  if (budget.left < 0) throw new RangeError('this schedule takes too many steps to calculate');
}

/** What is worked out of a layer once: layers are never changed in place. */
interface Compiled {
  clock: clock.WallClock;
  /** The local number at which turn 0 begins, its day, and the time of day. */
  day: number;
  time: number;
  slots: Slot[];
  /** The weekdays that count for turns in days. */
  duty: Set<number>;
  /** About how long a turn is, in local days; only a first guess. */
  daysPerTurn: number;
}
const compiled = new WeakMap<Layer, Compiled>();

function compile(layer: Layer): Compiled {
  let known = compiled.get(layer);
  if (known) return known;
  const slots = slotsOf(layer.windows);
  const time = timeOfDay(layer.handoverTime);
  const duty = dutyWeekdays(slots, layer.skipIdleDays, time);
  const days = { hour: 1 / 24, day: 7 / duty.size, week: 7, month: 30.436875 }[layer.unit];
  known = {
    clock: wallClock(layer.zone),
    day: localDay(layer.startsOn),
    time,
    slots,
    duty,
    daysPerTurn: days * layer.every,
  };
  compiled.set(layer, known);
  return known;
}

/** The weekdays whose turn (hand-over to hand-over) has any duty in it; all seven when every day counts. */
function dutyWeekdays(slots: Slot[], skipIdleDays: boolean, time: number): Set<number> {
  const all = [1, 2, 3, 4, 5, 6, 7];
  const meets = (day: number) =>
    slots.some(({ weekday, from, length }) =>
      [-7, 0, 7].some((shift) => {
        const start = (weekday - day + shift) * DAY_MS + from;
        return start < time + DAY_MS && start + length > time;
      }),
    );
  return new Set(slots.length === 0 || !skipIdleDays ? all : all.filter(meets));
}

/** The local number at which turn `k` (0, 1, …) begins. */
export function turnLocal(layer: Layer, k: number): number {
  const { day, time, duty } = compile(layer);
  if (layer.unit === 'hour') return day + time + k * layer.every * HOUR;
  if (layer.unit === 'month') return addMonthsToLocal(day, k * layer.every) + time;
  if (layer.unit === 'day') return dutyDay(duty, day, k * layer.every) + time;
  if (k === 0) return day + time;
  const ahead = ((layer.handoverWeekday ?? weekdayOfLocal(day)) - weekdayOfLocal(day) + 7) % 7;
  const weeks = (ahead === 0 ? k : k - 1) * layer.every;
  return day + time + (ahead + weeks * 7) * DAY_MS;
}

/** The nth day with duty after `day`; `day` itself is number 0 whether or not it has any. */
function dutyDay(duty: Set<number>, day: number, nth: number): number {
  if (nth === 0 || duty.size === 7) return day + nth * DAY_MS;
  let at = day + Math.floor((nth - 1) / duty.size) * 7 * DAY_MS;
  for (let rest = ((nth - 1) % duty.size) + 1; rest > 0;) {
    at += DAY_MS;
    if (duty.has(weekdayOfLocal(at))) rest -= 1;
  }
  return at;
}

/** The instant at which turn `k` begins: the first occurrence of its wall time, or the first instant after a missing one. */
export const turnStart = (layer: Layer, k: number): number => compile(layer).clock.instantOf(turnLocal(layer, k));

/** The turn in force at an instant, or -1 before the rotation begins. */
export function turnAt(layer: Layer, at: number): number {
  const { clock: here, day, daysPerTurn } = compile(layer);
  let k = Math.max(-1, Math.floor((here.localOf(at) - day) / DAY_MS / daysPerTurn));
  const budget = { left: 1000 };
  while (k >= 0 && turnStart(layer, k) > at) {
    spend(budget);
    k -= 1;
  }
  while (turnStart(layer, k + 1) <= at) {
    spend(budget);
    k += 1;
  }
  return k;
}

/** The layer as pieces that cover [from, to) without hole or overlap, before absences. */
export function layerPieces(layer: Layer, from: number, to: number, budget: Budget): Piece[] {
  const { clock: here } = compile(layer);
  const limit = (text: string | null, which: 'first' | 'last', none: number) =>
    text === null ? none : here.instantOf(localOf(text.slice(0, 10), text.slice(11)), which);
  const begins = limit(layer.effectiveFrom, 'first', Number.NEGATIVE_INFINITY);
  const ends = limit(layer.effectiveUntil, 'last', Number.POSITIVE_INFINITY);
  const pieces: Piece[] = [];
  const add = (start: number, end: number, claimed: string | null, why: GapReason | null) => {
    spend(budget);
    if (start < end) pieces.push({ from: start, to: end, userId: why ? null : claimed, claimed, why });
  };
  const first = Math.min(to, Math.max(from, begins));
  const last = Math.max(first, Math.min(to, ends));
  add(from, first, null, 'not_started');
  for (const turn of turnsBetween(layer, first, last, budget)) add(turn.from, turn.to, turn.userId, turn.why);
  add(last, to, null, 'ended');
  return layer.windows.length === 0 ? pieces : restrict(pieces, windowsBetween(layer, from, to, budget), budget);
}

function turnsBetween(layer: Layer, from: number, to: number, budget: Budget): Piece[] {
  const pieces: Piece[] = [];
  if (from >= to) return pieces;
  const people = layer.participants;
  let k = turnAt(layer, from);
  for (let start = from; start < to; k += 1) {
    spend(budget);
    const end = Math.min(turnStart(layer, k + 1), to);
    // A turn that begins and ends in a missing hour has no length, and its person no duty.
    if (end <= start) continue;
    const userId = k < 0 ? null : (people[k % people.length] ?? null);
    const why = userId ? null : k < 0 ? 'not_started' : 'no_participants';
    pieces.push({ from: start, to: end, userId, claimed: userId, why });
    start = end;
  }
  return pieces;
}

interface Slot {
  weekday: number;
  from: number;
  length: number;
}

/** Windows as stretches of the wall's week: a start and a length in local time. */
function slotsOf(windows: Window[]): Slot[] {
  return windows.flatMap((window) => {
    const [from, to] = [timeOfDay(window.from), timeOfDay(window.to)];
    if (window.kind === 'daily') {
      const length = to > from ? to - from : to - from + DAY_MS;
      return window.days.map((weekday) => ({ weekday, from, length }));
    }
    const length = (window.toDay - window.fromDay) * DAY_MS + to - from;
    return [{ weekday: window.fromDay, from, length: length > 0 ? length : length + 7 * DAY_MS }];
  });
}

/** When the layer's windows are open in [from, to): sorted, apart from each other. */
export function windowsBetween(layer: Layer, from: number, to: number, budget: Budget): Interval[] {
  const { clock: here, slots } = compile(layer);
  const longest = Math.max(...slots.map((slot) => slot.from + slot.length));
  const found: Interval[] = [];
  // A day more on both sides: the wall may be a day away from UTC's.
  const start = dayOfLocal(here.localOf(from) - longest) - DAY_MS;
  const end = here.localOf(to) + DAY_MS;
  for (let day = start; day < end; day += DAY_MS) {
    const weekday = weekdayOfLocal(day);
    for (const slot of slots) {
      spend(budget);
      if (slot.weekday !== weekday) continue;
      const opens = here.instantOf(day + slot.from, 'first');
      const closes = here.instantOf(day + slot.from + slot.length, 'last');
      if (opens < closes && opens < to && closes > from)
        found.push({ from: Math.max(opens, from), to: Math.min(closes, to) });
    }
  }
  return joinIntervals(found);
}

/** Sorted, and those that touch or overlap joined. */
export function joinIntervals(intervals: Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else joined.push({ ...next });
  }
  return joined;
}

/** Outside the windows nobody of this layer is on duty. */
function restrict(pieces: Piece[], open: Interval[], budget: Budget): Piece[] {
  const cut: Piece[] = [];
  let w = 0;
  for (const piece of pieces) {
    let at = piece.from;
    while (w < open.length && open[w]!.to <= at) w += 1;
    for (let i = w; i < open.length && open[i]!.from < piece.to; i++) {
      spend(budget);
      const [from, to] = [Math.max(at, open[i]!.from), Math.min(piece.to, open[i]!.to)];
      if (at < from) cut.push(outside(at, from));
      if (from < to) cut.push({ ...piece, from, to });
      at = Math.max(at, to);
    }
    if (at < piece.to) cut.push(outside(at, piece.to));
  }
  return cut;
}

const outside = (from: number, to: number): Piece => ({ from, to, userId: null, claimed: null, why: 'outside_hours' });
