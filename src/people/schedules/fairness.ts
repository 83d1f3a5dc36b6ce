/** How duty is spread over the people of a schedule, and who could take a stretch. Pure. It plans duty; it rates nobody. */
import { zone } from '#kernel';

const HOUR = 3_600_000;
/** Nobody starts within this time of other duty. */
export const REST_MS = 10 * HOUR;
/** Over this share of a schedule's duty one person carries too much (M34). */
export const TOO_MUCH = 0.4;
/** Fewer people than this and the schedule leans on too few (M34). */
export const BENCH = 3;

export interface Stretch {
  from: Date;
  to: Date;
}
export interface Load {
  userId: string;
  hours: number;
  /** Nights (22:00–06:00 on the person's own wall) with any duty in them. */
  nights: number;
  /** Weekends (Saturday and Sunday, own wall) with any duty in them. */
  weekends: number;
  /** Of all duty held in the stretch, 0..1. */
  share: number;
}

/** Hours, nights and weekends per person. People without duty are listed too: the bench is part of the picture. */
export function loads(
  people: string[],
  duties: (Stretch & { userId: string })[],
  zoneOf: (userId: string) => string,
): Load[] {
  const byPerson = Map.groupBy(duties, (duty) => duty.userId);
  const length = (list: Stretch[]) => list.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
  const all = length(duties);
  return [...new Set([...people, ...byPerson.keys()])].map((userId) => {
    const own = byPerson.get(userId) ?? [];
    const wall = zone.wallClock(zoneOf(userId));
    return {
      userId,
      hours: Math.round((length(own) / HOUR) * 10) / 10,
      nights: countDays(wall, own, 1, (day) => [day + 22 * HOUR, day + 30 * HOUR]),
      weekends: countDays(wall, own, 7, (day) => [day, day + 2 * zone.DAY_MS]),
      share: all === 0 ? 0 : length(own) / all,
    };
  });
}

/** Of the days that begin such a stretch (each, or each Saturday), how many have duty in it. */
function countDays(
  wall: ReturnType<typeof zone.wallClock>,
  duties: Stretch[],
  every: 1 | 7,
  stretch: (day: number) => [number, number],
): number {
  const found = new Set<number>();
  for (const duty of duties) {
    const [from, to] = [wall.localOf(duty.from.getTime()), wall.localOf(duty.to.getTime())];
    for (let day = zone.dayOfLocal(from) - 2 * zone.DAY_MS; day < to; day += zone.DAY_MS) {
      if (every === 7 && zone.weekdayOfLocal(day) !== 6) continue;
      const [begins, ends] = stretch(day);
      if (begins < to && ends > from) found.add(day);
    }
  }
  return found.size;
}

export interface Candidate {
  userId: string;
  /** When their latest duty before the stretch ended; null: none that is known. */
  lastDuty: Date | null;
  /** Why they should not be asked; null: they can be. */
  hindrance: 'away' | 'on_duty' | 'no_rest' | null;
}

/**
 * Who could take [from, to): least recent duty first, those who cannot at the end with the reason. `duties` are all
 * their duties around it, in every schedule; `absences` theirs too.
 */
export function candidates(
  people: string[],
  { from, to }: Stretch,
  duties: (Stretch & { userId: string })[],
  absences: (Stretch & { userId: string })[],
): Candidate[] {
  const meets = (other: Stretch, margin: number) =>
    other.from.getTime() < to.getTime() + margin && other.to.getTime() > from.getTime() - margin;
  const found = people.map((userId): Candidate => {
    const own = duties.filter((duty) => duty.userId === userId);
    const before = own.filter((duty) => duty.to <= from).map((duty) => duty.to.getTime());
    const away = absences.some((absence) => absence.userId === userId && meets(absence, 0));
    const busy = own.some((duty) => meets(duty, 0));
    const tired = own.some((duty) => meets(duty, REST_MS));
    return {
      userId,
      lastDuty: before.length > 0 ? new Date(Math.max(...before)) : null,
      hindrance: away ? 'away' : busy ? 'on_duty' : tired ? 'no_rest' : null,
    };
  });
  const rank = ({ hindrance, lastDuty }: Candidate) => (hindrance ? 1e16 : 0) + (lastDuty?.getTime() ?? 0);
  return found.toSorted((a, b) => rank(a) - rank(b));
}
