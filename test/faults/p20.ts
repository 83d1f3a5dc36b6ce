/**
 * P20: one bad event cannot stop the rest.
 *
 * Bad events among good ones on one node: some that a rule fails on each time (a trigger of the experiment's own in the
 * database stands for the bug), some that make a source's mapping as costly as can be (nested loops over thousands of items,
 * a pattern that explodes, texts that would fill the memory), some of the largest and most tangled bodies. Good alerts page
 * somebody each. Counted: how late the good ones are, whether each bad one comes to an end that somebody is told of, and
 * whether the node lives.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Company, openCompany } from './rig/company.ts';
import { machineMs, readJournal } from './rig/journal.ts';
import { openRig } from './rig/processes.ts';
import { type Experiment, load, percentile } from './rig/report.ts';
import type { Receipt } from './rig/sink-process.ts';

const COSTLY = {
  title: 'body.items.all(a, body.items.all(b, body.items.all(c, a + b + c >= 0))) ? "all" : "some"',
  key: 'body.text.matches("^(a+)+$") ? "x" : body.id',
  description: 'string(body.items.map(a, body.items.map(b, body.text)).size())',
};

const post = (url: string, path: string, key: string, body: unknown) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });

const alertOf = (name: string, severity: string) => ({
  version: '4',
  status: 'firing',
  groupKey: `g:${name}`,
  commonAnnotations: { summary: name },
  alerts: [
    { status: 'firing', labels: { alertname: name, severity }, annotations: { summary: name }, fingerprint: name },
  ],
});

export const p20: Experiment = async ({ tier, seed }, size) => {
  const good = size ?? (tier === 'quick' ? 120 : 2000);
  const bad = 21;
  const rig = await openRig();
  const database = new pg.Client(rig.databaseUrl);
  try {
    const sink = await rig.sink({});
    const node = await rig.node('a');
    const company = await openCompany(node, sink, 1);
    const step = [{ delaySeconds: 3600, targets: [{ kind: 'user' as const, id: company.people[0]!.id }] }];
    const { key } = await company.service('Orders', step);
    const { key: spoiled } = await company.service('Spoiled', step);
    const costly = await company.ask('post', '/api/v1/integrations', { kind: 'generic', name: 'Costly' });
    await company.ask('post', `/api/v1/integrations/${costly.integration.id}/options`, { options: COSTLY });
    await database.connect();
    await database.query(`create function signals.p20() returns trigger language plpgsql as $$ begin
      if new.title like 'spoiled%' then raise exception 'a rule failed'; end if; return new; end $$`);
    await database.query(
      'create trigger p20 before insert on signals.alerts for each row execute function signals.p20()',
    );
    const sent = new Map<string, number>();
    const signals: string[] = [];
    const answers: number[] = [];
    const badOnes = (async () => {
      for (let n = 0; n < bad; n++) {
        const answer = await badEvent(n, node.url, spoiled, costly.key);
        answers.push(answer.status);
        if (answer.signal) signals.push(answer.signal);
        await sleep(300);
      }
    })();
    for (let n = 0; n < good; n++) {
      const name = `good-${n}-end`;
      sent.set(name, machineMs());
      await post(node.url, '/integrations/v1/alertmanager', key, alertOf(name, 'error'));
      await sleep(60);
    }
    await badOnes;
    const ends = await untilEnded(company, signals, 45_000);
    const late = [...sent].map(([name, at]) => {
      const receipt = readJournal<Receipt>(sink.journal).find(
        (line) => line.kind === 'receipt' && line.type === 'page.sent' && String(line.data.title).includes(name),
      );
      return receipt ? receipt.at - at : Number.POSITIVE_INFINITY;
    });
    const told = readJournal<Receipt>(sink.journal).filter(
      (line) => line.kind === 'receipt' && String(line.data?.title).includes('could not be processed'),
    ).length;
    const figures = {
      good,
      goodUntold: late.filter((ms) => !Number.isFinite(ms)).length,
      goodP99Ms: percentile(late.filter(Number.isFinite), 0.99),
      goodSlowestMs: percentile(late.filter(Number.isFinite), 1),
      bad,
      badAnswers: Object.fromEntries(
        Map.groupBy(answers, String)
          .entries()
          .map(([status, list]) => [status, list.length]),
      ),
      badWithoutEnd: ends.open,
      quarantined: ends.quarantined,
      pagesAboutQuarantined: told,
      nodeLives: node.endedAt === undefined,
      seed,
      load: load(),
    };
    const pass =
      figures.goodUntold === 0 &&
      figures.goodP99Ms < 15_000 &&
      ends.open === 0 &&
      ends.quarantined > 0 &&
      told > 0 &&
      figures.nodeLives &&
      answers.every((status) => status < 500);
    return { promise: 'p20', n: good + bad, figures, pass };
  } finally {
    await database.end().catch(() => {});
    await rig.close();
  }
};

async function badEvent(n: number, url: string, spoiled: string, costly: string) {
  let answer: Response;
  if (n % 3 === 0) answer = await post(url, '/integrations/v1/alertmanager', spoiled, alertOf(`spoiled-${n}`, 'error'));
  else if (n % 3 === 1) {
    const items = Array.from({ length: 9000 }, (_, i) => i);
    answer = await post(url, '/integrations/v1/generic', costly, {
      id: `costly-${n}`,
      items,
      text: `${'a'.repeat(60_000)}!`,
    });
  } else answer = await post(url, '/integrations/v1/generic', costly, tangled(n));
  const body = (await answer.json().catch(() => ({}))) as { signal?: string };
  return { status: answer.status, signal: answer.ok ? body.signal : undefined };
}

/** Just under 2 MiB: many members, long texts, sixty levels. */
function tangled(n: number): string {
  const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`member-${i}`, 'x'.repeat(60)]));
  const deep = `${'{"a":['.repeat(30)}1${']}'.repeat(30)}`;
  return `{"id":"tangled-${n}","title":"Tangled","wide":${JSON.stringify(wide)},"deep":${deep}}`;
}

async function untilEnded(company: Company, signals: string[], ms: number) {
  const end = machineMs() + ms;
  for (;;) {
    const states = await Promise.all(signals.map((id) => company.get(`/api/v1/signals/${id}`)));
    const open = states.filter(({ state }: { state: string }) => state === 'received').length;
    const quarantined = states.filter(({ reason }: { reason: string | null }) =>
      reason?.startsWith('could not be processed'),
    ).length;
    if (open === 0 || machineMs() > end) return { open, quarantined };
    await sleep(500);
  }
}
