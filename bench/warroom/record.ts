/** The situation report of the long incident, and the bundle of one ten times as long with the memory it takes. */
import { readFileSync } from 'node:fs';
import { config } from '#kernel';
import { declare } from '#incidents';
import { openGround } from '../../src/app/serve.ts';
import { fillTimeline } from '../../test/harness/record.ts';
import { verifyBundle } from '../../tools/verify-record.mjs';
import { spread } from '../lib.ts';
import type { Figure, Part, World } from './world.ts';

const LIMIT = { situationMs: 1000, bundleMs: 10_000, growthMb: 60 };
const TIMES = 15;
const BUNDLE_ENTRIES = 50_000;

export const record: Part = async (world) => [await situation(world), ...(await bundle(world))];

async function situation({ url, key, cookie }: World): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i <= TIMES; i++) {
    const from = performance.now();
    const answer = await fetch(`${url}/api/v1/incidents/${key}/situation`, { headers: { cookie } });
    await answer.json();
    if (i > 0) times.push(performance.now() - from);
  }
  const ms = spread(times);
  return {
    name: 'situationMs',
    ours: { ...ms },
    limit: { max: LIMIT.situationMs },
    ratio: ms.max / LIMIT.situationMs,
  };
}

/** A second incident of 50,000 entries: once to warm up, then measured; what the process grows by is its own peak. */
async function bundle({ url, pid, dataDir, cookie }: World): Promise<Figure[]> {
  const key = await longIncident(dataDir);
  const take = async (keep: boolean) => {
    const from = performance.now();
    const answer = await fetch(`${url}/api/v1/incidents/${key}/bundle`, { headers: { cookie } });
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let peak = 0;
    for await (const part of answer.body!) {
      bytes += part.length;
      if (keep) parts.push(part);
      peak = Math.max(peak, residentMb(pid));
    }
    return { ms: performance.now() - from, bytes, peak, parts };
  };
  const first = await take(true);
  const found = verifyBundle(Buffer.concat(first.parts));
  const before = residentMb(pid);
  const { ms, bytes, peak } = await take(false);
  const growth = peak === 0 ? null : Math.round(peak - before);
  const whole = found.ok && found.entries >= BUNDLE_ENTRIES;
  return [
    {
      name: 'bundleMs',
      ours: { entries: found.entries, ms: Math.round(ms), bytes, verifierFindsItWhole: whole },
      limit: { ms: LIMIT.bundleMs },
      ratio: whole ? ms / LIMIT.bundleMs : Number.POSITIVE_INFINITY,
    },
    {
      name: 'bundleGrowthMb',
      ours: { growthMb: growth, peakMb: Math.round(peak) },
      // Twice the size of what a thousand entries are in every shape at once; the bundle itself is larger.
      limit: { growthMb: LIMIT.growthMb },
      ratio: growth === null ? 0 : growth / LIMIT.growthMb,
    },
  ];
}

async function longIncident(dataDir: string): Promise<string> {
  Object.assign(config, { dataDir, logLevel: 'warn' });
  const ground = await openGround({ attach: true, migrate: false });
  try {
    const ctx = await ground.house.ctx(ground.house.system('bench.record'));
    const { id, key } = await declare(ctx, { title: 'The long one', severity: 4 });
    await fillTimeline(ground.house.db, id, BUNDLE_ENTRIES);
    return key;
  } finally {
    await ground.close();
  }
}

/** What a process holds, from /proc; 0 where there is none. */
function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
