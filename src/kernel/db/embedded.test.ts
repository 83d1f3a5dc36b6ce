/** The embedded database against real processes: first start, second start, killed owners, stale files, strange paths. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { completeLinks } from './embedded/binaries.ts';
import { isServerOf, readPidFile } from './embedded/postmaster.ts';
import { type Embedded, startEmbedded } from './embedded.ts';

const root = process.getuid?.() === 0;
const scratch: string[] = [];
const running: { stop(): Promise<void> }[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map((server) => server.stop()));
  for (const path of scratch.splice(0)) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
});

/** A cluster made once by a real first start; the tests that need a later start work on copies of it. */
const pattern = mkdtempSync(join(tmpdir(), 'evenkeel pattern '));
beforeAll(async () => {
  const server = await startEmbedded({ dataDir: join(pattern, 'db'), settings: { fsync: 'off' } });
  await server.stop();
});
afterAll(() => rmSync(pattern, { recursive: true, force: true }));

function nothing(): string {
  const path = mkdtempSync(join(tmpdir(), 'evenkeel data '));
  scratch.push(path);
  return join(path, 'db');
}

function fresh(): string {
  const dataDir = nothing();
  execFileSync('cp', ['-a', join(pattern, 'db'), dataDir]); // keeps the owner
  return dataDir;
}

async function start(dataDir: string): Promise<Embedded> {
  const server = await startEmbedded({ dataDir });
  running.push(server);
  return server;
}

async function ask<T>(server: Pick<Embedded, 'connection'>, text: string): Promise<T[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

/** Another process that owns a database, so that it can be killed. */
async function owner(
  dataDir: string,
): Promise<{ child: ChildProcess; connection: Embedded['connection']; pid: number }> {
  const module = new URL('./embedded.ts', import.meta.url).href;
  const code = `import { startEmbedded } from ${JSON.stringify(module)};
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(JSON.stringify({ connection: server.connection, pid: server.pid }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout!, 'data');
  return { child, ...JSON.parse(String(line)) };
}

async function gone(dataDir: string, pid: number, withinMs: number): Promise<number> {
  const from = performance.now();
  while (isServerOf(join(dataDir, 'cluster'), pid)) {
    if (performance.now() - from > withinMs) throw new Error(`server ${pid} still runs after ${withinMs} ms`);
    await sleep(20);
  }
  return performance.now() - from;
}

test('the first start makes a cluster that is UTF-8, durable, in UTC and off the network', async () => {
  const server = await start(nothing());
  const [row] = await ask<Record<string, string>>(
    server,
    `select current_setting('server_encoding') as encoding, current_setting('fsync') as fsync, current_setting('timezone') as zone,
       current_setting('listen_addresses') as addresses, current_setting('data_checksums') as checksums,
       datlocprovider::text as provider, datlocale as locale from pg_database where datname = current_database()`,
  );
  expect(row).toEqual({
    encoding: 'UTF8',
    fsync: 'on',
    zone: 'UTC',
    addresses: '',
    checksums: 'on',
    provider: 'b',
    locale: 'C.UTF-8',
  });
  expect(server.adopted).toBe(false);
});

test('nobody gets in without the password, and the password file is for its owner only', async () => {
  const dataDir = fresh();
  const server = await start(dataDir);
  await expect(ask({ connection: { ...server.connection, password: 'guess' } }, 'select 1')).rejects.toThrow(
    'password authentication failed',
  );
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
});

test('the second start keeps the data, is fast, and leaves nothing behind when it stops', async () => {
  const dataDir = fresh();
  const first = await start(dataDir);
  await ask(first, 'create table kept as select 42 as answer');
  await first.stop();
  const from = performance.now();
  const second = await start(dataDir);
  const took = performance.now() - from;
  expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
  console.log(`second start of the database: ${Math.round(took)} ms`);
  expect(took).toBeLessThan(3_000);
  await second.stop();
  await gone(dataDir, second.pid, 0);
  expect(existsSync(second.connection.host)).toBe(false);
  expect(readdirSync(dataDir).sort()).toEqual(['cluster', 'password']);
});

test('when the owner is killed with -9, its database is gone within five seconds and the next start has the data', async () => {
  const dataDir = fresh();
  const killed = await owner(dataDir);
  await ask(killed, 'create table kept as select 42 as answer');
  const busy = new pg.Client(killed.connection);
  busy.on('error', () => {});
  await busy.connect();
  const sleeping = busy.query('select pg_sleep(60)').catch(() => 'cut');
  killed.child.kill('SIGKILL');
  console.log(`database gone ${Math.round(await gone(dataDir, killed.pid, 5_000))} ms after its owner was killed`);
  expect(await sleeping).toBe('cut');
  const next = await start(dataDir);
  expect(await ask(next, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a start right after the kill takes over from the server that is still stopping', async () => {
  const dataDir = fresh();
  const killed = await owner(dataDir);
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  const next = await start(dataDir);
  expect(next.pid).not.toBe(killed.pid);
  expect(await ask(next, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test.runIf(process.platform === 'linux')(
  'a left-over server without owner and without guard is stopped and started anew',
  async () => {
    const dataDir = fresh();
    const killed = await owner(dataDir);
    await ask(killed, 'create table kept as select 42 as answer');
    // The guard is the server's parent; without it nobody stops the server.
    const guard = Number(readFileSync(`/proc/${killed.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
    const guards = readFileSync(`/proc/${guard}/task/${guard}/children`, 'utf8').trim().split(' ').map(Number);
    const all = [guard, ...guards.filter((pid) => pid !== killed.pid)];
    // Stopped first: on a busy machine the one that lives a moment longer would see the other go and stop the server.
    for (const name of ['SIGSTOP', 'SIGKILL'] as const) for (const pid of all) process.kill(pid, name);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    await sleep(300);
    expect(isServerOf(join(dataDir, 'cluster'), killed.pid)).toBe(true);
    const next = await start(dataDir);
    expect(next.adopted).toBe(true);
    expect(await ask(next, 'select answer from kept')).toEqual([{ answer: 42 }]);
  },
);

test.runIf(process.platform === 'linux')(
  'a stale pid file whose number now belongs to another program does not hinder',
  async () => {
    const dataDir = fresh();
    const stale = `${process.pid}\n/somewhere\n1700000000\n5432\n/nowhere\n\n  5432001   32768\nready   \n`;
    writeFileSync(join(dataDir, 'cluster', 'postmaster.pid'), stale);
    const next = await start(dataDir);
    expect(readPidFile(join(dataDir, 'cluster'))?.pid).toBe(next.pid);
    expect(await ask(next, 'select 1 as one')).toEqual([{ one: 1 }]);
  },
);

test('a second product on the same data directory is refused in words, and the first is not disturbed', async () => {
  const dataDir = fresh();
  const first = await start(dataDir);
  await expect(startEmbedded({ dataDir })).rejects.toMatchObject({
    rule: 'database.in_use',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  expect(await ask(first, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('of two first starts at the same moment one wins and the other is refused', async () => {
  const dataDir = nothing();
  const both = await Promise.allSettled([start(dataDir), start(dataDir)]);
  const [won, lost] = [both.filter((it) => it.status === 'fulfilled'), both.filter((it) => it.status === 'rejected')];
  expect(lost.map((it) => (it.reason as { rule: string }).rule)).toEqual(['database.in_use']);
  expect(await ask(won[0]!.value, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a start that meets an owner on its way out waits for it', async () => {
  const dataDir = fresh();
  const first = await start(dataDir);
  first.leaving();
  const next = start(dataDir);
  await sleep(300);
  await first.stop();
  expect(await ask(await next, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('the server is started again when it dies', async () => {
  const dataDir = fresh();
  const server = await start(dataDir);
  const before = server.pid;
  process.kill(before, 'SIGKILL');
  const from = performance.now();
  while (server.pid === before && performance.now() - from < 8_000) await sleep(50);
  expect(server.pid).not.toBe(before);
  expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a path too long for a socket still works', async () => {
  const dataDir = join(nothing(), 'a'.repeat(80), 'b'.repeat(80));
  const server = await start(dataDir);
  expect(Buffer.byteLength(server.connection.host)).toBeLessThan(90);
  expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('links that npm could not bring are made by whoever comes first', () => {
  const package_ = nothing();
  mkdirSync(join(package_, 'native', 'lib'), { recursive: true });
  writeFileSync(join(package_, 'native', 'lib', 'libx.so.1.2'), 'code');
  const links = [
    { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' },
    { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' },
  ];
  writeFileSync(join(package_, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  symlinkSync('libx.so.1.2', join(package_, 'native', 'lib', 'libx.so')); // another process was here
  completeLinks(package_);
  completeLinks(package_);
  for (const { target } of links) expect(readFileSync(join(package_, target), 'utf8')).toBe('code');
});

test('a lost password file is replaced', async () => {
  const dataDir = fresh();
  const before = readFileSync(join(dataDir, 'password'), 'utf8').trim();
  rmSync(join(dataDir, 'password'));
  const next = await start(dataDir);
  expect(next.connection.password).not.toBe(before);
  expect(await ask(next, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a cluster of another PostgreSQL version is refused before it is touched', async () => {
  const dataDir = fresh();
  writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '16\n');
  await expect(startEmbedded({ dataDir })).rejects.toMatchObject({
    rule: 'database.version',
    message: expect.stringContaining('PostgreSQL 16'),
  });
});

test('an interrupted first start is begun again', async () => {
  const dataDir = fresh();
  const half = join(dataDir, 'cluster.new-dead');
  renameSync(join(dataDir, 'cluster'), half);
  const next = await start(dataDir);
  expect(existsSync(half)).toBe(false);
  expect(await ask(next, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test.runIf(root)('as root the server runs unprivileged and the data directory stays closed', async () => {
  const dataDir = fresh();
  const server = await start(dataDir);
  const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);
  expect(uid).toBeGreaterThan(0);
  expect(statSync(join(dataDir, 'cluster')).uid).toBe(uid);
  expect(statSync(dataDir)).toMatchObject({ uid: 0, mode: 0o40700 });
});
