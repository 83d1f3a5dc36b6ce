/**
 * P18: if we stop, somebody outside knows.
 *
 * Three real nodes on one real database; an address outside that counts the watchdog's calls and raises the alarm when none
 * comes for a while. Each stage of the way is broken alone, then repaired. Every break of the whole way must raise the alarm
 * in time, a quiet time must not, and a node of three that is killed must be reported and not silence the calls.
 *
 * Everything is real time. The full tier uses the settings people get (a trip every 45 s, alarm after 120 s, line 150 s).
 * The quick tier shortens all of them: a trip every 3 s, alarm after 8 s, line 20 s; it breaks fewer stages.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { client } from '../harness/client.ts';
import { machineMs } from './rig/journal.ts';
import { type Node, openRig, type Rig } from './rig/processes.ts';
import { type Experiment, load } from './rig/report.ts';

const PACE = {
  quick: { everySeconds: 3, stepSeconds: 1, limitSeconds: 5, alarmMs: 8_000, lineMs: 20_000, quietMs: 5_000 },
  full: { everySeconds: 45, stepSeconds: 15, limitSeconds: 60, alarmMs: 120_000, lineMs: 150_000, quietMs: 300_000 },
};
type Pace = (typeof PACE)['quick'];

/** The outside: counts calls, knows when the last one came. */
async function openOutside() {
  let last = machineMs();
  let calls = 0;
  const server = createServer((_request, answer) => {
    last = machineMs();
    calls += 1;
    answer.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`,
    calls: () => calls,
    silentMs: () => machineMs() - last,
    close: () => server.close(),
  };
}
type Outside = Awaited<ReturnType<typeof openOutside>>;

interface Ground {
  rig: Rig;
  nodes: Node[];
  sql: (text: string) => Promise<unknown>;
  database: string;
}
type Break = (ground: Ground) => Promise<() => Promise<unknown>>;

/** A trigger that makes statements of one table fail, or changes their rows. */
const trigger =
  (table: string, when: string, body: string): Break =>
  async ({ sql }) => {
    await sql(`create function public.p18() returns trigger language plpgsql as $$ begin ${body} end $$`);
    await sql(`create trigger p18 ${when} on ${table} for each row execute function public.p18()`);
    return () => sql('drop function public.p18() cascade');
  };
const FAIL = `raise exception 'broken by p18';`;
const late = `if new.key like 'page:%' then new.run_at := new.run_at + interval '1 hour'; end if; return new;`;

const BREAKS: Record<string, Break> = {
  ingest: trigger('signals.signals', 'before insert', FAIL),
  processing: trigger('signals.groups', 'before insert', FAIL),
  paging: trigger('people.pages', 'before insert', FAIL),
  scheduler: trigger('graphile_worker._private_jobs', 'before insert', late),
  escalation: trigger('people.pages', 'before update', `if old.turn > 0 then ${FAIL} end if; return new;`),
  sender: trigger('channels.deliveries', 'before update', FAIL),
  providers: async ({ sql }) => {
    for (const n of [1, 2, 3])
      await sql(`insert into channels.deliveries (id, key, channel, recipient, purpose, ref, subject, sealed_message, state)
        values ('dlv_p18_${n}', 'p18_${n}', 'email', 'a@b.example', 'page', 'x', 's', '', 'failed')`);
    return () => sql(`delete from channels.deliveries where channel <> 'sink' and state = 'failed'`);
  },
  readOnly: async ({ sql, database }) => {
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await sql(`alter database ${database} set default_transaction_read_only = on`);
    await sql(cut);
    return async () => {
      await sql(`alter database ${database} reset default_transaction_read_only`);
      await sql(cut);
    };
  },
  frozen: async ({ nodes }) => {
    for (const node of nodes) node.kill('SIGSTOP');
    return async () => {
      for (const node of nodes) node.kill('SIGCONT');
    };
  },
  database: async ({ rig }) => {
    process.kill(rig.databasePid(), 'SIGSTOP');
    return async () => void process.kill(rig.databasePid(), 'SIGCONT');
  },
  allNodes: async (ground) => {
    for (const node of ground.nodes) node.kill('SIGKILL');
    return async () => {
      ground.nodes = [await ground.rig.node(`again${machineMs()}`)];
    };
  },
};
const QUICK = ['ingest', 'scheduler', 'allNodes'];

/** Breaks one stage and waits for the alarm; milliseconds from the break, undefined when it never came. */
async function detect(ground: Ground, outside: Outside, pace: Pace, make: Break): Promise<number | undefined> {
  const from = machineMs();
  const repair = await make(ground);
  let alarm: number | undefined;
  while (alarm === undefined && machineMs() - from < pace.lineMs * 2) {
    await sleep(50);
    if (outside.silentMs() > pace.alarmMs) alarm = machineMs() - from;
  }
  await repair();
  const calls = outside.calls();
  const until = machineMs() + pace.lineMs * 2;
  while (outside.calls() < calls + 2 && machineMs() < until) await sleep(50);
  return outside.calls() > calls ? alarm : undefined;
}

/** The first administrator, with the watchdog switched on. */
async function begin(node: Node, outside: Outside, pace: Pace) {
  let token: string | undefined;
  for (let tries = 0; !token && tries < 500; tries++) {
    token = /setup\?token=(\S+)/.exec(node.output())?.[1];
    await sleep(10);
  }
  const person = {
    name: 'Ada',
    email: 'ada@faults.example',
    password: 'steady as she goes',
    timeZone: 'Europe/Berlin',
  };
  const made = await client(node.url, {}).post('/api/v1/setup', { token, ...person });
  const cookie = (made.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { everySeconds, stepSeconds, limitSeconds } = pace;
  const value = { url: outside.url, everySeconds, stepSeconds, limitSeconds };
  const web = (to: Node) => client(to.url, { cookie, 'x-evenkeel': '1' });
  const saved = await web(node).put('/api/v1/settings/signals.watchdog', { value });
  if (saved.status >= 300) throw new Error(`the setting was not saved: ${saved.text}`);
  return web;
}

export const p18: Experiment = async ({ tier, seed }) => {
  const pace = PACE[tier];
  const rig = await openRig();
  const outside = await openOutside();
  const admin = new pg.Client({ connectionString: rig.databaseUrl });
  try {
    const first = await rig.node('a');
    // The token of the first administrator ends with the next start: the others come after.
    const web = await begin(first, outside, pace);
    const others = await Promise.all([rig.node('b'), rig.node('c')]);
    await admin.connect();
    // What breaks the database for the product must not keep us from repairing it.
    await admin.query('set default_transaction_read_only = off');
    const database = (await admin.query('select current_database() as name')).rows[0].name as string;
    const ground: Ground = { rig, nodes: [first, ...others], database, sql: (text) => admin.query(text) };
    const started = machineMs();
    while (outside.calls() < 2) {
      if (machineMs() - started > pace.lineMs * 2) throw new Error(`the outside was never called:\n${first.output()}`);
      await sleep(50);
    }
    // One of three dies. The others go on calling, and it is reported while nothing else is wrong.
    const killedAt = machineMs();
    ground.nodes[1]?.kill('SIGKILL');
    ground.nodes = [first, others[1]!];
    let falseAlarms = 0;
    let reportedMs: number | undefined;
    while (
      machineMs() - killedAt < Math.max(pace.quietMs, 60_000) &&
      (reportedMs === undefined || machineMs() - killedAt < pace.quietMs)
    ) {
      await sleep(200);
      if (outside.silentMs() > pace.alarmMs) falseAlarms += 1;
      const { body } = await web(first).get('/api/v1/ends');
      if (body?.silentNodes?.length > 0) reportedMs ??= machineMs() - killedAt;
    }
    const names = tier === 'quick' ? QUICK : Object.keys(BREAKS);
    const detected: Record<string, number | null> = {};
    for (const name of names) detected[name] = (await detect(ground, outside, pace, BREAKS[name]!)) ?? null;
    const late_ = Object.entries(detected).filter(([, ms]) => ms === null || ms > pace.lineMs);
    return {
      promise: 'p18',
      n: names.length + 1,
      figures: {
        detectedMs: detected,
        lineMs: pace.lineMs,
        alarmAfterMs: pace.alarmMs,
        tripEverySeconds: pace.everySeconds,
        oneNodeOfThreeReportedMs: reportedMs ?? null,
        falseAlarms,
        time: 'real',
        notTried:
          tier === 'quick'
            ? [...Object.keys(BREAKS).filter((name) => !QUICK.includes(name)), 'clock stuck']
            : ['clock stuck'],
        seed,
        load: load(),
      },
      pass: late_.length === 0 && falseAlarms === 0 && reportedMs !== undefined && reportedMs < 150_000,
    };
  } finally {
    await admin.end().catch(() => undefined);
    outside.close();
    await rig.close();
  }
};
