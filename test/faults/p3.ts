/**
 * P3: another node takes over.
 *
 * Three nodes share the work. Pages wait for their second step; two seconds before it falls due one node is killed and
 * one is stopped, both in the middle of sending other pages. Counted is how long after its due time each second step,
 * and how long after the fault each page that was under way, reached the sink; and what the stopped node still did when
 * it woke. Full tier: ten rounds. With no page waiting for a step (`npm test`) only what was under way is counted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCompany, type Person } from './rig/company.ts';
import { type Accepted, sendAlert } from './rig/gen.ts';
import { machineMs, openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig } from './rig/processes.ts';
import { type Experiment, load, percentile } from './rig/report.ts';
import type { Answered, Receipt } from './rig/sink-process.ts';

const STEP_S = 30;
const BEFORE_MS = 2000;
/** The stopped node wakes when its lease is long over. */
const STOPPED_MS = 14_000;
/** Just over the lease of a sender and what clocks may differ by. */
const STOPPED_BRIEFLY_MS = 8500;
const LIMITS = { killedP99: 10_000, killedMax: 15_000 };

export const p3: Experiment = async ({ tier, seed }, size) => {
  const waiting = size ?? 40;
  const rounds = tier === 'quick' ? 1 : 10;
  const rig = await openRig();
  try {
    const sink = await rig.sink({ SEED: String(seed), DELAY_MAX_MS: '1500' });
    const nodes: Node[] = [await rig.node('a')];
    const [company, b, c] = await Promise.all([openCompany(nodes[0]!, sink, 2), rig.node('b'), rig.node('c')]);
    nodes.push(b, c);
    const [first, second] = company.people as [Person, Person];
    const slow = await company.service('Slow', [
      { delaySeconds: STEP_S, targets: [{ kind: 'user', id: first.id }] },
      { delaySeconds: 3600, targets: [{ kind: 'user', id: second.id }] },
    ]);
    const plain = await company.service('Plain', [{ delaySeconds: 3600, targets: [{ kind: 'user', id: first.id }] }]);
    const gen = openJournal(rig.journal('gen'));
    const results: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const steps = Array.from({ length: waiting }, (_, n) => `step-${round}-${n}-end`);
      await Promise.all(steps.map((alert, n) => sendAlert(gen, () => nodes, { alert, key: slow.key, first: n })));
      const pages: any[] = (await company.get('/api/v1/pages?state=paging&limit=200')).items;
      const due = new Map<string, number>(
        pages
          .filter((page) => page.title.includes(`step-${round}-`))
          .map((page) => [page.id, instantOf(page.nextStepAt)]),
      );
      if (due.size > 0) await sleep(Math.max(0, Math.min(...due.values()) - BEFORE_MS - 300 - machineMs()));
      const under = Array.from({ length: 12 }, (_, n) => `under-${round}-${n}-end`);
      void Promise.all(under.map((alert, n) => sendAlert(gen, () => nodes, { alert, key: plain.key, first: n })));
      await sleep(300);
      const faultAt = machineMs();
      nodes[1]!.kill('SIGKILL');
      nodes[2]!.kill('SIGSTOP');
      const dead = nodes.splice(1, 2);
      await sleep(waiting === 0 ? STOPPED_BRIEFLY_MS : STOPPED_MS);
      const wokeAt = machineMs();
      dead[1]!.kill('SIGCONT');
      await sleep(waiting === 0 ? 2000 : 6000);
      results.push({ due, under, faultAt, wokeAt });
      if (round + 1 < rounds) {
        dead[1]!.kill('SIGKILL');
        nodes.push(await rig.node(`b${round}`), await rig.node(`c${round}`));
      }
    }
    return judge(results, rig.journal('gen'), sink.journal, second.id, seed);
  } finally {
    await rig.close();
  }
};

interface Round {
  /** When each page's second step fell due, in machine milliseconds. */
  due: Map<string, number>;
  under: string[];
  faultAt: number;
  wokeAt: number;
}

/** An instant of the API on the clock of the journals. */
const instantOf = (text: string) => new Date(text).getTime() - Date.now() + machineMs();

function judge(rounds: Round[], genPath: string, sinkPath: string, secondId: string, seed: number) {
  const lines = readJournal<Receipt | Answered>(sinkPath);
  const receipts = lines.filter((line) => line.kind === 'receipt').filter((line) => line.type === 'page.sent');
  const ends = new Map(lines.filter((line) => line.kind !== 'receipt').map((line) => [line.n, line]));
  const accepted = readJournal<Accepted>(genPath).filter((line) => line.kind === 'accepted');
  const stepDelays: number[] = [];
  const underDelays: number[] = [];
  let missing = 0;
  let stale = 0;
  for (const { due, under, faultAt, wokeAt } of rounds) {
    for (const [page, at] of due) {
      const found = receipts.find((line) => line.data.pageId === page && line.path === `/${secondId}`);
      if (found) stepDelays.push(Math.max(0, found.at - at));
      else missing += 1;
    }
    for (const { alert, at } of accepted.filter((line) => under.includes(line.alert))) {
      const found = receipts.find((line) => line.data.title?.includes(alert));
      if (found) underDelays.push(Math.max(0, found.at - Math.max(at, faultAt)));
      else missing += 1;
    }
    // A send of the woken node is a repeat, after it woke, of a delivery that had been answered before.
    stale += receipts.filter(
      (line) =>
        line.at >= wokeAt &&
        receipts.some(
          (earlier) =>
            earlier.delivery === line.delivery && earlier.n < line.n && (ends.get(earlier.n)?.at ?? Infinity) < wokeAt,
        ),
    ).length;
  }
  const delays = [...stepDelays, ...underDelays];
  const [p99, max] = [percentile(delays, 0.99), percentile(delays, 1)];
  return {
    promise: 'p3',
    n: delays.length + missing,
    figures: {
      kills: rounds.length,
      stops: rounds.length,
      secondSteps: {
        n: stepDelays.length,
        p50Ms: percentile(stepDelays, 0.5),
        p99Ms: percentile(stepDelays, 0.99),
        maxMs: percentile(stepDelays, 1),
      },
      underWay: { n: underDelays.length, p50Ms: percentile(underDelays, 0.5), maxMs: percentile(underDelays, 1) },
      missing,
      staleSends: stale,
      seed,
      load: load(),
    },
    // The harder of the two lines, that of a killed node, for both faults: they were under way together.
    pass: delays.length > 0 && missing === 0 && stale === 0 && p99 < LIMITS.killedP99 && max < LIMITS.killedMax,
  };
}
