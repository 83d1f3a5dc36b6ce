/**
 * Alerts a second by the API that Prometheus speaks, beside Debian's Alertmanager in the same run: the same generator,
 * the same cores, ours with its database on them and every answer after a synced commit.
 *
 * `distinct`: every alert is new; `repeats`: a thousand open ones, sent again and again. In ones, tens and hundreds.
 * `processed`: distinct alerts from the first post until the last is an alert in a group, everything counted. `steady`: at
 * the promised share of the peer's rate, the queue at the end and in the middle, and how long answers take at half of that.
 * `--seconds` for one measurement, `--rounds`, `--steady` seconds (60 is the promise's length); `--only=distinct1,repeats10`
 * measures these and leaves out what comes after. `cpuMicros` is the processor time for one alert until it is processed, of
 * the product and of its database: what other work on the machine changes least.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { attachEmbedded } from '../src/kernel/db/embedded.ts';
import { pssMb, tree } from '../test/faults/product.ts';
import { findAlertmanager, startAlertmanager, versionOf } from './alertmanager.ts';
import { cpuMs } from './cpu.ts';
import { databasePid, report, root, scratch, startProduct } from './lib.ts';
import { seed } from './seed.ts';

const flag = (name: string, otherwise: number) =>
  Number(new RegExp(`--${name}=(\\d+)`).exec(process.argv.join(' '))?.[1] ?? otherwise);
const SECONDS = flag('seconds', 4);
const ROUNDS = flag('rounds', 2);
const STEADY = flag('steady', 60);
const ONLY = /--only=([\w,]+)/.exec(process.argv.join(' '))?.[1]?.split(',');
const CONNECTIONS = 256;
const BATCHES = [1, 10, 100];
const PASS = { distinct: 0.8, repeatsSingly: 1.0, repeats: 1.5, processed: 0.5, answerP99Ms: 50, memoryMb: 500 };

interface Run {
  perSecond: number;
  alerts: number;
  posts: number;
  bad: number;
  firstBad: string;
  seconds: number;
  next: number;
  ms: { p50: number; p99: number };
}
let nextNumber = 1000;

async function generate(more: Record<string, unknown>): Promise<Run> {
  const work = { connections: CONNECTIONS, seconds: SECONDS, from: nextNumber, ...more };
  const child = spawn(process.execPath, [join(root, 'bench/generator.ts'), JSON.stringify(work)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  await new Promise((resolve) => child.once('close', resolve));
  const run = JSON.parse(text) as Run;
  if (run.bad > 0) console.error(`${run.bad} posts were refused: ${run.firstBad}`);
  nextNumber = Math.max(nextNumber, run.next);
  return run;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const round = (value: number) => Math.round(value * 100) / 100;
const note = (line: unknown) => process.argv.includes('--progress') && console.error(JSON.stringify(line));

const place = scratch();
const product = await startProduct(place.dir);
const port = Number(new URL(product.url).port);
const { key } = await seed({
  dataDir: place.dir,
  sinkUrl: 'http://127.0.0.1:9',
  services: 0,
  people: 0,
  kind: 'prometheus',
});
const running = await attachEmbedded(join(place.dir, 'postgres'));
const database = new pg.Client(running!.connection as pg.ClientConfig);
await database.connect();
const waiting = async () =>
  Number(
    (await database.query("select coalesce(sum(events), 0) n from signals.blocks where state = 'waiting'")).rows[0].n,
  );
const alertRows = async () => Number((await database.query('select count(*) n from signals.alerts')).rows[0].n);
const drained = async () => {
  const from = performance.now();
  while ((await waiting()) > 0) await sleep(100);
  return (performance.now() - from) / 1000;
};
const memory = () => {
  const sum = (pid: number) => tree(pid).reduce((all, item) => all + pssMb(item.pid), 0);
  const server = databasePid(place.dir);
  const own = sum(product.pid);
  return Math.round(tree(product.pid).some((item) => item.pid === server) ? own : own + sum(server));
};

/** Milliseconds of processor time so far, of the product and of its database. */
const spent = () => {
  const server = cpuMs(databasePid(place.dir));
  const inside = tree(product.pid).some((item) => item.pid === databasePid(place.dir));
  return { product: cpuMs(product.pid) - (inside ? server : 0), database: server };
};

const path = process.argv.includes('--alone') ? undefined : findAlertmanager();
const ours: Record<string, number[]> = {};
const peers: Record<string, number[]> = {};
const processed: Record<string, number[]> = {};
const micros: Record<string, { product: number; database: number }> = {};
const put = (into: Record<string, number[]>, name: string, value: number) => (into[name] ??= []).push(value);
/** What takes a whole run: the steady queue, the answers at half, memory; and the judgement. */
async function conclude(): Promise<void> {
  const medians = (of: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(of).map(([name, values]) => [name, median(values)]));
  const mine = medians(ours);
  const theirs = medians(peers);
  const ratio = (name: string, of = mine) => round((of[name] ?? Number.NaN) / (theirs[name] ?? Number.NaN));
  const done = medians(processed);

  // Steady: singly, at the share that must be processed, and at half of that.
  const goal = Math.round((theirs.distinct1 ?? mine.distinct1 ?? 0) * PASS.processed);
  const steady = generate({ port, key, batch: 1, kind: 'distinct', seconds: STEADY, rate: goal });
  await sleep((STEADY * 1000) / 2);
  const middle = await waiting();
  const whole = await steady;
  const end = await waiting();
  await drained();
  const half = await generate({
    port,
    key,
    batch: 1,
    kind: 'distinct',
    seconds: Math.max(5, STEADY / 4),
    rate: goal / 2,
  });
  await drained();
  const alerts = await alertRows();
  while ((await alertRows()) < 200_000) {
    await generate({ port, key, batch: 100, kind: 'distinct', seconds: 3 });
    await drained();
  }
  const memoryMb = memory();
  const ratios = Object.fromEntries(Object.keys(mine).map((name) => [name, ratio(name)]));
  const growing = end > Math.max(2 * middle, goal);
  const passes = {
    distinct: BATCHES.every((batch) => (ratios[`distinct${batch}`] ?? 0) >= PASS.distinct),
    repeatsSingly: (ratios.repeats1 ?? 0) >= PASS.repeatsSingly,
    repeats: [10, 100].every((batch) => (ratios[`repeats${batch}`] ?? 0) >= PASS.repeats),
    processed: !growing && whole.perSecond >= 0.95 * goal,
    answers: half.ms.p99 < PASS.answerP99Ms,
    memory: memoryMb < PASS.memoryMb,
  };
  report({
    bench: 'ingest',
    ours: {
      acceptedPerSecond: mine,
      processedPerSecond: done,
      cpuMicros: micros,
      steady: {
        goalPerSecond: goal,
        seconds: STEADY,
        perSecond: whole.perSecond,
        queueInTheMiddle: middle,
        queueAtTheEnd: end,
      },
      answersAtHalfMs: half.ms,
      memoryMb,
      alerts,
      spread: ours,
    },
    peer: path
      ? { name: `Alertmanager ${versionOf(path)}`, acceptedPerSecond: theirs, spread: peers }
      : { missing: 'Alertmanager is not installed (Debian package prometheus-alertmanager): no ratio can be told' },
    ratio: Math.min(...Object.values(ratios)),
    pass: path !== undefined && Object.values(passes).every(Boolean),
    ...{
      ratios,
      processedRatios: Object.fromEntries(Object.keys(done).map((name) => [name, ratio(name, done)])),
      passes,
      line: PASS,
    },
  } as Parameters<typeof report>[0]);
}

try {
  // The open alerts of the repeats, and warm code.
  await generate({ port, key, batch: 10, kind: 'repeats', seconds: 2, from: 0 });
  for (let n = 0; n < ROUNDS; n++)
    for (const batch of BATCHES)
      for (const kind of ['distinct', 'repeats'] as const) {
        const name = `${kind}${batch}`;
        if (ONLY && !ONLY.includes(name)) continue;
        const peer = path && (await startAlertmanager(path, scratch().dir));
        if (peer) {
          if (kind === 'repeats') await generate({ port: peer.port, batch: 10, kind, seconds: 1, from: 0 });
          put(peers, name, (await generate({ port: peer.port, batch, kind })).perSecond);
          await peer.stop();
        }
        const from = spent();
        const run = await generate({ port, key, batch, kind });
        put(ours, name, run.perSecond);
        const accepted = spent();
        const tail = await drained();
        const whole = spent();
        const each = (ms: number) => round((ms * 1000) / run.alerts);
        const cpu = { product: each(whole.product - from.product), database: each(whole.database - from.database) };
        micros[name] = cpu;
        if (kind === 'distinct') put(processed, name, Math.round(run.alerts / (run.seconds + tail)));
        note({
          name,
          ours: run.perSecond,
          peer: peers[name]?.at(-1),
          tail: round(tail),
          cpu,
          accepting: {
            product: round((accepted.product - from.product) / run.seconds / 10),
            database: round((accepted.database - from.database) / run.seconds / 10),
          },
          ms: run.ms,
          load: (await import('node:os')).loadavg()[0],
        });
      }
  if (ONLY) console.log(JSON.stringify({ ours, peers, processed, micros }));
  else await conclude();
} finally {
  await database.end().catch(() => {});
  await product.stop();
  const complaints = product.output().match(/"level":[456]0.*/g);
  if (complaints) console.error(complaints.slice(0, 5).join('\n'));
  place.remove();
}
