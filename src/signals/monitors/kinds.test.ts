/** Every kind of monitor against real servers on loopback: what is well, what is not, and what must not be reached. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openSink, type Sink } from '../../../test/fakes/sink.ts';
import { selfSigned } from '../../../test/fakes/tls-front.ts';
import { findChromium } from '../../../test/harness/chromium.ts';
import { config } from '../../kernel/index.ts';
import { kindOf } from './families.ts';
import { pingFrom } from './icmp/index.ts';
import { lookOnce } from './look.ts';

const ALLOWED = ['127.0.0.1:*', 'localhost:*'];
let sink: Sink;
const closing: { close(): unknown }[] = [];

beforeAll(async () => {
  config.egressAllow = ALLOWED;
  sink = await openSink();
});
afterEach(() => {
  config.egressAllow = ALLOWED;
  sink.answer();
  sink.clear();
});
afterAll(async () => {
  await sink.close();
  for (const one of closing) one.close();
});

async function listen<T extends Server | TcpServer>(server: T): Promise<number> {
  closing.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const look = (
  kind: string,
  spec: Record<string, unknown>,
  more: { secrets?: Record<string, string>; timeoutSeconds?: number; now?: Date } = {},
) =>
  lookOnce(
    { kind, spec, secrets: more.secrets ?? {}, timeoutSeconds: more.timeoutSeconds ?? 5 },
    more.now ?? new Date(),
  );
const problems = (kind: string, spec: Record<string, unknown>, secrets = {}) => {
  const found = kindOf(kind)!;
  return (found.check?.(found.spec.parse(spec), secrets) ?? []).map(({ path, message }) => `${path}: ${message}`);
};

describe('HTTP', () => {
  it('sends method, headers and body with secrets put in, and tells status and times', async () => {
    sink.answer(() => ({ status: 201, body: { ok: true, queue: { depth: 3 } } }));
    const outcome = await look(
      'http',
      {
        url: `${sink.url}/orders?for={{who}}`,
        method: 'POST',
        headers: [{ name: 'Authorization', value: 'Bearer {{token}}' }],
        body: '{"n":1}',
        assertions: [
          { on: 'json', at: '$.queue.depth', is: 'below', value: '10' },
          { on: 'body', is: 'contains', value: 'ok' },
        ],
      },
      { secrets: { token: 's3cret', who: 'a b&c' } },
    );
    expect(outcome).toMatchObject({ ok: true, reason: '', facts: { status: 201 } });
    expect(outcome.facts.connect_ms).toEqual(expect.any(Number));
    expect(outcome.checked).toHaveLength(3);
    expect(sink.requests[0]).toMatchObject({ method: 'POST', path: '/orders?for=a%20b%26c', rawBody: '{"n":1}' });
    expect(sink.requests[0]!.headers.authorization).toBe('Bearer s3cret');
  });

  it('names the assertion that does not hold, and what was there', async () => {
    sink.answer(() => ({ body: { queue: { depth: 30 } } }));
    const spec = { url: sink.url, assertions: [{ on: 'json', at: '$.queue.depth', is: 'below', value: '10' }] };
    expect(await look('http', spec)).toMatchObject({ ok: false, reason: 'JSON $.queue.depth is below 10: it was 30' });
  });

  it('a redirect is an answer and is not followed (row 62)', async () => {
    sink.answer(() => ({ status: 302, headers: { location: `${sink.url}/elsewhere` } }));
    expect(await look('http', { url: sink.url })).toMatchObject({ ok: false, reason: 'Status is 200-299: it was 302' });
    expect(sink.requests).toHaveLength(1);
  });

  it('an error status, a refused connection and a cut one are told apart', async () => {
    sink.answer(() => ({ status: 503 }));
    expect((await look('http', { url: sink.url })).reason).toBe('Status is 200-299: it was 503');
    sink.answer(() => ({ hangUp: true }));
    expect((await look('http', { url: sink.url })).reason).toBe('the connection was cut');
    expect((await look('http', { url: 'http://127.0.0.1:9' })).reason).toBe('the connection was refused');
    expect((await look('http', { url: 'http://nobody.invalid' })).reason).toBe('the name nobody.invalid is not known');
  });

  it('is cut in time, also when a byte comes every now and then (row 64)', async () => {
    const port = await listen(
      createHttp((_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(drip));
      }),
    );
    const outcome = await look('http', { url: `http://127.0.0.1:${port}` }, { timeoutSeconds: 1 });
    expect(outcome).toMatchObject({ ok: false, reason: 'no whole answer within 1 s' });
    expect(outcome.ms).toBeLessThan(2500);
  });

  it('a body without end is cut at 64 KB and looked at as far as it goes; headers at 16 KB; a flood of 103 is refused (row 64)', async () => {
    const endless = await listen(
      createHttp((_request, response) => {
        response.writeHead(200);
        const block = Buffer.alloc(16_384, 'y');
        const more = () => {
          while (!response.destroyed && response.write(block));
        };
        response.on('drain', more);
        more();
      }),
    );
    const cut = await look('http', {
      url: `http://127.0.0.1:${endless}`,
      assertions: [{ on: 'body', is: 'contains', value: 'yyy' }],
    });
    expect(cut.ok).toBe(true);
    expect(cut.sample).toHaveLength(65_536);

    const raw = async (answer: string) => {
      const port = await listen(
        createTcp((socket) => {
          socket.on('error', () => {});
          socket.once('data', () => socket.end(answer));
        }),
      );
      return (await look('http', { url: `http://127.0.0.1:${port}` })).reason;
    };
    expect(await raw(`HTTP/1.1 200 OK\r\nx: ${'h'.repeat(1_000_000)}\r\n\r\n`)).toBe(
      'the headers are larger than 16 KB',
    );
    expect(await raw(`${'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n'.repeat(50)}HTTP/1.1 200 OK\r\n\r\n`)).toBe(
      'the server sends interim answers without end',
    );
    expect(await raw('SSH-2.0-OpenSSH_9.2\r\n')).toBe('the answer is not HTTP');
    expect(await raw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort')).toBe('the connection was cut');
  });
});

describe('TLS', () => {
  const https = (pair: { key: string; cert: string }, options = {}) =>
    listen(createHttps({ ...pair, ...options }, (_request, response) => response.end('fine')));

  it('counts the days until the certificate ends, trusts an authority that is given, and holds it to a limit', async () => {
    const pair = selfSigned('localhost', { from: -1, to: 20.5 });
    const url = `https://localhost:${await https(pair)}`;
    const well = await look('http', { url, ca: pair.cert });
    expect(well).toMatchObject({ ok: true, facts: { tls_days: 20 } });
    const soon = { url, ca: pair.cert, assertions: [{ on: 'tls', is: 'above', value: '30' }] };
    expect(await look('http', soon)).toMatchObject({
      ok: false,
      reason: 'Certificate days left is above 30: it was 20',
    });
  });

  it('expired, self-signed, for another host, and older than TLS 1.2 fail with the reason (row 67)', async () => {
    const reasonOf = async (port: number, ca = '') =>
      (await look('http', { url: `https://localhost:${port}`, ca })).reason;
    const expired = selfSigned('localhost', { from: -10, to: -1 });
    expect(await reasonOf(await https(expired), expired.cert)).toBe('the certificate has expired');
    expect(await reasonOf(await https(selfSigned('localhost')))).toBe('the certificate is self-signed');
    const other = selfSigned('shop.example');
    expect(await reasonOf(await https(other), other.cert)).toBe('the certificate is for another host');
    const old = selfSigned('localhost');
    const port = await https(old, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await reasonOf(port, old.cert)).toBe('the server speaks only TLS older than 1.2');
    expect(await reasonOf(new URL(sink.url).port as never)).toBe('the port does not speak TLS');
  });
});

describe('what must not be reached', () => {
  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://127.1/',
    'http://0177.0.0.1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://0/',
    'http://[::]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://localhost./',
    'http://a@169.254.169.254/',
    'http://169.254.169.254\\@good/',
    'http://exa\tmple.com/',
    'gopher://example.com/',
    'file:///etc/passwd',
    'http://example.com:25/',
    'http://example.com:5432/',
    'http://example.com/#top',
    'http://[fe80::1%25eth0]/',
    'http://{{host}}/',
  ])('%s is refused when it is typed, and at the connect (rows 60, 63)', async (url) => {
    config.egressAllow = [];
    expect(problems('http', { url })).toHaveLength(1);
    expect((await look('http', { url })).ok).toBe(false);
  });

  it('an allowed name opens loopback, and nothing else does', async () => {
    config.egressAllow = [];
    expect((await look('http', { url: sink.url })).reason).toMatch(/private or reserved/);
    expect((await look('http', { url: sink.url.replace('127.0.0.1', 'localhost') })).ok).toBe(false);
    expect((await look('tcp', { host: '127.0.0.1', port: 22 })).reason).toMatch(/private or reserved/);
    expect((await look('tcp', { host: '0x7f.1', port: 22 })).reason).toMatch(/private or reserved/);
    expect((await look('icmp', { host: '10.0.0.1' })).reason).toMatch(/private or reserved/);
    expect((await look('dns', { name: 'a.example', server: '127.0.0.1:53' })).reason).toMatch(/private or reserved/);
    expect(
      (await look('sql', { query: 'select 1', value: 1 }, { secrets: { connection: 'postgres://u:p@127.0.0.1/x' } }))
        .reason,
    ).toMatch(/private or reserved/);
    expect(sink.requests).toHaveLength(0);
    config.egressAllow = [`localhost:${new URL(sink.url).port}`];
    expect((await look('http', { url: sink.url.replace('127.0.0.1', 'localhost') })).ok).toBe(true);
  });
});

describe('TCP', () => {
  it('connects, sends a line and waits for the answer', async () => {
    const port = await listen(
      createTcp((socket) => {
        socket.on('error', () => {});
        socket.write('220 mail.example ESMTP\r\n');
        socket.on('data', (part) => socket.write(part.toString() === 'QUIT\r\n' ? '221 bye\r\n' : '500 what\r\n'));
      }),
    );
    expect(await look('tcp', { host: '127.0.0.1', port })).toMatchObject({ ok: true });
    expect(await look('tcp', { host: '127.0.0.1', port, send: 'QUIT\n', expect: '221' })).toMatchObject({ ok: true });
    const wrong = await look('tcp', { host: '127.0.0.1', port, send: 'HELO\n', expect: '250' }, { timeoutSeconds: 1 });
    expect(wrong).toMatchObject({
      ok: false,
      reason: expect.stringContaining('it did not say “250” but “220 mail.example'),
    });
    expect(await look('tcp', { host: '127.0.0.1', port: 9 })).toMatchObject({
      ok: false,
      reason: 'the connection was refused',
    });
  });
});

/** A name server that knows shop.example (A and MX) and answers NXDOMAIN to the rest. */
function nameServer(): Promise<{ port: number; socket: UdpSocket }> {
  const socket = createSocket('udp4');
  closing.push(socket);
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12) + 5;
    const question = query.subarray(12, end);
    const name = question.toString('latin1').replaceAll(/[^a-z]+/gi, '.');
    const type = query.readUInt16BE(end - 4);
    const known = name.includes('shop.example');
    const records = !known
      ? []
      : type === 1
        ? [[203, 0, 114, 7]]
        : type === 15
          ? [[0, 10, 4, 109, 97, 105, 108, 0xc0, 12]]
          : [];
    const header = Buffer.from([query[0]!, query[1]!, 0x81, known ? 0x80 : 0x83, 0, 1, 0, records.length, 0, 0, 0, 0]);
    const answers = records.map((data) => Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]));
    socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve({ port: socket.address().port, socket })));
}

describe('DNS', () => {
  it('asks for a record and compares it', async () => {
    const { port } = await nameServer();
    const server = `127.0.0.1:${port}`;
    expect(await look('dns', { name: 'shop.example', server })).toMatchObject({
      ok: true,
      facts: { answer: '203.0.114.7' },
    });
    expect(await look('dns', { name: 'shop.example', server, expect: '203.0.114.*' })).toMatchObject({ ok: true });
    expect(
      await look('dns', { name: 'shop.example', server, type: 'MX', expect: '10 mail.shop.example' }),
    ).toMatchObject({ ok: true });
    expect(await look('dns', { name: 'shop.example', server, expect: '203.0.114.9' })).toMatchObject({
      ok: false,
      reason: '203.0.114.9 is not among the records: 203.0.114.7',
    });
    expect(await look('dns', { name: 'gone.example', server })).toMatchObject({
      ok: false,
      reason: 'the name does not exist',
    });
    expect(await look('dns', { name: 'shop.example', server, type: 'TXT' })).toMatchObject({
      ok: false,
      reason: 'the name has no such record',
    });
  });
});

describe('ICMP', () => {
  it('asks the machine’s own ping, and where there is none it says so and is neither up nor down', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-ping-'));
    closing.push({ close: () => rmSync(folder, { recursive: true }) });
    pingFrom(folder);
    expect(await look('icmp', { host: '127.0.0.1' })).toMatchObject({
      ok: null,
      reason: expect.stringContaining('There is no “ping”'),
    });
    const fake = (text: string, code: number) => {
      writeFileSync(join(folder, 'ping'), `#!/bin/sh\nPATH=/bin:/usr/bin\ncat <<'X'\n${text}\nX\nexit ${code}\n`);
      chmodSync(join(folder, 'ping'), 0o755);
    };
    fake(
      '3 packets transmitted, 3 received, 0% packet loss, time 402ms\nrtt min/avg/max/mdev = 0.030/0.412/0.600/0.010 ms',
      0,
    );
    expect(await look('icmp', { host: '127.0.0.1' })).toMatchObject({
      ok: true,
      ms: 0.412,
      facts: { loss_percent: 0, rtt_ms: 0.412 },
    });
    fake(
      '3 packets transmitted, 1 received, 66.6667% packet loss, time 402ms\nrtt min/avg/max/mdev = 0.030/0.4/0.6/0.0 ms',
      0,
    );
    expect(await look('icmp', { host: '127.0.0.1' })).toMatchObject({
      ok: false,
      reason: '66.6667 % of 3 packets did not come back',
    });
    expect(await look('icmp', { host: '127.0.0.1', lossPercent: 70 })).toMatchObject({ ok: true });
    fake('ping: socktype: SOCK_RAW\nping: socket: Operation not permitted', 2);
    expect(await look('icmp', { host: '127.0.0.1' })).toMatchObject({
      ok: null,
      reason: expect.stringContaining('not permitted here'),
    });
  });
});

describe('a journey', () => {
  it('goes on with what earlier steps answered, cookies included', async () => {
    sink.answer(({ path, headers }) => {
      if (path === '/login')
        return { headers: { 'set-cookie': 'sid=abc; Path=/; HttpOnly' }, body: { session: { token: 't-42' } } };
      if (headers.cookie !== 'sid=abc' || headers.authorization !== 'Bearer t-42') return { status: 401 };
      return path === '/basket'
        ? { body: '<input name="csrf" value="c-7">' }
        : { body: { placed: path.endsWith('c-7') } };
    });
    const steps = [
      {
        name: 'Sign in',
        url: `${sink.url}/login`,
        method: 'POST',
        body: '{"password":"{{password}}"}',
        take: [{ name: 'token', from: 'json', at: '$.session.token' }],
      },
      {
        name: 'Basket',
        url: `${sink.url}/basket`,
        headers: [{ name: 'Authorization', value: 'Bearer {{token}}' }],
        take: [{ name: 'csrf', from: 'text', at: 'name="csrf" value="…"' }],
      },
      {
        name: 'Order',
        url: `${sink.url}/order/{{csrf}}`,
        headers: [{ name: 'Authorization', value: 'Bearer {{token}}' }],
        assertions: [{ on: 'json', at: '$.placed', is: 'is', value: 'true' }],
      },
    ];
    const outcome = await look('journey', { steps }, { secrets: { password: 'hunter2' } });
    expect(outcome).toMatchObject({ ok: true, reason: '' });
    expect(Object.keys(outcome.facts)).toEqual(['step_1_ms', 'step_2_ms', 'step_3_ms']);
    expect(sink.requests[0]!.rawBody).toBe('{"password":"hunter2"}');

    sink.answer(() => ({ body: {} }));
    expect(await look('journey', { steps })).toMatchObject({
      ok: false,
      reason: 'Sign in: “token” could not be taken, json $.session.token is not there',
    });
    sink.answer(({ path }) => (path === '/login' ? { body: { session: { token: 'x' } } } : { status: 500 }));
    expect(await look('journey', { steps })).toMatchObject({
      ok: false,
      reason: 'Basket: Status is 200-299: it was 500',
    });
  });
});

describe('a Prometheus query', () => {
  const vector = (...values: [Record<string, string>, string][]) => ({
    body: {
      status: 'success',
      data: { resultType: 'vector', result: values.map(([metric, value]) => ({ metric, value: [1, value] })) },
    },
  });
  const spec = () => ({ url: sink.url, query: 'sum by (shop) (rate(errors[5m]))', is: 'above', value: 0.5 });

  it('fails for any series beyond the threshold and names it', async () => {
    sink.answer(() => vector([{ shop: 'eu' }, '0.2'], [{ shop: 'us' }, '0.9']));
    expect(await look('promql', spec())).toMatchObject({
      ok: false,
      reason: '{shop="us"} is 0.9, above 0.5',
      facts: { value: 0.9 },
    });
    expect(new URLSearchParams(sink.requests[0]!.rawBody).get('query')).toBe('sum by (shop) (rate(errors[5m]))');
    sink.answer(() => vector([{ shop: 'eu' }, '0.2']));
    expect(await look('promql', spec())).toMatchObject({ ok: true });
  });

  it('no series and NaN are nobody’s knowledge unless said otherwise', async () => {
    sink.answer(() => vector());
    expect(await look('promql', spec())).toMatchObject({ ok: null, reason: 'The query returned no series' });
    expect(await look('promql', { ...spec(), empty: 'failed' })).toMatchObject({ ok: false });
    expect(await look('promql', { ...spec(), empty: 'ok' })).toMatchObject({ ok: true });
    sink.answer(() => vector([{}, 'NaN']));
    expect(await look('promql', spec())).toMatchObject({ ok: null });
    sink.answer(() => vector([{}, '+Inf']));
    expect(await look('promql', spec())).toMatchObject({ ok: false });
  });

  it('a refused query says what Prometheus says', async () => {
    sink.answer(() => ({
      status: 400,
      body: { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end of input' },
    }));
    expect((await look('promql', spec())).reason).toBe('it answered 400: parse error: unexpected end of input');
  });
});

describe('SQL', () => {
  const connection = () => {
    const { host, port, user, password, database } = inject('database') as unknown as Record<string, string>;
    return { host, port, user, password, database };
  };
  let url = '';
  let client: pg.Client;
  beforeAll(async () => {
    // The test database listens on a socket; a small bridge gives it a port on loopback, as a database elsewhere has.
    const { connect } = await import('node:net');
    const given = connection();
    const path = given.host!.startsWith('/') ? join(given.host!, `.s.PGSQL.${given.port ?? 5432}`) : undefined;
    const port = await listen(
      createTcp((socket) => {
        const onward = path ? connect(path) : connect(Number(given.port), given.host);
        socket.on('error', () => onward.destroy());
        onward.on('error', () => socket.destroy());
        socket.pipe(onward).pipe(socket);
      }),
    );
    url = `postgres://${encodeURIComponent(given.user ?? '')}:${encodeURIComponent(given.password ?? '')}@127.0.0.1:${port}/postgres`;
    client = new pg.Client({ ...(inject('database') as pg.ClientConfig), database: 'postgres' });
    await client.connect();
    await client.query(`create table monit_orders_${process.pid} (n int, at timestamptz)`);
    await client.query(
      `insert into monit_orders_${process.pid} values (1, '2026-11-24T08:00:00Z'), (2, '2026-11-24T08:50:00Z')`,
    );
  });
  afterAll(async () => {
    await client.query(`drop table monit_orders_${process.pid}`);
    await client.end();
  });
  const now = new Date('2026-11-24T09:00:00Z');
  const ask = (query: string, is = 'older', value = 900, timeoutSeconds = 5) =>
    look(
      'sql',
      { query: query.replace('orders', `monit_orders_${process.pid}`), is, value },
      { secrets: { connection: url }, now, timeoutSeconds },
    );

  it('tells how old the newest row is, and how many there are', async () => {
    expect(await ask('select max(at) from orders;')).toMatchObject({ ok: true, facts: { age_s: 600 } });
    expect(await ask('select max(at) from orders', 'older', 300)).toMatchObject({
      ok: false,
      reason: 'the newest is 600 s old, more than 300 s',
    });
    expect(await ask('select count(*) from orders', 'below', 5)).toMatchObject({
      ok: false,
      reason: 'it is 2, below 5',
    });
    expect(await ask('select max(at) from orders where n > 5')).toMatchObject({
      ok: false,
      reason: 'the query gives no value',
    });
    expect(await ask('select at, n from orders')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('more than one value'),
    });
  });

  it('cannot write, cannot run a second statement, and is cut in time', async () => {
    for (const query of [
      'delete from orders returning n',
      'with gone as (delete from orders returning n) select count(*) from gone',
      'select 1; delete from orders',
      'select 1; commit; delete from orders',
      "select nextval('pg_catalog.x')",
      "select set_config('transaction_read_only', 'off', true)",
    ])
      await ask(query, 'above', 1000);
    expect((await client.query(`select count(*)::int as n from monit_orders_${process.pid}`)).rows).toEqual([{ n: 2 }]);
    expect(await ask('select pg_sleep(20)::text', 'above', 1, 1)).toMatchObject({
      ok: false,
      reason: 'the query took longer than 1 s',
    });
  });

  it('refuses sockets, options and other schemes when the connection is typed', () => {
    const refused = (text: string) => problems('sql', { query: 'select 1', value: 1 }, { connection: text });
    expect(refused('')).toHaveLength(1);
    expect(refused('mysql://a/b')).toHaveLength(1);
    expect(refused('postgres://u:p@%2Fvar%2Frun/db')).toHaveLength(1);
    expect(refused('postgres:///db?host=/var/run/postgresql')).toHaveLength(1);
    expect(refused('postgres://u:p@db.example/x?options=-c%20a=b')).toHaveLength(1);
    config.egressAllow = [];
    expect(refused('postgres://u:p@10.0.0.5/x')).toEqual([expect.stringContaining('private or reserved')]);
    expect(refused('postgres://u:p@db.example/x')).toEqual([]);
  });
});

describe('a browser journey', () => {
  it('opens, types, clicks and looks through the guarded proxy; without a Chromium it is neither up nor down', async () => {
    const actions = (last: string) => [
      { do: 'open', on: sink.url },
      { do: 'type', on: '#who', value: '{{name}}' },
      { do: 'click', on: 'text=Greet' },
      { do: 'see', on: last },
    ];
    config.chromiumPath = '/nowhere/chromium';
    expect(await look('browser', { actions: actions('x') })).toMatchObject({
      ok: null,
      reason: expect.stringContaining('There is no Chromium'),
    });

    const found = await findChromium();
    config.chromiumPath = found.executablePath;
    Object.assign(process.env, found.env);
    sink.answer(() => ({
      headers: { 'content-type': 'text/html' },
      body: `<input id="who"><button onclick="out.textContent='Hello '+who.value">Greet</button><p id="out"></p>`,
    }));
    const well = await look(
      'browser',
      { actions: actions('Hello Ada') },
      { secrets: { name: 'Ada' }, timeoutSeconds: 30 },
    );
    expect(well).toMatchObject({ ok: true, reason: '' });
    expect(well.checked).toHaveLength(4);
    const wrong = await look(
      'browser',
      { actions: actions('Goodbye') },
      { secrets: { name: 'Ada' }, timeoutSeconds: 8 },
    );
    expect(wrong).toMatchObject({ ok: false, reason: expect.stringMatching(/^See Goodbye: /) });

    // A page that leads to a private address: the browser cannot get there, whoever asks.
    const inner = await openSink();
    closing.push(inner);
    config.egressAllow = [`127.0.0.1:${new URL(sink.url).port}`];
    sink.answer(() => ({
      headers: { 'content-type': 'text/html' },
      body: `<iframe src="${inner.url}/secret"></iframe><p>outside</p>`,
    }));
    await look(
      'browser',
      {
        actions: [
          { do: 'open', on: sink.url },
          { do: 'see', on: 'outside' },
        ],
      },
      { timeoutSeconds: 20 },
    );
    expect(inner.requests).toEqual([]);
  }, 90_000);
});
