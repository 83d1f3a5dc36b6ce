import { describe, expect, it } from 'vitest';
import { readFeed } from './feed.ts';
import { nextReadSeconds, overlaps, stateOf } from './model.ts';
import { placesOf } from './read.ts';
import { readShape } from './shapes.ts';
import { wayTo } from './queries.ts';

const now = new Date('2026-11-23T12:00:00Z');

describe('status pages of every form', () => {
  it.each([
    [
      'instatus',
      {
        page: { name: 'A', url: 'https://a.example', status: 'HASISSUES' },
        activeIncidents: [
          {
            id: 'i1',
            name: 'Slow API',
            started: '2026-11-23T11:00:00Z',
            status: 'INVESTIGATING',
            impact: 'MAJOROUTAGE',
            url: 'https://a.example/i1',
          },
        ],
      },
      { ref: 'i1', title: 'Slow API', impact: 'critical', status: 'investigating' },
      'outage',
    ],
    [
      'betterstack',
      {
        data: { id: '1', type: 'status_page', attributes: { company_name: 'B', aggregate_state: 'degraded' } },
        included: [
          {
            id: '9',
            type: 'status_report',
            attributes: {
              title: 'Mail is late',
              report_type: 'manual',
              starts_at: '2026-11-23T11:30:00Z',
              ends_at: null,
              aggregate_state: 'degraded',
            },
          },
        ],
      },
      { ref: '9', title: 'Mail is late', impact: 'minor' },
      'degraded',
    ],
    [
      'incident.io',
      {
        page_title: 'C',
        ongoing_incidents: [
          {
            id: '01',
            name: 'Logins fail',
            status: 'identified',
            url: 'https://c.example/01',
            last_update_at: '2026-11-23T11:40:00Z',
            last_update_message: 'We know why.',
            current_worst_impact: 'full_outage',
            affected_components: [{ id: 'x', name: 'SSO' }],
          },
        ],
        in_progress_maintenances: [],
        scheduled_maintenances: [],
      },
      { ref: '01', title: 'Logins fail', impact: 'critical', said: 'We know why.', components: ['SSO'] },
      'outage',
    ],
    [
      'google',
      [
        {
          id: 'g1',
          begin: '2026-11-23T10:00:00+00:00',
          external_desc: 'Errors in europe-west1',
          severity: 'medium',
          status_impact: 'SERVICE_DISRUPTION',
          most_recent_update: { status: 'SERVICE_DISRUPTION', text: 'Mitigation goes on.' },
          affected_products: [{ title: 'Cloud Run' }],
        },
      ],
      { ref: 'g1', title: 'Errors in europe-west1', impact: 'major', components: ['Cloud Run'], endedAt: null },
      'outage',
    ],
    [
      'statuspage',
      {
        page: { url: 'https://d.example' },
        status: { indicator: 'minor', description: 'Minor Service Outage' },
        components: [{ name: 'API', status: 'degraded_performance' }],
        incidents: [],
        scheduled_maintenances: [],
      },
      { ref: 'status', title: 'Minor Service Outage', impact: 'minor', components: ['API'] },
      'degraded',
    ],
  ])('%s', (format, body, first, state) => {
    const found = readShape(body as never, now);
    expect(found?.format).toBe(format);
    expect(found?.reading.reports[0]).toMatchObject(first);
    expect(stateOf(found!.reading)).toBe(state);
  });

  it('RSS and Atom: the newest word counts, history is left out, markup and scripts are text', () => {
    const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Status</title>
      <item><title>Elevated errors</title><description>&lt;p&gt;&lt;small&gt;Nov 23, 11:50 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Identified&lt;/strong&gt; - A bad deploy &amp;amp; a full disk.&lt;/p&gt;&lt;p&gt;&lt;strong&gt;Investigating&lt;/strong&gt; - Looking.&lt;/p&gt;</description><pubDate>Mon, 23 Nov 2026 11:40:00 +0000</pubDate><link>https://s.example/1</link><guid>https://s.example/1</guid></item>
      <item><title>Slow mail</title><description>&lt;strong&gt;Resolved&lt;/strong&gt; - It is over. Investigating - earlier.</description><pubDate>Mon, 23 Nov 2026 09:00:00 +0000</pubDate><guid>2</guid></item>
      <item><title>Long ago</title><description>Investigating</description><pubDate>Mon, 02 Nov 2026 09:00:00 +0000</pubDate><guid>3</guid></item>
      <item><title>Cut`;
    const { format, reading } = readFeed(rss, now)!;
    expect(format).toBe('rss');
    expect(reading.reports).toMatchObject([
      {
        ref: 'https://s.example/1',
        title: 'Elevated errors',
        status: 'identified',
        endedAt: null,
        url: 'https://s.example/1',
      },
      { ref: '2', endedAt: new Date('2026-11-23T09:00:00Z') },
    ]);
    expect(reading.reports[0]!.said).toBe(
      'Nov 23, 11:50 UTC Identified - A bad deploy & a full disk. Investigating - Looking.',
    );
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:1</id><published>2026-11-23T11:00:00Z</published><updated>2026-11-23T11:30:00Z</updated><link rel="alternate" href="https://s.example/a"/><title>Major outage of the API</title><content type="html"><![CDATA[<script>alert(1)</script><strong>Monitoring</strong> - fixed]]></content></entry></feed>`;
    expect(readFeed(atom, now)?.reading.reports).toMatchObject([
      {
        ref: 'tag:1',
        impact: 'critical',
        status: 'monitoring',
        said: 'alert(1) Monitoring - fixed',
        url: 'https://s.example/a',
      },
    ]);
    const started = performance.now();
    for (const hostile of [
      '<rss>' + '<item>'.repeat(100_000),
      '<feed>' + '<entry><title>&'.repeat(50_000),
      '<rss><item><title>' + '<'.repeat(500_000),
    ])
      readFeed(hostile, now);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('a report and a group', () => {
  const group = (first: string, over: string | null) => ({
    firstAt: new Date(first),
    resolvedAt: over ? new Date(over) : null,
  });
  const from = new Date('2026-11-23T11:00:00Z');
  it.each([
    ['opened while it goes on', group('2026-11-23T11:20:00Z', null), null, true],
    ['opened before they wrote of it', group('2026-11-23T10:10:00Z', null), null, true],
    ['over half an hour before they began', group('2026-11-23T10:00:00Z', '2026-11-23T10:29:00Z'), null, false],
    ['over twenty minutes before they began', group('2026-11-23T10:00:00Z', '2026-11-23T10:40:00Z'), null, true],
    ['opened ten minutes after they closed', group('2026-11-23T11:40:00Z', null), '2026-11-23T11:30:00Z', true],
    ['opened twenty minutes after they closed', group('2026-11-23T11:50:00Z', null), '2026-11-23T11:30:00Z', false],
  ])('%s', (_what, one, ended, expected) => {
    expect(overlaps(one, { startedAt: from, endedAt: ended ? new Date(ended) : null }, now)).toBe(expected);
  });

  it('is found along the dependencies, by the shortest way', () => {
    const edge = (from: string, to: string) => ({ from, to, strength: 'hard' as const });
    const edges = [
      edge('shop', 'cart'),
      edge('cart', 'shop'),
      edge('cart', 'pay'),
      edge('pay', 'bridge'),
      edge('shop', 'pay'),
    ];
    expect(wayTo(edges, 'shop', 'bridge')).toEqual(['shop', 'pay', 'bridge']);
    expect(wayTo(edges, 'bridge', 'shop')).toBeUndefined();
    expect(wayTo(edges, 'bridge', 'bridge')).toEqual(['bridge']);
  });

  it('a page is read often while it matters, and seldom while it fails', () => {
    expect([
      nextReadSeconds(180, 0, false),
      nextReadSeconds(180, 0, true),
      nextReadSeconds(180, 1, true),
      nextReadSeconds(180, 9, true),
    ]).toEqual([180, 60, 360, 900]);
  });

  it('an address of a page is looked at in the usual places, one of a document as it is', () => {
    expect(placesOf('https://status.example/')[0]).toBe('https://status.example/api/v2/summary.json');
    expect(placesOf('https://status.example/history.rss')).toEqual(['https://status.example/history.rss']);
  });
});
