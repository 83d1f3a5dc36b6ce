/** What is seen of a trip: one look at the rows that real alerts leave too. Reads only. */
import { addMs, type Ctx, sql } from '#kernel';
import { WATCHDOG_INTEGRATION } from '../integrations/store.ts';
import type { Seen } from './model.ts';
import type { Trip } from './tables.ts';

/** How far back the real pages are looked at. */
const LATELY_MS = 10 * 60_000;

interface Row {
  grouped: string | null;
  paged: string | null;
  turns: number | null;
  receipts: number;
  arrived: number;
  failed: number;
}

export async function seenOf(
  ctx: Pick<Ctx, 'db' | 'now'>,
  trip: Trip,
): Promise<Seen & { groupId: string | null; pageId: string | null }> {
  const { rows } = await sql<Row>`
    select g.id as grouped, p.id as paged, p.turn as turns,
      (select count(*) from channels.deliveries d where d.ref = p.id and d.channel = 'sink' and d.state = 'delivered')::int as receipts,
      lately.arrived, lately.failed
    from (select
        count(*) filter (where state = 'delivered')::int as arrived,
        count(*) filter (where state in ('failed', 'undeliverable'))::int as failed
      from channels.deliveries
      where created_at > ${addMs(ctx.now, -LATELY_MS)} and purpose = 'page' and channel <> 'sink' and not exercise) lately
    left join signals.groups g on g.integration_id = ${WATCHDOG_INTEGRATION} and g.group_key = ${groupKeyOf(trip.id)}
    left join people.pages p on p.subject_id = g.id and p.target_key = 'sink'
    order by p.created_at desc limit 1`.execute(ctx.db);
  const row = rows[0];
  return {
    accepted: trip.signalId !== null,
    grouped: Boolean(row?.grouped),
    paged: Boolean(row?.paged),
    turns: row?.turns ?? 0,
    receipts: row?.receipts ?? 0,
    arrived: row?.arrived ?? 0,
    failed: row?.failed ?? 0,
    groupId: row?.grouped ?? null,
    pageId: row?.paged ?? null,
  };
}

/** The key that signals gives to a group whose source names it. */
export const groupKeyOf = (tripId: string) => `source:watchdog:${tripId}`;

/** The body a real Alertmanager would send. */
export const bodyOf = (tripId: string, now: Date) => ({
  version: '4',
  groupKey: `watchdog:${tripId}`,
  status: 'firing',
  receiver: 'watchdog',
  commonLabels: { alertname: 'Watchdog', severity: 'critical' },
  commonAnnotations: { summary: 'Synthetic trip of the watchdog' },
  externalURL: '',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'Watchdog', severity: 'critical' },
      annotations: { summary: 'Synthetic trip of the watchdog' },
      startsAt: now.toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: `watchdog:${tripId}`,
    },
  ],
});
