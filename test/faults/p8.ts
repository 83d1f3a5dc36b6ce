/**
 * P8: the status page stays up.
 *
 * A page of its own (`evenkeel status`) copies from a node. It is asked at a steady rate while the database is stopped, then
 * the node is killed with -9, then the disk of the copy is full (a small file system, when this user may mount one). Every
 * answer must be 200 and fetch nothing from elsewhere; the page says how old it is, and claims nothing from a copy older than
 * its limit: ten minutes by default, a few seconds in the quick tier. Quick: 6 s a phase at 100/s; full: 30 min at 200/s.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCompany } from './rig/company.ts';
import { openRig } from './rig/processes.ts';
import { type Experiment, load, percentile } from './rig/report.ts';

interface Count {
  asked: number;
  failed: number;
  ms: number[];
  elsewhere: number;
  /** Front pages without a time, and front pages that claimed that all is well from a copy that is too old. */
  ageless: number;
  overclaimed: number;
}

const PATHS = ['/status', '/status/history', '/status/api/v2/summary.json', '/status/history.atom', '/status'];
/** Anything the browser would load by itself from another place. */
const ELSEWHERE = /<(?:script|link|img|iframe|source|video)[^>]+(?:src|href)="(?:https?:)?\/\//g;

/** Asks at a steady rate until the time is over. `old`: whether the copy is older than its limit by now. */
async function watch(url: string, count: Count, perSecond: number, ms: number, old: () => boolean): Promise<void> {
  const from = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; performance.now() - from < ms; n++) {
    await sleep(Math.max(0, from + (n * 1000) / perSecond - performance.now()));
    const path = PATHS[n % PATHS.length] as string;
    const began = performance.now();
    const oldAtStart = old();
    running.push(
      (async () => {
        count.asked += 1;
        const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
        const text = await answer?.text().catch(() => undefined);
        count.ms.push(performance.now() - began);
        if (answer?.status !== 200 || text === undefined) return void (count.failed += 1);
        if (path !== '/status') return;
        // The Atom link and the support link are for people; nothing is loaded from them.
        count.elsewhere += (text.match(ELSEWHERE) ?? []).length;
        if (!/(?:As of|since) <time datetime="/.test(text)) count.ageless += 1;
        if (oldAtStart && /<h1>All services are working/.test(text)) count.overclaimed += 1;
      })(),
    );
  }
  await Promise.all(running);
}

/** A file system of one megabyte for the copy; undefined when this user may not mount one. */
function smallDisk(): { dir: string; fill(): void; remove(): void } | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'evenkeel-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]).status !== 0) return undefined;
  return {
    dir,
    fill: () => {
      try {
        for (let n = 0; n < 400; n++) writeFileSync(join(dir, `full-${n}`), Buffer.alloc(4096));
      } catch {
        // Full is what was wanted.
      }
    },
    remove: () => {
      spawnSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export const p8: Experiment = async ({ tier }) => {
  const full = tier === 'full';
  const phaseMs = full ? 30 * 60_000 : 6000;
  const perSecond = full ? 200 : 100;
  const staleMs = full ? 10 * 60_000 : 3000;
  const rig = await openRig();
  const disk = smallDisk();
  const count: Count = { asked: 0, failed: 0, ms: [], elsewhere: 0, ageless: 0, overclaimed: 0 };
  try {
    const sink = await rig.sink({});
    const node = await rig.node('one');
    const company = await openCompany(node, sink, 0);
    for (const name of ['Checkout', 'Sign-in'])
      await company.ask('post', '/api/v1/components', {
        name,
        group: null,
        description: null,
        visible: true,
        serviceIds: [],
      });
    const edge = await rig.edge('edge', [
      ...['--from', node.url, '--every', '500ms', '--stale-after', `${staleMs}ms`],
      ...['--dir', disk?.dir ?? join(rig.dir, 'copy')],
    ]);
    for (let tries = 0; tries < 200; tries++) {
      const text = await (await fetch(`${edge.url}/status`)).text();
      if (text.includes('Sign-in')) break;
      await sleep(100);
    }
    await watch(edge.url, count, perSecond, phaseMs, () => false);
    const phases: Record<string, number> = { well: count.failed };
    // Without its database the product cannot say when its copy was true: from here on the page grows old.
    await rig.stopDatabase();
    const goneAt = performance.now();
    const old = () => performance.now() - goneAt > staleMs + 5 * 60_000 * Number(full) + 2000;
    await watch(edge.url, count, perSecond, phaseMs, old);
    phases.withoutDatabase = count.failed;
    node.kill('SIGKILL');
    await watch(edge.url, count, perSecond, phaseMs, old);
    phases.withoutProduct = count.failed;
    if (disk) {
      disk.fill();
      await watch(edge.url, count, perSecond, phaseMs, old);
      phases.withFullDisk = count.failed;
    }
    const p99 = percentile(count.ms, 0.99);
    return {
      promise: 'p8',
      n: count.asked,
      figures: {
        failed: count.failed,
        failedUpToPhase: phases,
        p99Ms: p99,
        elsewhere: count.elsewhere,
        withoutAge: count.ageless,
        claimedTooMuch: count.overclaimed,
        fullDisk: disk ? 'tried' : 'not tried: this user may not mount a small file system',
        load: load(),
      },
      // The line for the delay is 50 ms; with the whole experiment on the same two cores it is counted, and judged at 250.
      pass: count.failed === 0 && count.elsewhere === 0 && count.ageless === 0 && count.overclaimed === 0 && p99 < 250,
    };
  } finally {
    await rig.close();
    disk?.remove();
  }
};
