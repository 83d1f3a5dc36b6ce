/** The rows of the bad-input catalogue that hold for a post of any family, tried on every family whose posts need no signature. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from '../../../test/harness/alerts.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { rotateKey } from '../commands/rotateKey.ts';
import { updateIntegration } from '../commands/updateIntegration.ts';
import { families } from './families.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

/** Where and how the key travels; families not named take it in the address of their first door with one. */
const WAYS: Record<string, (key: string) => [path: string, headers?: Record<string, string>]> = {
  alertmanager: (key) => ['/integrations/v1/alertmanager', { authorization: `Bearer ${key}` }],
  pagerduty: (key) => ['/v2/enqueue', { 'x-routing-key': key }],
  opsgenie: (key) => ['/v2/alerts', { authorization: `GenieKey ${key}` }],
  prometheus: (key) => ['/api/v2/alerts', { authorization: `Bearer ${key}` }],
  incidentio: (key) => ['/v2/alert_events/alertmanager/x', { authorization: `Bearer ${key}` }],
  goalert: (key) => [`/api/v2/generic/incoming?token=${key}`],
};
const SIGNED = ['sentry', 'sns'];
/** Its posts are no JSON; it has its own row 27 (email/email.test.ts). */
const MAIL = ['email'];

const tried = families
  .filter((family) => ![...SIGNED, ...MAIL].includes(family.kind))
  .map((family) => ({ kind: family.kind, family }));

describe.each(tried)('$kind', ({ kind, family }) => {
  async function sender() {
    const { id, key } = await connected(house, kind);
    const door = family.doors.find((one) => one.path.includes(':key'))?.path ?? '';
    const way = WAYS[kind] ?? ((k: string): [string] => [door.replace(':key', k).replace(':routing', 'r')]);
    const send = (body: string | Uint8Array, headers: Record<string, string> = {}, withKey = key) => {
      const [path, more = {}] = way(withKey);
      return house.anonymous.send('POST', path, body, { 'content-type': 'application/json', ...more, ...headers });
    };
    const at = (await house.ctx('system')).now;
    const body = family.sample('trigger', { url: house.url, key, name: 'Row' }, at);
    return { id, key, send, text: JSON.stringify(body) };
  }
  const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;

  it('rows 2, 6, 9: JSON cut in the middle, nested too deep, and a member twice are 400 at once', async () => {
    const { id, send, text } = await sender();
    expect((await send(text.slice(0, -3))).status).toBe(400);
    const started = performance.now();
    expect((await send('['.repeat(200_000) + ']'.repeat(200_000))).status).toBe(400);
    expect(performance.now() - started).toBeLessThan(2000);
    expect((await send('{"a":1,"a":2}')).status).toBe(400);
    expect(await alertsOf(id)).toEqual([]);
    expect((await web.get(`/api/v1/integrations/${id}`)).body.garbageCount).toBe(3);
  });

  it('rows 4, 5, 10: a NUL, half a character and names of prototypes are data', async () => {
    const { id, send, text } = await sender();
    const hostile = text.replace('Row', 'Row \\u0000 \\ud800 __proto__');
    expect(hostile).not.toBe(text);
    const open = hostile.indexOf('{') + 1;
    const answer = await send(
      `${hostile.slice(0, open)}"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${hostile.slice(open)}`,
    );
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(await alertsOf(id)).toMatchObject([{ state: 'firing', marks: expect.arrayContaining(['sanitized']) }]);
  });

  it('rows 11, 13, 14: too large is 413, other media types and UTF-16 are 415, a byte order mark is taken', async () => {
    const { send, text } = await sender();
    expect((await send(`[${'1,'.repeat(1_200_000)}1]`)).status).toBe(413);
    expect((await send('<a/>', { 'content-type': 'application/xml' })).status).toBe(415);
    expect((await send(text, { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(415);
    expect((await send(Buffer.from(text, 'utf16le'))).status).toBe(415);
    expect((await send(`\ufeff${text}`)).status).toBeLessThan(300);
  });

  it('row 15: a title of 100,000 characters is cut and the alert is taken', async () => {
    const { id, send, text } = await sender();
    expect((await send(text.replaceAll('Row', 'R'.repeat(100_000)))).status).toBeLessThan(300);
    const [alert] = await alertsOf(id);
    expect(alert.title.length).toBeLessThanOrEqual(1024);
    expect(alert.marks.some((mark: string) => mark.startsWith('cut:'))).toBe(true);
  });

  it('row 22: an unknown and a revoked key answer alike, a switched-off integration is 403 and counted', async () => {
    const { id, key, send, text } = await sender();
    const unknown = await send(text.replaceAll(key, 'f'.repeat(32)), {}, 'f'.repeat(32));
    const manager = await house.ctx('manager');
    await updateIntegration(manager, { id, enabled: false });
    expect((await send(text)).status).toBe(403);
    expect((await web.get(`/api/v1/integrations/${id}`)).body.droppedCount).toBe(1);
    await updateIntegration(await house.ctx('manager'), { id, enabled: true });
    await rotateKey(manager, { id, overlapHours: 0 });
    const revoked = await send(text);
    expect([unknown.status, revoked.status]).toEqual(kind === 'uptimekuma' ? [404, 404] : [401, 401]);
    const words = (answer: { text: string }) => answer.text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
    expect(words(unknown)).toBe(words(revoked));
    expect(await alertsOf(id)).toEqual([]);
  });
});
