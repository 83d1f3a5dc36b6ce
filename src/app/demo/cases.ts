/** Turns a row of the demo story into instants, and into a case the measures can read. */
import type { Case } from '#learning';
import type { PastIncident } from './data/incidents.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The instant the impact of this past incident began, counted back from `now`. */
export function impactStart(past: PastIncident, now: Date): Date {
  const [hour = 0, minute = 0] = past.startsAt.split(':').map(Number);
  const midnight = now.getTime() - (now.getTime() % DAY);
  return new Date(midnight - past.daysAgo * DAY + (hour * 60 + minute) * MINUTE);
}

/** The instant `minutes` after the start of the impact; `null` stays `null`. */
export function after(past: PastIncident, now: Date, minutes: number | null): Date | null {
  return minutes === null ? null : new Date(impactStart(past, now).getTime() + minutes * MINUTE);
}

/** The case as the measures see it. Command was taken when the incident was declared. */
export function caseOf(past: PastIncident, now: Date): Case {
  const at = (minutes: number | null) => after(past, now, minutes);
  return {
    incidentId: `story-${past.story}`,
    key: `ORL-${past.story}`,
    title: past.title,
    severity: past.severity,
    detectedBy: past.detectedBy,
    impactStartedAt: past.startUnknown ? null : at(0),
    detectedAt: at(past.detect),
    firstPagedAt: at(past.page),
    firstAckedAt: at(past.ack),
    declaredAt: at(past.declare),
    commanderAt: at(past.declare),
    containmentStartedAt: null,
    containedAt: at(past.contain),
    impactEndedAt: at(past.impactEnd),
    restoredAt: at(past.restored),
    firstPublicAt: at(past.publicUpdate),
  };
}
