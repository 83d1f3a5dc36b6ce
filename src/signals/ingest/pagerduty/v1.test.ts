/** PagerDuty's older Events API v1 over real HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, pagerduty } from '../../../../test/harness/alerts.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

const PATH = '/generic/2010-04-15/create_event.json';
const body = (name: string, key: string) =>
  JSON.parse(fixture(`pagerduty-v1/${name}.json`).replace('SERVICE_KEY', key));

it('PagerDuty v1: trigger, acknowledge and resolve act on one alert and answer 200 with the incident key', async () => {
  const sender = await pagerduty(house);
  const post = (name: string) => house.anonymous.post(PATH, body(name, sender.key));
  expect(await post('trigger')).toMatchObject({
    status: 200,
    body: { status: 'success', message: 'Event processed', incident_key: 'srv01/HTTP' },
  });
  await post('trigger');
  const alerts = async () => (await web.get(`/api/v1/alerts?integrationId=${sender.id}`)).body.items;
  expect(await alerts()).toMatchObject([
    { state: 'firing', count: 2, title: 'FAILURE for production/HTTP on machine srv01.acme.com', severity: 'error' },
  ]);
  expect((await alerts())[0].links).toHaveLength(3);
  await post('acknowledge');
  expect((await web.get(`/api/v1/alert-groups?integrationId=${sender.id}`)).body.items[0].state).toBe('acknowledged');
  await post('resolve');
  expect(await alerts()).toMatchObject([{ state: 'resolved' }]);
});

it('PagerDuty v1: what is missing is said in the vendor’s words, an unknown key is 401', async () => {
  const sender = await pagerduty(house);
  const wrong = await house.anonymous.post(PATH, { service_key: sender.key, event_type: 'trigger' });
  expect(wrong).toMatchObject({
    status: 400,
    body: { status: 'invalid event', errors: ['Description is missing or blank'] },
  });
  const noKey = await house.anonymous.post(PATH, { service_key: sender.key, event_type: 'resolve' });
  expect(noKey.body.errors).toEqual(['Incident key is missing or blank']);
  expect((await house.anonymous.post(PATH, body('trigger', 'f'.repeat(32)))).status).toBe(401);
  const cut = JSON.stringify(body('trigger', sender.key)).slice(0, 120);
  expect((await house.anonymous.send('POST', PATH, cut)).status).toBe(400);
  expect((await web.get(`/api/v1/integrations/${sender.id}`)).body.garbageCount).toBe(3);
});
