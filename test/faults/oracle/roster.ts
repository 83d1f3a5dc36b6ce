/**
 * Who is on call, the simple-minded way, for tests: turns walked one by one, windows opened one by one, every minute asked
 * on its own. Shares no code with the calculators: it uses the calendar library where they use the table of changes.
 */
import { Temporal } from 'temporal-polyfill';
import type { Layer } from '../../../src/people/schedules/layer.ts';
import type { Plan } from '../../../src/people/schedules/model.ts';

type Which = 'first' | 'last';

/** A wall time as an instant: first or last occurrence, or the first instant after a gap. */
function instant(zone: string, wall: Temporal.PlainDateTime, which: Which): number {
  const early = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (!early.toPlainDateTime().equals(wall)) return early.getTimeZoneTransition('next')!.epochMilliseconds;
  return which === 'first'
    ? early.epochMilliseconds
    : wall.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds;
}

const wallOf = (date: Temporal.PlainDate, time: string) =>
  time === '24:00' ? date.add({ days: 1 }).toPlainDateTime() : date.toPlainDateTime(Temporal.PlainTime.from(time));

interface Known {
  turns: number[];
  open: { from: number; to: number }[] | null;
  from: number;
  until: number;
}

/** Everything about a layer until `end`, listed. */
function list(layer: Layer, end: number): Known {
  const start = Temporal.PlainDate.from(layer.startsOn);
  const open = layer.windows.length === 0 ? null : windows(layer, start.subtract({ days: 20 }), end);
  const limit = (text: string | null, which: Which, none: number) =>
    text === null ? none : instant(layer.zone, Temporal.PlainDateTime.from(text), which);
  return {
    turns: turns(layer, start, end),
    open,
    from: limit(layer.effectiveFrom, 'first', Number.NEGATIVE_INFINITY),
    until: limit(layer.effectiveUntil, 'last', Number.POSITIVE_INFINITY),
  };
}

function turns(layer: Layer, start: Temporal.PlainDate, end: number): number[] {
  const found: number[] = [];
  let day = start;
  let nth = 0;
  let ahead = 0;
  while (layer.unit === 'week' && start.add({ days: ahead }).dayOfWeek !== (layer.handoverWeekday ?? start.dayOfWeek))
    ahead++;
  for (;;) {
    const wall =
      layer.unit === 'hour'
        ? wallOf(start, layer.handoverTime).add({ hours: nth * layer.every })
        : wallOf(day, layer.handoverTime);
    const at = instant(layer.zone, wall, 'first');
    found.push(at);
    if (at > end) return found;
    nth += 1;
    if (layer.unit === 'day')
      for (let passed = 0; passed < layer.every;) {
        day = day.add({ days: 1 });
        if (counts(layer, day)) passed += 1;
      }
    if (layer.unit === 'week')
      day = nth === 1 && ahead > 0 ? start.add({ days: ahead }) : day.add({ weeks: layer.every });
    if (layer.unit === 'month') day = start.add({ months: nth * layer.every });
  }
}

/** Whether the wall shows any minute of duty between this day's hand-over and the next day's. */
function counts(layer: Layer, day: Temporal.PlainDate): boolean {
  if (!layer.skipIdleDays || layer.windows.length === 0) return true;
  const begin = wallOf(day, layer.handoverTime);
  for (let minute = 0; minute < 1440; minute += 1) {
    const wall = begin.add({ minutes: minute });
    const week = (wall.dayOfWeek - 1) * 1440 + wall.hour * 60 + wall.minute;
    if (inWeek(layer, week)) return true;
  }
  return false;
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function inWeek(layer: Layer, week: number): boolean {
  return layer.windows.some((window) => {
    const slots =
      window.kind === 'weekly'
        ? [[(window.fromDay - 1) * 1440 + minutes(window.from), (window.toDay - 1) * 1440 + minutes(window.to)]]
        : window.days.map((day) => [
            (day - 1) * 1440 + minutes(window.from),
            (day - 1) * 1440 + minutes(window.to) + (minutes(window.to) <= minutes(window.from) ? 1440 : 0),
          ]);
    return slots.some(([from = 0, to = 0]) => {
      const length = (((to - from) % 10080) + 10080) % 10080 || 10080;
      return (week - from + 20160) % 10080 < length;
    });
  });
}

function windows(layer: Layer, from: Temporal.PlainDate, end: number) {
  const found: { from: number; to: number }[] = [];
  const last = Temporal.Instant.fromEpochMilliseconds(end)
    .toZonedDateTimeISO(layer.zone)
    .toPlainDate()
    .add({ days: 2 });
  for (let day = from; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    for (const window of layer.windows) {
      if (window.kind === 'daily' ? !window.days.includes(day.dayOfWeek) : window.fromDay !== day.dayOfWeek) continue;
      const begin = wallOf(day, window.from);
      let over =
        window.kind === 'daily'
          ? wallOf(day, window.to)
          : wallOf(day.add({ days: (window.toDay - window.fromDay + 7) % 7 }), window.to);
      if (Temporal.PlainDateTime.compare(over, begin) <= 0)
        over = over.add(window.kind === 'daily' ? { days: 1 } : { weeks: 1 });
      found.push({ from: instant(layer.zone, begin, 'first'), to: instant(layer.zone, over, 'last') });
    }
  }
  return found;
}

/** The index of the last of these (sorted) that is not after `at`. */
function lastBefore(starts: number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Asks who holds each of these instants; null for nobody. `end` is after all of them. */
export function oracle(plan: Plan, end: number): (at: number) => string | null {
  const known = plan.layers.map((layer) => ({ layer, ...list(layer, end) }));
  const there = (userId: string, at: number) =>
    plan.isActive(userId) &&
    !plan.absences.some((a) => a.userId === userId && a.from.getTime() <= at && at < a.to.getTime());
  const layersAt = (at: number) => {
    const claims: string[] = [];
    for (const { layer, turns: starts, open, from, until } of known) {
      if (at < from || at >= until) continue;
      if (open && !open.some((window) => window.from <= at && at < window.to)) continue;
      const turn = lastBefore(starts, at);
      const userId = turn < 0 ? undefined : layer.participants[turn % layer.participants.length];
      if (userId === undefined) continue;
      claims.push(userId);
      if (there(userId, at)) return { claims, userId };
    }
    return { claims, userId: null };
  };
  return (at) => {
    const found = layersAt(at);
    const override = plan.overrides.findLast((o) => o.from.getTime() <= at && at < o.to.getTime());
    if (!override) return found.userId;
    const meant = !override.replaces || found.claims.includes(override.replaces);
    if (!meant) return found.userId;
    return there(override.userId, at) ? override.userId : null;
  };
}
