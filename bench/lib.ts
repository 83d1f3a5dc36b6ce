/** What every benchmark needs: a real product process of its own, honest statistics, one JSON object at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PRODUCT_FLAGS } from '../tools/launch/node.mjs';

export const root = join(import.meta.dirname, '..');

export interface Spread {
  p50: number;
  p99: number;
  min: number;
  max: number;
  n: number;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Median, 99th percentile and range of a sample, in its own unit. */
export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: round(at(0.5)), p99: round(at(0.99)), min: round(at(0.0001)), max: round(at(1)), n: sorted.length };
}

export interface Result {
  bench: string;
  ours: Record<string, unknown>;
  /** The limit or the competitor that we are measured against. */
  peer: Record<string, unknown>;
  /** Ours over the peer's; below 1 is better than promised. */
  ratio: number;
  pass: boolean;
}

/** Prints the result, last: one JSON object with `--json`, else a readable one. Sets the exit code. */
export function report(result: Result): void {
  const whole = { ...result, ratio: round(result.ratio), load: loadavg().map(round) };
  console.log(process.argv.includes('--json') ? JSON.stringify(whole) : JSON.stringify(whole, null, 2));
  process.exitCode = result.pass ? 0 : 1;
}

export interface Running {
  url: string;
  pid: number;
  dataDir: string;
  /** From the start of the process to the first answered request, in milliseconds. */
  readyMs: number;
  output(): string;
  stop(): Promise<void>;
}

/** A directory that goes away with the benchmark. */
export function scratch(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts the product on its embedded database, with the settings it ships with, and waits until it answers. */
export async function startProduct(dataDir: string, env: Record<string, string> = {}): Promise<Running> {
  const from = performance.now();
  const child: ChildProcess = spawn(
    process.execPath,
    [...PRODUCT_FLAGS, join(root, 'src/app/cli.ts'), 'serve', '--port', '0'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        EVENKEEL_DATA: dataDir,
        EVENKEEL_EGRESS_ALLOW: '127.0.0.1:*',
        LOG_LEVEL: 'warn',
        DATABASE_URL: '',
        ...env,
      },
    },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (text += part));
  const exited = once(child, 'exit');
  let over = false;
  void exited.then(() => (over = true));
  // A benchmark that is stopped takes its product with it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      child.kill('SIGKILL');
      process.exit(1);
    });
  for (;;) {
    if (over || performance.now() - from > 120_000) throw new Error(`the product did not come up:\n${text}`);
    const url = /Evenkeel is at (\S+)/.exec(text)?.[1]?.replace('localhost', '127.0.0.1');
    const answer = url ? await fetch(`${url}/readyz`).catch(() => undefined) : undefined;
    if (url && answer?.ok) {
      const stop = async () => {
        child.kill('SIGTERM');
        await exited;
      };
      return { url, pid: child.pid ?? 0, dataDir, readyMs: performance.now() - from, output: () => text, stop };
    }
    await sleep(5);
  }
}

/** The server of the embedded database and its children. */
export const databasePid = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
