/** Days on the wall of a zone, for drawing: where they begin and what they are called. The server computes all duty. */

const DAY = 86_400_000;

function partsOf(zone: string, at: number): { ms: number; weekday: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    weekday: 'short',
    hourCycle: 'h23',
  }).formatToParts(at);
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? '0';
  const ms = (Number(value('hour')) * 3600 + Number(value('minute')) * 60 + Number(value('second'))) * 1000;
  return { ms, weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(value('weekday')) };
}

/** The instant at which the day of `at` begins in `zone` (after a change of the clocks that day, corrected). */
export function startOfDay(zone: string, at: number): number {
  let start = Math.floor(at / 1000) * 1000 - partsOf(zone, at).ms;
  const { ms } = partsOf(zone, start);
  if (ms > 0) start += ms > DAY / 2 ? DAY - ms : -ms;
  return start;
}

/** Monday 00:00 of the week of `at`. */
export const startOfWeek = (zone: string, at: number): number =>
  startOfDay(zone, startOfDay(zone, at) - partsOf(zone, at).weekday * DAY + DAY / 2);

/** The beginnings of `count` days from `start` on, and the end of the last. */
export function daysFrom(zone: string, start: number, count: number): number[] {
  const days = [start];
  while (days.length <= count) days.push(startOfDay(zone, (days.at(-1) ?? start) + DAY * 1.5));
  return days;
}

/** True for Saturday and Sunday. */
export const isWeekend = (zone: string, at: number): boolean => partsOf(zone, at + DAY / 2).weekday > 4;

/** `2026-11-23T14:00` on the wall of a zone. */
export const wallOf = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    .format(at)
    .replace(' ', 'T');
