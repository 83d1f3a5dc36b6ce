/** The bad-input catalogue of ingest, row by row, over real sockets against the real server and database. */
import { connect } from 'node:net';
import { Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanager, fixture, pagerduty, type Sender } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { sql } from '../../kernel/index.ts';
import { forget } from '../jobs.ts';
import { rotateKey } from '../commands/rotateKey.ts';
import { updateIntegration } from '../commands/updateIntegration.ts';

let house: House;
let web: WebClient;
let prometheus: Sender;
let shop: Awaited<ReturnType<typeof pagerduty>>;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  prometheus = await alertmanager(house);
  shop = await pagerduty(house);
});
afterAll(() => house.close());

const integration = async (id: string) => (await web.get(`/api/v1/integrations/${id}`)).body;
const alertByKey = async (key: string) => {
  const { items } = (await web.get(`/api/v1/alerts?text=${encodeURIComponent(key.slice(0, 100))}`)).body;
  return (await web.get(`/api/v1/alerts/${items[0].id}`)).body;
};
/** An Alertmanager body with one alert. */
const amBody = (alert: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  version: '4',
  groupKey: `g:${JSON.stringify(alert.fingerprint)}`,
  status: 'firing',
  alerts: [
    { status: 'firing', labels: { alertname: 'A' }, annotations: {}, startsAt: '2026-11-23T10:00:00Z', ...alert },
  ],
  ...rest,
});
const pdText = (key: string, more: string) =>
  `{"routing_key":"${shop.key}","event_action":"trigger","dedup_key":${key},"payload":{"summary":"s","source":"x","severity":"info"${more}}}`;

/** Sends bytes over a bare socket and reads until the server closes or `ms` have passed. */
function bare(
  write: (send: (data: string | Buffer) => void) => void,
  ms = 5000,
): Promise<{ text: string; closed: boolean; ms: number }> {
  const { port } = new URL(house.url);
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    const done = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed, ms: performance.now() - started });
    };
    const timer = setTimeout(() => done(false), ms);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => done(true));
    socket.on('connect', () => write((data) => void (socket.writable && socket.write(data))));
  });
}

/** A gigabyte of spaces, compressed without ever holding it. */
function bomb(packer: Transform): Promise<Buffer> {
  const megabyte = Buffer.alloc(1024 * 1024, 0x20);
  return buffer(Readable.from(Array.from({ length: 1024 }, () => megabyte)).pipe(packer));
}

describe('bodies', () => {
  it('row 1: an empty body, null, [] and "x" are 400 and counted in the integration’s health', async () => {
    const before = await integration(prometheus.id);
    for (const body of ['', '   ', 'null', '[]', '"x"', '42', '{}'])
      expect((await prometheus.post(body)).status, body).toBe(400);
    expect((await integration(prometheus.id)).garbageCount).toBe(before.garbageCount + 7);
    for (const body of ['', 'null', '[]', '"x"'])
      expect((await shop.post(body, { 'x-routing-key': shop.key })).status, body).toBe(400);
  });

  it('row 2: JSON cut in the middle is 400, its bytes are kept a day for the owner, and the notice comes at most once an hour', async () => {
    const sender = await alertmanager(house, { name: 'Cut' });
    const cut = fixture('alertmanager/firing.json').slice(0, 700);
    const answer = await sender.post(cut);
    expect(answer).toMatchObject({ status: 400, body: { rule: 'signals.unreadable', requestId: expect.any(String) } });
    expect(answer.headers.get('content-type')).toContain('problem+json');
    await sender.post(cut);
    const { garbage } = await integration(sender.id);
    expect(garbage.reason).toContain('JSON parse error');
    const signal = `/api/v1/signals/${garbage.signalId}`;
    expect((await web.get(signal)).body).toMatchObject({ state: 'rejected', body: cut });
    const notices = async () =>
      Number(
        (
          await sql<{
            n: number;
          }>`select count(*) n from kernel.events where type = 'integration.garbage' and subject = ${sender.id}`.execute(
            house.core.db,
          )
        ).rows[0]?.n,
      );
    expect(await notices()).toBe(1);
    await house.advance('61m');
    await sender.post(cut);
    expect(await notices()).toBe(2);
    await house.advance('25h');
    await forget.run(await house.ctx('system'), {});
    expect((await web.get(signal)).body).toMatchObject({ state: 'rejected', body: null });
    // PagerDuty's key is inside the body: its owner still learns of it.
    const before = await integration(shop.id);
    expect((await shop.post(pdText('"cut"', '').slice(0, -5))).status).toBe(400);
    expect((await integration(shop.id)).garbageCount).toBe(before.garbageCount + 1);
  });

  it('row 3: what JSONTestSuite calls invalid is 400, valid is accepted, undefined is either, and never a 5xx', async () => {
    const wrap = (value: string) => pdText('"suite"', `,"custom_details":{"v":${value}}`);
    for (const no of [
      '[1,]',
      '{"a":}',
      "{'a':1}",
      '[NaN]',
      '01',
      '"\t"',
      '"\\x"',
      '[1]x',
      '',
      '// c',
      '+1',
      '.5',
      '1.',
      '"\\u12"',
      'tru',
      '\u00a01',
    ]) {
      expect((await shop.post(wrap(no))).status, no).toBe(400);
    }
    for (const yes of [
      '[]',
      '{}',
      '"\\u0061\\uD83D\\uDE39"',
      '-0.0',
      '1e5',
      'null',
      '{"":0}',
      '"\u2028"',
      '[1,2]',
      '{"a":"b","a":"b"}',
    ]) {
      expect((await shop.post(wrap(yes))).status, yes).toBe(202);
    }
    for (const either of ['"\\uD800"', '1e9999', '123456789012345678901234567890', '"\\uDFAA"']) {
      expect([202, 400], either).toContain((await shop.post(wrap(either))).status);
    }
  });

  it('row 4: a NUL in a value or a key is accepted, replaced and marked', async () => {
    expect(
      (
        await prometheus.post(
          '{"version":"4","groupKey":"nul","alerts":[{"status":"firing","fingerprint":"nul-row4","labels":{"alertname":"A\\u0000B","x\\u0000y":"1"}}]}',
        )
      ).status,
    ).toBe(202);
    const alert = await alertByKey('nul-row4');
    expect(alert.marks).toContain('sanitized');
    expect(alert.labels).toMatchObject({ alertname: 'A\ufffdB', 'x\ufffdy': '1' });
    const byPd = await shop.post(pdText('"nul-pd\\u0000"', ',"custom_details":{"a\\u0000":"\\u0000"}'));
    expect(byPd).toMatchObject({ status: 202, body: { dedup_key: 'nul-pd\ufffd' } });
  });

  it('row 5: a lone surrogate and invalid UTF-8 bytes are accepted, replaced and marked', async () => {
    expect(
      (
        await prometheus.post(
          '{"groupKey":"s","alerts":[{"status":"firing","fingerprint":"lone-row5","labels":{"alertname":"x\\ud800y"}}]}',
        )
      ).status,
    ).toBe(202);
    expect(await alertByKey('lone-row5')).toMatchObject({
      title: 'x\ufffdy',
      marks: expect.arrayContaining(['sanitized']),
    });
    const bytes = Buffer.concat([
      Buffer.from('{"groupKey":"s2","alerts":[{"status":"firing","fingerprint":"bytes-row5","labels":{"alertname":"x'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('y"}}]}'),
    ]);
    expect((await prometheus.post(bytes)).status).toBe(202);
    expect((await alertByKey('bytes-row5')).marks).toContain('sanitized');
  });

  it('row 6: 200,000 nested arrays are 400 "too deep", fast', async () => {
    for (const body of ['['.repeat(200_000), '['.repeat(200_000) + ']'.repeat(200_000), '{"a":'.repeat(200_000)]) {
      const started = performance.now();
      const answer = await prometheus.post(body);
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.text).toContain('deeper than 64');
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  it('row 7: 1e999, -0 and a 400-digit integer are kept as text', async () => {
    const digits = '7'.repeat(400);
    expect(
      (await shop.post(pdText('"numbers-row7"', `,"custom_details":{"big":1e999,"minus":-0,"long":${digits}}`))).status,
    ).toBe(202);
    const alert = await alertByKey('numbers-row7');
    expect(alert.details).toEqual({ big: '1e999', minus: '-0', long: digits });
    expect(alert.labels.big).toBe('1e999');
  });

  it('row 8: dedup keys 9007199254740993 and …992 as numbers are two alerts', async () => {
    expect((await shop.post(pdText('9007199254740993', ''))).body.dedup_key).toBe('9007199254740993');
    expect((await shop.post(pdText('9007199254740992', ''))).body.dedup_key).toBe('9007199254740992');
    const { items } = (await web.get('/api/v1/alerts?text=900719925474099')).body;
    expect(items.map((item: { dedupKey: string }) => item.dedupKey).sort()).toEqual([
      '9007199254740992',
      '9007199254740993',
    ]);
  });

  it('row 9: one member twice with different values is 400 ambiguous', async () => {
    const answer = await shop.post(
      `{"routing_key":"${shop.key}","event_action":"trigger","event_action":"resolve","dedup_key":"twice","payload":{"summary":"s","source":"x","severity":"info"}}`,
      { 'x-routing-key': shop.key },
    );
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.text).toContain('twice with different values');
  });

  it('row 10: __proto__, constructor and hasOwnProperty are data, also nested and as label names', async () => {
    const body =
      '{"groupKey":"p","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"hasOwnProperty":1,"alerts":[{"status":"firing","fingerprint":"proto-row10","labels":{"alertname":"A","__proto__":"x","constructor":"y","hasOwnProperty":"z"},"annotations":{"__proto__":{"polluted":3}}}]}';
    expect((await prometheus.post(body)).status).toBe(202);
    const { text } = await web.get(`/api/v1/alerts?text=proto-row10`);
    const labels = JSON.parse(text).items[0].labels;
    expect(Object.keys(labels)).toEqual(expect.arrayContaining(['constructor', 'hasOwnProperty']));
    expect(
      (
        await shop.post(
          pdText('"proto-pd"', ',"custom_details":{"__proto__":{"polluted":4},"n":{"__proto__":{"polluted":5}}}'),
        )
      ).status,
    ).toBe(202);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('row 11: a 10 MB body is 413 without being read to its end, with and without a length, and the connection is closed', async () => {
    const path = `/integrations/v1/alertmanager/${prometheus.key}`;
    const withLength = await bare((send) =>
      send(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n{"alerts":[`,
      ),
    );
    expect(withLength.text).toMatch(/^HTTP\/1\.1 413 /);
    expect(withLength.closed).toBe(true);
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const flood = () => {
      let sent = 0;
      return bare((send) => {
        send(
          `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        for (let n = 0; n < 160; n++) {
          send(`${chunk.length.toString(16)}\r\n`);
          send(chunk);
          send('\r\n');
          sent += chunk.length;
        }
        expect(sent).toBe(10_485_760);
      });
    };
    // A client that is still sending when we close may lose the answer to TCP's reset: that is its network's doing, so it may ask again.
    let chunked = await flood();
    for (let again = 0; chunked.text === '' && again < 4; again++) chunked = await flood();
    expect(chunked.text).toMatch(/^HTTP\/1\.1 413 /);
    expect(chunked.closed).toBe(true);
  });

  it('row 12: a gzip or br bomb is 413 at the limit and costs under 50 MB, while an honest compressed body is taken', async () => {
    const gzip = await bomb(createGzip());
    const br = await bomb(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }));
    const before = process.memoryUsage().rss;
    expect((await prometheus.post(gzip, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await prometheus.post(br, { 'content-encoding': 'br' })).status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    const honest = gzipSync(JSON.stringify(amBody({ fingerprint: 'gzip-row12' })));
    expect((await prometheus.post(honest, { 'content-encoding': 'gzip' })).status).toBe(202);
    expect((await prometheus.post(Buffer.from('not gzip'), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await prometheus.post('{}', { 'content-encoding': 'compress' })).status).toBe(415);
  });

  it('row 13: JSON as text/plain is taken, XML and multipart are 415', async () => {
    const body = JSON.stringify(amBody({ fingerprint: 'plain-row13' }));
    for (const type of [
      'text/plain',
      'text/plain; charset=UTF-8',
      'application/x-www-form-urlencoded',
      'application/vnd.api+json',
    ]) {
      expect((await prometheus.post(body, { 'content-type': type })).status, type).toBe(202);
    }
    for (const type of [
      'application/xml',
      'text/xml; charset=utf-8',
      'application/soap+xml',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
    ]) {
      expect((await prometheus.post(body, { 'content-type': type })).status, type).toBe(415);
    }
  });

  it('row 14: a UTF-8 byte order mark is taken, UTF-16 is 415', async () => {
    const body = JSON.stringify(amBody({ fingerprint: 'bom-row14' }));
    expect((await prometheus.post(`\ufeff${body}`)).status).toBe(202);
    expect((await prometheus.post(Buffer.from(`\ufeff${body}`, 'utf16le'))).status).toBe(415);
    expect((await prometheus.post(Buffer.from(body, 'utf16le'))).status).toBe(415);
  });

  it('row 15: 5,000 labels, a 1 MB label and a 100,000-character title are cut at the documented sizes, and the page goes out', async () => {
    const labels = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`label_${n}`, 'v']));
    const body = amBody({
      fingerprint: 'huge-row15',
      labels: { alertname: 'A', severity: 'critical', long: 'x'.repeat(1_000_000), ...labels },
      annotations: { summary: '😀'.repeat(50_000) },
    });
    expect((await prometheus.post(body)).status).toBe(202);
    const alert = await alertByKey('huge-row15');
    expect(alert.title).toBe('😀'.repeat(512));
    expect(Object.keys(alert.labels).length).toBe(128);
    expect(alert.labels.long.length).toBe(2048);
    expect(alert.marks).toEqual(expect.arrayContaining(['cut:labels', 'cut:title']));
    const { body: group } = await web.get(`/api/v1/alert-groups/${alert.groupId}`);
    expect(group.pageId).toMatch(/^pag_/);
  });

  it('row 16: event times nobody can mean are dropped with a mark, and nothing waits for them', async () => {
    const times = [
      '9999-01-01T00:00:00Z',
      '1969-07-20T20:17:40Z',
      '2026-02-30T10:00:00Z',
      '2026-01-01T23:59:60Z',
      'yesterday',
      '',
      12,
    ];
    for (const [n, startsAt] of times.entries()) {
      expect((await prometheus.post(amBody({ fingerprint: `time-row16-${n}`, startsAt }))).status).toBe(202);
      const alert = await alertByKey(`time-row16-${n}`);
      expect(alert.startedAt, String(startsAt)).toBeNull();
      expect(alert.marks.includes('time_unusable'), String(startsAt)).toBe(startsAt !== '');
    }
    await prometheus.post(amBody({ fingerprint: 'time-row16-tonga', startsAt: '2026-11-23T10:00:00+14:00' }));
    expect((await alertByKey('time-row16-tonga')).startedAt).toBe('2026-11-22T20:00:00.000Z');
  });

  it('row 17: an event time one year ahead fires now', async () => {
    await prometheus.post(
      amBody({
        fingerprint: 'ahead-row17',
        startsAt: '2027-11-20T10:00:00Z',
        labels: { alertname: 'A', severity: 'critical' },
      }),
    );
    const alert = await alertByKey('ahead-row17');
    expect(alert).toMatchObject({ state: 'firing', marks: expect.arrayContaining(['time_ahead']) });
    expect((await web.get(`/api/v1/alert-groups/${alert.groupId}`)).body).toMatchObject({
      state: 'open',
      pageId: expect.stringMatching(/^pag_/),
    });
  });

  it('row 18: a resolve before its trigger is recorded, and the later trigger still pages', async () => {
    expect((await shop.event('resolve', 'early-row18')).status).toBe(202);
    await shop.event('trigger', 'early-row18');
    const alert = await alertByKey('early-row18');
    expect(alert.state).toBe('firing');
    expect((await web.get(`/api/v1/alert-groups/${alert.groupId}`)).body.pageId).toMatch(/^pag_/);
  });

  it('row 19: flapping by trigger and resolve is one alert with an exact count', async () => {
    const sender = await pagerduty(house, { name: 'Flappy' });
    for (let n = 0; n < 25; n++) {
      await sender.event('trigger', 'flap-row19');
      await sender.event('resolve', 'flap-row19');
    }
    const { items } = (await web.get(`/api/v1/alerts?integrationId=${sender.id}`)).body;
    expect(items).toMatchObject([{ count: 25, flaps: 24 }]);
    const { body: group } = await web.get(`/api/v1/alert-groups/${items[0].groupId}`);
    expect(group.flapping).toBe(true);
    const pages = await sql`select id from people.pages where subject_id = ${group.id}`.execute(house.core.db);
    expect(pages.rows).toHaveLength(1);
  });
});

describe('keys', () => {
  it('row 20: the same idempotency key with another body is 422', async () => {
    const headers = { 'idempotency-key': 'row20' };
    const first = await shop.event('trigger', undefined, {}, headers);
    const again = await shop.event('trigger', undefined, {}, headers);
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect((await shop.event('trigger', undefined, { summary: 'Another' }, headers)).status).toBe(422);
  });

  it('row 21: the same key and body a hundred times in parallel is one alert, with the same id in all answers', async () => {
    const sender = await pagerduty(house, { name: 'Parallel' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => sender.event('trigger', undefined, {}, { 'idempotency-key': 'row21' })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.body.dedup_key)).size).toBe(1);
    expect((await web.get(`/api/v1/alerts?integrationId=${sender.id}`)).body.items).toMatchObject([{ count: 1 }]);
    // Without an idempotency key the dedup key does it: one alert, counted a hundred times.
    const other = await pagerduty(house, { name: 'Parallel too' });
    await Promise.all(Array.from({ length: 100 }, () => other.event('trigger', 'row21')));
    // More at once than one transaction carries are answered when stored and processed right behind.
    await house.settle();
    expect((await web.get(`/api/v1/alerts?integrationId=${other.id}`)).body.items).toMatchObject([{ count: 100 }]);
    expect((await web.get(`/api/v1/alert-groups?integrationId=${other.id}`)).body.items).toMatchObject([
      { alertCount: 1, eventCount: 100 },
    ]);
  });

  it('row 22: a revoked or unknown key is 401, the key of a disabled integration 403 and counted', async () => {
    const sender = await pagerduty(house, { name: 'Keys' });
    const manager = await house.ctx('manager');
    const { key: second } = await rotateKey(manager, { id: sender.id, overlapHours: 1 });
    const post = (key: string) =>
      house.anonymous.post('/v2/enqueue', {
        routing_key: key,
        event_action: 'trigger',
        dedup_key: 'row22',
        payload: { summary: 's', source: 's', severity: 'info' },
      });
    expect([(await post(sender.key)).status, (await post(second)).status]).toEqual([202, 202]);
    await house.advance('61m');
    expect([(await post(sender.key)).status, (await post(second)).status]).toEqual([401, 202]);
    const { key: third } = await rotateKey(await house.ctx('manager'), { id: sender.id, overlapHours: 0 });
    expect([(await post(second)).status, (await post(third)).status, (await post('0'.repeat(32))).status]).toEqual([
      401, 202, 401,
    ]);
    await updateIntegration(await house.ctx('manager'), { id: sender.id, enabled: false });
    expect((await post(third)).status).toBe(403);
    expect(await integration(sender.id)).toMatchObject({ enabled: false, droppedCount: 1 });
    const revoked = await post(second);
    const unknown = await post('f'.repeat(32));
    expect(revoked.body).toEqual(unknown.body);
    // A key opens only the doors of its own family.
    expect((await house.anonymous.post(`/integrations/v1/alertmanager/${shop.key}`, amBody({}))).status).toBe(401);
    expect((await house.anonymous.post('/integrations/v1/alertmanager', amBody({}))).status).toBe(401);
  });

  it('row 23: the key in the URL works and is shown nowhere again', async () => {
    const path = `/integrations/v1/alertmanager/${prometheus.key}`;
    const taken = await house.anonymous.post(path, amBody({ fingerprint: 'url-row23' }));
    expect(taken.status).toBe(202);
    expect((await house.anonymous.post(`${path}/`, amBody({ fingerprint: 'url-row23' }))).status).toBe(202);
    expect(taken.headers.get('referrer-policy')).toBe('no-referrer');
    const bad = await house.anonymous.send('POST', path, '{');
    expect(bad.status).toBe(400);
    expect(bad.text).not.toContain(prometheus.key);
    expect((await house.anonymous.get(path)).text).not.toContain(prometheus.key);
    const pd = await shop.event('trigger', 'url-row23-pd', { custom_details: { echo: shop.key } });
    expect(pd.status).toBe(202);
    const alert = await alertByKey('url-row23-pd');
    const { text } = await web.get(`/api/v1/signals/${alert.lastSignalId}`);
    expect(text).not.toContain(shop.key);
  });
});

describe('the wire', () => {
  it('row 24: headers at one byte a second are closed within ten seconds, and others are not affected', async () => {
    const slow = Array.from({ length: 50 }, () =>
      bare((send) => {
        send('POST /v2/enqueue HTTP/1.1\r\nHost: x\r\nX-Slow: ');
        const drip = setInterval(() => send('x'), 1000);
        setTimeout(() => clearInterval(drip), 14_000);
      }, 14_000),
    );
    const started = performance.now();
    expect((await shop.event('trigger', 'beside-row24')).status).toBe(202);
    expect(performance.now() - started).toBeLessThan(1000);
    const results = await Promise.all(slow);
    expect(results.every((result) => result.closed)).toBe(true);
    expect(Math.max(...results.map((result) => result.ms))).toBeLessThan(10_000);
  });

  it('row 25: smuggling by two lengths, by length and chunks, by folded headers and by bare line feeds is 400 and closed', async () => {
    const head = 'POST /v2/enqueue HTTP/1.1\r\nHost: x\r\n';
    const tricks = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
      `${head}X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n`,
      'POST /v2/enqueue HTTP/1.1\nHost: x\nContent-Length: 0\n\n',
      `${head}Transfer-Encoding: chunked\r\n\r\n1;${'e'.repeat(65_536)}\r\nx\r\n0\r\n\r\n`,
    ];
    for (const trick of tricks) {
      const answer = await bare((send) => send(trick), 3000);
      expect(answer.text, trick.slice(40, 120)).toMatch(/^HTTP\/1\.1 4(00|13) /);
      expect(answer.closed, trick.slice(40, 120)).toBe(true);
    }
  });

  it('row 26: a 64 KB header and 2,000 headers are 431, a NUL in a value is 400', async () => {
    const head = 'POST /v2/enqueue HTTP/1.1\r\nHost: x\r\n';
    expect((await bare((send) => send(`${head}X-Big: ${'x'.repeat(65_536)}\r\n\r\n`), 3000)).text).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    const many = Array.from({ length: 2000 }, (_, n) => `X${n}: 1`).join('\r\n');
    expect((await bare((send) => send(`${head}${many}\r\nContent-Length: 0\r\n\r\n`), 3000)).text).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect((await bare((send) => send(`${head}X-Nul: a\0b\r\n\r\n`), 3000)).text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('row 29: a post of thousands of alerts is taken as a whole, or refused as a whole', async () => {
    const sender = await alertmanager(house, { name: 'Storm' });
    const alerts = (n: number) =>
      Array.from({ length: n }, (_, i) => ({
        status: 'firing',
        fingerprint: `storm-${i}`,
        labels: { alertname: 'Storm', instance: `i-${i}`, severity: 'warning' },
      }));
    const started = performance.now();
    expect((await sender.post({ groupKey: 'storm', alerts: alerts(10_000) })).status).toBe(202);
    expect(performance.now() - started).toBeLessThan(1500);
    await house.settle();
    const count = async () =>
      Number(
        (
          await sql<{ n: number }>`select count(*) n from signals.alerts where integration_id = ${sender.id}`.execute(
            house.core.db,
          )
        ).rows[0]?.n,
      );
    expect(await count()).toBe(10_000);
    expect((await web.get(`/api/v1/alert-groups?integrationId=${sender.id}`)).body.items).toMatchObject([
      { alertCount: 10_000, firingCount: 10_000 },
    ]);
    expect((await sender.post({ groupKey: 'storm2', alerts: alerts(40_000) })).status).toBe(413);
    expect(await count()).toBe(10_000);
  });
});
