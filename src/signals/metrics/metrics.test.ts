/** Metrics come in by remote write or by query, become anomalies with a reason, alerts, and votes that move a threshold. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import snappy from 'snappyjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { sql } from '../../kernel/index.ts';
import { watchMetrics } from './jobs.ts';
import type { SeriesIn } from './model.ts';
import { createMetricWatch } from './commands/createMetricWatch.ts';

let house: House;
let web: WebClient;
let responder: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('manager');
  responder = await house.signIn('responder');
});
afterAll(() => house.close());

/** As Prometheus encodes it, with a library that is not ours. */
function encode(series: SeriesIn[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const { labels, samples } of series) {
    writer.uint32(10).fork();
    for (const [name, value] of Object.entries(labels))
      writer.uint32(10).fork().uint32(10).string(name).uint32(18).string(value).ldelim();
    for (const { at, value } of samples) writer.uint32(18).fork().uint32(9).double(value).uint32(16).int64(at).ldelim();
    writer.ldelim();
  }
  return snappy.compress(Buffer.from(writer.finish())) as Buffer;
}

const WRITE = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
const send = (key: string, body: Uint8Array, headers: Record<string, string> = {}) =>
  house.anonymous.send('POST', '/api/v1/write', body as never, {
    ...WRITE,
    authorization: `Bearer ${key}`,
    'x-prometheus-remote-write-version': '0.1.0',
    ...headers,
  });
const now = async () => (await house.ctx('system')).now.getTime();
/**
 * The minute that begins now, and it is the sixth of a quarter of an hour: the detector knows values by their quarter, and the
 * first few of a quarter that no day before had are not judged by it.
 */
const wholeMinute = async () => {
  const wait = (20 - (Math.floor((await now()) / 60_000) % 15)) % 15;
  if (wait > 0) await house.advance(`${wait}m`);
  return Math.floor((await now()) / 60_000) * 60_000;
};
const seriesOf = async (watchId: string) => (await web.get(`/api/v1/metric-series?watchId=${watchId}`)).body.items;
const detailOf = async (id: string) => (await web.get(`/api/v1/metric-series/${id}`)).body;
const groupsOf = async () => (await web.get('/api/v1/alert-groups?state=active')).body.items;
const watch = async (body: Record<string, unknown>) => {
  const made = await web.post('/api/v1/metric-watches', body);
  expect(made.status, made.text).toBe(201);
  return made.body;
};
const noise = (n: number) => Math.sin(n * 12.9898) * 3;

/** A minute's value for each of `many` minutes that end at `end`. */
const minutes = (end: number, many: number, value: (n: number) => number) =>
  Array.from({ length: many }, (_, n) => ({ at: end - (many - n) * 60_000, value: value(n) }));

describe('remote write', () => {
  it('an unusual value is an alert with value, expected band and reason; it ends when the values are usual again', async () => {
    const { key } = await connected(house, 'prometheus');
    const made = await watch({ name: 'Orders', source: 'write', selector: 'orders_open{shop=~"eu|us"}' });
    const labels = { __name__: 'orders_open', shop: 'eu' };
    const end = await wholeMinute();
    const history = minutes(end, 400, (n) => 50 + noise(n));
    expect((await send(key, encode([{ labels, samples: history }]))).status).toBe(204);
    expect(await seriesOf(made.id)).toMatchObject([{ name: 'orders_open{shop="eu"}', state: 'usual', seen: 399 }]);
    await send(key, encode([{ labels: { __name__: 'orders_open', shop: 'asia' }, samples: history.slice(-2) }]));
    expect(await seriesOf(made.id)).toHaveLength(1);

    await house.advance('5m');
    await send(key, encode([{ labels, samples: minutes(end + 300_000, 5, () => 90) }]));
    const [series] = await seriesOf(made.id);
    expect(series.state).toBe('unusual');
    const [group] = await groupsOf();
    expect(group).toMatchObject({ title: 'Orders: unusual values', severity: 'warning' });
    const { items } = (await web.get(`/api/v1/alerts?groupId=${group.id}`)).body;
    const alert = items.find((one: { title: string }) => one.title.includes('orders_open'));
    expect(alert.title).toMatch(/^orders_open\{shop="eu"\} is unusually high: /);
    expect(alert.description).toMatch(/expected [\d.]+ to [\d.]+\. Why: .*(mean|usual at this time|never followed)/);
    const found = (await detailOf(series.id)).anomalies[0];
    expect(found).toMatchObject({ told: true, useful: null });
    expect(found.score).toBeGreaterThanOrEqual(found.threshold);

    await house.advance('90m');
    await send(key, encode([{ labels, samples: minutes(end + 95 * 60_000, 88, (n) => 50 + noise(n)) }]));
    expect((await seriesOf(made.id))[0].state).toBe('usual');
    await house.advance('6m');
    expect((await web.get(`/api/v1/alert-groups/${group.id}`)).body.state).toBe('resolved');
  });

  it('the same samples again, and late ones, change nothing; another node goes on where this one was', async () => {
    const { key } = await connected(house, 'prometheus');
    const made = await watch({ name: 'Queue', source: 'write', selector: 'queue_depth' });
    const labels = { __name__: 'queue_depth' };
    const end = Math.floor((await now()) / 60_000) * 60_000;
    const samples = minutes(end, 40, noise);
    for (const part of [samples.slice(0, 30), samples.slice(10, 35), samples, samples.slice(0, 5)])
      await send(key, encode([{ labels, samples: part }]));
    const [series] = await seriesOf(made.id);
    expect(series.seen).toBe(39);
    const { rows } = await sql<{ state: string; once: string }>`select state from signals.metric_states
      where series_id = ${series.id}`.execute(house.core.db);
    const again = await watch({ name: 'Queue, at once', source: 'write', selector: '{__name__="queue_depth",}' });
    await send(key, encode([{ labels, samples }]));
    const [whole] = await seriesOf(again.id);
    const other = await sql<{ state: string }>`select state from signals.metric_states
      where series_id = ${whole.id}`.execute(house.core.db);
    // In pieces, over restarts, or in one go: what is known is the same to the last digit.
    expect(rows[0]!.state).toBe(other.rows[0]!.state);
    expect(rows[0]!.state.length).toBeLessThan(20_000);
  });

  it('a counter is watched by what it gains in a second, over its restarts', async () => {
    const { key } = await connected(house, 'prometheus');
    const made = await watch({ name: 'Requests', source: 'write', selector: 'req_total', reading: 'rate' });
    const end = Math.floor((await now()) / 60_000) * 60_000;
    const labels = { __name__: 'req_total' };
    await send(key, encode([{ labels, samples: minutes(end, 6, (n) => (n < 3 ? 1000 + 120 * n : 60 * (n - 2))) }]));
    const { points } = await detailOf((await seriesOf(made.id))[0].id);
    expect(points.map((point: { value: number }) => point.value)).toEqual([2, 2, 1, 1]);
  });

  it('more series than a watch may hold are named and not watched; all watches together have a limit too', async () => {
    const { key } = await connected(house, 'prometheus');
    const made = await watch({ name: 'Pods', source: 'write', selector: 'pod_cpu', maxSeries: 3 });
    const at = (await now()) - 60_000;
    const series = Array.from({ length: 10 }, (_, n) => ({
      labels: { __name__: 'pod_cpu', pod: `p-${n}` },
      samples: [{ at, value: n }],
    }));
    await send(key, encode(series));
    const { items, senders } = (await web.get('/api/v1/metric-watches')).body;
    expect(items.find((one: { id: string }) => one.id === made.id)).toMatchObject({
      series: 3,
      refused: { many: 7, example: 'pod_cpu{pod="p-3"}' },
    });
    expect(senders.some((one: { metrics: number }) => one.metrics === 1)).toBe(true);
    expect((await web.get('/api/v1/metric-names?text=pod_')).body.items).toMatchObject([
      { name: 'pod_cpu', series: 10 },
    ]);
    const body = { source: 'write', selector: 'x', maxSeries: 1000 };
    await watch({ name: 'Half', ...body });
    const over = await web.post('/api/v1/metric-watches', { name: 'Too much', ...body });
    expect([over.status, over.body.rule]).toEqual([422, 'signals.watch_limit']);
    expect(over.body.errors[0]).toMatchObject({ path: 'maxSeries' });
    expect((await responder.post('/api/v1/metric-watches', { name: 'No', ...body })).status).toBe(403);
  });

  it('bad bodies are refused without harm: not Snappy, a bomb, cut, nonsense, foreign keys, version 2.0', async () => {
    const { key } = await connected(house, 'prometheus');
    const good = encode([{ labels: { __name__: 'x' }, samples: [{ at: 1, value: 1 }] }]);
    const bomb = Buffer.concat([Buffer.from([0x80, 0x80, 0x80, 0x80, 0x08]), Buffer.alloc(100, 0xfe)]);
    const circle = Buffer.from([0x10, 0xfc, 0xf0, 0xff, 0xff, 0xff, 0x01]);
    const cases: [string, Uint8Array, Record<string, string>, number][] = [
      ['not Snappy', Buffer.from('hello'), {}, 400],
      ['nothing', Buffer.alloc(0), {}, 400],
      ['a bomb of 2 GB', bomb, {}, 413],
      ['a length that jumps back', circle, {}, 400],
      ['cut', good.subarray(0, good.length - 3), {}, 400],
      ['nonsense inside', snappy.compress(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1])) as Buffer, {}, 400],
      ['groups', snappy.compress(Buffer.from([0x0b, 0x0b, 0x0b])) as Buffer, {}, 400],
      ['over a megabyte', Buffer.alloc(1024 * 1024 + 1), {}, 413],
      ['JSON', Buffer.from('{}'), { 'content-type': 'application/json' }, 415],
      ['gzip', good, { 'content-encoding': 'gzip' }, 400],
      ['2.0', good, { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }, 415],
      ['a foreign key', good, { authorization: 'Bearer 0123456789abcdef0123456789abcdef' }, 401],
    ];
    for (const [name, body, headers, status] of cases)
      expect((await send(key, body, headers)).status, name).toBe(status);
    const proto = encode([
      { labels: { __name__: 'x', __proto__: 'y', constructor: 'z' }, samples: [{ at: 1, value: 1 }] },
    ]);
    expect((await send(key, proto)).status).toBe(204);
    expect(({} as Record<string, unknown>).y).toBeUndefined();
    expect((await send(key, good)).status).toBe(204);
  });

  it('selectors are read strictly, with the place of what is wrong', async () => {
    const problem = async (selector: string) =>
      (await web.post('/api/v1/metric-watches', { name: 'Wrong', source: 'write', selector })).body.errors?.[0]
        ?.message;
    expect(await problem('')).toMatch(/name a metric or a label/);
    expect(await problem('up{job=api}')).toMatch(/Character 8: a value in quotes/);
    expect(await problem('up{job="a" code="b"}')).toMatch(/Character 12: “,” or “}”/);
    expect(await problem('up{job=~"(a"}')).toMatch(/Character 9: this pattern cannot be run/);
    expect(await problem('{job=~".*"}')).toMatch(/would fit every series/);
    expect(await problem('up or down')).toMatch(/Character 4: nothing more/);
  });
});

describe('votes', () => {
  it('“not useful” raises the threshold of that series alone; it is counted and can be taken back', async () => {
    const { key } = await connected(house, 'prometheus');
    const made = await watch({ name: 'Voted', source: 'write', selector: 'voted' });
    const labels = { __name__: 'voted' };
    const end = await wholeMinute();
    await send(key, encode([{ labels, samples: minutes(end, 400, (n) => 50 + noise(n)) }]));
    await house.advance('3m');
    await send(key, encode([{ labels, samples: minutes(end + 180_000, 3, () => 80) }]));
    const [series] = await seriesOf(made.id);
    const before = await detailOf(series.id);
    expect(before.threshold).toBe(before.baseThreshold);
    const [found] = before.anomalies;
    const judged = await responder.post(`/api/v1/anomalies/${found.id}/judge`, { useful: false });
    expect(judged.status).toBe(200);
    expect(judged.body.threshold).toBeGreaterThanOrEqual(before.threshold + 0.5);
    const after = await detailOf(series.id);
    expect(after).toMatchObject({ threshold: judged.body.threshold, votes: { useful: 0, notUseful: 1 } });
    expect(after.anomalies[0]).toMatchObject({ useful: false, judgedBy: { name: expect.any(String) } });
    const list = (await web.get('/api/v1/metric-watches')).body;
    expect(list.items.find((one: { id: string }) => one.id === made.id).votes).toEqual({ useful: 0, notUseful: 1 });
    expect((await responder.post(`/api/v1/anomalies/${found.id}/judge`, { useful: null })).body.threshold).toBe(
      before.threshold,
    );
    expect((await responder.post(`/api/v1/anomalies/${found.id}/judge`, { useful: true })).body.threshold).toBe(
      before.threshold - 0.2,
    );
    const viewer = await house.signIn('viewer');
    expect((await viewer.post(`/api/v1/anomalies/${found.id}/judge`, { useful: true })).status).toBe(403);
  });
});

describe('queries', () => {
  it('a query is asked for its past first, then step by step; when it has no answer that is said', async () => {
    let down = false;
    const asked: URLSearchParams[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        const form = new URLSearchParams(body);
        asked.push(form);
        const [from, to, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
        const values: [number, string][] = [];
        for (let at = from!; at <= to!; at += step!) values.push([at, String(50 + noise(at / 60))]);
        response.writeHead(down ? 503 : 200, { 'content-type': 'application/json' });
        response.end(
          down
            ? 'away'
            : JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const made = await createMetricWatch(await house.ctx('manager'), {
        name: 'Latency',
        source: 'query',
        url,
        query: 'histogram_quantile(0.9, …)',
        authorization: 'Bearer {{token}}',
        secrets: { token: 'geheim' },
        maxSeries: 5,
      });
      await watchMetrics.run(await house.ctx('system'), {});
      expect(await seriesOf(made.id)).toMatchObject([{ name: 'Latency', state: 'usual', seen: 1501 }]);
      const many = asked.length;
      await watchMetrics.run(await house.ctx('system'), {});
      expect(asked.length).toBe(many);
      await house.advance('2m');
      await watchMetrics.run(await house.ctx('system'), {});
      expect((await seriesOf(made.id))[0].seen).toBe(1503);
      down = true;
      await house.advance('1m');
      await watchMetrics.run(await house.ctx('system'), {});
      const { items } = (await web.get('/api/v1/metric-watches')).body;
      const shown = items.find((one: { id: string }) => one.id === made.id);
      expect(shown).toMatchObject({ trouble: expect.stringMatching(/503/), secrets: ['token'] });
      expect(JSON.stringify(items)).not.toContain('geheim');
      const moved = await web.patch(`/api/v1/metric-watches/${made.id}`, { url: 'https://elsewhere.example' });
      expect(moved.body.rule).toBe('signals.monitor_secret_moved');
    } finally {
      server.close();
    }
  });

  it('rows 62 and 64: a redirect is not followed, an answer without end is cut; both are said', async () => {
    let elsewhere = 0;
    const server = createServer((request, response) => {
      if (request.url === '/elsewhere') elsewhere += 1;
      if (request.url?.startsWith('/away')) response.writeHead(302, { location: '/elsewhere' }).end();
      else {
        response.writeHead(200, { 'content-type': 'application/json' });
        const part = Buffer.alloc(1024 * 1024, 0x20);
        const more = () => {
          while (!response.destroyed && response.write(part));
        };
        response.on('drain', more);
        more();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const path of ['away', 'endless'])
        await watch({ name: path, source: 'query', url: `${url}/${path}`, query: 'up', maxSeries: 1 });
      await watchMetrics.run(await house.ctx('system'), {});
      const { items } = (await web.get('/api/v1/metric-watches')).body;
      const trouble = (name: string) => items.find((one: { name: string }) => one.name === name).trouble;
      expect(trouble('away')).toMatch(/302/);
      expect(trouble('endless')).toMatch(/larger than 8 MB/);
      expect(elsewhere).toBe(0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('rows 60 and 63: a query address that is internal, disguised or of another scheme is refused when saved', async () => {
    for (const url of [
      'http://10.0.0.1',
      'http://0xa.1/',
      'http://[::ffff:a00:1]/',
      'file:///etc/passwd',
      'gopher://x',
      'http://u:p@x.example',
    ]) {
      const { status, body } = await web.post('/api/v1/metric-watches', {
        name: 'Bad',
        source: 'query',
        url,
        query: 'up',
      });
      expect([url, status, body.errors?.[0]?.path]).toEqual([url, 422, 'url']);
    }
  });
});

const PROMETHEUS = '/usr/bin/prometheus';
const without = existsSync(PROMETHEUS) ? '' : `not run: ${PROMETHEUS} is not installed (apt-get install prometheus)`;
if (without) console.warn(without);

describe.skipIf(without !== '')('a real Prometheus', () => {
  it('writes its own metrics to us, and its series are watched', async () => {
    const { key } = await connected(house, 'prometheus');
    const made = await watch({
      name: 'Prometheus itself',
      source: 'write',
      selector: 'prometheus_tsdb_head_series',
      stepSeconds: 10,
    });
    const dir = mkdtempSync(join(tmpdir(), 'ek-prometheus-'));
    const port = 20_000 + (process.pid % 20_000);
    writeFileSync(
      join(dir, 'prometheus.yml'),
      `global: { scrape_interval: 1s }
scrape_configs: [{ job_name: self, static_configs: [{ targets: ["127.0.0.1:${port}"] }] }]
remote_write:
  - url: ${house.url}/api/v1/write
    authorization: { credentials: ${key} }
    queue_config: { batch_send_deadline: 500ms }
`,
    );
    const version = execFileSync(PROMETHEUS, ['--version'], { encoding: 'utf8' }).split('\n')[0];
    const child = spawn(PROMETHEUS, [
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    let said = '';
    child.stderr.on('data', (part) => (said += part));
    try {
      await expect.poll(() => seriesOf(made.id), { timeout: 40_000, interval: 500 }).toHaveLength(1);
      const [series] = await seriesOf(made.id);
      expect(series.labels, version).toMatchObject({ job: 'self', __name__: 'prometheus_tsdb_head_series' });
      expect((await web.get('/api/v1/metric-names?text=go_goroutines')).body.items).toHaveLength(1);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${said.slice(-2000)}`);
    } finally {
      child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    }
  }, 60_000);
});
