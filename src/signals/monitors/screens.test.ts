/** Monitors, heartbeats, places and objectives in a real browser: added by hand, tried, looked at; wide and narrow, axe-clean. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeCheck, closeBrowser, type OpenedPage, openPage, settled } from '../../../test/harness/browser.ts';
import type { TestRole } from '../../../test/harness/database.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { openSink, type Sink } from '../../../test/fakes/sink.ts';
import { createService } from '../../catalog/index.ts';
import { sql } from '../../kernel/index.ts';
import { createIntegration } from '../commands/createIntegration.ts';
import { createMetricWatch } from '../metrics/commands/createMetricWatch.ts';
import { feedMetrics } from '../metrics/commands/feedMetrics.ts';
import { createMonitor } from './commands/createMonitor.ts';
import { type Eyes, openEyes } from './engine/node.ts';
import { saveHeartbeat } from './heartbeats/commands/saveHeartbeat.ts';
import { createProbe } from './probes/commands/createProbe.ts';
import { createSlo } from './slo/commands/createSlo.ts';

/** With SHOTS=<folder> every screen looked at is also saved as a picture. */
const shots = process.env.SHOTS;

let house: House;
let shop: Sink;
let eyes: Eyes;
let front: string;
let slo: string;
let series: string;
beforeAll(async () => {
  house = await openHouse();
  shop = await openSink();
  await seed();
}, 120_000);
afterAll(async () => {
  await eyes.stop();
  await closeBrowser();
  await shop.close();
  await house.close();
});

async function seed(): Promise<void> {
  const manager = await house.ctx('manager');
  const { id: serviceId } = await createService(manager, { name: 'Shop', tier: 1 });
  const watch = async (name: string, path: string, more = {}) =>
    (
      await createMonitor(manager, {
        name,
        kind: 'http',
        spec: { url: `${shop.url}${path}`, assertions: [{ on: 'json', at: '$.ok', is: 'is', value: 'true' }] },
        intervalSeconds: 30,
        serviceId,
        ...more,
      })
    ).id;
  front = await watch('Shop front', '/front');
  const search = await watch('Search answers', '/search');
  await watch('Payment page', '/pay', { severity: 'critical' });
  await watch('Old admin', '/old', { enabled: false });
  const { probe } = await createProbe(manager, { name: 'Lisbon' });
  await watch('Partner API', '/partner', { places: [probe.id] });
  const beats = await createIntegration(manager, { kind: 'generic', name: 'Heartbeats', serviceId: null });
  for (const name of ['nightly-backup', 'import-prices'])
    await saveHeartbeat(manager, { integrationId: beats.integration.id, name, intervalSeconds: 3600, description: '' });
  slo = (
    await createSlo(manager, {
      name: 'Shop answers',
      target: 0.995,
      serviceId,
      source: { kind: 'monitors', monitorIds: [front, search] },
    })
  ).id;
  let [n, down] = [0, false];
  shop.answer(({ path }) => ({
    delayMs: path === '/search' ? 20 : 2,
    status: (path === '/pay' && down) || (path === '/search' && ++n % 9 === 0) ? 503 : 200,
  }));
  eyes = await openEyes(house.core, { node: 'evenkeel shop-1:4711:a1b2c3', manual: true });
  await eyes.look();
  // A day that has been: hours of sums, as looks would have left them.
  const ctx = await house.ctx('system');
  await sql`insert into signals.monitor_rollups (monitor_id, seconds, at, place, n, failed, ms_sum, ms_min, ms_max)
    select m.id, s, to_timestamp(floor(extract(epoch from ${ctx.now}::timestamptz) / s) * s - k * s), 'main', s / 30,
      case when k % 37 = 5 then s / 90 else 0 end, (s / 30) * (60 + 25 * sin(k / 9.0) + k % 7), 30, 140 + 40 * (k % 5)
    from signals.monitors m, (values (300, 287), (3600, 700)) as v(s, n), generate_series(1, v.n) as k
    where m.enabled and m.name <> 'Partner API' on conflict do nothing`.execute(ctx.db);
  await sql`insert into signals.slo_counts (slo_id, seconds, at, good, total)
    select ${slo}, 3600, to_timestamp(floor(extract(epoch from ${ctx.now}::timestamptz) / 3600) * 3600 - k * 3600),
      240 - case when k between 300 and 306 then 60 when k % 90 = 3 then 40 else 0 end, 240
    from generate_series(1, 700) as k on conflict do nothing`.execute(ctx.db);
  await seedMetrics();
  for (let i = 0; i < 12; i++) {
    down = i > 5;
    await house.advance('30s');
    await eyes.look();
  }
}

/** A day of orders a minute, with a quiet night; in its last minutes far too many. */
async function seedMetrics(): Promise<void> {
  const watch = await createMetricWatch(await house.ctx('manager'), {
    name: 'Orders a minute',
    source: 'write',
    selector: 'orders_total{shop="eu"}',
    maxSeries: 1,
  });
  const ctx = await house.ctx('system');
  const end = Math.floor(ctx.now.getTime() / 60_000);
  const value = (n: number) => 60 + 25 * Math.sin(n / 230) + 4 * Math.sin(n * 12.9) + (n > 1895 ? 90 : 0);
  const samples = Array.from({ length: 1900 }, (_, n) => ({ at: (end - 1900 + n) * 60_000, value: value(n) }));
  const labels = { __name__: 'orders_total', shop: 'eu', service: 'shop' };
  const more = ['us', 'asia'].map((shop) => ({ labels: { ...labels, shop }, samples: samples.slice(-1) }));
  await feedMetrics(ctx, { watchId: watch.id, version: watch.version, series: [{ labels, samples }, ...more] });
  series = (await house.core.db.selectFrom('signals.metricSeries').select('id').executeTakeFirstOrThrow()).id;
}

async function open(
  role: TestRole,
  path: string,
  options: { width?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<OpenedPage> {
  return await openPage(house as never, { signedInAs: role, path, ...options });
}

async function picture({ page }: OpenedPage, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

const SCREENS = () =>
  [
    ['monitors', '/monitors'],
    ['monitor', `/monitors/${front}`],
    ['monitor-new', '/monitors/new'],
    ['monitor-edit', `/monitors/${front}/edit`],
    ['heartbeats', '/monitors/heartbeats'],
    ['places', '/monitors/places'],
    ['slos', '/monitors/slos'],
    ['slo', `/monitors/slos/${slo}`],
    ['metrics', '/monitors/metrics'],
    ['series', `/monitors/metrics/${series}`],
  ] as const;

describe('own eyes', () => {
  it.each([
    [1440, 'light'],
    [1440, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'every screen fits %i px in %s and axe finds nothing',
    async (width, colorScheme) => {
      for (const [name, path] of SCREENS()) {
        const opened = await open('manager', path, { width, colorScheme });
        await picture(opened, `${name}-${width}-${colorScheme}`);
        const wide = await opened.page.evaluate<number>('document.documentElement.scrollWidth');
        expect(wide, name).toBeLessThanOrEqual(width);
        expect(await axeCheck(opened.page), name).toEqual([]);
        await opened.close();
      }
    },
    240_000,
  );

  it('shows what is down first, and what nobody looked at as unknown', async () => {
    const opened = await open('responder', '/monitors');
    const { page } = opened;
    const rows = page.getByRole('table', { name: 'Monitors' }).getByRole('row');
    expect(await rows.nth(1).innerText()).toMatch(/Down[\s\S]*Payment page[\s\S]*503/);
    expect(await rows.nth(2).innerText()).toMatch(/Unknown[\s\S]*Partner API/);
    expect(await page.getByRole('link', { name: 'Watch something' }).count()).toBe(0);
    await opened.close();
  }, 60_000);

  it('a monitor is added by hand: kind, address, a condition, tried with its result, kept', async () => {
    const opened = await open('manager', '/monitors/new', { width: 390 });
    const { page } = opened;
    await page.getByRole('button', { name: /^HTTP Calls an address/ }).click();
    await page.getByLabel('Name', { exact: false }).first().fill('By hand');
    await page.getByLabel('Address', { exact: false }).first().fill(`${shop.url}/by-hand`);
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByLabel('Condition 1: value').fill('nothing like it');
    await page.getByRole('button', { name: 'Try it now' }).click();
    await page.getByText('Body contains nothing like it').first().waitFor();
    await picture(opened, 'monitor-tried-390');
    expect(await axeCheck(page)).toEqual([]);
    await page.getByLabel('Condition 1: value').fill('ok');
    await page.getByRole('button', { name: 'Try it now' }).click();
    await page.getByText('All is well').waitFor();
    await page.getByRole('button', { name: 'Watch it' }).click();
    await page.getByRole('heading', { name: 'By hand', level: 1 }).waitFor();
    await settled(page);
    expect(await page.getByText('Has not been looked at yet').count()).toBe(0);
    await page.getByText('Unknown').first().waitFor();
    await opened.close();
  }, 90_000);

  it('a refusal of the server stands at its field', async () => {
    const opened = await open('manager', '/monitors/new');
    const { page } = opened;
    await page.getByRole('button', { name: /^HTTP Calls an address/ }).click();
    await page.getByLabel('Name', { exact: false }).first().fill('Refused');
    await page.getByLabel('Address', { exact: false }).first().fill('http://10.0.0.1/');
    await page.getByRole('button', { name: 'Watch it' }).click();
    await page
      .getByText(/10\.0\.0\.1 is a private or reserved address/)
      .first()
      .waitFor();
    await opened.close();
  }, 60_000);

  it('a heartbeat shows how it calls, for curl, crontab, systemd and Kubernetes', async () => {
    const opened = await open('manager', '/monitors/heartbeats');
    const { page } = opened;
    await page.getByRole('button', { name: 'How nightly-backup calls' }).click();
    await page.getByRole('button', { name: 'Show the address' }).click();
    const command = page.getByRole('region', { name: 'When the job is done' });
    await command.waitFor();
    const address = /https?:\S+/.exec(await command.innerText())?.[0] ?? '';
    expect(address).toMatch(/\/heartbeat\/[0-9a-f]{32}\/nightly-backup$/);
    await picture(opened, 'heartbeat-how');
    expect(await axeCheck(page)).toEqual([]);
    expect((await fetch(address)).status).toBe(200);
    await opened.close();
  }, 60_000);

  it('an unusual value is shown with its band and its reason; a thumb moves the threshold and is counted', async () => {
    const opened = await open('manager', '/monitors/metrics');
    const { page } = opened;
    await page.getByText(/Not watched, for example: orders_total/).waitFor();
    await page.getByRole('link', { name: /orders_total/ }).click();
    await page.getByRole('img', { name: /Values over time, now .* 1 anomalies|Values over time/ }).waitFor();
    const item = page.getByRole('list', { name: 'Anomalies' }).getByRole('listitem').first();
    expect(await item.innerText()).toMatch(/expected [\d.]+ to [\d.]+[\s\S]*(mean|usual at this time|never followed)/);
    await item.getByRole('button', { name: 'Not useful' }).click();
    await page.getByText('0 of 1 found useful').waitFor();
    await page.getByText(/^\+\d/).waitFor();
    await page.getByRole('link', { name: 'Metrics', exact: true }).first().click();
    await page.getByRole('button', { name: 'Watch metrics' }).click();
    await page.getByLabel('Name').fill('Wrong');
    await page.getByLabel('Which series').fill('up{job=api}');
    await page.getByRole('button', { name: 'Watch it' }).click();
    await page.getByText(/Character 8/).waitFor();
    await opened.close();
  }, 60_000);

  it('an empty installation says what to do first', async () => {
    const empty = await openHouse();
    try {
      for (const [path, title] of [
        ['/monitors', 'Nothing is watched yet'],
        ['/monitors/heartbeats', 'Nothing has to call yet'],
        ['/monitors/slos', 'Nothing is promised yet'],
        ['/monitors/metrics', 'No metric is watched yet'],
      ] as const) {
        const opened = await openPage(empty as never, { signedInAs: 'manager', path });
        await opened.page.getByText(title).waitFor();
        expect(await axeCheck(opened.page)).toEqual([]);
        await opened.close();
      }
    } finally {
      await empty.close();
    }
  }, 90_000);
});
