/**
 * From an alert on `/v2/enqueue` to the page at a webhook receiver, everything durable on the way.
 *
 * `fromRequest` counts from the moment the sender begins to write its request, `fromAnswer` from the moment it holds the
 * 202. The limits of the promise are compared with the harder one, `fromRequest`. The alerts are errors, which page with
 * urgency and declare no incident.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { report, scratch, type Spread, spread, startProduct } from './lib.ts';
import { seed } from './seed.ts';

const LIMIT = { idleP50: 8, idleP99: 40, lastOfThousandMs: 5000 };
const WARM = 30;
const SAMPLES = Number(/--samples=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 200);
/** Idle means that the work of the alert before is done. */
const PAUSE_MS = 150;
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

async function idle(url: string, key: string): Promise<{ fromRequest: Spread; fromAnswer: Spread; answer: Spread }> {
  const fromRequest: number[] = [];
  const fromAnswer: number[] = [];
  const answer: number[] = [];
  for (let n = 0; n < WARM + SAMPLES; n++) {
    const title = `idle-alert-${n}-end`;
    const { sent, answered } = await enqueue(url, key, `idle-${n}`, title);
    const at = await receipts(title, 1, 20_000);
    if (n >= WARM) {
      fromRequest.push(at - sent);
      fromAnswer.push(at - answered);
      answer.push(answered - sent);
    }
    await sleep(PAUSE_MS);
  }
  return { fromRequest: spread(fromRequest), fromAnswer: spread(fromAnswer), answer: spread(answer) };
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

const place = scratch();
const product = await startProduct(place.dir);
try {
  const { key } = await seed({ dataDir: place.dir, sinkUrl, services: WARM + SAMPLES, people: PEOPLE });
  await sleep(3000);
  const quiet = await idle(product.url, key);
  if (process.argv.includes('--progress')) console.log(JSON.stringify(quiet));
  const storm = await thousand(product.url, key);
  const { p50, p99 } = quiet.fromRequest;
  report({
    bench: 'paging',
    ours: { idleMs: quiet, lastOfThousandMs: storm.last, firstOfThousandMs: storm.first },
    peer: { limitIdleP50Ms: LIMIT.idleP50, limitIdleP99Ms: LIMIT.idleP99, limitLastMs: LIMIT.lastOfThousandMs },
    ratio: Math.max(p50 / LIMIT.idleP50, p99 / LIMIT.idleP99, storm.last.max / LIMIT.lastOfThousandMs),
    pass: p50 < LIMIT.idleP50 && p99 < LIMIT.idleP99 && storm.last.max < LIMIT.lastOfThousandMs,
  });
} finally {
  await product.stop();
  const complaints = product.output().match(/"level":[56]0.*/g);
  if (complaints) console.error(complaints.slice(0, 5).join('\n'));
  agent.destroy();
  sink.close();
  sink.closeAllConnections();
  place.remove();
}
