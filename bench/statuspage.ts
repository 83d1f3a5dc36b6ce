/**
 * The public page beside one nginx worker that serves the same bytes, in one run on one machine, while updates are published.
 *
 * Ours is `evenkeel status`, copying from a running product; the product's own address is measured too. `wrk` asks both in
 * turn, several rounds; then it asks ours at 80 % of its rate for the delays. Needs Debian's nginx and wrk.
 * Line: 0.35 of nginx's rate, p99 under 25 ms at 80 % of ours, no database query per view.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { report, root, scratch, startProduct } from './lib.ts';

const ROUNDS = 5;
const SECONDS = 4;
const CONNECTIONS = 64;

const found = (name: string, places: string[]) =>
  places.find((path) => existsSync(path)) ?? spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
const nginx = found('nginx', ['/usr/sbin/nginx']);
const wrk = found('wrk', ['/usr/bin/wrk']);

interface Peer {
  url: string;
  stop(): Promise<void>;
}

async function startNginx(dir: string, page: Buffer): Promise<Peer> {
  const site = join(dir, 'nginx');
  mkdirSync(join(site, 'html'), { recursive: true });
  writeFileSync(join(site, 'html', 'index.html'), page);
  writeFileSync(join(site, 'html', 'index.html.gz'), gzipSync(page));
  const port = 20_000 + (process.pid % 20_000);
  writeFileSync(
    join(site, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${site}/pid; error_log ${site}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=100;
  types { text/html html; }
  client_body_temp_path ${site}/a; proxy_temp_path ${site}/b; fastcgi_temp_path ${site}/c; uwsgi_temp_path ${site}/d; scgi_temp_path ${site}/e;
  server { listen 127.0.0.1:${port}; root ${site}/html; gzip_static on; add_header cache-control "public, max-age=15"; }
}
`,
  );
  const child = spawn(nginx, ['-c', join(site, 'nginx.conf'), '-p', site], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { url: await answering(`http://127.0.0.1:${port}/`), stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function answering(url: string): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return url;
    await sleep(50);
  }
  throw new Error(`${url} does not answer`);
}

async function startEdge(dir: string, from: string): Promise<Peer> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'src/app/cli.ts'),
      'status',
      '--from',
      from,
      '--every',
      '1s',
      '--port',
      '0',
      '--dir',
      join(dir, 'copy'),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LOG_LEVEL: 'warn' } },
  );
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  for (let tries = 0; tries < 400 && !/page is at/.test(text); tries++) await sleep(50);
  const url = /page is at (\S+)/.exec(text)?.[1];
  if (!url) throw new Error(`the status process did not come up:\n${text}`);
  return { url: await answering(url), stop: () => end(child) };
}

/** Requests a second, as wrk counts them; anything but 2xx ends the benchmark. */
function rate(url: string): number {
  const { stdout } = spawnSync(wrk, ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '-H', 'Accept-Encoding: gzip', url], {
    encoding: 'utf8',
  });
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

/** Delays at about this rate: many connections, each of which waits between its requests. In milliseconds, as wrk counts them. */
function delays(
  url: string,
  perSecond: number,
  dir: string,
): { perSecond: number; p50: number; p90: number; p99: number } {
  const connections = 400;
  const script = join(dir, 'paced.lua');
  writeFileSync(script, `function delay() return ${Math.max(1, Math.round((connections / perSecond) * 1000))} end\n`);
  const { stdout } = spawnSync(
    wrk,
    ['-t1', `-c${connections}`, '-d6s', '--latency', '-s', script, '-H', 'Accept-Encoding: gzip', url],
    { encoding: 'utf8' },
  );
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  const at = (share: number) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout) ?? [];
    return Math.round(Number(value) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1) * 100) / 100;
  };
  return {
    perSecond: Math.round(Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])),
    p50: at(50),
    p90: at(90),
    p99: at(99),
  };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

if (!nginx || !wrk) {
  console.log(
    `This needs ${[!nginx && 'nginx', !wrk && 'wrk'].filter(Boolean).join(' and ')} (Debian: nginx-light, wrk). Nothing was measured.`,
  );
  process.exit(2);
}

const place = scratch();
const product = await startProduct(place.dir);
const setup = /setup\?token=(\S+)/.exec(product.output())?.[1];
const headers: Record<string, string> = { 'content-type': 'application/json', origin: product.url, 'x-evenkeel': '1' };
const ask = async (method: string, path: string, body: object) => {
  const answer = await fetch(`${product.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
};
const made = await ask('POST', '/setup', {
  token: setup,
  name: 'Ada',
  email: 'ada@bench.example',
  password: 'steady as she goes',
  timeZone: 'UTC',
});
headers.cookie = (made.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const components: string[] = [];
for (const name of ['Checkout', 'Sign-in', 'Catalogue', 'Order history', 'Payments', 'Search']) {
  const answer = await ask('POST', '/components', {
    name,
    group: null,
    description: null,
    visible: true,
    serviceIds: [],
  });
  components.push(((await answer.json()) as { id: string }).id);
}
await sleep(3000);

const edge = await startEdge(place.dir, product.url);
await sleep(2500);
const page = Buffer.from(await (await fetch(edge.url)).arrayBuffer());
const peer = await startNginx(place.dir, page);

// Somebody publishes all the time: a component changes its state every second.
let publishing = true;
let changes = 0;
const publisher = (async () => {
  while (publishing) {
    const state = ['operational', 'degraded_performance'][changes % 2];
    await ask('POST', `/components/${components[changes % components.length]}/state`, {
      state,
      reason: 'A round of the benchmark',
    });
    changes += 1;
    await sleep(1000);
  }
})();

const rates: { ours: number[]; product: number[]; nginx: number[] } = { ours: [], product: [], nginx: [] };
for (let round = 0; round < ROUNDS; round++) {
  rates.nginx.push(rate(peer.url));
  rates.ours.push(rate(edge.url));
  rates.product.push(rate(`${product.url}/status`));
  await sleep(200);
}
const ours = median(rates.ours);
const asked = Math.floor(ours * 0.8);
const waited = delays(edge.url, asked, place.dir);
publishing = false;
await publisher;
await Promise.all([edge.stop(), peer.stop(), product.stop()]);
place.remove();

const share = ours / median(rates.nginx);
report({
  bench: 'statuspage',
  ours: {
    perSecond: Math.round(ours),
    productItselfPerSecond: Math.round(median(rates.product)),
    shareOfNginx: Math.round(share * 1000) / 1000,
    atEightyPercent: { asked, ...waited },
    pageBytes: page.length,
    pageGzipBytes: gzipSync(page).length,
    published: changes,
    rounds: rates.ours.map(Math.round),
  },
  peer: {
    nginxPerSecond: Math.round(median(rates.nginx)),
    rounds: rates.nginx.map(Math.round),
    limitShare: 0.35,
    limitP99Ms: 25,
  },
  ratio: 0.35 / share,
  pass: share >= 0.35 && waited.p99 < 25,
});
