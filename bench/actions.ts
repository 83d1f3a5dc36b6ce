/**
 * Containment and recovery under load: 500 runs at once, a flag's change as an OpenFeature client sees it, the deploy gate
 * at 500 questions a second, and readiness samples evaluated per second. Limits: 2 s, 10 ms and 5,000 a second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { Agent, request } from 'undici';
import { report, scratch, spread, startProduct } from './lib.ts';
import { evaluateCel } from '../src/kernel/index.ts';
import { judge, type Sampled, type Soak } from '../src/recovery/model.ts';
import { count, decide, NOTHING, sampleOf } from '../src/recovery/stages/model.ts';

const RUNS = 500;
const GATE_PER_S = 500;
const GATE_S = 10;
const FLAG_CHANGES = 100;
const LIMIT = { flagMs: 2_000, gateMs: 10, samplesPerS: 5_000 };

const place = scratch();
const product = await startProduct(place.dir);
const agent = new Agent({ connections: 32, pipelining: 1 });

/** The first administrator, as the set-up page makes one. */
async function signUp(): Promise<string> {
  const answer = await fetch(`${product.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url },
    body: JSON.stringify({
      token: /setup\?token=(\S+)/.exec(product.output())?.[1],
      name: 'Ada Admin',
      email: 'ada@bench.example',
      password: 'a long enough pass phrase for a bench',
      timeZone: 'UTC',
    }),
  });
  const cookie = /evenkeel=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0];
  if (!cookie) throw new Error(`no session: ${answer.status} ${await answer.text()}`);
  return cookie;
}

async function call<T = any>(cookie: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const answer = await request(`${product.url}${path}`, {
    method,
    dispatcher: agent,
    headers: {
      cookie,
      origin: product.url,
      'x-evenkeel': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300)
    throw new Error(`${method} ${path} answered ${answer.statusCode} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

/** Runs `one` for each item, at most `width` at a time. */
async function each<T>(items: T[], width: number, one: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) await one(items[next++]!);
    }),
  );
}

/** 500 actions proposed, approved and effective at once, each a run of the engine of its own. */
async function runs(cookie: string, me: string): Promise<{ seconds: number; effective: number }> {
  const incidents: string[] = [];
  for (let i = 0; i < 10; i++) {
    const incident = await call(cookie, 'POST', '/api/v1/incidents', { title: `Bench ${i}`, severity: 3 });
    await call(cookie, 'POST', `/api/v1/incidents/${incident.id}/roles`, { role: 'incident_commander', userId: me });
    incidents.push(incident.id);
  }
  const flags = Array.from({ length: RUNS }, (_, i) => `bench.run${i}`);
  await each(flags, 16, (key) =>
    call(cookie, 'POST', '/api/v1/flags', { key, variants: { on: true, off: false }, defaultVariant: 'off' }),
  );
  const proposed: string[] = [];
  await each(flags, 16, async (flag) => {
    const incident = incidents[proposed.length % incidents.length]!;
    const action = await call(cookie, 'POST', `/api/v1/incidents/${incident}/actions`, {
      action: 'flag.set',
      with: { flag, variant: 'on' },
      reason: 'bench',
    });
    proposed.push(action.id);
  });
  const from = performance.now();
  await each(proposed, 32, (id) => call(cookie, 'POST', `/api/v1/containment-actions/${id}/approve`));
  for (;;) {
    const { items } = await call<{ items: { key: string; variant: string }[] }>(cookie, 'GET', '/api/v1/flags');
    const effective = items.filter((one) => one.key.startsWith('bench.run') && one.variant === 'on').length;
    const seconds = (performance.now() - from) / 1000;
    if (effective === RUNS || seconds > 120) return { seconds: Math.round(seconds * 10) / 10, effective };
    await sleep(100);
  }
}

/** From the moment a change is asked for until a real OpenFeature client has the new value. */
async function flagChanges(cookie: string, token: string): Promise<number[]> {
  await call(cookie, 'POST', '/api/v1/flags', {
    key: 'bench.seen',
    variants: { on: true, off: false },
    defaultVariant: 'off',
  });
  await OpenFeature.setProviderAndWait(
    'bench',
    new OFREPProvider({ baseUrl: product.url, headers: [['Authorization', `Bearer ${token}`]] }),
  );
  const client = OpenFeature.getClient('bench');
  const seen: number[] = [];
  for (let i = 0; i < FLAG_CHANGES; i++) {
    const wanted = i % 2 === 0;
    const from = performance.now();
    await call(cookie, 'POST', '/api/v1/flags/bench.seen/set', { variant: wanted ? 'on' : 'off', reason: 'bench' });
    while ((await client.getBooleanValue('bench.seen', !wanted)) !== wanted) await sleep(1);
    seen.push(performance.now() - from);
  }
  await OpenFeature.close();
  return seen;
}

/** Questions at a steady rate, each timed from when it was due: waiting in line counts. */
async function gate(cookie: string, token: string): Promise<{ times: number[]; failed: number }> {
  const service = await call(cookie, 'POST', '/api/v1/services', { name: 'Bench', slug: 'bench', tier: 1 });
  const incident = await call(cookie, 'POST', '/api/v1/incidents', {
    title: 'Frozen',
    severity: 3,
    serviceIds: [service.id],
  });
  await call(cookie, 'POST', `/api/v1/incidents/${incident.id}/freezes`, { serviceId: service.id, reason: 'bench' });
  const times: number[] = [];
  let failed = 0;
  const ask = async (due: number) => {
    const answer = await request(`${product.url}/api/v1/gate/bench?change=deploy`, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${token}` },
    });
    const { decision } = (await answer.body.json()) as { decision: string };
    times.push(performance.now() - due);
    if (decision !== 'deny') failed += 1;
  };
  for (let i = 0; i < 500; i++) await ask(performance.now());
  times.length = 0;
  const from = performance.now();
  const waiting: Promise<void>[] = [];
  for (let i = 0; i < GATE_PER_S * GATE_S; i++) {
    const due = from + (i * 1000) / GATE_PER_S;
    const ahead = due - performance.now();
    if (ahead > 1) await sleep(ahead - 0.5);
    waiting.push(ask(due));
  }
  await Promise.all(waiting);
  return { times, failed };
}

/** Samples judged as a round of recovery judges them: conditions evaluated, tallies counted, the soak clock moved. */
function samples(): number {
  const expressions = Array.from({ length: 50 }, (_, i) => `probe.p${i}.value < ${100 + i}.0 && probe.p${i}.ok`);
  const context = {
    probe: Object.fromEntries(expressions.map((_, i) => [`p${i}`, { value: 50.5, ok: true, age_s: 1, stale: false }])),
  };
  const rates: number[] = [];
  for (let round = 0; round < 5; round++) {
    let n = 0;
    let soak: Soak = { state: 'sampling', cleanSince: null, sampledAt: null };
    let tally = NOTHING;
    const from = performance.now();
    while (performance.now() - from < 1_000) {
      const now = new Date(n);
      const sampled = expressions.map((expression): Sampled => {
        const { value } = evaluateCel(expression, context);
        const verdict = value === 'unknown' ? 'unknown' : value ? 'true' : 'false';
        tally = count(tally, sampleOf(verdict, null));
        return { name: expression, verdict, detail: '' };
      });
      decide(tally, { count: 1e9, failureLimit: 0, inconclusiveLimit: 0, errorLimit: 0 });
      const judged = judge(soak, sampled, { soakSeconds: 600, everySeconds: 10, counting: true }, now);
      soak = { state: judged.state, cleanSince: judged.cleanSince, sampledAt: now };
      n += sampled.length;
    }
    rates.push((n / (performance.now() - from)) * 1000);
  }
  return Math.round(rates.sort((a, b) => a - b)[2]!);
}

try {
  const cookie = await signUp();
  const me = (await call(cookie, 'GET', '/api/v1/me')).user?.id ?? (await call(cookie, 'GET', '/api/v1/me')).id;
  const token = (await call(cookie, 'POST', '/api/v1/tokens', { name: 'bench', scopes: ['flags.read', 'read'] }))
    .secret as string;
  const gated = await gate(cookie, token);
  const seen = spread(await flagChanges(cookie, token));
  const many = await runs(cookie, me);
  const rate = samples();
  const gateMs = spread(gated.times);
  report({
    bench: 'actions',
    ours: {
      runs: RUNS,
      runsEffective: many.effective,
      runsSeconds: many.seconds,
      flagSeenMs: seen,
      gateMs,
      gateWrong: gated.failed,
      samplesPerSecond: rate,
    },
    peer: { limitFlagMs: LIMIT.flagMs, limitGateMs: LIMIT.gateMs, limitSamplesPerSecond: LIMIT.samplesPerS },
    ratio: Math.max(seen.p99 / LIMIT.flagMs, gateMs.p99 / LIMIT.gateMs, LIMIT.samplesPerS / rate),
    pass:
      many.effective === RUNS &&
      seen.p99 <= LIMIT.flagMs &&
      gateMs.p99 < LIMIT.gateMs &&
      gated.failed === 0 &&
      rate >= LIMIT.samplesPerS,
  });
} finally {
  await agent.close();
  await product.stop();
  place.remove();
}
