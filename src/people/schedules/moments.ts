/** Moments as people write them: an instant, a time on the wall of a zone, or a whole day. */
import { type Problem, zone } from '#kernel';

/**
 * From–to as instants. A doubled wall time means its first occurrence as a start and its last as an end; a missing one the
 * first instant after the gap. A day alone (`2026-12-24`) begins at its first instant and ends, as an end, with its last.
 */
export function readStretch(
  place: string,
  input: { from: string; to: string },
  refuse: (path: string, message: string) => Problem,
): [Date, Date] {
  return [readMoment(place, input.from, 'from', refuse), readMoment(place, input.to, 'to', refuse)];
}

function readMoment(
  place: string,
  text: string,
  path: 'from' | 'to',
  refuse: (path: string, message: string) => Problem,
): Date {
  if (/(?:Z|[+-]\d{2}:\d{2})$/.test(text) && text.includes('T')) return new Date(text);
  const date = text.slice(0, 10);
  if (!zone.isDate(date)) throw refuse(path, 'there is no such day');
  const clock = zone.wallClock(place);
  if (text.length === 10) return new Date(clock.instantOf(zone.localOf(date, path === 'to' ? '24:00' : '00:00')));
  return new Date(clock.instantOf(zone.localOf(date, text.slice(11)), path === 'to' ? 'last' : 'first'));
}
