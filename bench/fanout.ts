/**
 * One update to very many: 100,000 confirmed mail subscribers over a real mail server and 1,000 webhooks of which every
 * fifth is dead (half refuse, half never answer), beside a bare nodemailer pool that sends to the same server in the same run.
 *
 * Then the same once more with `kill -9` in the middle. `--short`: 5,000 mails, for shared machines.
 * Line: 0.7 of the pool's rate, first mail within 2 s, less than 150 MB more memory, p99 of living webhooks under 5 s; none
 * lost by the kill, and repeated at most what was in flight.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pssMb, tree } from '../test/faults/product.ts';
import { seedSubscribers } from './fanout/seed.ts';
import { databasePid, report, type Running, scratch, spread, startProduct } from './lib.ts';

const SHORT = process.argv.includes('--short');
const MAILS = SHORT ? 5000 : 100_000;
const HOOKS = 1000;
/** The window of each walk: what a crash may repeat (src/comms/subscribers/walk/carriers.ts). */
const IN_FLIGHT = 256;
const LIMIT = { share: 0.7, firstMs: 2000, memoryMb: 150, hookP99Ms: 5000 };

interface Stats {
  mails: number;
  repeated: number;
  firstMail: number;
  lastMail: number;
  hooks: { count: number; at: number }[];
}

const here = join(import.meta.dirname, 'fanout');
const started: ChildProcess[] = [];
const program = (file: string, ...args: string[]) => {
  const child = spawn(process.execPath, [join(here, file), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
};
const line = (child: ChildProcess, pattern: RegExp) =>
  new Promise<RegExpExecArray>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part) => {
      text += part;
      const found = pattern.exec(text);
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });

const [, mailPort = '', webPort = '', silentPort = ''] = await line(program('sink.ts'), /sink (\d+) (\d+) (\d+)/);
const sink = `http://127.0.0.1:${webPort}`;
const stats = async () => (await (await fetch(`${sink}/stats`)).json()) as Stats;
const forget = () => fetch(`${sink}/reset`);

// Every endpoint is a host of its own, as in life: what is kept per host must not queue them behind each other.
const host = (n: number) => `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`;
const dead = (n: number) => n % 5 === 0;
const hooks = Array.from({ length: HOOKS }, (_, n) =>
  dead(n) ? `http://${host(n)}:${n % 10 === 0 ? 9 : silentPort}/${n}` : `http://${host(n)}:${webPort}/${n}`,
);
const living = hooks.filter((_, n) => !dead(n)).length;
const egressAllow = ['127.0.0.1:*', ...hooks.map((_, n) => `${host(n)}:*`)];
const place = scratch();
const env = { EVENKEEL_EGRESS_ALLOW: egressAllow.join(','), LOG_LEVEL: 'error' };
let product: Running = await startProduct(place.dir, env);

const headers: Record<string, string> = { 'content-type': 'application/json', origin: product.url, 'x-evenkeel': '1' };
async function ask<T>(method: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { ...headers, origin: product.url },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0];
  if (cookie) headers.cookie = cookie;
  return JSON.parse(text || 'null') as T;
}

await ask('POST', '/setup', {
  token: /setup\?token=(\S+)/.exec(product.output())?.[1],
  name: 'Ada',
  email: 'ada@bench.example',
  password: 'steady as she goes',
  timeZone: 'UTC',
});
await ask('PUT', '/settings/channels.smtp', {
  value: { host: '127.0.0.1', port: Number(mailPort), secure: false, from: 'Evenkeel <evenkeel@orchardline.example>' },
});
await seedSubscribers({ dataDir: place.dir, mails: MAILS, hooks, egressAllow });

const FIELDS = {
  headline: 'Card payments are slow or do not complete',
  impact: 'About 1 in 5 card payments takes over 30 seconds or does not complete. Sign-in works as usual.',
  known: ['The delay is in the card payment step.'],
  unknown: ['How long it will last.'],
  doing: ['We limit repeat attempts to protect you from double charges.'],
  protection: 'A payment that takes too long is not tried again.',
  customerActions: ['You do not need to pay again.'],
  dataImpact: { state: 'under_investigation', sentence: 'We are checking each open payment.', evidence: '' },
};

/** Publishes one update of a new incident. Returns when it was asked for. */
async function publish(): Promise<{
  at: number;
  incidentId: string;
  mail: { subject: string; text: string; html: string };
}> {
  const { id: incidentId } = await ask<{ id: string }>('POST', '/incidents', {
    title: 'Payments are slow',
    severity: 3,
  });
  const fields = { ...FIELDS, nextUpdateBy: new Date(Date.now() + 30 * 60_000).toISOString() };
  const { id } = await ask<{ id: string }>('POST', `/incidents/${incidentId}/updates`, { fields });
  const { email } = await ask<{ email: { subject: string; text: string; html: string } }>(
    'POST',
    `/incidents/${incidentId}/updates/preview`,
    { kind: 'initial', fields },
  );
  const at = Date.now();
  await ask('POST', `/updates/${id}/publish`, {});
  return { at, incidentId, mail: email };
}

const memory = () => {
  const server = databasePid(place.dir);
  return tree(product.pid)
    .filter(({ pid }) => pid !== server)
    .slice(0, 1)
    .reduce((sum, { pid }) => sum + pssMb(pid), 0);
};

/** Waits until the sink has so many mails; looks at the memory meanwhile. */
async function arrived(count: number, patienceMs: number): Promise<number> {
  const until = Date.now() + patienceMs;
  let peak = 0;
  for (;;) {
    const { mails } = await stats();
    peak = Math.max(peak, memory());
    if (mails >= count) return peak;
    if (Date.now() > until)
      throw new Error(`${mails} of ${count} mails came in ${patienceMs} ms\n${product.output().slice(-2000)}`);
    await sleep(250);
  }
}

try {
  // Warm, and the memory before: one small round of the web server's own pages.
  for (let n = 0; n < 200; n++) await (await fetch(`${product.url}/status`)).arrayBuffer();
  await sleep(3000);
  const before = memory();
  await forget();
  const told = await publish();
  const peak = await arrived(MAILS, 240_000);
  const after = await stats();
  await sleep(1000);
  const seconds = (after.lastMail - after.firstMail) / 1000;
  const ours = MAILS / seconds;
  const firstMs = after.firstMail - told.at;
  const delays = (await stats()).hooks.map(({ at }) => at - told.at);

  const sample = join(place.dir, 'sample.json');
  const list = { 'List-Unsubscribe': '<https://status.bench.example/unsubscribe?token={n}>', Precedence: 'bulk' };
  writeFileSync(sample, JSON.stringify({ ...told.mail, headers: list }));
  const bare = async () => {
    const count = Math.min(MAILS, 20_000);
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(here, 'bare.ts'),
      mailPort,
      String(count),
      sample,
    ]);
    return Number(/rate ([\d.]+)/.exec(stdout)?.[1]);
  };
  const peers = [await bare(), await bare()];
  const peer = Math.max(...peers);

  await forget();
  await publish();
  const third = Math.floor(MAILS / 3);
  while ((await stats()).mails < third) await sleep(5);
  // The product and everything below it, at once: what a power cut leaves.
  for (const { pid } of tree(product.pid)) process.kill(pid, 'SIGKILL');
  const atKill = (await stats()).mails;
  await sleep(500);
  product = await startProduct(place.dir, env);
  await arrived(MAILS, 240_000);
  await sleep(3000);
  const killed = await stats();

  const share = ours / peer;
  const hookP99 = spread(delays).p99;
  const growth = Math.round(peak - before);
  const pass =
    share >= LIMIT.share &&
    firstMs < LIMIT.firstMs &&
    growth < LIMIT.memoryMb &&
    delays.length === living &&
    hookP99 < LIMIT.hookP99Ms &&
    after.repeated === 0 &&
    killed.mails === MAILS &&
    killed.repeated <= IN_FLIGHT;
  report({
    bench: 'fanout',
    ours: {
      mails: MAILS,
      perSecond: Math.round(ours),
      seconds: Math.round(seconds * 10) / 10,
      firstMailMs: firstMs,
      memoryGrowthMb: growth,
      repeated: after.repeated,
      webhooks: { endpoints: HOOKS, dead: HOOKS - living, reached: delays.length, delayMs: spread(delays) },
      killedInTheMiddle: {
        sentBefore: atKill,
        lost: MAILS - killed.mails,
        repeated: killed.repeated,
        inFlight: IN_FLIGHT,
      },
      tier: SHORT ? 'short' : 'full',
    },
    peer: {
      name: 'a bare nodemailer pool, same server, same run',
      perSecond: Math.round(peer),
      rounds: peers.map(Math.round),
      ...LIMIT,
    },
    ratio: LIMIT.share / share,
    pass,
  });
} finally {
  await product.stop().catch(() => undefined);
  for (const child of started) child.kill('SIGKILL');
  place.remove();
}
