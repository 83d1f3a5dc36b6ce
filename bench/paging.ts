/**
 * From an alert on `/v2/enqueue` to the page at a webhook receiver, everything durable on the way; idle, with other alerts
 * coming in at half of what this machine can process, and with a thousand people called by one alert.
 *
 * Beside it, post by post in turn, a bare prototype on the same database server (`bare.ts`: insert, commit, call the webhook):
 * what is the machine's and its other guests' is in both. `atTheQuietMachine` takes ours at the same multiple of the
 * prototype's figures on a quiet machine (1.4 and 5 ms); it is told beside what was measured and decides nothing.
 *
 * `fromRequest` counts from the moment the sender begins to write its request, `fromAnswer` from the moment it holds the
 * 202. The limits of the promise are compared with the harder one, `fromRequest`. The alerts are errors, which page with
 * urgency and declare no incident.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { attachEmbedded } from '../src/kernel/db/embedded.ts';
import { root, report, scratch, type Spread, spread, startProduct } from './lib.ts';
import { seed } from './seed.ts';

const QUIET_BARE = { p50: 1.4, p99: 5 };
const LIMIT = { idleP50: 8, idleP99: 40, lastOfThousandMs: 5000 };
const WARM = 30;
const SAMPLES = Number(/--samples=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 200);
/** Idle means that the work of the alert before is done. */
const PAUSE_MS = 150;
/** `--idle`: only the first part, printed, for work on it. */
const IDLE_ONLY = process.argv.includes('--idle');
class Done extends Error {}
const PEOPLE = 1000;
const ROUNDS = 3;

/** When each receipt arrived, by path and page. */
const heard: { path: string; title: string; at: number }[] = [];
let wake = () => {};
const sink = createServer(async (incoming, answer) => {
  const at = performance.now();
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as { type: string; data: { title?: string } };
  if (body.type === 'page.sent') heard.push({ path: incoming.url ?? '', title: body.data.title ?? '', at });
  answer.end('{}');
  wake();
});
await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
const sinkUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Sends one alert; returns when the request began and when its answer was complete. */
function enqueue(
  url: string,
  key: string,
  service: string,
  title: string,
): Promise<{ sent: number; answered: number }> {
  const body = JSON.stringify({
    routing_key: key,
    event_action: 'trigger',
    payload: { summary: title, source: 'bench', severity: 'error', custom_details: { service } },
  });
  return new Promise((resolve, reject) => {
    const sent = performance.now();
    const options = {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    };
    const call = request(`${url}/v2/enqueue`, options, (answer) => {
      answer.resume();
      answer.on('end', () => {
        if (answer.statusCode === 202) resolve({ sent, answered: performance.now() });
        else reject(new Error(`enqueue answered ${answer.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Waits until `count` receipts with this title are there; returns when the last one came. */
async function receipts(title: string, count: number, ms: number): Promise<number> {
  const end = performance.now() + ms;
  for (;;) {
    const found = heard.filter((item) => item.title.includes(title));
    if (found.length >= count) return Math.max(...found.map((item) => item.at));
    if (performance.now() > end) throw new Error(`${title}: ${found.length} of ${count} receipts within ${ms} ms`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 100);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

interface Way {
  fromRequest: Spread;
  fromAnswer: Spread;
  answer: Spread;
  bare: Spread;
}

async function one(url: string, key: string, bare: string, name: string): Promise<Way> {
  const bares: number[] = [];
  const fromRequest: number[] = [];
  const fromAnswer: number[] = [];
  const answer: number[] = [];
  for (let n = 0; n < WARM + SAMPLES; n++) {
    const plain = `bare-${name}-${n}-end`;
    const from = await enqueue(bare, key, 'bare', plain);
    const there = await receipts(plain, 1, 20_000);
    await sleep(20);
    const title = `${name}-alert-${n}-end`;
    const { sent, answered } = await enqueue(url, key, `${name}-${n}`, title);
    const at = await receipts(title, 1, 20_000);
    if (n >= WARM) {
      bares.push(there - from.sent);
      fromRequest.push(at - sent);
      fromAnswer.push(at - answered);
      answer.push(answered - sent);
    }
    await sleep(PAUSE_MS);
  }
  return {
    fromRequest: spread(fromRequest),
    fromAnswer: spread(fromAnswer),
    answer: spread(answer),
    bare: spread(bares),
  };
}

async function thousand(url: string, key: string): Promise<{ last: Spread; first: Spread }> {
  const last: number[] = [];
  const first: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const title = `everybody-alert-${n}-end`;
    const { sent } = await enqueue(url, key, `everybody-${n}`, title);
    last.push((await receipts(title, PEOPLE, 60_000)) - sent);
    first.push(Math.min(...heard.filter((item) => item.title.includes(title)).map((item) => item.at)) - sent);
    await sleep(2000);
  }
  return { last: spread(last), first: spread(first) };
}

/** Alerts a second of another sender, of nobody's concern: as fast as they are taken, or at a rate. */
function others(
  url: string,
  key: string,
  seconds: number,
  rate?: number,
): Promise<{ alerts: number; seconds: number }> {
  const work = {
    port: Number(new URL(url).port),
    key,
    batch: 1,
    kind: 'distinct',
    connections: 64,
    seconds,
    rate,
    from: rate ? 5_000_000 : 0,
  };
  const child = spawn(process.execPath, [join(root, 'bench/generator.ts'), JSON.stringify(work)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  return new Promise((resolve) => child.once('close', () => resolve(JSON.parse(text))));
}

async function startBare(dataDir: string): Promise<{ url: string; stop(): void }> {
  const attached = await attachEmbedded(join(dataDir, 'postgres'));
  const argument = JSON.stringify({ connection: attached!.connection, sink: `${sinkUrl}/bare` });
  const child = spawn(process.execPath, [join(root, 'bench/bare.ts'), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => {
    child.stdout.on('data', (part: Buffer) => {
      const found = /port (\d+)/.exec(part.toString());
      if (found) resolve(found[1]!);
    });
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill('SIGKILL') };
}

/** What this machine processes of one sender's alerts, one by one, everything counted: half of it is the load beside pages. */
async function limitOf(url: string, key: string, waiting: () => Promise<number>): Promise<number> {
  const from = performance.now();
  const { alerts } = await others(url, key, 4);
  while ((await waiting()) > 0) await sleep(50);
  return Math.round(alerts / ((performance.now() - from) / 1000));
}

const quietly = (ours: Spread, bare: Spread) => ({
  p50: Math.round((ours.p50 / bare.p50) * QUIET_BARE.p50 * 10) / 10,
  p99: Math.round((ours.p99 / bare.p99) * QUIET_BARE.p99 * 10) / 10,
});

const place = scratch();
const product = await startProduct(place.dir);
const bare = await startBare(place.dir);
try {
  const { key, otherKey } = await seed({ dataDir: place.dir, sinkUrl, services: WARM + SAMPLES, people: PEOPLE });
  const attached = await attachEmbedded(join(place.dir, 'postgres'));
  const database = new pg.Client(attached!.connection as pg.ClientConfig);
  await database.connect();
  const waiting = async () =>
    Number(
      (await database.query("select coalesce(sum(events), 0) n from signals.blocks where state = 'waiting'")).rows[0].n,
    );
  await sleep(3000);
  const quiet = await one(product.url, key, bare.url, 'idle');
  if (IDLE_ONLY || process.argv.includes('--progress')) console.log(JSON.stringify(quiet));
  if (IDLE_ONLY) {
    await database.end();
    throw new Done();
  }
  const storm = await thousand(product.url, key);
  if (process.argv.includes('--progress')) console.log(JSON.stringify(storm));
  const limit = await limitOf(product.url, otherKey, waiting);
  const load = others(product.url, otherKey, ((WARM + SAMPLES) * (PAUSE_MS + 60)) / 1000, limit / 2);
  const half = await one(product.url, key, bare.url, 'half');
  await load;
  await database.end();
  const { p50, p99 } = quiet.fromRequest;
  report({
    bench: 'paging',
    ours: {
      idleMs: quiet,
      lastOfThousandMs: storm.last,
      firstOfThousandMs: storm.first,
      halfOfIngestPerSecond: Math.round(limit / 2),
      halfMs: half,
      atTheQuietMachine: { idle: quietly(quiet.fromRequest, quiet.bare) },
    },
    peer: {
      bareIdleMs: quiet.bare,
      bareHalfMs: half.bare,
      limitIdleP50Ms: LIMIT.idleP50,
      limitIdleP99Ms: LIMIT.idleP99,
      limitLastMs: LIMIT.lastOfThousandMs,
    },
    ratio: Math.max(p50 / LIMIT.idleP50, p99 / LIMIT.idleP99, storm.last.max / LIMIT.lastOfThousandMs),
    pass: p50 < LIMIT.idleP50 && p99 < LIMIT.idleP99 && storm.last.max < LIMIT.lastOfThousandMs,
  });
} catch (error) {
  if (!(error instanceof Done)) throw error;
} finally {
  bare.stop();
  await product.stop();
  const complaints = product.output().match(/"level":[56]0.*/g);
  if (complaints) console.error(complaints.slice(0, 5).join('\n'));
  agent.destroy();
  sink.close();
  sink.closeAllConnections();
  place.remove();
}
