/** Real programs of others in a test: found on this machine, started on ports and directories of their own, ended with the test. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';

/** Programs that tests can use, and the Debian package that brings each. */
const PROGRAMS = {
  alertmanager: {
    package: 'prometheus-alertmanager',
    env: 'ALERTMANAGER',
    names: ['prometheus-alertmanager', 'alertmanager'],
  },
  amtool: { package: 'prometheus-alertmanager', env: 'AMTOOL', names: ['amtool'] },
  prometheus: { package: 'prometheus', env: 'PROMETHEUS', names: ['prometheus'] },
} as const;
export type Program = keyof typeof PROGRAMS;

/** Where a program is, or undefined when this machine does not have it. */
export function findProgram(program: Program): string | undefined {
  const { env, names } = PROGRAMS[program];
  const named = process.env[env];
  if (named) return named;
  return names
    .flatMap((name) => ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((dir) => join(dir, name)))
    .find((path) => existsSync(path));
}

/** The path of a program. Without it the test does not run, and says why at the end of the whole run. */
export function needs(test: Pick<TestContext, 'skip'>, program: Program): string {
  const path = findProgram(program);
  if (path === undefined) test.skip(`${program} is not installed (Debian package ${PROGRAMS[program].package})`);
  return path!;
}

export interface Running {
  /** Base address, without a trailing slash. */
  url: string;
  /** Its own directory, gone with it. */
  dir: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program on a free port and waits until `/-/ready` is 200. Throws with its last words when it does not come up. */
async function start(
  path: string,
  files: Record<string, string>,
  args: (dir: string, port: number) => string[],
): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), 'evenkeel-real-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const port = await freePort();
  const child = spawn(path, args(dir, port), { stdio: ['ignore', 'ignore', 'pipe'], cwd: dir });
  let words = '';
  child.stderr.on('data', (part) => (words = (words + part).slice(-2000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100; tries++) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) return { url, dir, process: child, stop };
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  await stop();
  throw new Error(`${path} did not come up: ${words}`);
}

/** An Alertmanager with this configuration. */
export const startAlertmanager = (path: string, config: string): Promise<Running> =>
  start(path, { 'alertmanager.yml': config }, (dir, port) => [
    `--config.file=${dir}/alertmanager.yml`,
    `--storage.path=${dir}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
    '--log.level=warn',
  ]);

/** A Prometheus with this configuration and these rules (`rules.yml`); it sends again every second what still fires. */
export const startPrometheus = (path: string, config: string, rules: string): Promise<Running> =>
  start(path, { 'prometheus.yml': config, 'rules.yml': rules }, (dir, port) => [
    `--config.file=${dir}/prometheus.yml`,
    `--storage.tsdb.path=${dir}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--rules.alert.resend-delay=1s',
    '--log.level=warn',
  ]);

/** Runs a program to its end. Rejects when it ends with an error. */
export const runProgram = async (path: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(path, args, { env: { ...process.env, HOME: tmpdir() }, timeout: 10_000 })).stdout.trim();

/** Asks again until the answer is what is waited for; throws with the last answer after `ms`. */
export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, ms = 10_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > end)
      throw new Error(`Still not so after ${ms} ms: ${JSON.stringify(answer)?.slice(0, 2000)}`);
    await sleep(50);
  }
}
