/**
 * P10: the herd at the status page.
 *
 * From nothing to 3,000 requests a second within one second, from 2,000 connections, half of them conditional, while ten
 * updates are published and alerts page people. Counted: what the database does because of views (its own count of
 * transactions beside a quiet time of the same length), renderings per update (the node's file is replaced once each),
 * delays, and how long alerts took to reach somebody meanwhile. Quick: 10 s; full: 5 min.
 */
import { existsSync, statSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Company, openCompany } from './rig/company.ts';
import { type Accepted, sendAlert } from './rig/gen.ts';
import { openJournal, readJournal } from './rig/journal.ts';
import { type Node, openRig } from './rig/processes.ts';
import { type Experiment, load, percentile } from './rig/report.ts';
import type { Receipt } from './rig/sink-process.ts';

const SIZES = {
  quick: { perSecond: 3000, connections: 2000, seconds: 10, updates: 10, alerts: 8 },
  full: { perSecond: 3000, connections: 2000, seconds: 300, updates: 10, alerts: 60 },
};
/** Honest answers to a view: the page, “as you have it”, too many. */
const HONEST = new Set([200, 304, 429]);
const PATHS = ['/status', '/status', '/status/history', '/status/api/v2/summary.json'];

interface Herd {
  asked: number;
  ms: number[];
  statuses: Record<string, number>;
  wrong: number;
}

/** One view on a connection that is kept; what it weighs is read to its end. */
function view(agent: Agent, url: string, herd: Herd, etags: Map<string, string>, path: string, conditional: boolean) {
  const from = performance.now();
  herd.asked += 1;
  return new Promise<void>((resolve) => {
    const etag = conditional ? etags.get(path) : undefined;
    const done = (status: string | number, bad: boolean) => {
      herd.ms.push(performance.now() - from);
      herd.statuses[status] = (herd.statuses[status] ?? 0) + 1;
      if (bad) herd.wrong += 1;
      resolve();
    };
    const request = get(
      `${url}${path}`,
      { agent, timeout: 20_000, headers: { 'accept-encoding': 'gzip', ...(etag && { 'if-none-match': etag }) } },
      (answer) => {
        const status = answer.statusCode ?? 0;
        if (status === 200 && answer.headers.etag) etags.set(path, answer.headers.etag);
        answer.resume();
        answer.once('end', () => done(status, !HONEST.has(status)));
        answer.once('error', () => done('cut', true));
      },
    );
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', (error) => done((error as NodeJS.ErrnoException).code ?? 'error', true));
  });
}

/** Asks at the rate until the time is over, growing to it within the first second. */
async function herdAt(url: string, herd: Herd, plan: (typeof SIZES)['quick']): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' });
  const etags = new Map<string, string>();
  const running = new Set<Promise<void>>();
  const from = performance.now();
  let sent = 0;
  for (;;) {
    const seconds = (performance.now() - from) / 1000;
    if (seconds >= plan.seconds) break;
    // Integral of a rate that grows to its height within one second.
    const due = Math.floor(plan.perSecond * (seconds < 1 ? (seconds * seconds) / 2 : seconds - 0.5));
    for (; sent < due; sent++) {
      const one = view(agent, url, herd, etags, PATHS[sent % PATHS.length] as string, sent % 2 === 0);
      running.add(one);
      void one.then(() => running.delete(one));
    }
    await sleep(4);
  }
  await Promise.all(running);
  agent.destroy();
}

/** Transactions of the database so far, its own count. */
async function transactions(database: pg.Client): Promise<number> {
  const { rows } = await database.query(
    'select sum(xact_commit + xact_rollback)::bigint as n from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0].n);
}

/** How often the node has written its page: each rendering replaces this file. */
function countRenderings(file: string): { stop(): number } {
  let seen = existsSync(file) ? statSync(file).ino : 0;
  let count = 0;
  const timer = setInterval(() => {
    const { ino } = statSync(file, { throwIfNoEntry: false }) ?? { ino: seen };
    if (ino !== seen) count += 1;
    seen = ino;
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return count;
    },
  };
}

async function updates(company: Company, components: string[], n: number, overMs: number): Promise<void> {
  for (let at = 0; at < n; at++) {
    await sleep(overMs / (n + 1));
    await company.ask('post', `/api/v1/components/${components[at % components.length]}/state`, {
      state: at % 2 === 0 ? 'partial_outage' : 'operational',
      reason: `Update ${at} of the herd`,
    });
  }
}

export const p10: Experiment = async ({ tier }, size) => {
  const plan = {
    ...SIZES[tier],
    ...(size === undefined ? {} : { perSecond: size, connections: Math.min(size, 2000) }),
  };
  const rig = await openRig();
  const database = new pg.Client({ connectionString: rig.databaseUrl });
  try {
    const sink = await rig.sink({});
    const node: Node = await rig.node('a');
    const company = await openCompany(node, sink, 1);
    const components: string[] = [];
    for (const name of ['Checkout', 'Sign-in', 'Search', 'Reports'])
      components.push(
        (
          await company.ask('post', '/api/v1/components', {
            name,
            group: null,
            description: null,
            visible: true,
            serviceIds: [],
          })
        ).id,
      );
    const steps = [{ delaySeconds: 3600, targets: [{ kind: 'user' as const, id: company.people[0]!.id }] }];
    const { key } = await company.service('Paged', steps);
    await database.connect();
    await sleep(6000);

    // What the database does by itself, then what it does while a herd only looks.
    const lookMs = Math.min(5000, plan.seconds * 500);
    const before = await transactions(database);
    await sleep(lookMs + 1500);
    const idle = (await transactions(database)) - before;
    const looking: Herd = { asked: 0, ms: [], statuses: {}, wrong: 0 };
    const looked = await transactions(database);
    await herdAt(node.url, looking, { ...plan, seconds: lookMs / 1000 });
    await sleep(1500);
    const withViews = (await transactions(database)) - looked;
    const perView = Math.max(0, withViews - idle) / looking.asked;

    const herd: Herd = { asked: 0, ms: [], statuses: {}, wrong: 0 };
    const renderings = countRenderings(join(rig.dir, 'a', 'status', 'written'));
    const gen = openJournal(rig.journal('gen'));
    const overMs = plan.seconds * 1000;
    await Promise.all([
      herdAt(node.url, herd, plan),
      updates(company, components, plan.updates, overMs),
      (async () => {
        for (let n = 0; n < plan.alerts; n++) {
          await sleep(overMs / (plan.alerts + 1));
          await sendAlert(gen, () => [node], { alert: `herd-${n}-end`, key, severity: 'critical' });
        }
      })(),
    ]);
    await sleep(4000);
    const rendered = renderings.stop();
    const receipts = readJournal<Receipt>(sink.journal).filter((line) => line.kind === 'receipt');
    const pages = readJournal<Accepted>(rig.journal('gen'))
      .filter((line) => line.kind === 'accepted')
      .map((line) => {
        const told = receipts.find((one) => JSON.stringify(one.data).includes(line.alert));
        return told ? told.at - (line.at - line.ms) : Number.POSITIVE_INFINITY;
      });
    // A herd of five minutes outlasts the page's own renewal, which is no update.
    const renewals = Math.ceil(plan.seconds / 300);
    const figures = {
      perSecond: Math.round(herd.asked / plan.seconds),
      connections: plan.connections,
      statuses: herd.statuses,
      wrongAnswers: herd.wrong + looking.wrong,
      databaseTransactions: { idle, withViews, views: looking.asked, perView: Math.round(perView * 10_000) / 10_000 },
      updates: plan.updates,
      renderings: rendered,
      p50Ms: percentile(herd.ms, 0.5),
      p99Ms: percentile(herd.ms, 0.99),
      pages: pages.length,
      pagingP99Ms: percentile(pages, 0.99),
      load: load(),
    };
    return {
      promise: 'p10',
      n: herd.asked + looking.asked,
      figures,
      pass:
        figures.wrongAnswers === 0 &&
        // One query a view would be 1; what the product does by itself wavers by a few in seconds.
        perView < 0.02 &&
        rendered <= plan.updates + renewals &&
        rendered > 0 &&
        figures.p99Ms < 250 &&
        pages.length === plan.alerts &&
        figures.pagingP99Ms < 15_000,
    };
  } finally {
    await database.end().catch(() => undefined);
    await rig.close();
  }
};
