/** What can be said when nothing else works: signed by a key of its own, shown by files alone, and in the record afterwards. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { type Edge, openEdge } from '../statuspage/edge.ts';
import { siteDir } from '../statuspage/files.ts';
import { mergeWaiting, renderNow } from '../statuspage/jobs.ts';
import { newEmergencyKey, readNotice, signNotice } from './note.ts';
import { takeNotice } from './taking.ts';

let house: House;
let admin: WebClient;
let edge: Edge | undefined;
const dirs: string[] = [];
const scratch = () => {
  const dir = mkdtempSync(join(tmpdir(), 'evenkeel-status-'));
  dirs.push(dir);
  return dir;
};

beforeAll(async () => {
  house = await openHouse();
  admin = await house.signIn('admin');
});
afterEach(async () => {
  await edge?.close();
  edge = undefined;
});
afterAll(async () => {
  await house.close();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

const WORDS = {
  headline: 'Sign-in does not work',
  text: 'Since 09:12 UTC nobody can sign in. Orders that are open go on. We do not know yet how long it will last.',
  nextUpdateBy: new Date('2026-11-23T10:00:00Z'),
};
const NOW = new Date('2026-11-23T09:20:00Z');

async function aKey(name = 'The safe in the office') {
  const made = await admin.post('/api/v1/status-page/emergency/keys', { name });
  expect(made.status).toBe(201);
  await house.settle();
  return made.body as { key: { id: string; name: string }; privateKey: string };
}
const system = () => house.ctx('system');
const page = async () => (await house.anonymous.get('/status')).text;
const fileOf = (dir: string, path: string) => readFileSync(join(dir, path), 'utf8');

describe('a key', () => {
  test('is shown once, made by an administrator only, and stands in the audit log without its private half', async () => {
    const { key, privateKey } = await aKey();
    expect(privateKey).toContain('BEGIN PRIVATE KEY');
    const listed = await (await house.signIn('viewer')).get('/api/v1/status-page/emergency');
    expect(listed.body.keys).toContainEqual(expect.objectContaining({ id: key.id, revokedAt: null }));
    expect(JSON.stringify(listed.body)).not.toContain('PRIVATE');
    const refused = await (await house.signIn('manager')).post('/api/v1/status-page/emergency/keys', { name: 'Mine' });
    expect(refused.status).toBe(403);
    const rows = await house.core.db.selectFrom('security.audit').selectAll().execute();
    expect(JSON.stringify(rows)).toContain(key.id);
    expect(JSON.stringify(rows)).not.toContain(privateKey.split('\n')[1]);
  });

  test('that is revoked, unknown, or did not sign these very words is refused', async () => {
    const { key, privateKey } = await aKey('Lost');
    const keys = JSON.parse(fileOf(siteDir(), 'emergency/keys.json'));
    const good = signNotice(WORDS, privateKey, NOW);
    expect(readNotice(good, keys)).toMatchObject({ key: { id: key.id } });
    for (const change of [
      { headline: 'All is well' },
      { nextUpdateBy: null },
      { writtenAt: '2026-11-23T09:20:01.000Z' },
      { key: newEmergencyKey().id },
      { signature: Buffer.alloc(64).toString('base64') },
      { more: 1 },
    ])
      expect(readNotice({ ...good, ...change }, keys), JSON.stringify(change)).toHaveProperty('refused');
    expect((await admin.delete(`/api/v1/status-page/emergency/keys/${key.id}`)).status).toBe(204);
    await house.settle();
    const answer = await house.anonymous.post('/status/emergency', good);
    expect(answer.status).toBe(403);
    expect(await page()).not.toContain(WORDS.headline);
    expect(() => signNotice(WORDS, 'no key', NOW)).toThrow('not an emergency key');
  });
});

describe('a notice', () => {
  test('is on the page, in the feeds and for programs at once, by the files alone; nothing claims that all is well', async () => {
    const { privateKey } = await aKey();
    const dir = scratch();
    // A copy of the site, without product or database.
    edge = await openEdge({ dir, host: '127.0.0.1', port: 0, everyMs: 60_000 });
    for (const path of [
      'index.html',
      'index.stale.html',
      'index.notice.html',
      'history.html',
      'history.atom',
      'history.rss',
      'api/v2/summary.json',
      'api/v2/status.json',
      'emergency/keys.json',
      'written',
      'page',
    ])
      await import('node:fs/promises').then(async ({ cp }) => cp(join(siteDir(), path), join(dir, path)));
    const plain = fileOf(dir, 'index.html');
    const notice = signNotice({ ...WORDS, headline: '<b>Sign-in</b> & more' }, privateKey, NOW);
    const answer = await fetch(`${edge.url}/emergency`, { method: 'POST', body: JSON.stringify(notice) });
    expect(answer.status).toBe(202);
    const shown = await (await fetch(edge.url)).text();
    expect(shown).toContain('&lt;b&gt;Sign-in&lt;/b&gt; &amp; more');
    expect(shown).toContain('There is a disruption: please read the notice');
    expect(shown).not.toContain('All services are working');
    for (const path of ['history.html', 'history.atom', 'history.rss']) expect(fileOf(dir, path)).toContain(notice.id);
    const summary = JSON.parse(fileOf(dir, 'api/v2/summary.json'));
    expect(summary.status.indicator).toBe('major');
    expect(summary.incidents[0]).toMatchObject({ id: notice.id, status: 'investigating' });
    // Ended by the same key, the page is as it was, to the letter.
    const end = signNotice({ headline: 'It is over', text: '', nextUpdateBy: null, ends: notice.id }, privateKey, NOW);
    await takeNotice(JSON.stringify(end), dir);
    expect(fileOf(dir, 'index.html')).toBe(plain);
  });

  test('left beside the product’s files comes into its record as break-glass, once, and stays on the page until it is ended', async () => {
    const { key, privateKey } = await aKey('Night shift');
    const notice = signNotice(WORDS, privateKey, NOW);
    expect((await house.anonymous.post('/status/emergency', notice)).status).toBe(202);
    expect(await page()).toContain(WORDS.headline);
    expect(await mergeWaiting(await system())).toBe(1);
    expect(await mergeWaiting(await system())).toBe(0);
    expect((await house.anonymous.post('/status/emergency', notice)).status).toBe(202);
    await mergeWaiting(await system());
    const entries = await house.core.db
      .selectFrom('security.audit')
      .selectAll()
      .where('action', '=', 'comms.mergeNotice')
      .where('subject', '=', notice.id)
      .execute();
    expect(entries).toHaveLength(1);
    expect(entries[0]?.reason).toContain('break-glass');
    expect(JSON.stringify(entries[0])).toContain('Night shift');
    expect((await page()).split(WORDS.headline).length).toBe(2);
    expect(await page()).not.toContain('All services are working');
    const listed = (await admin.get('/api/v1/status-page/emergency')).body.notices;
    expect(listed).toContainEqual(expect.objectContaining({ id: notice.id, keyId: key.id, endedAt: null }));
    const ended = await admin.post(`/api/v1/status-page/emergency/notices/${notice.id}/end`, {
      reason: 'Sign-in works',
    });
    expect(ended.body).toMatchObject({ endedReason: 'Sign-in works' });
    await house.settle();
    expect(await page()).not.toContain(WORDS.headline);
    expect(
      (await admin.post(`/api/v1/status-page/emergency/notices/${notice.id}/end`, { reason: 'Once more' })).status,
    ).toBe(409);
  });
});

describe('a copy elsewhere', () => {
  test('follows the product, goes on without it, and brings it what was said meanwhile', async () => {
    const { privateKey } = await aKey();
    await renderNow(await system());
    const dir = scratch();
    edge = await openEdge({ dir, host: '127.0.0.1', port: 0, from: house.url, everyMs: 100 });
    const { url } = edge;
    const read = async (path = '') => (await fetch(`${url}${path}`)).text();
    await expect.poll(async () => (await read()) === (await page()), { timeout: 30_000 }).toBe(true);
    for (const path of ['', '/history', '/history.atom', '/api/v2/summary.json', '/assets/status.css'])
      expect(await read(path), path).toBe((await house.anonymous.get(`/status${path}`)).text);
    const first = await fetch(url);
    expect((await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })).status).toBe(304);
    expect((await fetch(`${url}/../../etc/passwd`)).status).toBe(404);
    const notice = signNotice({ ...WORDS, headline: 'Everything is away' }, privateKey, NOW);
    expect((await fetch(`${url}/emergency`, { method: 'POST', body: JSON.stringify(notice) })).status).toBe(202);
    expect(await read()).toContain('Everything is away');
    // The product learns of it, takes it into its record, and the copy may forget its own.
    await expect
      .poll(async () => (await mergeWaiting(await system())) > 0 || (await page()).includes('Everything is away'), {
        timeout: 30_000,
      })
      .toBe(true);
    // Brought once more in between, it is taken once more, as the product does every two seconds.
    await expect
      .poll(
        async () => {
          await mergeWaiting(await system());
          const shown = await read();
          // Until both have it from the record, both say that the rest may have changed.
          return shown === (await page()) && !shown.includes('may have changed since');
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    expect((await read()).split('Everything is away').length).toBe(2);
    // Too old to be believed.
    await edge.close();
    edge = await openEdge({ dir, host: '127.0.0.1', port: 0, everyMs: 60_000, staleAfterMs: 1000 });
    writeFileSync(join(dir, 'written'), '1000\n');
    await expect
      .poll(async () => (await fetch(edge!.url)).text(), { timeout: 30_000 })
      .toContain('We cannot confirm the present state');
    const form = await fetch(`${edge.url}/subscribe`, { method: 'POST', body: 'email=a@b.example' });
    expect(form.status).toBe(503);
  });
});
