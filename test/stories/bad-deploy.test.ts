/** A bad deploy of one upstream: 40 alerts, one page, the change ranked first, the map red in the right place. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService, recordChange, setDependencies } from '#catalog';
import { sql } from '#kernel';
import { createPolicy } from '#people';
import { pagerduty } from '../harness/alerts.ts';
import { axeCheck, closeBrowser, openPage } from '../harness/browser.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

const NAMES = ['Orders', 'Billing', 'Search', 'Accounts', 'Shipping', 'Invoices'];

test('a bad deploy of one upstream: 40 alerts, one page, and the change is ranked first', async () => {
  const ctx = await house.ctx('manager');
  const policy = await createPolicy(ctx, {
    name: 'First line',
    teamId: null,
    steps: [{ delaySeconds: 300, targets: [{ kind: 'user', id: await house.userId('responder') }] }],
    repeat: 0,
  });
  const own = { tier: 3 as const, policyId: policy.id };
  const upstream = await createService(ctx, { name: 'Postgres main', kind: 'store', ...own });
  const six: { id: string; slug: string }[] = [];
  for (const name of NAMES) six.push(await createService(ctx, { name, ...own }));
  const other = await createService(ctx, { name: 'Newsletter', ...own });
  for (const { id } of six)
    await setDependencies(ctx, { id, dependsOn: [{ serviceId: upstream.id, strength: 'hard' }] });

  // A day as any other: three deploys, one of them of the store, a few minutes before.
  await recordChange(ctx, { service: other.id, summary: 'Newsletter 3.1', source: 'pipeline' });
  await recordChange(ctx, { service: six[2]!.id, summary: 'Search: new weights', kind: 'config', source: 'pipeline' });
  await house.advance('50m');
  await recordChange(ctx, {
    service: upstream.id,
    summary: 'Postgres main: new pool limits',
    kind: 'config',
    source: 'pipeline',
  });
  await recordChange(ctx, { service: six[4]!.id, summary: 'Shipping 9.0', source: 'pipeline' });
  await house.advance('4m');

  const sender = await pagerduty(house, { name: 'Prometheus' });
  const fire = (slug: string, n: number) =>
    sender.event('trigger', `${slug}-${n}`, {
      summary: `${slug}: errors (${n})`,
      severity: 'error',
      custom_details: { service: slug },
    });
  await fire(upstream.slug, 0);
  await house.advance('20s');
  for (let n = 1; n < 40; n++) await fire(six[n % 6]!.slug, n);
  await house.advance('3s');

  const pages = await sql<{ title: string }>`select title from people.pages`.execute(house.core.db);
  expect(pages.rows.map(({ title }) => title)).toEqual(['Postgres main: postgres-main: errors (0)']);

  const web = await house.signIn('responder');
  const top = (await web.get('/api/v1/alert-groups?top=true&state=active')).body.items;
  expect(top).toHaveLength(1);
  expect(top[0].correlation).toMatchObject({ origin: { name: 'Postgres main' }, alerts: 40, services: 7 });
  const suspects = (await web.get(`/api/v1/alert-groups/${top[0].id}/suspects`)).body.items;
  expect(suspects[0].change.summary).toBe('Postgres main: new pool limits');
  expect(suspects[0].score).toBeGreaterThan(2 * suspects[1].score);

  // An incident is declared from it: the same suspect leads there.
  const declared = await web.post('/api/v1/incidents', { title: 'Orders fail', groupIds: [top[0].id], severity: 2 });
  expect(declared.status).toBe(201);
  await house.settle();
  const there = (await web.get(`/api/v1/incidents/${declared.body.id}/suspects`)).body.items;
  expect(there[0].change.summary).toBe('Postgres main: new pool limits');
}, 60_000);

test('in the console the case says why, the map is red in the right place, and a service is taken out by one button', async () => {
  const [group] = (await (await house.signIn('responder')).get('/api/v1/alert-groups?top=true&state=active')).body
    .items;
  const signedInAs = { cookie: `evenkeel=${await house.sessionToken('responder')}` };
  const { page, goto, close } = await openPage(house.url, { signedInAs, path: '/alerts' });
  page.setDefaultTimeout(12_000);
  await page.getByText('Probable origin Postgres main: 40 alerts of 7 services').waitFor();
  await goto(`/alerts/${group.id}`);
  await page.getByRole('heading', { name: 'Probable origin: Postgres main' }).waitFor();
  await page.getByText('6 of 6 alerting services depend on Postgres main').waitFor();
  await page.getByText('it alerted 20 s before the first of them').waitFor();
  const first = page.getByRole('list', { name: 'Suspected changes, likeliest first' }).getByRole('listitem').first();
  expect(await first.textContent()).toContain('Postgres main: new pool limits');
  expect(await axeCheck(page)).toEqual([]);

  await goto('/map');
  const node = (name: string) => page.getByLabel(new RegExp(`^${name}`)).first();
  await node('Postgres main').waitFor();
  await page.getByText('Probable origin · 40 alerts').waitFor();
  expect(await page.getByText('Follows from Postgres main').count()).toBe(6);

  // One of them has a cause of its own: a person takes it out, and its people are asked.
  await goto(`/alerts/${group.id}`);
  await page.getByRole('button', { name: 'Take Search out of the case' }).click();
  await page.getByText('Taken out by Rui Responder').waitFor();
  expect((await sql`select id from people.pages where state <> 'stopped'`.execute(house.core.db)).rows).toHaveLength(2);
  await page.getByRole('button', { name: 'Put back' }).click();
  await page.getByText('Taken out by Rui Responder').waitFor({ state: 'detached' });

  // Rules: what one would have changed in the last week, before it is kept.
  await close();
  const manager = { cookie: `evenkeel=${await house.sessionToken('manager')}` };
  const rules = await openPage(house.url, { signedInAs: manager, path: '/settings/rules' });
  rules.page.setDefaultTimeout(12_000);
  await rules.page.getByRole('button', { name: 'Add a triage rule' }).click();
  await rules.page.getByLabel('Name').fill('Search is not urgent');
  await rules.page.getByLabel('When').fill('event.service == "search"');
  await rules.page.getByRole('combobox', { name: 'Urgency' }).click();
  await rules.page.getByRole('option', { name: 'Low', exact: true }).click();
  await rules.page.getByRole('button', { name: 'Try it on last week' }).click();
  await rules.page.getByText(/It would have changed \d+ of the last week’s 40 alerts/).waitFor();
  expect(await axeCheck(rules.page)).toEqual([]);
  await rules.page.getByRole('button', { name: 'Add', exact: true }).click();
  await rules.page.getByText('low urgency').waitFor();
  await rules.close();
}, 120_000);
