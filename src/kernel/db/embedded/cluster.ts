/** Makes the cluster once, durably and all or nothing, and keeps the password to it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { SERVER_ENV } from './guard.ts';
import { handleFor, isCluster } from './places.ts';

/** Role and database have the product's name. */
export const NAME = 'evenkeel';

export interface Making {
  dataDir: string;
  cluster: string;
  socketDir: string;
  account: Account | undefined;
  binaries: Binaries;
  /** False only for throw-away clusters of tests. */
  sync: boolean;
}

interface Program {
  command: string;
  args: string[];
  input?: string;
  fd: number | undefined;
  account: Account | undefined;
}

function run({ command, args, input, fd, account }: Program): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: '/',
      env: SERVER_ENV,
      stdio: ['pipe', 'pipe', 'pipe', fd ?? 'ignore'],
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    let said = '';
    const hear = (chunk: Buffer) => {
      said = (said + chunk).slice(-4000);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(said.trim() || `${command} ended with ${code}`)),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

/** One statement without a running server. The role's name and the password are ours: letters and digits only. */
async function single(making: Making, path: string, fd: number | undefined, statement: string): Promise<void> {
  const args = [
    '--single',
    '-D',
    path,
    '-c',
    `fsync=${making.sync ? 'on' : 'off'}`,
    '-c',
    'log_min_messages=fatal',
    'postgres',
  ];
  await run({
    command: join(making.binaries.bin, 'postgres'),
    args,
    input: `${statement};\n`,
    fd,
    account: making.account,
  });
}

const passwordFile = (dataDir: string) => join(dataDir, 'password');

function newPassword(dataDir: string): string {
  const password = randomBytes(24).toString('hex');
  const fresh = `${passwordFile(dataDir)}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(fresh, passwordFile(dataDir));
  return password;
}

function savedPassword(dataDir: string): string | undefined {
  try {
    return readFileSync(passwordFile(dataDir), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

async function initialise(making: Making, password: string): Promise<void> {
  const { dataDir, cluster, socketDir, account, binaries } = making;
  for (const entry of readdirSync(dataDir)) {
    if (entry.startsWith('cluster.new-')) rmSync(join(dataDir, entry), { recursive: true, force: true, maxRetries: 3 });
  }
  const fresh = join(dataDir, `cluster.new-${randomBytes(4).toString('hex')}`);
  mkdirSync(fresh, { mode: 0o700 });
  const secret = join(socketDir, 'pw');
  rmSync(secret, { force: true });
  writeFileSync(secret, password, { mode: 0o600, flag: 'wx' });
  if (account) {
    chownSync(fresh, account.uid, account.gid);
    chownSync(secret, account.uid, account.gid);
  }
  const handle = handleFor(fresh, account);
  try {
    const args = [
      '-D',
      handle.path,
      `--username=${NAME}`,
      `--pwfile=${secret}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
    ];
    args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions');
    if (!making.sync) args.push('--no-sync');
    await run({ command: join(binaries.bin, 'initdb'), args, fd: handle.fd, account });
    await single(making, handle.path, handle.fd, `create database ${NAME}`);
    renameSync(fresh, cluster);
    if (making.sync) syncDirectory(dataDir);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Problem(500, `The embedded database could not be made in ${dataDir}`, {
      rule: 'database.init',
      detail: (cause as Error).message,
      cause,
    });
  } finally {
    handle.close();
    rmSync(secret, { force: true });
  }
}

function checkVersion(cluster: string, binaries: Binaries): void {
  const made = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (made === binaries.major) return;
  throw new Problem(
    500,
    `The database in ${cluster} was made by PostgreSQL ${made}; this Evenkeel brings PostgreSQL ${binaries.major}`,
    {
      rule: 'database.version',
      detail:
        'Start it with the Evenkeel version that made it, take a backup there, and restore the backup into an empty data directory with this version.',
    },
  );
}

/** Makes the cluster when there is none. Returns the password of role `evenkeel`. A lost password file is replaced. */
export async function ensureCluster(making: Making): Promise<string> {
  const { dataDir, cluster } = making;
  if (!isCluster(cluster)) {
    if (existsSync(cluster) && readdirSync(cluster).length > 0) {
      throw new Problem(500, `${cluster} exists, but it is not a PostgreSQL cluster`, {
        rule: 'database.data_dir',
        detail:
          'Files of it may be lost. Restore the directory from a copy, or move it away to start with an empty database.',
      });
    }
    const password = newPassword(dataDir);
    await initialise(making, password);
    return password;
  }
  checkVersion(cluster, making.binaries);
  const saved = savedPassword(dataDir);
  if (saved) return saved;
  const password = newPassword(dataDir);
  const handle = handleFor(cluster, making.account);
  try {
    await single(making, handle.path, handle.fd, `alter role ${NAME} password '${password}'`);
  } catch (error) {
    rmSync(passwordFile(dataDir), { force: true });
    throw error;
  } finally {
    handle.close();
  }
  return password;
}
