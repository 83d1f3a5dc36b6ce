/** A supplier's status page in the form of Statuspage (Atlassian): `/api/v2/summary.json` with an ETag, told what to say. */
import { createHash } from 'node:crypto';
import { openSink, type Sink } from './sink.ts';

export interface StatusPage {
  /** Address of the page, as it stands in a register. */
  url: string;
  requests: Sink['requests'];
  /** What goes on from now on; nothing when all is well. */
  says(
    ...incidents: { id: string; name: string; status?: string; impact?: string; startedAt: Date; update?: string }[]
  ): void;
  /** Answers so instead of a page. */
  breaks(status: number, body?: string): void;
  close(): Promise<void>;
}

const WORD: Record<string, string> = {
  none: 'All Systems Operational',
  minor: 'Minor Service Outage',
  major: 'Partial System Outage',
  critical: 'Major System Outage',
};

export async function openStatusPage(name = 'PayBridge'): Promise<StatusPage> {
  const sink = await openSink();
  let body = '';
  let broken: { status: number; body: string } | undefined;
  const says: StatusPage['says'] = (...incidents) => {
    broken = undefined;
    const indicator = incidents.map(({ impact }) => impact ?? 'major')[0] ?? 'none';
    body = JSON.stringify({
      page: { id: 'k1x2c3v4b5n6', name, url: sink.url, time_zone: 'Etc/UTC', updated_at: '2026-11-23T10:00:00.000Z' },
      status: { indicator, description: WORD[indicator] },
      components: [
        {
          id: 'c1',
          name: 'Payments API',
          status: indicator === 'none' ? 'operational' : 'partial_outage',
          group: false,
        },
      ],
      incidents: incidents.map(
        ({ id, name: title, status = 'investigating', impact = 'major', startedAt, update = '' }) => ({
          id,
          name: title,
          status,
          impact,
          created_at: startedAt.toISOString(),
          started_at: startedAt.toISOString(),
          resolved_at: null,
          shortlink: `https://stspg.example/${id}`,
          incident_updates: [{ id: `${id}-1`, status, body: update, created_at: startedAt.toISOString() }],
          components: [{ id: 'c1', name: 'Payments API' }],
        }),
      ),
      scheduled_maintenances: [
        {
          id: 'm1',
          name: 'Database upgrade next week',
          status: 'scheduled',
          impact: 'maintenance',
          scheduled_for: '2026-12-01T02:00:00Z',
        },
      ],
    });
  };
  says();
  sink.answer(({ path, headers }) => {
    if (broken) return broken;
    if (path !== '/api/v2/summary.json') return { status: 404, body: 'not here' };
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    return headers['if-none-match'] === etag
      ? { status: 304, body: '' }
      : { headers: { etag, 'content-type': 'application/json' }, body };
  });
  return {
    url: sink.url,
    requests: sink.requests,
    says,
    breaks: (status, text = '') => (broken = { status, body: text }),
    close: () => sink.close(),
  };
}
