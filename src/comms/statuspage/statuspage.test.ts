/** The public page: what it shows, what it never shows, and that it stands without a database. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { config, enqueue } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { setComponentState } from '../commands/setComponentState.ts';
import { aComponent, anIncident, restoreAtOnce, whole } from '../../../test/harness/comms.ts';
import type { UpdatePatch } from '../lint/index.ts';
import { isStale, siteDir } from './files.ts';
import { keepSite, renderStatusPage } from './jobs.ts';
import { cut, escapeMarkup, prose, visible } from './render/html.ts';
import { dayStates, isActive, overall, type Snapshot } from './snapshot.ts';

let house: House;
let writer: WebClient;
beforeAll(async () => {
  house = await openHouse();
  writer = await house.signIn('responder');
});
afterAll(() => house.close());

const now = async () => (await house.ctx('system')).now;
/** Publishes on a SEV3 that nobody leads; returns the message as the API tells it. */
async function tell(incidentId: string, fields: UpdatePatch, kind?: string) {
  const { body } = await writer.post(`/api/v1/incidents/${incidentId}/updates`, { fields, ...(kind && { kind }) });
  const published = await writer.post(`/api/v1/updates/${body.id}/publish`, {
    overrides: (body.lint?.errors ?? []).map((rule: string) => ({
      rule,
      reason: 'this test needs it',
    })),
  });
  expect(published.status, published.text).toBe(200);
  await house.settle();
  return published.body;
}
const get = (path: string, headers = {}) => house.anonymous.get(path, headers);

describe('the page', () => {
  it('tells everything a customer needs, in HTML that needs no script, and comes from us alone', async () => {
    const { service, component } = await aComponent(house, 'Card payments', {
      group: 'Payments',
    });
    const incident = await anIncident(house, {
      severity: 3,
      serviceIds: [service.id],
      roles: false,
    });
    const next = (await now()).getTime() + 30 * 60_000;
    const message = await tell(
      incident.id,
      whole(await now(), 30, {
        componentStates: { [component.id]: 'partial_outage' },
        protection: 'Orders are kept.',
        apology: 'We are sorry for the late orders.',
      }),
    );
    const page = await get('/status');
    expect(page.status).toBe(200);
    const clock = new Date(next).toISOString().slice(11, 16);
    for (const words of [
      'Some services are partly unavailable',
      'Card payments are slow or do not complete',
      'Investigating',
      'About 1 in 5',
      'What we know',
      'What we do not know yet',
      'What we are doing',
      'You do not need to pay again',
      'We are checking each open payment',
      'Orders are kept.',
      'We are sorry for the late orders.',
      `${clock} UTC`,
      'Partial outage',
      'Payments',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.text).toMatch(/<html lang="en">/);
    expect(page.text).toMatch(new RegExp(`<time datetime="[^"]+" data-live>${clock} UTC</time>`));
    expect(page.text).toMatch(/As of <time datetime="[^"]+" data-live>\d\d:\d\d UTC<\/time>/);
    expect(page.text).not.toContain('payments-api-01');
    expect(page.text).not.toMatch(/<script(?! src="\/status\/)/);
    expect(
      [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)]
        .map((found) => found[1])
        .filter((link) => !link?.startsWith('/status') && !link?.startsWith('#')),
    ).toEqual([]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');

    const own = await get(new URL(message.publicUrl).pathname);
    expect([own.status, own.text.includes('Card payments are slow')]).toEqual([200, true]);
    expect((await get('/status/incidents/INC-1')).status).toBe(404);
  });

  it('weighs less than 50 kB with everything it loads', async () => {
    const page = await get('/status');
    const links = [...page.text.matchAll(/(?:<link rel="stylesheet" href|<script src)="([^"]+)"/g)].map(
      (found) => found[1] ?? '',
    );
    expect(links.length).toBe(2);
    let bytes = page.text.length;
    for (const link of links) {
      const file = await get(link);
      expect(file.headers.get('cache-control')).toContain('immutable');
      bytes += file.text.length;
    }
    expect(bytes).toBeLessThan(50_000);
  });

  it('shows the whole history of an incident, and its end', async () => {
    const { service, component } = await aComponent(house, 'Invoices');
    const incident = await anIncident(house, {
      severity: 3,
      serviceIds: [service.id],
      roles: false,
    });
    await tell(
      incident.id,
      whole(await now(), 30, {
        headline: 'Invoices are late',
        componentStates: { [component.id]: 'degraded_performance' },
      }),
    );
    await house.advance('10m');
    await tell(
      incident.id,
      whole(await now(), 30, {
        headline: 'Invoices are sent by hand',
        componentStates: { [component.id]: 'degraded_performance' },
      }),
    );
    await restoreAtOnce(house, incident.id);
    const end = {
      ...whole(await now(), 30, {
        headline: 'Invoices are sent again',
        componentStates: { [component.id]: 'operational' },
      }),
      nextUpdateBy: null,
    };
    const message = await tell(incident.id, end, 'resolution');
    const page = (await get(new URL(message.publicUrl).pathname)).text;
    const order = ['Invoices are sent again', 'Invoices are sent by hand', 'Invoices are late'].map((words) =>
      page.lastIndexOf(`<strong><bdi>${words}`),
    );
    expect(order.every((place) => place > 0) && order[0]! < order[1]! && order[1]! < order[2]!).toBe(true);
    expect(page).toContain('Resolved');
    expect(page).not.toContain('Next update by');
    expect((await get('/status/history')).text).toContain('Invoices are sent again');
    const components = (await writer.get('/api/v1/components')).body.items;
    expect(components.find((item: { id: string }) => item.id === component.id).state).toBe('operational');
  });

  it('a hidden component appears nowhere in public: not in HTML, JSON or feeds', async () => {
    const { service, component } = await aComponent(house, 'Project Nightjar', {
      visible: false,
    });
    const incident = await anIncident(house, {
      severity: 3,
      serviceIds: [service.id],
      roles: false,
    });
    await tell(
      incident.id,
      whole(await now(), 30, {
        headline: 'Some exports are late',
        componentStates: { [component.id]: 'major_outage' },
      }),
    );
    const files = readdirSync(siteDir(), {
      recursive: true,
      withFileTypes: true,
    }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const text = readFileSync(`${file.parentPath}/${file.name}`, 'utf8');
      expect(text.includes('Nightjar') || text.includes(component.id), file.name).toBe(false);
    }
  });

  it('people’s text stays text: no tag, no script, no foreign link comes out of any field', async () => {
    const evil =
      '<img src=x onerror=alert(1)><svg><style><img src="</style><img onerror=alert(2)>"></svg></script><script>alert(3)</script>';
    const { service, component } = await aComponent(house, '"><b>Evil</b>');
    const incident = await anIncident(house, {
      severity: 3,
      serviceIds: [service.id],
      roles: false,
    });
    const lines = [
      `${evil} 1`,
      '[x](javascript:alert(1)) data:text/html,hi &lt;b&gt; javascript:alert(1)',
      'See https://user:pw@evil.example/ and https://a.example/"onmouseover=alert(1) and \u2028\u202Eevil',
    ];
    const message = await tell(
      incident.id,
      whole(await now(), 30, {
        headline: '<b>1</b> </title><script>alert(4)</script>',
        impact: lines.join('\n'),
        known: lines,
        unknown: lines,
        doing: lines,
        customerActions: lines,
        apology: lines[0]!.slice(0, 200),
        protection: lines[1]!,
        dataImpact: {
          state: 'under_investigation',
          sentence: lines[0]!,
          evidence: '',
        },
        componentStates: { [component.id]: 'degraded_performance' },
      }),
    );
    for (const path of ['/status', new URL(message.publicUrl).pathname, '/status/subscribe']) {
      const { text } = await get(path);
      expect(text).not.toMatch(/<(?:img|b|svg><style|iframe)[\s>]/i);
      expect(text).not.toMatch(/<script(?! src="\/status\/assets\/status\.js)/i);
      expect([...text.matchAll(/<[a-z][^>]*\son\w+=/gi)]).toEqual([]);
      expect(
        [...text.matchAll(/href="([^"]*)"/g)]
          .map((found) => found[1])
          .filter((link) => /^(javascript|data):|user:pw/.test(link ?? '')),
      ).toEqual([]);
      expect(text).not.toMatch(/[\u2028\u202e]/);
    }
    for (const path of ['/status/history.atom', '/status/history.rss']) {
      const { text } = await get(path);
      expect(text).not.toMatch(/<(?:img|script|svg|b)[\s>]/i);
    }
    const json = await get('/status/api/v2/incidents.json');
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(JSON.stringify(json.body)).not.toMatch(/[\u2028\u202e]/);
    await writer.post(`/api/v1/incidents/${incident.id}/updates`, {});
    const preview = (
      await writer.post(`/api/v1/incidents/${incident.id}/updates/preview`, {
        kind: 'update',
        fields: whole(await now(), 30, { impact: evil }),
      })
    ).body;
    for (const text of [preview.page, preview.email.html])
      expect(text.replaceAll('<script src="/status/', '')).not.toMatch(/<(?:img|svg><style|script)[\s>]/i);
  });

  it('a component set by hand with a reason is on the page at once', async () => {
    const { component } = await aComponent(house, 'Partner API');
    await setComponentState(await house.ctx('manager'), {
      id: component.id,
      state: 'under_maintenance',
      reason: 'planned work until 18:00',
    });
    await house.settle();
    expect((await get('/status')).text).toContain('Under maintenance');
    expect(
      (
        await writer.post(`/api/v1/components/${component.id}/state`, {
          state: 'operational',
          reason: 'done',
        })
      ).status,
    ).toBe(403);
  });

  it('a false alarm that was published is withdrawn in the open', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await tell(incident.id, whole(await now(), 30, { headline: 'Some mails may be late' }));
    const { dismiss } = await import('#incidents');
    await dismiss(await house.ctx('manager'), {
      incidentId: incident.id,
      reason: 'the probe was wrong',
    });
    await house.settle();
    const page = (await get(new URL(message.publicUrl).pathname)).text;
    expect(page).toContain('We withdrew this notice');
    expect(page).not.toContain('the probe was wrong');
  });
});

describe('for programs', () => {
  it('speaks Statuspage’s v2 shape, to anybody from anywhere', async () => {
    const summary = await get('/api/v2/summary.json');
    expect(summary.headers.get('access-control-allow-origin')).toBe('*');
    expect(summary.body).toMatchObject({
      page: {
        id: expect.any(String),
        url: `${house.url}/status`,
        time_zone: 'Etc/UTC',
      },
      status: {
        indicator: expect.stringMatching(/^(none|minor|major|critical|maintenance)$/),
        description: expect.any(String),
      },
      scheduled_maintenances: [],
    });
    const [component] = summary.body.components;
    expect(Object.keys(component)).toEqual(
      expect.arrayContaining([
        'id',
        'name',
        'status',
        'created_at',
        'updated_at',
        'position',
        'description',
        'showcase',
        'start_date',
        'group_id',
        'page_id',
        'group',
        'only_show_if_degraded',
      ]),
    );
    const { incidents } = (await get('/api/v2/incidents.json')).body;
    expect(Object.keys(incidents[0])).toEqual(
      expect.arrayContaining([
        'id',
        'name',
        'status',
        'impact',
        'created_at',
        'updated_at',
        'monitoring_at',
        'resolved_at',
        'started_at',
        'shortlink',
        'page_id',
        'incident_updates',
        'components',
      ]),
    );
    expect(incidents[0].incident_updates[0]).toMatchObject({
      status: expect.any(String),
      body: expect.any(String),
      affected_components: expect.any(Array),
      x_next_update_by: expect.any(String),
    });
    expect(
      (await get('/api/v2/incidents/unresolved.json')).body.incidents.every(
        (incident: { resolved_at: null }) => incident.resolved_at === null,
      ),
    ).toBe(true);
    expect((await get('/status/api/v2/status.json')).body.status).toEqual(summary.body.status);
  });

  it('has an Atom and an RSS feed with one entry per message', async () => {
    const atom = await get('/status/history.atom');
    expect(atom.headers.get('content-type')).toContain('application/atom+xml');
    const count = await house.core.db
      .selectFrom('comms.messages')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('state', '=', 'published')
      .executeTakeFirstOrThrow();
    expect(atom.text.match(/<entry>/g)?.length).toBe(Number(count.n));
    expect((await get('/status/history.rss')).text.match(/<item>/g)?.length).toBe(Number(count.n));
  });

  it('answers 304 to who has the newest copy', async () => {
    const first = await get('/status');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await get('/status', { 'if-none-match': etag })).status).toBe(304);
    expect(first.headers.get('cache-control')).toContain('max-age=15');
  });
});

describe('standing alone', () => {
  it('asks the database nothing: it is served while every connection is held elsewhere', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => house.core.pool.connect()));
    try {
      const answers = await Promise.all(
        [
          '/status',
          '/status/history',
          '/status/subscribe',
          '/status/confirm?token=x',
          '/api/v2/summary.json',
          '/status/history.atom',
        ].map((path) => fetch(house.url + path, { signal: AbortSignal.timeout(3000) })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    } finally {
      for (const client of clients) client.release();
    }
  });

  it('an old copy claims nothing, and says since when', async () => {
    expect(await isStale()).toBe(false);
    const { writeFileSync } = await import('node:fs');
    const written = `${siteDir()}/written`;
    const kept = readFileSync(written, 'utf8');
    writeFileSync(written, `${Number(kept) - 11 * 60_000}\n`);
    await expect.poll(async () => (await get('/status')).text).toContain('We cannot confirm the present state');
    const page = (await get('/status')).text;
    expect(page).toContain('has not heard from our systems since');
    expect(page).not.toContain('<h1>All services are working</h1>');
    writeFileSync(written, kept);
  });

  it('is written again every five minutes, so that its “as of” stays true', async () => {
    const before = /As of <time datetime="([^"]+)"/.exec((await get('/status')).text)?.[1] ?? '';
    await house.advance('6m');
    const long = new Date(Date.now() - 301_000).getTime();
    writeFileSync(join(siteDir(), 'written'), `${long}\n`);
    const keeping = keepSite(house.core);
    await expect.poll(() => Number(readFileSync(join(siteDir(), 'written'), 'utf8'))).toBeGreaterThan(long);
    await keeping.stop();
    const after = /As of <time datetime="([^"]+)"/.exec((await get('/status')).text)?.[1] ?? '';
    expect(new Date(after).getTime()).toBeGreaterThan(new Date(before).getTime());
    expect(existsSync(`${config.dataDir}/status/index.html`)).toBe(true);
    expect(readdirSync(siteDir()).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('the accent is a colour and nothing else: no style can be smuggled in', async () => {
    const admin = await house.signIn('admin');
    const value = {
      name: 'Orchardline status',
      about: '',
      supportContact: 'support@orchardline.example',
      accent: '#7a1f5c',
      language: 'en',
    };
    for (const accent of ['red;}body{display:none', '#fff', 'url(https://evil.example)', '#12345g', "@import 'x'"]) {
      expect(
        (
          await admin.put('/api/v1/settings/comms.page', {
            value: { ...value, accent },
          })
        ).status,
        accent,
      ).toBe(422);
    }
    expect((await admin.put('/api/v1/settings/comms.page', { value })).status).toBe(200);
    await enqueue(await house.ctx('system'), renderStatusPage, {});
    await house.settle();
    const link = /<link rel="stylesheet" href="([^"]+)"/.exec((await get('/status')).text)?.[1] ?? '';
    expect((await get(link)).text).toContain('--accent:#7a1f5c');
  });
});

describe('in pure code', () => {
  it('steering characters are shown, towers of marks are cut, joiners of scripts stay', () => {
    expect(visible('a\u202Eb\u200Bc\u0000')).toBe('a[U+202E]b[U+200B]c[U+0000]');
    expect([...visible(`Z${'\u0301'.repeat(500)}`)].length).toBeLessThan(7);
    expect(visible('👩‍👩‍👧 می‌خواهم')).toBe('👩‍👩‍👧 می‌خواهم');
    expect(cut('👩‍👩‍👧'.repeat(5), 3)).toBe('👩‍👩‍👧👩‍👩‍👧…');
    expect(escapeMarkup('<a href="x">\'&')).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
    expect(prose('go to https://a.example/x?a=1&b=2).').safe).toBe(
      '<bdi>go to <a href="https://a.example/x?a=1&amp;b=2" rel="nofollow noopener noreferrer">https://a.example/x?a=1&amp;b=2</a>).</bdi>',
    );
  });

  const component = {
    id: 'c',
    name: 'C',
    group: null,
    description: null,
    position: 0,
    state: 'operational' as const,
    stateSince: new Date(0),
    createdAt: new Date(0),
    days: [],
  };
  const shot = (change: Partial<Snapshot>): Snapshot => ({
    page: {
      name: 'P',
      about: '',
      url: '',
      supportContact: '',
      accent: '#000000',
      language: 'en',
      id: 'evenkeel',
      logo: false,
      languages: [],
      accentDark: '',
      canSubscribe: true,
    },
    asOf: new Date(0),
    components: [component],
    maintenances: [],
    incidents: [],
    notices: [],
    emergencyKeys: [],
    ...change,
  });

  it('the banner is never better than any component or any open message', () => {
    expect(overall(shot({})).words).toBe('All services are working');
    const incident = {
      publicId: 'x',
      startedAt: new Date(0),
      firstPublishedAt: new Date(0),
      updatedAt: new Date(0),
      resolvedAt: null,
      withdrawnAt: null,
      updates: [],
    };
    expect(isActive(incident)).toBe(true);
    expect(overall(shot({ incidents: [incident] })).state).toBe('degraded_performance');
    expect(
      overall(
        shot({
          components: [component, { ...component, state: 'major_outage' }],
        }),
      ).words,
    ).toBe('Some services are not available');
    expect(overall(shot({ components: [{ ...component, state: 'major_outage' }] })).words).toBe(
      'Our services are not available',
    );
    expect(overall(shot({ components: [] })).state).toBe('unknown');
  });

  it('a day is as bad as its worst moment', () => {
    const day = 86_400_000;
    const now = new Date(10 * day + 1000);
    const changes = [
      {
        at: new Date(9 * day + 500),
        from: 'partial_outage' as const,
        to: 'operational' as const,
      },
      {
        at: new Date(7 * day + 500),
        from: 'operational' as const,
        to: 'partial_outage' as const,
      },
    ];
    expect(dayStates(now, new Date(6 * day), 'operational', changes, 6)).toEqual([
      null,
      'operational',
      'partial_outage',
      'partial_outage',
      'partial_outage',
      'operational',
    ]);
  });
});
