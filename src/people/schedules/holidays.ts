/** Holidays and layers: days on which a layer is off, or the only ones on which it is on, on the wall of its own zone. Pure. */
import { zone } from '#kernel';
import { type Budget, type Interval, joinIntervals, type Layer, type Piece, spend } from './layer.ts';

/** Days of a calendar, the last one included: `2026-12-25`. */
export interface Holiday {
  first: string;
  last: string;
}

/** What a layer makes of the holidays its schedule knows. */
export type OnHolidays = 'as_usual' | 'off' | 'only';

/** The pieces of a layer with its holidays taken out, or with nothing left but them. */
export function heedHolidays(layer: Layer, pieces: Piece[], holidays: Holiday[], budget: Budget): Piece[] {
  const heeds = layer.onHolidays ?? 'as_usual';
  if (heeds === 'as_usual') return pieces;
  const days = daysOff(layer.zone, holidays);
  return pieces.flatMap((piece) => cut(piece, days, heeds, budget));
}

/** Whole days as instants: from the first instant of the first to the first instant after the last. */
function daysOff(place: string, holidays: Holiday[]): Interval[] {
  const clock = zone.wallClock(place);
  return joinIntervals(
    holidays.map(({ first, last }) => ({
      from: clock.instantOf(zone.localDay(first)),
      to: clock.instantOf(zone.localDay(last) + zone.DAY_MS),
    })),
  );
}

function cut(piece: Piece, days: Interval[], heeds: 'off' | 'only', budget: Budget): Piece[] {
  const parts: Piece[] = [];
  const add = (from: number, to: number, holiday: boolean) => {
    if (from >= to) return;
    const on = holiday === (heeds === 'only');
    const nobody = { userId: null, claimed: null, why: holiday ? ('holiday' as const) : ('outside_hours' as const) };
    parts.push({ ...piece, ...(on ? {} : nobody), from, to });
  };
  let at = piece.from;
  for (const day of days) {
    spend(budget);
    const [from, to] = [Math.max(at, day.from), Math.min(piece.to, day.to)];
    if (from >= to) continue;
    add(at, from, false);
    add(from, to, true);
    at = to;
  }
  add(at, piece.to, false);
  return parts;
}
