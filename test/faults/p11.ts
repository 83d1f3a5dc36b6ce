/**
 * P11: a storm does not bury the first page or the neighbours.
 *
 * One service gets a flood of alerts in many groups while others get one alert each; all of them call the same few people,
 * who have a webhook, SMS and voice. The phone company takes one message a second and refuses the rest. Counted from the
 * journals: how long the first page of the flooded service and that of each neighbour took to reach anybody, how many SMS
 * and calls each person got in any quarter of an hour, and whether every alert stands in a page that was told.
 * One more person is reached by phone only; the full tier waits for the bundle that the limit held back for them, and
 * counts what is in it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { addPhone, type Company, openCompany, type Person } from './rig/company.ts';
import type { Handed, Refused } from './rig/carrier-process.ts';
import { type Accepted, sendAlert } from './rig/gen.ts';
import { type Journal, machineMs, openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig } from './rig/processes.ts';
import { randomOf } from './rig/random.ts';
import { type Experiment, load, percentile } from './rig/report.ts';
import type { Receipt } from './rig/sink-process.ts';

const SIZES = {
  quick: { alerts: 1000, groups: 25, seconds: 10, neighbours: 30, people: 4, quietMs: 6000 },
  full: { alerts: 10_000, groups: 100, seconds: 60, neighbours: 200, people: 20, quietMs: 16 * 60_000 },
};
/** A sender of alerts keeps so many posts under way. */
const AT_ONCE = 12;
const QUARTER_MS = 15 * 60_000;
const LIMITS = { firstMs: 15_000, neighbourMs: 15_000, sms: 6, calls: 3 };
const numberOf = (n: number) => `+491510000${String(n).padStart(4, '0')}`;

export const p11: Experiment = async ({ tier, seed }, size) => {
  const random = randomOf(seed);
  const plan = { ...SIZES[tier], ...(size === undefined ? {} : { alerts: size }) };
  const started = machineMs();
  const rig = await openRig();
  try {
    const sink = await rig.sink({ SEED: String(seed), DELAY_MAX_MS: '50' });
    const carrier = await rig.carrier({ PER_SECOND: '1' });
    const nodes: Node[] = [await rig.node('a')];
    const company = await openCompany(nodes[0]!, sink, plan.people);
    await company.ask('put', '/api/v1/settings/channels.twilio', { value: carrier.account });
    nodes.push(await rig.node('b'));
    // One after the other: the carrier takes one message a second, and a refused code would wait for a minute.
    for (const [n, person] of company.people.entries()) await addPhone(nodes[0]!, person, carrier.journal, numberOf(n));
    // The last one is reached by phone only, and by nothing but the flooded service.
    const last = company.people[plan.people - 1]!;
    await dropWebhook(nodes[0]!, last);
    const storm = await company.service('Storm', stepsFor(company.people[0]!, last));
    const others: string[] = [];
    for (let n = 0; n < plan.neighbours; n++)
      others.push((await company.service(`Other${n}`, stepsFor(company.people[n % (plan.people - 1)]!))).key);
    const gen = openJournal(rig.journal('gen'));
    const from = machineMs();
    await Promise.all([
      flood(gen, () => nodes, storm.key, plan),
      ...others.map(async (key, n) => {
        await sleep(random.between(500, plan.seconds * 1000));
        await sendAlert(gen, () => nodes, { alert: `other-${n}-end`, key, first: n, severity: 'critical' });
      }),
    ]);
    await sleep(plan.quietMs);
    return await judge(company, { gen: rig.journal('gen'), sink: sink.journal, carrier: carrier.journal }, plan, {
      from,
      seed,
      setUpMs: from - started,
    });
  } finally {
    await rig.close();
  }
};

const stepsFor = (...people: Person[]) => [
  { delaySeconds: 3600, targets: people.map(({ id }) => ({ kind: 'user' as const, id })) },
];

async function dropWebhook(node: Node, person: Person): Promise<void> {
  const { body } = await person.web(node).get('/api/v1/me/contact-methods');
  const webhook = body.items.find((method: { kind: string }) => method.kind === 'webhook');
  await person.web(node).delete(`/api/v1/me/contact-methods/${webhook.id}`);
}

/** Sends the alerts evenly over the time, a dozen under way at once; a product that is slower makes it take longer. */
async function flood(
  journal: Journal,
  nodes: () => Node[],
  key: string,
  { alerts, groups, seconds }: { alerts: number; groups: number; seconds: number },
): Promise<void> {
  const from = machineMs();
  let next = 0;
  const sender = async () => {
    for (let n = next++; n < alerts; n = next++) {
      const wait = from + (n * seconds * 1000) / alerts - machineMs();
      if (wait > 0) await sleep(wait);
      const group = `storm-${n % groups}-end`;
      await sendAlert(journal, nodes, {
        alert: `storm-${n % groups}-end #${n}`,
        group,
        key,
        first: n,
        severity: 'critical',
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

interface Told {
  at: number;
  /** The sink's path, or the number. */
  to: string;
  text: string;
}

/** Everything about pages that reached anybody, in order. */
function toldOf(sink: string, carrier: string): Told[] {
  const hooks = readJournal<Receipt>(sink)
    .filter((line) => line.kind === 'receipt' && line.type.startsWith('page.'))
    .map((line) => ({ at: line.at, to: line.path, text: JSON.stringify(line.data) }));
  const phones = handed(carrier).map((line) => ({ at: line.at, to: line.to, text: line.text }));
  return [...hooks, ...phones].sort((a, b) => a.at - b.at);
}

/** What setting up sends: codes, and that a method was removed. */
const NO_PAGE = /Evenkeel code|contact methods changed/;

const handed = (carrier: string) =>
  readJournal<Handed | Refused>(carrier).filter(
    (line) => line.kind !== 'refused' && !NO_PAGE.test(line.text),
  ) as Handed[];

/** The most messages of a kind that one number got in any quarter of an hour. */
function worstQuarter(lines: Handed[], kind: Handed['kind']): number {
  const byNumber = Map.groupBy(
    lines.filter((line) => line.kind === kind),
    (line) => line.to,
  );
  const counts = [...byNumber.values()].flatMap((list) =>
    list.map(({ at }) => list.filter((line) => line.at >= at && line.at < at + QUARTER_MS).length),
  );
  return Math.max(0, ...counts);
}

async function judge(
  company: Company,
  paths: { gen: string; sink: string; carrier: string },
  plan: (typeof SIZES)['quick'],
  { from, seed, setUpMs }: { from: number; seed: number; setUpMs: number },
) {
  const accepted = readJournal<Accepted>(paths.gen).filter((line) => line.kind === 'accepted');
  const told = toldOf(paths.sink, paths.carrier);
  const phones = handed(paths.carrier);
  const delayOf = (name: string, list: Told[]) => {
    const first = accepted.find((line) => line.alert.startsWith(name));
    const at = list.find((line) => line.text.includes(name))?.at;
    // From when it was sent, so that a slow acceptance counts too.
    return first === undefined || at === undefined ? Number.POSITIVE_INFINITY : at - (first.at - first.ms);
  };
  const names = Array.from({ length: plan.neighbours }, (_, n) => `other-${n}-end`);
  const neighbours = names.map((name) => delayOf(name, told));
  const groups = Array.from({ length: plan.groups }, (_, n) => `storm-${n}-end`);
  const stormMs = Math.min(...groups.map((name) => delayOf(name, told)));
  const pages: any[] = [];
  for (let cursor = ''; ;) {
    const list = await company.get(`/api/v1/pages?state=all&limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    pages.push(...list.items);
    if (!list.nextCursor) break;
    cursor = list.nextCursor;
  }
  const untold = [...groups, ...names].filter((name) => !told.some((line) => line.text.includes(name)));
  const counted = await countAlerts(company);
  const delayed = await delayedPages(company, pages);
  const phoneOnly = toldBySms(phones, numberOf(plan.people - 1));
  const seconds = Math.max(...accepted.map((line) => line.at)) - from;
  const figures = {
    alerts: accepted.length,
    floodSeconds: Math.round(seconds / 100) / 10,
    pages: pages.length,
    firstOfStormMs: Math.round(stormMs),
    neighbours: neighbours.length,
    neighboursP50Ms: percentile(neighbours, 0.5),
    neighboursP99Ms: percentile(neighbours, 0.99),
    smsInAQuarter: worstQuarter(phones, 'sms'),
    callsInAQuarter: worstQuarter(phones, 'call'),
    sms: phones.filter((line) => line.kind === 'sms').length,
    calls: phones.filter((line) => line.kind === 'call').length,
    refusedByTheCarrier: readJournal<Refused>(paths.carrier).filter((line) => line.kind === 'refused').length,
    /** Groups and neighbours that are in no message, and alerts that are in no group. */
    unrepresented: untold.length + Math.max(0, accepted.length - counted),
    /** Of the flooded service's pages, those that an SMS named or counted to who has nothing but a phone. */
    toldByPhoneOnly: `${phoneOnly} of ${plan.groups}`,
    /** Pages whose log says until when the limit holds them back. */
    pagesThatSayDelayed: delayed,
    setUpSeconds: Math.round(setUpMs / 1000),
    seed,
    load: load(),
  };
  return {
    promise: 'p11',
    n: accepted.length,
    figures,
    pass:
      accepted.length === plan.alerts + plan.neighbours &&
      figures.firstOfStormMs < LIMITS.firstMs &&
      figures.neighboursP99Ms < LIMITS.neighbourMs &&
      figures.smsInAQuarter > 0 &&
      figures.smsInAQuarter <= LIMITS.sms &&
      figures.callsInAQuarter <= LIMITS.calls &&
      figures.unrepresented === 0 &&
      // Only the full tier waits until the limit lets the bundle go.
      (plan.quietMs < QUARTER_MS || phoneOnly >= plan.groups) &&
      delayed > 0,
  };
}

/** Pages that one number was told of by SMS: one each, and as many as a bundle says. */
const toldBySms = (lines: Handed[], number: string) =>
  lines
    .filter((line) => line.kind === 'sms' && line.to === number)
    .reduce((sum, { text }) => sum + Number(/^(\d+) more pages wait for you/.exec(text)?.[1] ?? 1), 0);

/** How many alerts stand in a group that paged, by the product's own lists. */
async function countAlerts(company: Company): Promise<number> {
  let count = 0;
  for (let cursor = ''; ;) {
    const list = await company.get(`/api/v1/alert-groups?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    for (const group of list.items) count += group.alertCount;
    if (!list.nextCursor) return count;
    cursor = list.nextCursor;
  }
}

async function delayedPages(company: Company, pages: { id: string; title: string }[]): Promise<number> {
  let count = 0;
  for (const { id, title } of pages) {
    if (!title.includes('storm-')) continue;
    const { log } = await company.get(`/api/v1/pages/${id}`);
    if (log.some((line: { text: string }) => /delayed by limit until \d{4}-/.test(line.text))) count += 1;
  }
  return count;
}
