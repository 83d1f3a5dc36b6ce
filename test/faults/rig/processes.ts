/** The processes of an experiment: one database, product nodes on it, the sink. Everything ends with the experiment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PRODUCT_FLAGS } from '../../../tools/launch/node.mjs';
import { startEmbedded } from '../../../src/kernel/db/embedded.ts';
import { machineMs } from './journal.ts';

const root = join(import.meta.dirname, '../../..');

export interface Node {
  name: string;
  url: string;
  pid: number;
  /** When it ended, in machine milliseconds; undefined while it lives. */
  endedAt: number | undefined;
  ended: Promise<void>;
  kill(signal: NodeJS.Signals): void;
  output(): string;
}

export interface Rig {
  dir: string;
  databaseUrl: string;
  databasePid(): number;
  /** Takes the database away for as long as the experiment likes. */
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  node(name: string, env?: Record<string, string>): Promise<Node>;
  /** The public page from a process of its own (`evenkeel status`), with these options. */
  edge(name: string, args: string[]): Promise<Node>;
  sink(env: Record<string, string>): Promise<{ url: string; journal: string }>;
  /** A phone company; `account` is what a person enters in the product's settings. */
  carrier(env: Record<string, string>): Promise<{ account: object; journal: string }>;
  /** Path of a journal of this experiment. */
  journal(name: string): string;
  close(): Promise<void>;
}

function watch(child: ChildProcess, name: string): Omit<Node, 'url'> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (text += part));
  const self: Omit<Node, 'url'> = {
    name,
    pid: child.pid ?? 0,
    endedAt: undefined,
    ended: once(child, 'exit').then(() => {
      self.endedAt = machineMs();
    }),
    kill: (signal) => void (self.endedAt === undefined && child.kill(signal)),
    output: () => text,
  };
  return self;
}

async function waitFor<T>(what: string, ms: number, process_: Omit<Node, 'url'>, ask: () => T | undefined): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = ask();
    if (found !== undefined) return found;
    if (process_.endedAt !== undefined || performance.now() > end) throw new Error(`${what}:\n${process_.output()}`);
    await sleep(10);
  }
}

/** Opens a database that syncs, in a directory of its own. */
export async function openRig(): Promise<Rig> {
  const dir = mkdtempSync(join(tmpdir(), 'evenkeel-faults-'));
  const startDatabase = () => startEmbedded({ dataDir: join(dir, 'database'), settings: { max_connections: '90' } });
  let database = await startDatabase();
  const { host, port, user, password, database: name } = database.connection;
  const databaseUrl = `postgresql://${user}:${password}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
  const children: Omit<Node, 'url'>[] = [];
  const key = randomBytes(32).toString('base64');
  const start = (name_: string, args: string[], env: Record<string, string>) => {
    const self = watch(
      spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } }),
      name_,
    );
    children.push(self);
    return self;
  };
  const endAll = () => {
    for (const child of children) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
    }
  };
  process.once('exit', endAll);
  return {
    dir,
    databaseUrl,
    databasePid: () => database.pid,
    stopDatabase: () => database.stop(),
    startDatabase: async () => {
      database = await startDatabase();
    },
    journal: (of) => join(dir, `${of}.jsonl`),
    node: async (name_, env = {}) => {
      const self = start(name_, [...PRODUCT_FLAGS, join(root, 'src/app/cli.ts'), 'serve', '--port', env.PORT ?? '0'], {
        EVENKEEL_DATA: join(dir, name_),
        DATABASE_URL: databaseUrl,
        EVENKEEL_SECRET_KEY: key,
        EVENKEEL_EGRESS_ALLOW: '127.0.0.1:*',
        EVENKEEL_FAIL_AT: '',
        LOG_LEVEL: 'warn',
        ...env,
      });
      const url = await waitFor(`node ${name_} does not answer`, 60_000, self, () =>
        /Evenkeel (?:is|waits for its database and takes alerts) at (\S+)/
          .exec(self.output())?.[1]
          ?.replace('localhost', '127.0.0.1'),
      );
      return Object.assign(self, { url });
    },
    edge: async (name_, args) => {
      const self = start(name_, [join(root, 'src/app/cli.ts'), 'status', '--port', '0', ...args], {
        EVENKEEL_DATA: join(dir, name_),
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
        LOG_LEVEL: 'warn',
      });
      const url = await waitFor(
        `the page of ${name_} does not answer`,
        60_000,
        self,
        () => /status page is at (\S+)\/status/.exec(self.output())?.[1],
      );
      return Object.assign(self, { url });
    },
    sink: async (env) => {
      const journal = join(dir, 'sink.jsonl');
      const self = start('sink', [join(import.meta.dirname, 'sink-process.ts')], { JOURNAL: journal, ...env });
      const port_ = await waitFor('the sink', 20_000, self, () => /port (\d+)/.exec(self.output())?.[1]);
      return { url: `http://127.0.0.1:${port_}`, journal };
    },
    carrier: async (env) => {
      const journal = join(dir, 'carrier.jsonl');
      const self = start('carrier', [join(import.meta.dirname, 'carrier-process.ts')], { JOURNAL: journal, ...env });
      const account = await waitFor('the carrier', 20_000, self, () => /account (\{.*\})/.exec(self.output())?.[1]);
      return { account: JSON.parse(account) as object, journal };
    },
    close: async () => {
      endAll();
      await Promise.all(children.map((child) => child.ended));
      await database.stop();
      process.off('exit', endAll);
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
