/** Reads what a running server says about itself in `postmaster.pid`, and stops one that was left over. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../errors.ts';
import { ownerOf } from './claim.ts';

export interface PidFile {
  pid: number;
  socketDir: string;
  /** `starting`, `ready`, `stopping`, `standby` or empty. */
  status: string;
}

/** The lines are: pid, data directory, start time, port, socket directory, address, shared memory key, status. */
export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() } : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether `pid` is a PostgreSQL server working in `cluster`. Pids are used again, in containers very soon. */
export function isServerOf(cluster: string, pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    if (process.platform === 'linux') return false;
  }
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres');
  } catch {
    return false;
  }
}

async function waitGone(cluster: string, pid: number, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (!isServerOf(cluster, pid)) return true;
    await sleep(20);
  }
  return !isServerOf(cluster, pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It went by itself.
  }
}

/** Fast shutdown, then immediate, then by force; the last two are made good by recovery at the next start. */
export async function stopServer(cluster: string, pid: number, fastMs = 10_000): Promise<boolean> {
  signal(pid, 'SIGINT');
  if (await waitGone(cluster, pid, fastMs)) return true;
  signal(pid, 'SIGQUIT');
  if (await waitGone(cluster, pid, 5_000)) return true;
  signal(pid, 'SIGKILL');
  return waitGone(cluster, pid, 5_000);
}

/**
 * Called with the claim in hand: a server that still runs in `cluster` has lost its owner, and is stopped cleanly.
 * Returns whether there was one. A pid file whose number now belongs to another program is removed, because
 * PostgreSQL would take that program for a server.
 */
export async function endLeftOver(cluster: string): Promise<boolean> {
  const file = readPidFile(cluster);
  if (!file) return false;
  if (!isServerOf(cluster, file.pid)) {
    if (isAlive(file.pid)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return false;
  }
  // The claim may lie elsewhere when TMPDIR differs between the two starts: ask beside the server's own socket.
  const owner = file.socketDir ? await ownerOf(file.socketDir) : undefined;
  if (owner && owner.pid !== process.pid) {
    throw new Problem(409, `Another Evenkeel (process ${owner.pid}) is using ${dirname(cluster)}`, {
      rule: 'database.in_use',
      detail: 'Stop that one first, or start this one with another data directory (EVENKEEL_DATA=/path).',
    });
  }
  if (await stopServer(cluster, file.pid)) return true;
  throw new Problem(500, `A left-over database server (process ${file.pid}) does not stop`, {
    rule: 'database.left_over',
    detail: `It works in ${cluster} and belongs to nobody. Look at it with "ps -fp ${file.pid}", end it, then start again.`,
  });
}
