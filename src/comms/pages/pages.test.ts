/** Further pages: for other readers, by sign-in or token, at a host of their own; and what of them is nowhere else. */
import { deflateSync, crc32 } from 'node:zlib';
import { get as request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../../test/harness/client.ts';
import { aComponent, anIncident, whole } from '../../../test/harness/comms.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { cleanLogo } from './logo.ts';

let house: House;
let admin: WebClient;
let secret: { id: string };
let open: { id: string };
beforeAll(async () => {
  house = await openHouse();
  admin = await house.signIn('admin');
  ({ component: secret } = await aComponent(house, 'Bank export', { visible: false, group: 'Partners only' }));
  ({ component: open } = await aComponent(house, 'Checkout'));
});
afterAll(() => house.close());

const make = async (more: object) => {
  const made = await admin.post('/api/v1/status-page/pages', {
    name: 'Partner status',
    componentIds: [secret.id],
    ...more,
  });
  await house.settle();
  return made;
};
const get = (path: string, headers = {}) => house.anonymous.get(path, headers);

/** A small sound PNG with something in it that no picture needs. */
function png(width = 2, height = 2, extra = true): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(extra ? [chunk('eXIf', Buffer.from('GPS 52.5 13.4')), chunk('tEXt', Buffer.from('<script>'))] : []),
    chunk('IDAT', deflateSync(Buffer.alloc(6))),
    chunk('IEND', Buffer.alloc(0)),
    ...(extra ? [Buffer.from('<script>alert(1)</script>')] : []),
  ]);
}

describe('a page for some', () => {
  it('row 109: opens by its token, once in the address and then by a cookie; any other token sees what a page that is not there shows', async () => {
    const made = await make({ slug: 'partners', audience: 'token' });
    expect(made.status, made.text).toBe(201);
    const token = new URL(made.body.link).searchParams.get('token') ?? '';
    const missing = await get('/status/p/nobody');
    for (const bad of ['', '?token=', `?token=${token.slice(1)}`, `?token=${token}x`, '?token=%00']) {
      const refused = await get(`/status/p/partners${bad}`);
      expect([refused.status, refused.text], bad).toEqual([404, missing.text]);
    }
    const first = await get(`/status/p/partners/history?token=${token}`);
    expect([first.status, first.headers.get('location')]).toEqual([302, '/status/p/partners/history']);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
    const page = await get('/status/p/partners', { cookie: cookie.split(';')[0] });
    expect([page.status, page.text.includes('Bank export')]).toEqual([200, true]);
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    expect(page.headers.get('x-robots-tag')).toContain('noindex');
    const feed = await get(`/status/p/partners/history.atom?token=${token}`);
    expect([feed.status, feed.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    const bearer = await get('/status/p/partners/api/v2/summary.json', { authorization: `Bearer ${token}` });
    expect(bearer.body.page).toMatchObject({ id: 'partners', name: 'Partner status' });
    // A new token makes the links that were given out before useless.
    const renewed = await admin.patch(`/api/v1/status-page/pages/${made.body.page.id}`, { newToken: true });
    await house.settle();
    expect(renewed.body.link).not.toBe(made.body.link);
    await expect
      .poll(async () => (await get('/status/p/partners', { authorization: `Bearer ${token}` })).status)
      .toBe(404);
    expect((await admin.get('/api/v1/status-page/pages')).text).not.toContain('token=');
  });

  it('by sign-in is read by those with an account, and sends others to sign in', async () => {
    expect((await make({ slug: 'inside', audience: 'signed_in' })).body.link).toBeNull();
    const stranger = await get('/status/p/inside');
    expect([stranger.status, stranger.headers.get('location')]).toEqual([302, '/sign-in?next=%2Fstatus%2Fp%2Finside']);
    const viewer = await house.signIn('viewer');
    const page = await viewer.get('/status/p/inside');
    expect([page.status, page.text.includes('Bank export')]).toEqual([200, true]);
    expect(
      (await viewer.post('/api/v1/status-page/pages', { slug: 'x', name: 'X', componentIds: [open.id] })).status,
    ).toBe(403);
  });

  it('row 112: its names, ids and incidents are in no file of the page everybody sees, nor in a copy', async () => {
    const incident = await anIncident(house, { severity: 3 });
    const writer = await house.signIn('responder');
    const fields = whole((await house.ctx('system')).now, 30, { componentStates: { [open.id]: 'partial_outage' } });
    const draft = await writer.post(`/api/v1/incidents/${incident.id}/updates`, { fields });
    const published = await writer.post(`/api/v1/updates/${draft.body.id}/publish`, {
      overrides: (draft.body.lint?.errors ?? []).map((rule: string) => ({ rule, reason: 'this test needs it' })),
    });
    expect(published.status, published.text).toBe(200);
    await house.settle();
    const site = await get('/status/site.json');
    for (const path of [
      ...Object.keys(site.body.files).map((file) => `site/${file}`),
      'site.json',
      '',
      'de',
      'api/v2/summary.json',
    ]) {
      const { text, headers } = await get(`/status/${path}`);
      for (const hidden of ['Bank export', 'Partners only', 'partners', 'Partner status', secret.id, '/p/'])
        expect(text.includes(hidden), `${path}: ${hidden}`).toBe(false);
      expect(headers.get('etag') ?? '').not.toContain(secret.id);
    }
    for (const path of [
      'sitemap.xml',
      'robots.txt',
      'pages/list.json',
      'site/../pages/list.json',
      'p/partners/list.json',
    ])
      expect((await get(`/status/${path}`)).text).not.toContain('Bank export');
    // An incident that does not touch its components is not on it.
    const viewer = await house.signIn('viewer');
    expect((await viewer.get('/status/p/inside')).text).not.toContain('Card payments are slow');
  });
});

describe('a page with a name of its own', () => {
  /** A request with this Host header, which fetch does not let one set. */
  const ask = (host: string, path: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      request(`${house.url}${path}`, { headers: { host } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      }).on('error', reject);
    });

  it('is at the root of its host, in its colours and with its logo; nothing else of the house is there', async () => {
    const made = await make({
      slug: 'shop',
      name: 'Shop status',
      componentIds: [open.id],
      host: 'status.shop.example',
      accent: '#123456',
      accentDark: '#abcdef',
      logo: png().toString('base64'),
      languages: ['de'],
    });
    expect(made.body.page?.url, made.text).toBe('https://status.shop.example');
    const page = await ask('status.shop.example:443', '/');
    expect([page.status, page.text.includes('Shop status')]).toEqual([200, true]);
    const css = /href="(\/assets\/status\.css[^"]*)"/.exec(page.text)?.[1] ?? '';
    expect((await ask('status.shop.example', css)).text).toMatch(
      /^:root\{--accent:#123456\}@media\(prefers-color-scheme:dark\)/,
    );
    expect(page.text).toContain('<img src="/assets/logo.png" alt=""');
    expect((await ask('status.shop.example', '/assets/logo.png')).status).toBe(200);
    expect((await ask('status.shop.example', '/de')).text).toContain('<html lang="de">');
    expect(JSON.parse((await ask('status.shop.example', '/api/v2/status.json')).text).page.url).toBe(
      'https://status.shop.example',
    );
    for (const path of ['/api/v1/components', '/sign-in', '/status', '/healthz'])
      expect((await ask('status.shop.example', path)).status, path).toBe(404);
  });

  it('row 111: an odd Host, unkeyed headers and noise in the query change no byte of any page', async () => {
    const plain = await ask(new URL(house.url).host, '/status');
    expect(plain.status).toBe(200);
    expect((await ask('evil.example', '/status?utm=1&x=%3Cscript%3E')).text).toBe(plain.text);
    const noisy = await get('/status', {
      'x-forwarded-host': 'evil.example',
      'x-original-url': '/api',
      forwarded: 'host=evil',
    });
    expect(noisy.text).toBe(plain.text);
    expect(plain.text).not.toContain('evil.example');
  });

  it('row 53: takes a colour and nothing else as a look', async () => {
    for (const accent of ['red', '#123456;}body{', 'url(//evil)', '@import'])
      expect((await make({ slug: 'bad', accent })).status, accent).toBe(422);
    expect((await make({ slug: 'bad', css: '@import "//evil"' })).status).toBe(400);
  });

  it('row 105: takes a logo only as a small PNG, and keeps of it the picture alone', async () => {
    const clean = Buffer.from(cleanLogo(png().toString('base64')), 'base64');
    expect(clean.equals(png(2, 2, false))).toBe(true);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const broken = png();
    broken[40] = (broken[40] ?? 0) ^ 1;
    for (const bad of [
      svg,
      Buffer.from('<html>'),
      png(30_000, 30_000),
      png().subarray(0, 40),
      broken,
      Buffer.alloc(0),
      Buffer.alloc(16_000),
    ])
      expect((await make({ slug: 'bad', logo: bad.toString('base64') })).status).toBe(422);
  });
});
