/** Schedules in words: a layer as one sentence, its hours, and why nobody is on call. */
import type { DutyWindow, Layer, Shift } from '#contract/people';

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const short = weekdays.map((day) => day.slice(0, 3));
const dayName = (weekday: number) => short[weekday - 1] ?? '';

export const whyNobody: Record<NonNullable<Shift['why']>, string> = {
  not_started: 'the rotation has not begun',
  ended: 'the rotation has ended',
  outside_hours: 'outside the hours of every layer',
  holiday: 'a holiday, on which the layer is off',
  no_participants: 'nobody is in the rotation',
  person_inactive: 'the person is no longer active',
  person_away: 'the person is away',
};

/** Why nobody, with the name of the person when it is about one. */
export function sayGap({ why, blocked }: Pick<Shift, 'why' | 'blocked'>): string {
  if (blocked && why === 'person_away') return `${blocked.name} is away`;
  if (blocked && why === 'person_inactive') return `${blocked.name} is no longer active`;
  return why ? whyNobody[why] : '';
}

/** `Hands over every Monday at 09:00`, `every 12 hours from 08:00`, … */
export function sayTurns(
  layer: Pick<Layer, 'unit' | 'every' | 'handoverTime' | 'handoverWeekday' | 'startsOn'>,
): string {
  const { unit, every, handoverTime, startsOn } = layer;
  const weekday = weekdays[(layer.handoverWeekday ?? weekdayOf(startsOn)) - 1];
  if (unit === 'hour') return `every ${every === 1 ? 'hour' : `${every} hours`}, counted from ${handoverTime}`;
  if (unit === 'day') return `every ${every === 1 ? 'day' : `${every} days`} at ${handoverTime}`;
  if (unit === 'week') return `every ${every === 1 ? weekday : `${every} weeks on ${weekday}`} at ${handoverTime}`;
  const day = Number(startsOn.slice(8, 10));
  const on = day > 28 ? `day ${day}, or the last of a shorter month,` : `day ${day}`;
  return `every ${every === 1 ? 'month' : `${every} months`} on ${on} at ${handoverTime}`;
}

/** 1 (Monday) to 7 of `YYYY-MM-DD`. */
const weekdayOf = (date: string): number => ((new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7) + 1;

/** `Mon–Fri 09:00–17:00`, `Fri 18:00 to Mon 08:00`. */
export function sayWindow(window: DutyWindow): string {
  if (window.kind === 'weekly')
    return `${dayName(window.fromDay)} ${window.from} to ${dayName(window.toDay)} ${window.to}`;
  return `${sayDays(window.days)} ${window.from}–${window.to}`;
}

function sayDays(days: number[]): string {
  const sorted = days.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0] ?? 1, sorted.at(-1) ?? 1];
  if (sorted.length === 7) return 'every day';
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${dayName(first)}–${dayName(last)}`;
  return sorted.map(dayName).join(', ');
}
