/**
 * Who is on call, calculated: rotations on the wall clock, overrides laid over them, gaps in what remains. Pure.
 *
 * A rotation is kept as intent (zone, weekday, time); every instant here is computed from it when asked, so that new
 * time-zone rules move future hand-overs by themselves.
 */
import { zone as clock } from '#kernel';

const { addDays, daysBetween, instantToWall, wallToInstant, weekdayOf } = clock;

export interface Rotation {
  /** IANA place name. */
  zone: string;
  /** 1 Monday … 7 Sunday. */
  handoverWeekday: number;
  /** `HH:MM` on the wall. */
  handoverTime: string;
  /** First day, `YYYY-MM-DD`; duty begins at the hand-over time of that day. */
  startsOn: string;
  /** Weeks between hand-overs. */
  everyWeeks: number;
  /** User ids in order. */
  participants: string[];
}

export interface Override {
  userId: string;
  from: Date;
  to: Date;
}

/** A stretch of duty. `userId` null: nobody, and `why` says what is missing. */
export interface Shift {
  from: Date;
  to: Date;
  userId: string | null;
  source: 'rotation' | 'override' | 'nobody';
  why: GapReason | null;
}

export type GapReason = 'not_started' | 'no_participants' | 'person_inactive';

/** Windows longer than this are refused: nobody reads them, and they cost time. */
export const MAX_WINDOW_DAYS = 400;

/** The instant at which turn `k` of the rotation begins. A first week cut short by `startsOn` counts as turn 0. */
export function turnStart(rotation: Rotation, k: number): Date {
  return wallToInstant(rotation.zone, `${turnDate(rotation, k)}T${rotation.handoverTime}`);
}

function turnDate(rotation: Rotation, k: number): string {
  if (k === 0) return rotation.startsOn;
  const ahead = (rotation.handoverWeekday - weekdayOf(rotation.startsOn) + 7) % 7;
  const weeks = ahead === 0 ? k * rotation.everyWeeks : (k - 1) * rotation.everyWeeks;
  return addDays(rotation.startsOn, ahead + weeks * 7);
}

/** The turn in force at `at`, or -1 before the rotation begins. */
export function turnAt(rotation: Rotation, at: Date): number {
  const days = daysBetween(rotation.startsOn, instantToWall(rotation.zone, at).date);
  // At most one turn off either way: the time of day, and a first turn that may be short.
  let k = Math.max(-1, Math.floor(days / (7 * rotation.everyWeeks)) - 1);
  while (turnStart(rotation, k + 1) <= at) k += 1;
  return k;
}

/** The rotation alone, without overrides, as shifts that cover [from, to) without hole or overlap. */
export function rotationShifts(rotation: Rotation, from: Date, to: Date): Shift[] {
  const shifts: Shift[] = [];
  let k = turnAt(rotation, from);
  let start = from;
  while (start < to) {
    const end = earlier(turnStart(rotation, k + 1), to);
    if (end > start) {
      const userId = k < 0 ? null : (rotation.participants[k % rotation.participants.length] ?? null);
      const why = userId ? null : k < 0 ? 'not_started' : 'no_participants';
      shifts.push({
        from: start,
        to: end,
        userId,
        source: userId ? 'rotation' : 'nobody',
        why,
      });
      start = end;
    }
    k += 1;
  }
  return shifts;
}

/**
 * What really holds in [from, to): the rotation, with overrides on top, and nobody where the person is not active.
 * Shifts touch, never overlap, and neighbours differ. Where overrides overlap (they should not) the later one in the list wins.
 */
export function finalShifts(
  rotation: Rotation,
  overrides: Override[],
  from: Date,
  to: Date,
  isActive: (userId: string) => boolean = () => true,
): Shift[] {
  let shifts = rotationShifts(rotation, from, to);
  for (const override of overrides) shifts = layOver(shifts, override);
  return merge(shifts.map((shift) => withoutInactive(shift, isActive)));
}

function layOver(shifts: Shift[], override: Override): Shift[] {
  return shifts.flatMap((shift) => {
    const from = later(shift.from, override.from);
    const to = earlier(shift.to, override.to);
    if (from >= to) return [shift];
    const parts: Shift[] = [
      { ...shift, to: from },
      { from, to, userId: override.userId, source: 'override', why: null },
      { ...shift, from: to },
    ];
    return parts.filter((part) => part.from < part.to);
  });
}

function withoutInactive(shift: Shift, isActive: (userId: string) => boolean): Shift {
  if (!shift.userId || isActive(shift.userId)) return shift;
  return { ...shift, userId: null, source: 'nobody', why: 'person_inactive' };
}

function merge(shifts: Shift[]): Shift[] {
  const merged: Shift[] = [];
  for (const shift of shifts) {
    const last = merged.at(-1);
    if (last && last.userId === shift.userId && last.source === shift.source && last.why === shift.why) {
      last.to = shift.to;
    } else {
      merged.push({ ...shift });
    }
  }
  return merged;
}

/** Who is on call at one instant; `until` is when that is next looked at again (hand-over or edge of an override). */
export function onCallAt(
  rotation: Rotation,
  overrides: Override[],
  at: Date,
  isActive: (userId: string) => boolean = () => true,
): { userId: string | null; source: Shift['source']; why: GapReason | null } {
  const [shift] = finalShifts(rotation, overrides, at, new Date(at.getTime() + 1), isActive);
  return {
    userId: shift?.userId ?? null,
    source: shift?.source ?? 'nobody',
    why: shift?.why ?? null,
  };
}

/** The stretches in which nobody is on call. */
export const gapsOf = (shifts: Shift[]) => shifts.filter((shift) => shift.userId === null);

/** The shift in force at the start of the list, and the next that somebody else holds. */
export function nowAndNext(shifts: Shift[]): {
  now: Shift | null;
  next: Shift | null;
} {
  return { now: shifts[0] ?? null, next: shifts[1] ?? null };
}

const earlier = (a: Date, b: Date) => (a < b ? a : b);
const later = (a: Date, b: Date) => (a > b ? a : b);
