/**
 * P2: every page is sent at least once, and the extra sends are bounded.
 *
 * Alerts come in at a steady rate, each opening one page to one person with one verified webhook. The sink answers late
 * and cuts part of its answers after the receipt is on its disk. One of two nodes is killed at each named point of the
 * sending path in turn, and stopped and woken. Then it is quiet, and the journals are counted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCompany } from './rig/company.ts';
import { type Accepted, sendAlert } from './rig/gen.ts';
import { machineMs, openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig } from './rig/processes.ts';
import { randomOf } from './rig/random.ts';
import { type Experiment, load } from './rig/report.ts';
import type { Answered, Receipt } from './rig/sink-process.ts';

const POINTS = [
  'channels.send.before',
  'channels.send.after_provider_ok',
  'channels.send.before_record',
  'channels.send.after_record',
];

export interface Fault {
  at: number;
  what: string;
}

export const p2: Experiment = async ({ tier, seed }, size) => {
  const random = randomOf(seed);
  const rounds = size ?? (tier === 'quick' ? POINTS.length + 1 : 300);
  const perSecond = 6;
  const rig = await openRig();
  try {
    const sink = await rig.sink({
      SEED: String(seed),
      DELAY_MAX_MS: tier === 'quick' ? '600' : '2000',
      CUT_SHARE: '0.25',
    });
    const steady = await rig.node('a');
    const company = await openCompany(steady, sink, 1);
    const person = company.people[0]!;
    const { key } = await company.service('Orders', [
      { delaySeconds: 3600, targets: [{ kind: 'user', id: person.id }] },
    ]);
    const nodes: Node[] = [steady];
    const faults: Fault[] = [];
    const journal = openJournal(rig.journal('gen'));
    let going = true;
    const pending: Promise<boolean>[] = [];
    const source = (async () => {
      for (let n = 0; going; n++) {
        pending.push(sendAlert(journal, () => nodes, { alert: `alert-${n}-end`, key, first: n }));
        await sleep(1000 / perSecond);
      }
    })();
    for (let round = 0; round < rounds; round++) {
      const point = POINTS[round % (POINTS.length + 1)];
      const victim = await rig.node(`b${round}`, point ? { EVENKEEL_FAIL_AT: `${point}:${random.between(1, 4)}` } : {});
      nodes[1] = victim;
      if (point) {
        await Promise.race([victim.ended, sleep(8000)]);
        faults.push({
          at: victim.endedAt ?? machineMs(),
          what: victim.endedAt === undefined ? `${point} not reached` : point,
        });
        victim.kill('SIGKILL');
      } else {
        await sleep(random.between(500, 1500));
        faults.push({ at: machineMs(), what: 'SIGSTOP' });
        victim.kill('SIGSTOP');
        await sleep(tier === 'quick' ? 9000 : 60_000);
        faults.push({ at: machineMs(), what: 'SIGCONT' });
        victim.kill('SIGCONT');
        await sleep(1500);
      }
    }
    going = false;
    await source;
    await Promise.all(pending);
    const quiet = await settled(rig.journal('gen'), sink.journal, 20_000);
    await sleep(3000);
    return judge(rig.journal('gen'), sink.journal, faults, { seed, quietMs: Math.round(quiet) });
  } finally {
    await rig.close();
  }
};

const titleOf = (line: Receipt) => /alert-\d+-end/.exec(line.data.title ?? '')?.[0] ?? '';

/** Waits until every accepted alert has a receipt, or time is up. */
async function settled(gen: string, sink: string, ms: number): Promise<number> {
  const from = machineMs();
  while (machineMs() - from < ms) {
    const got = new Set(
      readJournal<Receipt>(sink)
        .filter((line) => line.kind === 'receipt')
        .map(titleOf),
    );
    if (readJournal<Accepted>(gen).every((line) => line.kind !== 'accepted' || got.has(line.alert))) break;
    await sleep(250);
  }
  return machineMs() - from;
}

/** Requests whose fate was open when the fault came: no answer yet, or one that was just being written down. */
const RECORDING_MS = 1500;

function judge(gen: string, sink: string, faults: Fault[], more: object) {
  const accepted = readJournal<Accepted>(gen).filter((line) => line.kind === 'accepted');
  const lines = readJournal<Receipt | Answered>(sink);
  const receipts = lines.filter((line) => line.kind === 'receipt').filter((line) => line.type === 'page.sent');
  const ends = new Map(lines.filter((line) => line.kind !== 'receipt').map((line) => [line.n, line]));
  const byAlert = Map.groupBy(receipts, titleOf);
  const missing = accepted.filter((line) => !byAlert.has(line.alert)).length;
  // A cut answer is a failure the sender must repeat: it is owed one more send and is not counted as extra.
  const owed = (list: Receipt[]) => list.slice(0, -1).filter((line) => ends.get(line.n)?.kind === 'cut').length;
  const inFlightAt = (at: number) =>
    receipts.filter(
      (line) => line.at <= at + 50 && (ends.get(line.n)?.at ?? Number.POSITIVE_INFINITY) > at - RECORDING_MS,
    );
  const allowed = faults.reduce((sum, fault) => sum + inFlightAt(fault.at).length, 0);
  let extra = 0;
  let worst = 0;
  for (const list of byAlert.values()) {
    const more_ = list.length - 1 - owed(list);
    const touched = faults.filter((fault) => inFlightAt(fault.at).some((line) => list.includes(line))).length;
    extra += more_;
    worst = Math.max(worst, more_ - touched);
  }
  const differentIds = [...byAlert.values()].filter(
    (list) => new Set(list.map((line) => line.delivery)).size > 1,
  ).length;
  return {
    promise: 'p2',
    n: accepted.length,
    figures: {
      pages: accepted.length,
      missing,
      receipts: receipts.length,
      cutAnswers: [...ends.values()].filter((line) => line.kind === 'cut').length,
      faults: faults.map((fault) => fault.what),
      extra,
      extraAllowed: allowed,
      /** Above zero: some page was repeated more often than faults touched it. */
      worstBeyondFaults: worst,
      repeatsWithAnotherId: differentIds,
      ...more,
      load: load(),
    },
    pass: accepted.length > 0 && missing === 0 && extra <= allowed && worst <= 0 && differentIds === 0,
  };
}
