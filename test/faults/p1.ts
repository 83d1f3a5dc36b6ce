/**
 * P1: no accepted alert is lost, invented or doubled.
 *
 * Alerts come in at a steady rate on two nodes, each with its own idempotency key, sent again until somebody answers
 * 2xx. Meanwhile a node is killed, a database session is killed, and the database itself is killed, in turn. Then it is
 * quiet, and what the public API lists is compared with the journal. Full tier: 60 faults and 50 alerts a second.
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Company, openCompany } from './rig/company.ts';
import { type Accepted, type Intent, sendAlert } from './rig/gen.ts';
import { openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig, type Rig } from './rig/processes.ts';
import { type Random, randomOf } from './rig/random.ts';
import { type Experiment, load, percentile } from './rig/report.ts';

const FAULTS = ['SIGKILL node', 'SIGKILL a database session', 'SIGKILL the database'] as const;

export const p1: Experiment = async ({ tier, seed }, size) => {
  const random = randomOf(seed);
  const faults = size ?? (tier === 'quick' ? 3 : 60);
  const perSecond = tier === 'quick' ? 12 : 50;
  const rig = await openRig();
  try {
    const sink = await rig.sink({});
    const nodes: Node[] = [await rig.node('a')];
    const [company, second] = await Promise.all([openCompany(nodes[0]!, sink, 1), rig.node('b')]);
    nodes.push(second);
    const { key } = await company.service('Orders', [
      { delaySeconds: 3600, targets: [{ kind: 'user', id: company.people[0]!.id }] },
    ]);
    const gen = openJournal(rig.journal('gen'));
    let going = true;
    const pending: Promise<boolean>[] = [];
    const source = (async () => {
      for (let n = 0; going; n++) {
        const alert = `alert-${n}-end`;
        pending.push(sendAlert(gen, () => nodes, { alert, key, first: n, severity: 'info', ms: 60_000 }));
        await sleep(1000 / perSecond);
      }
    })();
    const done: string[] = [];
    for (let n = 0; n < faults; n++) {
      await sleep(random.between(1500, 3500));
      const fault = FAULTS[n % FAULTS.length]!;
      done.push(fault);
      await strike(rig, nodes, fault, random, n);
    }
    await sleep(3000);
    going = false;
    await source;
    await Promise.all(pending);
    await sleep(2000);
    const ended = nodes.find((node) => node.endedAt !== undefined);
    if (ended) throw new Error(`node ${ended.name} ended by itself:\n${ended.output().slice(-3000)}`);
    const verdict = await judge(company, rig.journal('gen'), nodes);
    return { ...verdict, figures: { ...verdict.figures, faults: done, seed, load: load() } };
  } finally {
    await rig.close();
  }
};

async function strike(
  rig: Rig,
  nodes: Node[],
  fault: (typeof FAULTS)[number],
  random: Random,
  n: number,
): Promise<void> {
  if (fault === 'SIGKILL node') {
    nodes[1]!.kill('SIGKILL');
    nodes[1] = await rig.node(`b${n}`);
  } else if (fault === 'SIGKILL the database') process.kill(rig.databasePid(), 'SIGKILL');
  else {
    // Backends call themselves `postgres: <user> …`; the server's own workers do not.
    const found = spawnSync('pgrep', ['-P', String(rig.databasePid()), '-f', 'evenkeel'], { encoding: 'utf8' });
    const pids = found.stdout.trim().split('\n').map(Number).filter(Boolean);
    if (pids.length === 0) throw new Error('there is no database session to kill');
    process.kill(random.pick(pids), 'SIGKILL');
  }
}

/** Every alert that the public API lists, by the key that its source gave it. */
async function listed(company: Company): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/api/v1/alerts?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const page: { items: { dedupKey: string; count: number }[]; nextCursor: string | null } = await company.get(path);
    for (const item of page.items) for (let i = 0; i < item.count; i++) keys.push(item.dedupKey);
    cursor = page.nextCursor;
  }
  return keys;
}

async function judge(company: Company, genPath: string, nodes: Node[]) {
  const lines = readJournal<Intent | Accepted>(genPath);
  const accepted = lines.filter((line) => line.kind === 'accepted');
  const intents = new Set(lines.filter((line) => line.kind === 'intent').map((line) => line.alert));
  const keys = await listed(company);
  const there = new Set(keys);
  const figures = {
    intended: intents.size,
    accepted: accepted.length,
    lost: accepted.filter((line) => !there.has(line.alert)).length,
    phantom: [...there].filter((key) => !intents.has(key)).length,
    doubled: keys.length - there.size,
    acceptedWithin10s: accepted.filter((line) => line.ms <= 10_000).length / Math.max(1, intents.size),
    slowestMs: percentile(
      accepted.map((line) => line.ms),
      1,
    ),
    nodesAlive: nodes.filter((node) => node.endedAt === undefined).length,
  };
  const { lost, phantom, doubled, acceptedWithin10s } = figures;
  return {
    promise: 'p1',
    n: accepted.length,
    figures,
    pass: accepted.length > 0 && lost + phantom + doubled === 0 && acceptedWithin10s >= 0.995,
  };
}
