import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from '../../../../test/harness/alerts.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';
import { type MailDoor, openMailDoor } from './smtp.ts';

let house: House;
let web: WebClient;
let door: MailDoor;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('manager');
  door = await openMailDoor(house.core, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await door?.stop();
  await house.close();
});

const mail = (headers: Record<string, string>, text = 'No space left.') =>
  `${Object.entries({ From: 'Vendor <alert@vendor.com>', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${text}\r\n`;
const post = (key: string, raw: string | Uint8Array, type = 'message/rfc822') =>
  house.anonymous.send('POST', `/integrations/v1/email/${key}`, raw, { 'content-type': type });
const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const integrationOf = async (id: string) => (await web.get(`/api/v1/integrations/${id}`)).body;
const signalsOf = (id: string) =>
  house.core.db.selectFrom('signals.signals').selectAll().where('integrationId', '=', id).execute();
async function bySmtp(key: string, raw: string | Buffer, to = [`${key}@alerts.example.com`]) {
  const transport = createTransport({ host: '127.0.0.1', port: door.port, ignoreTLS: true });
  try {
    return await transport.sendMail({ envelope: { from: 'alert@vendor.com', to }, raw });
  } finally {
    transport.close();
  }
}

describe('alert mail', () => {
  it('by SMTP becomes an alert: subject to title and severity, text to description, and “RESOLVED:” ends it', async () => {
    const { id, key } = await connected(house, 'email');
    await bySmtp(key, mail({ Subject: '[CRITICAL] Disk full on db-1', 'Message-ID': '<1@vendor.com>' }));
    const [alert] = await alertsOf(id);
    expect(alert).toMatchObject({ title: 'Disk full on db-1', severity: 'critical', state: 'firing' });
    const whole = (await web.get(`/api/v1/alerts/${alert.id}`)).body;
    expect(whole).toMatchObject({ description: 'No space left.', labels: { mail_from: 'alert@vendor.com' } });
    await bySmtp(key, mail({ Subject: 'RESOLVED: Disk full on db-1', 'Message-ID': '<2@vendor.com>' }));
    expect(await alertsOf(id)).toMatchObject([{ state: 'resolved' }]);
  });

  it('posted raw goes the same way, and what is stored does not hold the key', async () => {
    const { id, key } = await connected(house, 'email');
    const answer = await post(key, mail({ To: `${key}@x.example`, Subject: 'Disk [WARNING]' }, `Sent to ${key}`));
    expect(answer.status, answer.text).toBe(202);
    expect(await alertsOf(id)).toMatchObject([{ title: 'Disk', severity: 'warning' }]);
    const [signal] = await signalsOf(id);
    expect(signal!.body!.toString()).not.toContain(key);
    expect(JSON.stringify(signal!.wire)).not.toContain(key);
  });

  it('in answer to one that came before is about the same alert, whatever its subject says', async () => {
    const { id, key } = await connected(house, 'email');
    await post(key, mail({ Subject: 'Case 7: router down', 'Message-ID': '<case7@vendor.com>' }));
    const answer = mail({
      Subject: '[RESOLVED] all is well',
      'Message-ID': '<b@vendor.com>',
      'In-Reply-To': '<case7@vendor.com>',
    });
    expect((await post(key, answer)).status).toBe(202);
    expect(await alertsOf(id)).toMatchObject([{ title: 'Case 7: router down', state: 'resolved' }]);
  });

  it('delivered twice counts once', async () => {
    const { id, key } = await connected(house, 'email');
    const raw = mail({ Subject: 'Disk full', 'Message-ID': '<twice@vendor.com>' });
    const first = await post(key, `Received: from a\r\n${raw}`);
    expect((await post(key, `Received: from b\r\n${raw}`)).body).toEqual(first.body);
    expect(await alertsOf(id)).toMatchObject([{ count: 1 }]);
  });

  it('to an address nobody has is refused before it is sent, and over HTTP like every unknown key', async () => {
    await expect(bySmtp('f'.repeat(32), mail({ Subject: 'x' }))).rejects.toMatchObject({ responseCode: 550 });
    expect((await post('f'.repeat(32), mail({ Subject: 'x' }))).status).toBe(401);
    const { id, key } = await connected(house, 'email');
    expect((await post(key, '{"subject":"x"}', 'application/json')).status).toBe(415);
    expect(await signalsOf(id)).toEqual([]);
  });

  it('the test button goes through the same reading', async () => {
    const { id } = await connected(house, 'email');
    expect((await web.post(`/api/v1/integrations/${id}/test`, { action: 'trigger' })).body.groupId).toMatch(/^grp_/);
    expect((await integrationOf(id)).garbageCount).toBe(0);
  });
});

describe('row 27: bad alert mail', () => {
  it('row 27: a loop of automatic answers is cut at three an hour for each sender, shown, and honest reports go on', async () => {
    const { id, key } = await connected(house, 'email');
    const auto = (n: number, from = 'a@loop.com') =>
      mail({ From: from, Subject: `Out of office ${n}`, 'Auto-Submitted': 'auto-replied' });
    const said = [];
    for (let n = 0; n < 5; n++) said.push((await post(key, auto(n))).body.status);
    expect(said).toEqual(['accepted', 'accepted', 'accepted', 'ignored', 'ignored']);
    expect(await alertsOf(id)).toHaveLength(3);
    expect(await integrationOf(id)).toMatchObject({
      garbageCount: 2,
      garbage: { reason: expect.stringMatching(/loop was cut/) },
    });
    expect((await post(key, auto(9, 'b@loop.com'))).body.status).toBe('accepted');
    const report = (n: number) =>
      mail({ From: 'a@loop.com', Subject: `Disk ${n}`, 'Auto-Submitted': 'auto-generated', Precedence: 'bulk' });
    for (let n = 0; n < 5; n++) expect((await post(key, report(n))).body.status).toBe('accepted');
    // The mail server hears yes: a refusal would be answered by the next machine.
    await bySmtp(key, auto(6));
    expect(await alertsOf(id)).toHaveLength(9);
    await house.advance('61m');
    expect((await post(key, auto(7))).body.status).toBe('accepted');
  });

  it('row 27: without a Message-ID the same content is the same alert, and comes again after its end', async () => {
    const { id, key } = await connected(house, 'email');
    const raw = mail({ Subject: '[ERROR] Backup failed' });
    await post(key, raw);
    await post(key, raw);
    expect(await alertsOf(id)).toMatchObject([{ count: 2, state: 'firing' }]);
    await post(key, mail({ Subject: '[OK] Backup failed' }));
    await house.advance('10m');
    await post(key, raw);
    expect((await alertsOf(id)).map((alert: { state: string }) => alert.state).sort()).toEqual(['firing', 'resolved']);
  });

  it('row 27: a forged From is refused by the list or by the named server, and what the header said is shown, not believed', async () => {
    const results = 'mx.example.com; dkim=fail header.d=vendor.com; spf=fail; dmarc=fail';
    const free = await connected(house, 'email');
    await post(free.key, mail({ 'Authentication-Results': results, Subject: 'Free' }));
    const [alert] = await alertsOf(free.id);
    expect(alert.marks).toContain('sender_unproven');
    expect((await web.get(`/api/v1/alerts/${alert.id}`)).body).toMatchObject({
      labels: { mail_said: 'dkim=fail spf=fail dmarc=fail by mx.example.com' },
      details: { authenticationBelieved: false },
    });

    const listed = await connected(house, 'email', { senders: '@vendor.com' });
    const foreign = mail({ From: 'mallory@evil.com', Subject: 'Foreign' });
    expect((await post(listed.key, foreign)).status).toBe(403);
    await expect(bySmtp(listed.key, foreign)).rejects.toMatchObject({ responseCode: 550 });
    expect(await signalsOf(listed.id)).toEqual([]);
    expect(await integrationOf(listed.id)).toMatchObject({ garbageCount: 2 });

    const strict = await connected(house, 'email', { senders: '@vendor.com', server: 'mx.example.com' });
    expect((await post(strict.key, mail({ Subject: 'No header' }))).status).toBe(403);
    expect((await post(strict.key, mail({ 'Authentication-Results': results, Subject: 'Forged' }))).status).toBe(403);
    const good = 'mx.example.com; dkim=pass header.d=vendor.com; dmarc=pass';
    expect((await post(strict.key, mail({ 'Authentication-Results': good, Subject: 'True' }))).status).toBe(202);
    expect(await alertsOf(strict.id)).toMatchObject([
      { title: 'True', marks: expect.not.arrayContaining(['sender_unproven']) },
    ]);
  });

  it('row 27: 50 MB are refused, 413 and 552, and nothing is half stored', async () => {
    const { id, key } = await connected(house, 'email');
    const big = Buffer.concat([Buffer.from(mail({ Subject: 'Big' })), Buffer.alloc(50 * 1024 * 1024, 'x\r\n')]);
    expect((await post(key, big)).status).toBe(413);
    await expect(bySmtp(key, big)).rejects.toMatchObject({ responseCode: 552 });
    expect(await signalsOf(id)).toEqual([]);
    expect(await alertsOf(id)).toEqual([]);
    // The door goes on working.
    await bySmtp(key, mail({ Subject: 'Small' }));
    expect(await alertsOf(id)).toHaveLength(1);
  });

  it('row 27: MIME nested 100 deep and header bombs are refused for good, 422 and 554, and counted', async () => {
    const { id, key } = await connected(house, 'email');
    let deep = 'Content-Type: text/plain\r\n\r\nx\r\n';
    for (let n = 0; n < 100; n++)
      deep = `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n${deep}\r\n--b${n}--\r\n`;
    const bomb = `${'X-Bomb: 1\r\n'.repeat(20_000)}Subject: x\r\n\r\nx`;
    for (const raw of [`Subject: Deep\r\n${deep}`, bomb]) {
      expect((await post(key, raw)).status).toBe(422);
      await expect(bySmtp(key, raw)).rejects.toMatchObject({ responseCode: 554 });
    }
    expect(await signalsOf(id)).toEqual([]);
    expect(await integrationOf(id)).toMatchObject({ garbageCount: 4 });
  });
});
