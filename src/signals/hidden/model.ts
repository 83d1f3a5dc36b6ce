/** The week of the digest. Pure. */
import { addMs } from '#kernel';

export const WEEK_MS = 7 * 86_400_000;
/** A Monday, midnight UTC. */
const A_MONDAY = Date.UTC(2024, 0, 1);
/** The digest of a week is sent from this hour of the next Monday on, UTC. */
const SENT_AFTER_MS = 7 * 3_600_000;

/** The last week that is over and whose digest is due: Monday to Monday, UTC. */
export function weekDue(now: Date): { from: Date; until: Date } {
  const weeks = Math.floor((now.getTime() - SENT_AFTER_MS - A_MONDAY) / WEEK_MS);
  const until = new Date(A_MONDAY + weeks * WEEK_MS);
  return { from: addMs(until, -WEEK_MS), until };
}
