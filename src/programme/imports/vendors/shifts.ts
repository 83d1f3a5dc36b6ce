/** What the vendors' schedules have in common: times on the wall, hours of duty, and rotations that hold side by side. Pure. */
import { zone as clock } from '#kernel';
import type { LayerDraft, Note } from '../model.ts';

export type Window = NonNullable<LayerDraft['windows']>[number];
const DAY = 86_400;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** An instant as the wall of a zone shows it: day, and time to the minute; the seconds that were cut off. */
export function onTheWall(zone: string, instant: string): { day: string; time: string; seconds: number } | undefined {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return undefined;
  const local = clock.sayLocal(clock.wallClock(zone).localOf(at.getTime()));
  return { day: local.slice(0, 10), time: local.slice(11), seconds: at.getUTCSeconds() };
}

/** The same as one word: `2026-11-23T09:00`. */
export const wallMoment = (zone: string, instant: string): string | undefined => {
  const there = onTheWall(zone, instant);
  return there && `${there.day}T${there.time}`;
};

/** Seconds after midnight as `09:00` or `23:59:30`; a whole day is `24:00`. */
export function timeText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
  return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`;
}

export const secondsOf = (time: string): number => {
  const [h = 0, m = 0, s = 0] = time.split(':').map(Number);
  return h * 3600 + m * 60 + s;
};

/** Every day from a time, for so long. `undefined`: around the clock. */
export function dailyWindow(from: number, length: number, days = EVERY_DAY): Window | undefined {
  if (length >= DAY && days.length === 7) return undefined;
  const end = from + length;
  return { kind: 'daily', days: [...days].sort(), from: timeText(from), to: timeText(end <= DAY ? end : end - DAY) };
}

/** From a weekday and time, for so long. `undefined`: the whole week. */
export function weeklyWindow(day: number, from: number, length: number): Window | undefined {
  if (length >= 7 * DAY) return undefined;
  const end = (day - 1) * DAY + from + length;
  // An end at midnight is the end of the day before.
  const endDay = end % DAY === 0 ? end / DAY - 1 : Math.floor(end / DAY);
  const toDay = (endDay % 7) + 1;
  return { kind: 'weekly', fromDay: day, from: timeText(from), toDay, to: timeText(end - endDay * DAY) };
}

/** Stretches of the week that are shorter than a day and alike become one line: Monday to Friday 09:00–17:00. */
export function joinWindows(stretches: { day: number; from: number; length: number }[]): Window[] | undefined {
  const windows: Window[] = [];
  const short = Map.groupBy(
    stretches.filter(({ length }) => length < DAY),
    ({ from, length }) => `${from}:${length}`,
  );
  for (const alike of short.values()) {
    const { from, length } = alike[0]!;
    const window = dailyWindow(from, length, [...new Set(alike.map(({ day }) => day))]);
    if (window) windows.push(window);
  }
  for (const { day, from, length } of stretches.filter((one) => one.length >= DAY)) {
    const window = weeklyWindow(day, from, length);
    if (!window) return undefined;
    windows.push(window);
  }
  return windows;
}

/** A turn of so many seconds in our units; `undefined`: none of them fits. */
export function turnOf(seconds: number): Pick<LayerDraft, 'unit' | 'every'> | undefined {
  if (!Number.isInteger(seconds) || seconds <= 0) return undefined;
  if (seconds % (7 * DAY) === 0 && seconds / (7 * DAY) <= 52) return { unit: 'week', every: seconds / (7 * DAY) };
  if (seconds % DAY === 0 && seconds / DAY <= 366) return { unit: 'day', every: seconds / DAY };
  if (seconds % 3600 === 0 && seconds / 3600 <= 1000) return { unit: 'hour', every: seconds / 3600 };
  return undefined;
}

/** `{unit, every}` in seconds of the wall. */
export const turnSeconds = ({ unit, every }: Pick<LayerDraft, 'unit' | 'every'>): number =>
  every * { hour: 3600, day: DAY, week: 7 * DAY, month: 30 * DAY }[unit];

// ---------------------------------------------------------------- side by side

/** One of several rotations that hold at the same time in the vendor's schedule. */
export interface Track {
  id: string;
  name: string;
  layers: LayerDraft[];
}

/** Whether two rotations could ever have somebody at the same time, seen from their hours and their dates alone. */
export function mayMeet(a: Track, b: Track): boolean {
  return a.layers.some((one) => b.layers.some((other) => datesMeet(one, other) && hoursMeet(one, other)));
}

function datesMeet(a: LayerDraft, b: LayerDraft): boolean {
  const starts = (layer: LayerDraft) => layer.effectiveFrom ?? `${layer.startsOn}T${layer.handoverTime}`;
  const ends = (layer: LayerDraft) => layer.effectiveUntil ?? '9999';
  return starts(a) < ends(b) && starts(b) < ends(a);
}

function hoursMeet(a: LayerDraft, b: LayerDraft): boolean {
  const [ours, theirs] = [weekOf(a), weekOf(b)];
  const week = 7 * DAY;
  return ours.some((x) =>
    theirs.some((y) => [-week, 0, week].some((shift) => x.from < y.to + shift && y.from + shift < x.to)),
  );
}

/** The hours of a layer as stretches of seconds of the week. In other zones than each other everything may meet. */
function weekOf(layer: LayerDraft): { from: number; to: number }[] {
  if (!layer.windows || layer.windows.length === 0) return [{ from: 0, to: 7 * DAY }];
  return layer.windows.flatMap((window) => {
    const [from, to] = [secondsOf(window.from), secondsOf(window.to)];
    if (window.kind === 'daily')
      return window.days.map((day) => ({
        from: (day - 1) * DAY + from,
        to: (day - 1) * DAY + (to > from ? to : to + DAY),
      }));
    const start = (window.fromDay - 1) * DAY + from;
    const end = (window.toDay - 1) * DAY + to;
    return [{ from: start, to: end > start ? end : end + 7 * DAY }];
  });
}

/** True when all of them can lie in one schedule of ours, where one person at a time is on call. */
export const fitTogether = (tracks: Track[]): boolean => {
  const zones = new Set(tracks.flatMap((track) => track.layers.map((layer) => layer.zone ?? '')));
  return (
    tracks.length < 2 ||
    (zones.size < 2 && tracks.every((track, i) => tracks.slice(i + 1).every((other) => !mayMeet(track, other))))
  );
};

/** What is said where one schedule becomes several. */
export const splitNote = (vendor: string, names: string[]): Note => ({
  text: `${vendor} has several people on call in it at once. Here one person is on call in a schedule at a time, so it becomes ${names.length}: ${names.join(', ')}.`,
  todo: 'Nothing: policies that called it call all of them.',
});
