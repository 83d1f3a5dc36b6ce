/**
 * P6: alerts are taken while the database is away.
 *
 * The database is stopped. Meanwhile alerts come in at a steady rate on two nodes, and each node is killed with -9 and
 * started again. Then the database comes back. Every second alert is about one of a few conditions that fire and resolve in
 * turn, always sent to one node and only after the post before was taken: their last word must be the last that was
 * accepted. Full tier: 15 minutes at 50 alerts a second, each node killed twice.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Company, openCompany } from './rig/company.ts';
import { type Journal, machineMs, openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig } from './rig/processes.ts';
import { randomOf } from './rig/random.ts';
import { type Experiment, load, percentile } from './rig/report.ts';

interface Intent {
  kind: 'intent';
  at: number;
  key: string;
  status: 'firing' | 'resolved';
}
interface Accepted extends Omit<Intent, 'kind'> {
  kind: 'accepted';
  durability: 'spooled' | 'committed';
  away: boolean;
  tries: number;
  ms: number;
}

const CONDITIONS = 8;
const TRY_MS = 8000;

const body = (key: string, status: 'firing' | 'resolved') =>
  JSON.stringify({
    version: '4',
    status,
    groupKey: `g:${key}`,
    commonAnnotations: { summary: key },
    alerts: [
      {
        status,
        labels: { alertname: key, severity: 'info' },
        annotations: { summary: key },
        startsAt: '2026-11-23T12:00:00Z',
        fingerprint: key,
      },
    ],
  });

/** Sends until one node has taken it. Only tries that an alive node answered or cut count. */
async function send(
  journal: Journal,
  node: () => Node | undefined,
  work: { key: string; status: 'firing' | 'resolved'; secret: string; away: () => boolean },
): Promise<void> {
  const at = machineMs();
  const { key, status } = work;
  journal.write({ kind: 'intent', at, key, status } satisfies Intent);
  // One key for all tries: a try whose answer was lost may have been taken.
  const once = `${key}:${at}`;
  for (let tries = 1; ; tries++) {
    const away = work.away();
    try {
      const to = node();
      if (!to) throw new Error('nobody is alive');
      const answer = await fetch(`${to.url}/integrations/v1/alertmanager`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${work.secret}`,
          'idempotency-key': once,
        },
        body: body(key, status),
        signal: AbortSignal.timeout(TRY_MS),
      });
      const text = await answer.text();
      if (answer.ok) {
        const durability = text.includes('"durability":"spooled"') ? 'spooled' : 'committed';
        const ms = machineMs() - at;
        journal.write({
          kind: 'accepted',
          at: machineMs(),
          key,
          status,
          durability,
          away,
          tries,
          ms,
        } satisfies Accepted);
        return;
      }
    } catch {
      // Cut or refused: again.
    }
    await sleep(100);
  }
}

export const p6: Experiment = async ({ tier, seed }, size) => {
  const random = randomOf(seed);
  const awayMs = (size ?? (tier === 'quick' ? 14 : 900)) * 1000;
  const perSecond = tier === 'quick' ? 25 : 50;
  const rig = await openRig();
  try {
    const sink = await rig.sink({});
    const nodes: Node[] = [await rig.node('a')];
    // Whichever process is node a just now.
    const front = { ...nodes[0]!, output: nodes[0]!.output } as Node;
    Object.defineProperty(front, 'url', { get: () => nodes[0]!.url });
    const [company, second] = await Promise.all([openCompany(front, sink, 1), rig.node('b')]);
    nodes.push(second);
    const { key: secret } = await company.service('Orders', [
      { delaySeconds: 3600, targets: [{ kind: 'user', id: company.people[0]!.id }] },
    ]);
    const journal = openJournal(rig.journal('gen'));
    let away = false;
    let going = true;
    const pending: Promise<void>[] = [];
    const alive = (n: number) => [nodes[n % 2]!, nodes[(n + 1) % 2]!].find((node) => node.endedAt === undefined);
    const distinct = (async () => {
      for (let n = 0; going; n++) {
        let tries = 0;
        pending.push(
          send(journal, () => alive(n + tries++), {
            key: `alert-${n}-end`,
            status: 'firing',
            secret,
            away: () => away,
          }),
        );
        await sleep(2000 / perSecond);
      }
    })();
    const conditions = Array.from({ length: CONDITIONS }, async (_, c) => {
      for (let n = 0; going; n++) {
        const status = n % 2 ? 'resolved' : 'firing';
        const work = { key: `condition-${c}-end`, status, secret, away: () => away } as const;
        await send(journal, () => (nodes[c % 2]!.endedAt === undefined ? nodes[c % 2] : undefined), work);
        await sleep((2000 / perSecond) * CONDITIONS);
      }
    });
    // Who may send is written down a second after they were first heard: a new sender is refused until somebody can be asked.
    await sleep(4000);
    await rig.stopDatabase();
    away = true;
    const kills = tier === 'quick' ? 2 : 4;
    for (let n = 0; n < kills; n++) {
      await sleep(random.between(0.6, 1) * (awayMs / (kills + 1)));
      nodes[n % 2]!.kill('SIGKILL');
      await nodes[n % 2]!.ended;
      nodes[n % 2] = await rig.node(['a', 'b'][n % 2]!);
    }
    await sleep(awayMs / (kills + 1));
    const spooledBytes = ['a', 'b'].reduce((sum, name) => sum + bytesIn(join(rig.dir, name, 'spool')), 0);
    await rig.startDatabase();
    away = false;
    const back = machineMs();
    while (['a', 'b'].some((name) => bytesIn(join(rig.dir, name, 'spool')) > 0) && machineMs() - back < 30_000)
      await sleep(50);
    const drainMs = Math.round(machineMs() - back);
    await sleep(1500);
    going = false;
    await distinct;
    await Promise.all([...conditions, ...pending]);
    await sleep(2500);
    const verdict = await judge(company, rig.journal('gen'), drainMs);
    return {
      ...verdict,
      figures: { ...verdict.figures, awaySeconds: awayMs / 1000, kills, spooledBytes, seed, load: load() },
    };
  } finally {
    await rig.close();
  }
};

function bytesIn(dir: string): number {
  return readdirSync(dir)
    .filter((name) => name.includes('.spool'))
    .reduce((sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

interface Listed {
  dedupKey: string;
  count: number;
  state: string;
}

async function judge(company: Company, path: string, drainMs: number) {
  const lines = readJournal<Intent | Accepted>(path);
  const accepted = lines.filter((line) => line.kind === 'accepted');
  const listed: Listed[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page: { items: Listed[]; nextCursor: string | null } = await company.get(`/api/v1/alerts?limit=200${more}`);
    listed.push(...page.items);
    cursor = page.nextCursor;
  }
  const seen = new Map<string, { triggers: number; firing: boolean }>();
  for (const { dedupKey, count, state } of listed) {
    const known = seen.get(dedupKey) ?? { triggers: 0, firing: false };
    seen.set(dedupKey, { triggers: known.triggers + count, firing: known.firing || state === 'firing' });
  }
  const sentTriggers = Map.groupBy(
    accepted.filter((line) => line.status === 'firing'),
    (line) => line.key,
  );
  let lost = 0;
  let doubled = 0;
  for (const [key, triggers] of sentTriggers) {
    const counted = seen.get(key)?.triggers ?? 0;
    lost += Math.max(0, triggers.length - counted);
    doubled += Math.max(0, counted - triggers.length);
  }
  const phantom = [...seen.keys()].filter((key) => !sentTriggers.has(key)).length;
  // The last word of each condition.
  const wrongOrder = Array.from({ length: CONDITIONS }, (_, c) => `condition-${c}-end`).filter((key) => {
    const last = accepted.filter((line) => line.key === key).at(-1);
    return last !== undefined && (last.status === 'firing') !== (seen.get(key)?.firing ?? false);
  }).length;
  const spooled = accepted.filter((line) => line.durability === 'spooled');
  const whileAway = accepted.filter((line) => line.away);
  const falselyCommitted = whileAway.filter(
    (line) => line.durability === 'committed' && line.tries === 1 && line.ms < 50,
  );
  const figures = {
    intended: lines.filter((line) => line.kind === 'intent').length,
    accepted: accepted.length,
    spooled: spooled.length,
    acceptedWhileAway: whileAway.length,
    takenAtTheFirstTryWhileAway: whileAway.filter((line) => line.tries === 1).length / Math.max(1, whileAway.length),
    lost,
    doubled,
    phantom,
    wrongOrder,
    falselyCommitted: falselyCommitted.length,
    slowestMs: percentile(
      accepted.map((line) => line.ms),
      1,
    ),
    p99Ms: percentile(
      accepted.map((line) => line.ms),
      0.99,
    ),
    drainMs,
    drainedPerSecond: Math.round(spooled.length / Math.max(0.05, drainMs / 1000)),
  };
  return {
    promise: 'p6',
    n: accepted.length,
    figures,
    pass: spooled.length > 20 && lost + doubled + phantom + wrongOrder === 0 && drainMs < 30_000,
  };
}
