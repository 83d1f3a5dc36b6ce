/** When a review is due: so many calendar or business days after the end, by the clock of the installation's zone. Pure. */
import { zone } from '#kernel';

export interface DueRule {
  days: number;
  count: 'calendar' | 'business';
}
/** By severity; `null` = no review unless somebody asks. */
export interface ReviewPolicy {
  sev1: DueRule | null;
  sev2: DueRule | null;
  sev3: DueRule | null;
  sev4: DueRule | null;
}

/** The rule for a severity 1..4. */
export function ruleFor(policy: ReviewPolicy, severity: number): DueRule | null {
  return [policy.sev1, policy.sev2, policy.sev3, policy.sev4][severity - 1] ?? null;
}

/**
 * The instant a review is due. Same wall-clock time as the end of the incident, `days` later; business days are Monday to
 * Friday, and the day of the end itself does not count. `at` is an instant, the answer too.
 */
export function dueAfter(rule: DueRule, at: Date, zoneName: string): Date {
  if (rule.count === 'calendar') return zone.addWallDays(zoneName, at, rule.days);
  const wall = zone.instantToWall(zoneName, at);
  let date = wall.date;
  for (let left = rule.days; left > 0;) {
    date = zone.addDays(date, 1);
    if (zone.weekdayOf(date) <= 5) left--;
  }
  return zone.wallToInstant(zoneName, `${date}T${wall.time}`);
}

/** The first instant after a calendar day in a zone: from then on, something due on that day is late. */
export const endOfDay = (day: string, zoneName: string) =>
  zone.wallToInstant(zoneName, `${zone.addDays(day, 1)}T00:00`);
