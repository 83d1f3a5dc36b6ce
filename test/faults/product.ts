/** Starts the product the way a person does (`npm start`) and finds its processes, so that they can be killed and measured. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

export interface Product {
  /** npm itself; every other process hangs below it. */
  npm: ChildProcess;
  url: string;
  /** From the start of npm to the first answered request, in milliseconds. */
  readyMs: number;
  /** Everything it wrote. */
  output(): string;
  /** Settles with npm's exit code, or the signal it died of. */
  ended: Promise<number | NodeJS.Signals>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export interface StartOptions {
  dataDir: string;
  port: number;
  cwd?: string;
  args?: string[];
  uid?: number;
  env?: Record<string, string>;
}

/** Runs `npm start` and waits until it answers. Throws with its output when it ends instead. */
export async function startProduct(options: StartOptions): Promise<Product> {
  const from = performance.now();
  const npm = spawn('npm', ['start', '--silent', ...(options.args ? ['--', ...options.args] : [])], {
    cwd: options.cwd ?? root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      EVENKEEL_DATA: options.dataDir,
      PORT: String(options.port),
      LOG_LEVEL: 'warn',
      ...options.env,
    },
    ...(options.uid && { uid: options.uid, gid: options.uid }),
  });
  let text = '';
  for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (chunk) => (text += chunk));
  const ended = once(npm, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const url = `http://127.0.0.1:${options.port}`;
  for (;;) {
    if (over) throw new Error(`npm start ended with ${await ended}:\n${text}`);
    if (performance.now() - from > 120_000) throw new Error(`npm start does not answer:\n${text}`);
    // Not before it says so itself: another one may still be answering on the port.
    if (!text.includes('Evenkeel is at')) {
      await sleep(10);
      continue;
    }
    try {
      const answer = await fetch(`${url}/readyz`);
      if (answer.ok) break;
    } catch {
      await sleep(15);
    }
  }
  return { npm, url, readyMs: performance.now() - from, output: () => text, ended };
}

interface Process {
  pid: number;
  parent: number;
  command: string;
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        return [
          {
            pid: Number(name),
            parent: Number(parent),
            command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
          },
        ];
      } catch {
        return [];
      }
    });
}

/** All processes below `pid`, itself included. */
export function tree(pid: number): Process[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((item) => item.parent === parent).flatMap((item) => [item, ...below(item.pid)]);
  return [...all.filter((item) => item.pid === pid), ...below(pid)];
}

/** The product's own process among those below npm. */
export function productPid(product: Product): number {
  const found = tree(product.npm.pid ?? 0).find(({ command }) => command.includes('src/app/cli.ts serve'));
  if (!found) throw new Error('the product has no process');
  return found.pid;
}

/** Processes whose command line names `text`: what is left of a product is found by its data directory or port. */
export const processesNaming = (text: string): Process[] =>
  processes().filter(({ pid, command }) => pid !== process.pid && command.includes(text));

/** Proportional set size in MB: shared pages are counted once over all who share them. */
export function pssMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}

/** Waits until `done()`; throws with `what` after `ms`. Returns how long it took. */
export async function until(what: string, ms: number, done: () => boolean): Promise<number> {
  const from = performance.now();
  while (!done()) {
    if (performance.now() - from > ms) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(20);
  }
  return performance.now() - from;
}
