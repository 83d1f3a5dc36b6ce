/**
 * P5: an acknowledgement stops the paging and is never lost.
 *
 * Pages open on a policy of two steps, half a minute apart. Around the moment the second step falls due (±2 s, drawn by
 * the seed) two people acknowledge each page at once, by console session and by the signed link of the message, on two
 * nodes. In the middle of it one node is killed with -9 and starts again. An acknowledgement whose answer was lost is
 * asked again, as a person would.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Company, openCompany, type Person } from './rig/company.ts';
import { type Accepted, sendAlert } from './rig/gen.ts';
import { machineMs, openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig } from './rig/processes.ts';
import { randomOf } from './rig/random.ts';
import { type Experiment, load } from './rig/report.ts';
import type { Receipt } from './rig/sink-process.ts';

const STEP_MS = 30_000;
const AROUND_MS = 2000;
/** A message under way when the page is taken may still land within this. */
const IN_FLIGHT_MS = 5000;

export interface Ack {
  kind: 'ack';
  at: number;
  page: string;
  person: string;
  via: 'session' | 'link';
  /** HTTP status, or 0 when the answer was lost. */
  status: number;
}

export const p5: Experiment = async ({ tier, seed }, size) => {
  const random = randomOf(seed);
  const count = size ?? (tier === 'quick' ? 60 : 200);
  const rounds = tier === 'quick' ? 1 : 10;
  const rig = await openRig();
  try {
    const sink = await rig.sink({ SEED: String(seed), DELAY_MAX_MS: '300' });
    const nodes: Node[] = [await rig.node('a')];
    const [company, second] = await Promise.all([openCompany(nodes[0]!, sink, 2), rig.node('b')]);
    nodes.push(second);
    const [first, other] = company.people as [Person, Person];
    const { key } = await company.service('Orders', [
      { delaySeconds: STEP_MS / 1000, targets: [{ kind: 'user', id: first.id }] },
      { delaySeconds: STEP_MS / 1000, targets: [{ kind: 'user', id: other.id }] },
    ]);
    const gen = openJournal(rig.journal('gen'));
    const acks = openJournal(rig.journal('acks'));
    for (let round = 0; round < rounds; round++) {
      const names = Array.from({ length: count }, (_, n) => `alert-${round}-${n}-end`);
      await Promise.all(names.map((alert, n) => sendAlert(gen, () => nodes, { alert, key, first: n })));
      const pages: any[] = (await company.get('/api/v1/pages?state=open&limit=200')).items;
      const work = pages.map(async (page) => {
        const due = new Date(page.nextStepAt).getTime() + random.between(-AROUND_MS, AROUND_MS);
        await sleep(Math.max(0, due - Date.now()));
        const link = linksOf(sink.journal, first.id).get(page.id) ?? '';
        const node = () => nodes[random.between(0, 1)]!;
        await Promise.all([
          acknowledge(acks, page.id, other, 'session', () =>
            other
              .web(node())
              .post(`/api/v1/pages/${page.id}/acknowledge`)
              .then((answer) => answer.status),
          ),
          acknowledge(acks, page.id, first, 'link', () =>
            fetch(new URL(new URL(link).pathname, node().url), { method: 'POST' }).then((a) => a.status),
          ),
        ]);
      });
      const kill = async () => {
        const due = Math.min(...pages.map((page) => new Date(page.nextStepAt).getTime()));
        await sleep(Math.max(0, due - Date.now() + random.between(-1000, 1000)));
        nodes[1]!.kill('SIGKILL');
        nodes[1] = await rig.node(`b${round}`);
      };
      await Promise.all([...work, kill()]);
    }
    // Long enough for a step that was not stopped, and for messages under way.
    await sleep(IN_FLIGHT_MS + 3000);
    return await judge(company, rig.journal('acks'), rig.journal('gen'), sink.journal, seed);
  } finally {
    await rig.close();
  }
};

/** The link in the message that called this person, by page. */
function linksOf(sink: string, personId: string): Map<string, string> {
  const pages = readJournal<Receipt>(sink).filter(
    (line) => line.kind === 'receipt' && line.type === 'page.sent' && line.path === `/${personId}`,
  );
  return new Map(pages.map((line) => [line.data.pageId ?? '', line.data.acknowledgeUrl ?? '']));
}

async function acknowledge(
  journal: { write(entry: Ack): void },
  page: string,
  person: Person,
  via: Ack['via'],
  ask: () => Promise<number>,
): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    const status = await ask().catch(() => 0);
    journal.write({ kind: 'ack', at: machineMs(), page, person: person.id, via, status });
    if (status !== 0 && status < 500) return;
    await sleep(250);
  }
}

async function judge(company: Company, ackPath: string, genPath: string, sinkPath: string, seed: number) {
  const acks = readJournal<Ack>(ackPath);
  const accepted = readJournal<Accepted>(genPath).filter((line) => line.kind === 'accepted').length;
  const receipts = readJournal<Receipt>(sinkPath).filter(
    (line) => line.kind === 'receipt' && line.type === 'page.sent',
  );
  const figures = {
    lost: 0,
    twoCredited: 0,
    calledAfterAck: 0,
    receiptsAfterAck: 0,
    landedInFlight: 0,
    neverAnswered: 0,
  };
  const pages = Map.groupBy(acks, (line) => line.page);
  for (const [id, list] of pages) {
    const page = await company.get(`/api/v1/pages/${id}`);
    const won = list.filter((line) => line.status >= 200 && line.status < 300);
    if (won.length === 0) figures.neverAnswered += 1;
    if (won.length > 0 && page.state !== 'acknowledged') figures.lost += 1;
    if (won.some((line) => line.person !== page.acknowledgedBy?.id)) figures.twoCredited += 1;
    const reasons = page.log.map((line: { reason: string }) => line.reason);
    const taken = reasons.indexOf('stopped_acknowledged');
    if (taken >= 0 && reasons.slice(taken).some((reason: string) => reason === 'called' || reason === 'sent'))
      figures.calledAfterAck += 1;
    const at = Math.min(...won.map((line) => line.at));
    const after = receipts.filter((line) => line.data.pageId === id && line.at > at);
    figures.landedInFlight += after.filter((line) => line.at <= at + IN_FLIGHT_MS).length;
    figures.receiptsAfterAck += after.filter((line) => line.at > at + IN_FLIGHT_MS).length;
  }
  const { landedInFlight: _, ...zero } = figures;
  return {
    promise: 'p5',
    n: acks.length,
    figures: {
      pages: pages.size,
      alerts: accepted,
      acknowledgements: acks.length,
      answersLost: acks.filter((line) => line.status === 0).length,
      ...figures,
      kills: 1,
      seed,
      load: load(),
    },
    pass: pages.size > 0 && pages.size === accepted && Object.values(zero).every((value) => value === 0),
  };
}
