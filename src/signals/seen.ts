/** What is worth writing when an alert or a group was merely seen again. Pure. */
import type { Alert, Group } from './model.ts';

/** Being seen again is written when it is news: so much later than what is written already. */
const SEEN_AFTER_MS = 5_000;

const later = (before: Date | null, after: Date | null) =>
  (before === null) !== (after === null) ||
  Math.abs((after?.getTime() ?? 0) - (before?.getTime() ?? 0)) >= SEEN_AFTER_MS;

/** Whether an alert that was seen again is as it was, but for counts and times. */
export function saysTheSame(before: Alert, after: Alert): boolean {
  if (before.state !== after.state || before.flaps !== after.flaps) return false;
  if (before.title !== after.title || before.severity !== after.severity || before.description !== after.description)
    return false;
  return sameText(before.labels, after.labels) && sameText(before.details, after.details) && sameLists(before, after);
}

const sameLists = (before: Alert, after: Alert) =>
  JSON.stringify(before.marks) === JSON.stringify(after.marks) &&
  before.links.length === after.links.length &&
  before.links.every(({ href, text }, n) => after.links[n]?.href === href && after.links[n]?.text === text);

/** Equal as data, whatever the order of members. */
function sameText(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return false;
  const [a, b] = [Object.entries(before), after as Record<string, unknown>];
  return a.length === Object.keys(b).length && a.every(([name, value]) => sameText(value, b[name]));
}

/** Whether it must be written that an alert was seen again: counts always, mere times when they have moved on. */
export const worthWriting = (before: Alert, after: Alert): boolean =>
  before.count !== after.count || later(before.lastAt, after.lastAt) || later(before.expiresAt, after.expiresAt);

/** Whether a group must be written and announced: not for a mere moment of time. */
export function groupChanged(before: Group | undefined, after: Group): boolean {
  if (!before) return true;
  if (before === after) return false;
  if (later(before.lastAt, after.lastAt)) return true;
  return (Object.keys(after) as (keyof Group)[]).some((name) => name !== 'lastAt' && before[name] !== after[name]);
}
