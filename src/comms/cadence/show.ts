/** The clock as screens and other modules see it. */
import type { ClockRow } from './store.ts';

/** Nothing there yet (the incident was declared a moment ago) reads as “none”. */
export function showClock(incidentId: string, row: ClockRow | undefined, now: Date) {
  const overdue = row?.state === 'running' && row.dueAt !== null && row.dueAt < now;
  return {
    incidentId,
    state: row?.state ?? ('none' as const),
    stopped: row?.stopped ?? null,
    stoppedReason: row?.stoppedReason ?? null,
    nextDueAt: row?.dueAt?.toISOString() ?? null,
    reason: row?.reason ?? null,
    overdue,
    overdueSince: overdue ? (row.dueAt?.toISOString() ?? null) : null,
    published: row?.published ?? 0,
    lastPublishedAt: row?.lastPublishedAt?.toISOString() ?? null,
    intervalSeconds: row?.intervalSeconds ?? null,
  };
}
