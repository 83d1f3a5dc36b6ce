/**
 * How many things one node can watch, and how punctually.
 *
 * *Rhythm*: 2,000 HTTP monitors every 30 s in a real product against a loopback server, which notes when each request
 * arrives; how late that is after the moment the monitor was due (a pure function of its id) is the start delay.
 * *Rate*: checks per second of processor time, ours through the same code a node runs (guard, fresh connection, times,
 * assertions), beside Debian's blackbox exporter asked over HTTP as Prometheus asks it. Processor time, because both then
 * count one core, whatever else the machine does. Both make a fresh connection for each check.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { nextDue } from '../src/signals/monitors/model.ts';
import { selfSigned } from '../test/fakes/tls-front.ts';
import { report, scratch, spread, startProduct } from './lib.ts';
import { seedMonitors } from './seed-monitors.ts';

const MONITORS = 2000;
const INTERVAL_S = 30;
/** One turn to come into the rhythm, then this long is counted. */
const COUNTED_MS = 65_000;
const LIMIT_P99_MS = 1000;
const NEED = { http: 1.5, https: 0.9 };
const AT_ONCE = 32;
const ROUND_MS = 3000;
const ROUNDS = 3;

/** The loopback servers stand in a thread of their own, so that their work is not counted as ours. */
async function serveTargets(): Promise<void> {
  const pair = workerData as { key: string; cert: string };
  const arrived: [string, number][] = [];
  const answer = (request: { url?: string }, response: { end(text: string): void }) => {
    if (request.url?.startsWith('/m/')) arrived.push([request.url.slice(3), Date.now()]);
    response.end('all is well');
  };
  const ports = await Promise.all(
    [createServer(answer), createHttps(pair, answer)].map(
      (server) =>
        new Promise<number>((resolve) =>
          (server as Server).listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  parentPort?.postMessage(ports);
  parentPort?.on('message', () => parentPort?.postMessage(arrived.splice(0)));
}

/** Seconds of processor time a process has used, all its threads. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(stat[11]) + Number(stat[12])) / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
}

/** Runs `one` at most `AT_ONCE` times at once for a while; returns how often it ended. */
async function hammer(one: () => Promise<void>, ms: number): Promise<number> {
  let done = 0;
  const end = performance.now() + ms;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < end) {
        await one();
        done += 1;
      }
    }),
  );
  return done;
}

/** Checks per second of processor time and per second of the clock, the middle of three rounds after a warm-up. */
async function rate(one: () => Promise<void>, pid: number) {
  await hammer(one, 1000);
  const perCore: number[] = [];
  const perSecond: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuOf(pid);
    const done = await hammer(one, ROUND_MS);
    perCore.push(done / (cpuOf(pid) - before));
    perSecond.push(done / (ROUND_MS / 1000));
  }
  const { p50, min, max } = spread(perCore);
  return {
    perCore: Math.round(p50),
    min: Math.round(min),
    max: Math.round(max),
    wallPerSecond: Math.round(spread(perSecond).p50),
  };
}

/** Ours, in a process of its own: `node bench/monitors.ts --look <url> <ca file>`. Prints one line of JSON. */
async function lookRate(url: string, ca: string): Promise<void> {
  const { lookOnce } = await import('../src/signals/monitors/look.ts');
  const what = {
    kind: 'http',
    spec: { url, ca: url.startsWith('https') ? readFileSync(ca, 'utf8') : '' },
    secrets: {},
    timeoutSeconds: 10,
  };
  const one = async () => {
    const outcome = await lookOnce(what, new Date());
    if (!outcome.ok) throw new Error(`a check of ours failed: ${outcome.reason}`);
  };
  console.log(JSON.stringify(await rate(one, process.pid)));
}

function blackboxBinary(): string | undefined {
  const named = process.env.BLACKBOX_EXPORTER;
  const places = [named, '/usr/bin/prometheus-blackbox-exporter', '/usr/local/bin/blackbox_exporter'];
  return places.find((path) => path !== undefined && existsSync(path));
}

interface Peer {
  pid: number;
  rate(module: 'http' | 'https', target: string): ReturnType<typeof rate>;
  stop(): void;
}

async function startBlackbox(binary: string, dir: string): Promise<Peer> {
  const config = join(dir, 'blackbox.yml');
  // Nothing is verified there, which is less work than ours does.
  writeFileSync(
    config,
    `modules:
  http: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4}}
  https: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4, tls_config: {insecure_skip_verify: true}}}
`,
  );
  const port = 20_000 + (process.pid % 10_000);
  const child: ChildProcess = spawn(
    binary,
    [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    { stdio: 'ignore' },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent }, (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => resolve(text));
      }).on('error', reject);
    });
  for (let n = 0; n < 100 && (await ask('/-/healthy').catch(() => '')) === ''; n++) await sleep(50);
  return {
    pid: child.pid ?? 0,
    rate: (module, target) => {
      const path = `/probe?module=${module}&target=${encodeURIComponent(target)}`;
      return rate(async () => {
        const text = await ask(path);
        if (!text.includes('probe_success 1'))
          throw new Error(`a check of the exporter failed:\n${text.slice(0, 500)}`);
      }, child.pid ?? 0);
    },
    stop: () => {
      agent.destroy();
      child.kill();
    },
  };
}

/** The rhythm of a real product: how late each look began, by the server that was looked at. */
async function rhythm(target: string, arrivals: () => Promise<[string, number][]>) {
  const place = scratch();
  const product = await startProduct(place.dir);
  try {
    const ids = await seedMonitors({
      dataDir: place.dir,
      count: MONITORS,
      url: `${target}/m/`,
      intervalSeconds: INTERVAL_S,
    });
    // The first looks of new monitors do not wait for their turn; after one interval all are in their rhythm.
    await sleep(INTERVAL_S * 1000 + 8000);
    await arrivals();
    const before = cpuOf(product.pid);
    await sleep(COUNTED_MS);
    const late = (await arrivals()).map(([n, at]) => {
      const id = ids[Number(n)] ?? '';
      const due = nextDue(id, INTERVAL_S, at) - INTERVAL_S * 1000;
      return at - due;
    });
    return {
      delayMs: spread(late),
      looks: late.length,
      expected: Math.round((MONITORS * COUNTED_MS) / (INTERVAL_S * 1000)),
      cpuSeconds: Math.round((cpuOf(product.pid) - before) * 10) / 10,
    };
  } finally {
    await product.stop();
    place.remove();
  }
}

async function main(): Promise<void> {
  const pair = selfSigned('localhost');
  const targets = new Worker(import.meta.filename, { workerData: pair });
  const next = <T>() => new Promise<T>((resolve) => targets.once('message', resolve));
  const [http, https] = await next<number[]>();
  const arrivals = async () => {
    const told = next<[string, number][]>();
    targets.postMessage('arrived');
    return told;
  };
  const place = scratch();
  const ca = join(place.dir, 'ca.pem');
  writeFileSync(ca, pair.cert);
  const urls = { http: `http://127.0.0.1:${http}/`, https: `https://localhost:${https}/` };
  try {
    // A process of its own, so that nothing but checks is counted; the targets go on in their thread meanwhile.
    const ours = (url: string) => {
      const env = { ...process.env, EVENKEEL_EGRESS_ALLOW: '127.0.0.1:*,localhost:*' };
      const said = execFileSync(process.execPath, [import.meta.filename, '--look', url, ca], { encoding: 'utf8', env });
      return JSON.parse(said) as Awaited<ReturnType<typeof rate>>;
    };
    const own = { http: ours(urls.http), https: ours(urls.https) };
    const binary = blackboxBinary();
    const peer = binary ? await startBlackbox(binary, place.dir) : undefined;
    const theirs = peer && { http: await peer.rate('http', urls.http), https: await peer.rate('https', urls.https) };
    peer?.stop();
    const beat = await rhythm(urls.http.replace(/\/$/, ''), arrivals);
    const punctual = beat.delayMs.p99 < LIMIT_P99_MS && beat.looks > beat.expected * 0.98;
    const ratios = theirs && {
      http: Math.round((own.http.perCore / theirs.http.perCore) * 100) / 100,
      https: Math.round((own.https.perCore / theirs.https.perCore) * 100) / 100,
    };
    report({
      bench: 'monitors',
      ours: {
        monitors: MONITORS,
        everySeconds: INTERVAL_S,
        startDelayMs: beat.delayMs,
        looks: beat.looks,
        expected: beat.expected,
        cpuSeconds: beat.cpuSeconds,
        countedSeconds: COUNTED_MS / 1000,
        checksPerCoreSecond: own,
      },
      peer: theirs
        ? { blackboxExporter: theirs, ratios, need: NEED, limitP99Ms: LIMIT_P99_MS }
        : {
            limitP99Ms: LIMIT_P99_MS,
            notMeasured:
              'Debian’s prometheus-blackbox-exporter is not installed (apt install prometheus-blackbox-exporter, or BLACKBOX_EXPORTER=<binary>)',
          },
      // Above 1 is better than promised: the harder of the two rates, each over what it needs to be.
      ratio: ratios ? Math.min(ratios.http / NEED.http, ratios.https / NEED.https) : LIMIT_P99_MS / beat.delayMs.p99,
      pass: punctual && (!ratios || (ratios.http >= NEED.http && ratios.https >= NEED.https)),
    });
  } finally {
    place.remove();
    await targets.terminate();
  }
}

const [, , mode, url = '', ca = ''] = process.argv;
if (!isMainThread) await serveTargets();
else if (mode === '--look') await lookRate(url, ca);
else await main();
