/** Nobody writes: on a moved clock the ladder is climbed rung by rung, and ends in a holding statement on every channel. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assignRole } from '#incidents';
import { aComponent, anIncident } from '../harness/comms.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const form = (path: string, fields: Record<string, string>) =>
  house.anonymous.send('POST', path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });

test('if nobody writes, the writer, the commander and the deputy are told in turn, and then customers are, everywhere by one revision', async () => {
  const admin = await house.signIn('admin');
  const words = {
    enabled: true,
    headline: 'We are looking into a disruption',
    text: 'Something does not work as it should, and we are working on it.',
    late: 'We had promised you an update by now and do not have one ready. The work goes on.',
  };
  await admin.put('/api/v1/settings/comms.holding', { value: words });
  const page = {
    name: 'Orchardline',
    about: '',
    supportContact: 'support@orchardline.example',
    accent: '#0e7c7b',
    language: 'en',
  };
  await admin.put('/api/v1/settings/comms.page', { value: page });
  await form('/status/subscribe', { email: 'reader@example.com' });
  await house.settle();
  await form('/status/confirm', { token: /token=([\w-]+)/.exec(house.smtp.messages.at(-1)?.text ?? '')?.[1] ?? '' });

  const { service } = await aComponent(house, 'Card payments');
  const incident = await anIncident(house, { severity: 2, serviceIds: [service.id] });
  await assignRole(await house.ctx('admin'), { incidentId: incident.id, role: 'deputy' });
  await house.settle();
  house.smtp.clear();
  const told = (about: string) =>
    house.smtp.messages.filter(({ subject }) => subject.includes(about)).map(({ to }) => to[0]?.split('@')[0]);

  // Due after fifteen minutes: five before it the writer, then the commander, at half as much again the deputy.
  await house.advance('11m');
  expect(told('expect an update')).toEqual(['responder']);
  expect(told('is overdue')).toEqual([]);
  await house.advance('5m');
  expect(told('is overdue')).toEqual(['manager']);
  await house.advance('7m');
  expect(told('long overdue')).toEqual(['admin']);
  expect(house.smtp.messages.filter(({ to }) => to.includes('reader@example.com'))).toEqual([]);
  await house.advance('8m');

  const viewer = await house.signIn('responder');
  const [message] = (await viewer.get(`/api/v1/incidents/${incident.id}/updates`)).body.items;
  const { id, factsHash, fields } = message.revision;
  expect(fields.headline).toContain('Card payments');
  const mail = house.smtp.messages.find(({ to }) => to.includes('reader@example.com'));
  expect(mail?.headers['x-evenkeel-revision']).toEqual([id]);
  expect(mail?.headers['x-evenkeel-facts']).toEqual([factsHash]);
  expect(mail?.text).toContain('This was sent automatically');

  // The page, and the document that the banner in the product and other programs read; each with contact and next time.
  const html = (await house.anonymous.get(new URL(message.publicUrl).pathname)).text;
  expect(html).toContain('Sent automatically, in words prepared beforehand');
  const next = `${fields.nextUpdateBy.slice(11, 16)}`;
  for (const text of [html, mail?.text ?? '']) {
    expect(text).toContain('support@orchardline.example');
    expect(text).toContain(next);
  }
  const { incidents } = (await house.anonymous.get('/status/api/v2/summary.json')).body;
  expect(incidents[0].incident_updates[0]).toMatchObject({
    id,
    x_automatic: true,
    x_next_update_by: fields.nextUpdateBy,
  });
  for (const feed of ['/status/history.atom', '/status/history.rss'])
    expect((await house.anonymous.get(feed)).text, feed).toContain(id);

  // Every rung stands in the record.
  const record = (await viewer.get(`/api/v1/incidents/${incident.id}/timeline`)).text;
  for (const words of [
    'Customer update overdue',
    'Customer update still overdue',
    'Nobody wrote an update in time',
    'Holding statement published',
  ])
    expect(record).toContain(words);
});
