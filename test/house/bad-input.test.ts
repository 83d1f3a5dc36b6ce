/** The bad-input catalogue for our own API and the HTTP ground: what each row promises, over real sockets. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../harness/house.ts';
import type { WebClient } from '../harness/client.ts';

let house: House;
let admin: WebClient;
beforeAll(async () => {
  house = await openHouse();
  admin = await house.signIn('admin');
});
afterAll(() => house.close());

/** Sends bytes as they are and gives the answer's first line; `closed` when the server hung up without one. */
function raw(bytes: string, waitMs = 3000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(house.url).port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    const end = () => {
      resolve(text.split('\r\n')[0] || 'closed');
      socket.destroy();
    };
    socket.on('data', (part) => {
      text += part;
      if (text.includes('\r\n\r\n')) end();
    });
    socket.on('error', end);
    socket.on('close', end);
    setTimeout(end, waitMs);
  });
}
const cookie = () => house.sessionToken('admin').then((token) => `evenkeel=${token}`);

describe('HTTP', () => {
  test('row 25: two lengths, a length and chunks, folded headers and bare line feeds are refused', async () => {
    const head = 'POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    expect(await raw(`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toContain('400');
    expect(await raw(`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`)).toContain('400');
    expect(await raw('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n  folded\r\n\r\n')).toMatch(/400|200/);
    expect(await raw('GET /healthz HTTP/1.1\nHost: localhost\n\n')).toContain('400');
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(65_536)}\r\n{\r\n0\r\n\r\n`)).toMatch(
      /400|413|closed/,
    );
  });
  test('row 26: 64 KB of header, 2,000 headers, NUL in a value', async () => {
    expect(await raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: ${'a'.repeat(65_536)}\r\n\r\n`)).toMatch(
      /431/,
    );
    expect(
      await raw(
        `GET /api/v1/setup HTTP/1.1\r\nHost: localhost\r\n${Array.from({ length: 900 }, (_, i) => `a${i}: 1\r\n`).join('')}\r\n`,
      ),
    ).toMatch(/431/);
    expect(await raw('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Nul: a\u0000b\r\n\r\n')).toContain('400');
  });
  test('row 24: a client that sends its headers a byte at a time is cut off within the limit', async () => {
    const started = performance.now();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(house.url).port), '127.0.0.1');
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
      const timer = setInterval(() => socket.write('a'), 500);
      let text = '';
      socket.on('data', (part) => (text += part));
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
    });
    expect(performance.now() - started).toBeLessThan(13_000);
    expect(answer === '' || /408|400/.test(answer)).toBe(true);
  }, 20_000);
  test('row 40: TRACE, unknown methods and method overrides', async () => {
    expect(await raw('TRACE /api/v1/users HTTP/1.1\r\nHost: localhost\r\n\r\n')).toContain('405');
    const answer = await admin.put('/api/v1/users', {});
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
    const override = await admin.post(
      '/api/v1/users',
      { email: 'o@orchardline.example', name: 'O', roles: ['viewer'] },
      { 'x-http-method-override': 'DELETE' },
    );
    expect(override.status).toBe(201);
  });
  test('row 41: a form post with a session cookie, and writes from other sites, are refused', async () => {
    const plain = { cookie: await cookie() };
    const form = await house.anonymous.send('POST', '/api/v1/tokens', '{"name":"x","scopes":["read"]}', {
      ...plain,
      'content-type': 'text/plain',
    });
    expect([403, 415]).toContain(form.status);
    for (const origin of ['https://evil.example', 'null']) {
      const answer = await house.anonymous.post(
        '/api/v1/tokens',
        { name: 'x', scopes: ['read'] },
        { ...plain, origin },
      );
      expect(answer.status).toBe(403);
    }
  });
  test('row 42: forged tokens are 401, whatever they look like', async () => {
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      `${none}.e30.`,
      'ek_nothing',
      `ek_${'x'.repeat(400)}`,
      "'; drop table users",
      '../../etc/passwd',
    ]) {
      expect((await house.anonymous.get('/api/v1/me', { authorization: `Bearer ${token}` })).status).toBe(401);
    }
  });
  test('row 43: forwarded addresses are ignored without a trusted proxy; two Host headers are refused', async () => {
    await house.anonymous.post(
      '/api/v1/sign-in',
      { email: 'who@orchardline.example', password: 'wrong' },
      { 'x-forwarded-for': '203.0.113.9' },
    );
    const log = await admin.get('/api/v1/audit?action=security.signIn&limit=1');
    expect(log.body.items[0].ip).not.toContain('203.0.113.9');
    expect(await raw('GET /api/v1/setup HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')).toContain('400');
  });
});

describe('our API', () => {
  test('row 31: ids that cannot be are simply not found', async () => {
    for (const id of ['not-an-id', 'x'.repeat(299), '%00', '..%2f..%2fetc', 'usr_00000000000000000000000000']) {
      const answer = await admin.patch(`/api/v1/users/${id}`, { name: 'N' });
      expect([id.slice(0, 20), answer.status]).toEqual([id.slice(0, 20), 404]);
    }
    expect([404, 414]).toContain((await admin.patch(`/api/v1/users/${'x'.repeat(10_000)}`, { name: 'N' })).status);
  });
  test('row 33: limits that make no sense', async () => {
    for (const query of ['limit=-1', 'limit=1e9', 'limit=NaN', 'limit[]=1', 'limit=1&limit=2', 'limit=']) {
      expect([query, (await admin.get(`/api/v1/audit?${query}`)).status]).toEqual([query, 400]);
    }
  });
  test('row 34: forged and foreign cursors', async () => {
    for (const cursor of ['abc', 'WyJ4Il0.xxxx', encodeURIComponent('../..'), '.']) {
      expect((await admin.get(`/api/v1/audit?cursor=${cursor}`)).status).toBe(400);
    }
  });
  test('row 35: unknown query fields', async () => {
    for (const query of ['sort=constructor', 'filter[__proto__]=1', 'unknown=1']) {
      expect((await admin.get(`/api/v1/audit?${query}`)).status).toBe(400);
    }
  });
  test('row 32: what belongs to somebody else answers like what is not there', async () => {
    const viewer = await house.signIn('viewer');
    const own = (await admin.get('/api/v1/sessions')).body.items[0].id;
    const absent = await viewer.delete('/api/v1/sessions/ses_00000000000000000000000000');
    const foreign = await viewer.delete(`/api/v1/sessions/${own}`);
    expect([foreign.status, foreign.body.title, foreign.body.rule]).toEqual([
      absent.status,
      absent.body.title,
      absent.body.rule,
    ]);
    expect(foreign.status).toBe(404);
  });
  test('row 36: searches that would hurt a careless database answer at once', async () => {
    for (const text of [
      "'; drop table incidents.incidents",
      '%%%%',
      '\\',
      'a & b | !c:*',
      '('.repeat(100),
      'x'.repeat(10_000),
      '\u0000',
    ]) {
      const started = performance.now();
      for (const path of [
        `/api/v1/incidents?q=${encodeURIComponent(text)}`,
        `/api/v1/services?text=${encodeURIComponent(text)}`,
      ]) {
        const { status } = await admin.get(path);
        expect([text.slice(0, 20), [200, 400].includes(status)]).toEqual([text.slice(0, 20), true]);
      }
      expect(performance.now() - started).toBeLessThan(4000);
    }
  });
  test('row 39: of two writers with the same ETag the second is refused', async () => {
    const made = await admin.post('/api/v1/services', { name: 'Checkout' });
    const read = await admin.get(`/api/v1/services/${made.body.id}`);
    const match = { 'if-match': read.headers.get('etag') ?? '' };
    expect(match['if-match']).not.toBe('');
    const change = (name: string) => admin.patch(`/api/v1/services/${made.body.id}`, { name }, match);
    expect([(await change('One')).status, (await change('Two')).status]).toEqual([200, 412]);
  });
  test('row 37: fields that are not ours to set', async () => {
    for (const extra of [{ role: 'admin' }, { tenant_id: 1 }, { verified: true }, { created_at: '2020-01-01' }]) {
      const answer = await admin.post('/api/v1/users', {
        email: 'e@orchardline.example',
        name: 'E',
        roles: ['viewer'],
        ...extra,
      });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].path).toContain(Object.keys(extra)[0]);
    }
  });
  test('row 38: an empty PATCH changes nothing; null and lists are refused', async () => {
    const id = await house.userId('viewer');
    expect((await admin.patch(`/api/v1/users/${id}`, {})).status).toBe(200);
    expect(
      (await admin.send('PATCH', `/api/v1/users/${id}`, 'null', { 'content-type': 'application/json' })).status,
    ).toBe(400);
    expect((await admin.patch(`/api/v1/users/${id}`, [])).status).toBe(400);
    const before = (await admin.get(`/api/v1/audit?action=security.updateUser`)).body.items.length;
    await admin.patch(`/api/v1/users/${id}`, { name: 'Vera Viewer' });
    expect((await admin.get(`/api/v1/audit?action=security.updateUser`)).body.items.length).toBe(before);
  });
  test('rows 20 and 21: one key, one effect; another body with the same key is refused', async () => {
    const key = { 'idempotency-key': 'once-and-only-once' };
    const body = { name: 'robot', scopes: ['read'] };
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.post('/api/v1/tokens', body, key)));
    const made = answers.filter((answer) => answer.status === 201);
    expect(new Set(made.map((answer) => answer.body.token.id)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 201 || answer.status === 409)).toBe(true);
    expect((await admin.post('/api/v1/tokens', body, key)).body.token.id).toBe(made[0]?.body.token.id);
    expect((await admin.post('/api/v1/tokens', { ...body, name: 'other' }, key)).status).toBe(422);
  });
  test('row 10: prototypes in a body stay data or are refused', async () => {
    const answer = await admin.send(
      'POST',
      '/api/v1/users',
      '{"__proto__":{"roles":["admin"]},"email":"p@orchardline.example","name":"P","roles":["viewer"]}',
      { 'content-type': 'application/json' },
    );
    expect(answer.status).toBe(400);
    expect(({} as Record<string, unknown>).roles).toBeUndefined();
  });
});
