/**
 * One live product per data directory: the owner listens on a socket, so that the claim ends with the process, however
 * it ends. A pid in a file would outlive it and might come to mean somebody else.
 */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, linkSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../errors.ts';
import { processNow } from '../../time.ts';

export interface Owner {
  token: string;
  pid: number;
  /** True from the moment the owner has begun to stop. */
  leaving: boolean;
}

export interface Claim {
  /** Tells those who wait that we are on our way out. */
  leaving(): void;
  release(): Promise<void>;
}

/** An owner that was orphaned notices within a second; one that is stopping may take longer to drain. */
const PATIENCE_MS = 2_500;
const PATIENCE_LEAVING_MS = 30_000;

/** Who answers on the claim's socket in `dir`; undefined when nobody does. */
export function ownerOf(dir: string): Promise<Owner | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(join(dir, 'owner'));
    const end = (owner?: Owner) => {
      socket.destroy();
      resolve(owner);
    };
    socket.setTimeout(2_000, () => end({ token: '', pid: 0, leaving: false })); // accepted, but busy: alive all the same
    socket.on('error', () => end());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => {
      try {
        end(JSON.parse(text) as Owner);
      } catch {
        end();
      }
    });
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function take(own: string, claimed: string): boolean {
  try {
    linkSync(own, claimed);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces what a killed owner left. Two may try at once: the last rename wins, and each looks who it was. */
async function takeOver(dir: string, own: string, token: string): Promise<boolean> {
  renameSync(own, join(dir, 'owner'));
  await sleep(80);
  return (await ownerOf(dir))?.token === token;
}

function refusal(dataDir: string, owner: Owner): Problem {
  return new Problem(409, `Another Evenkeel${owner.pid ? ` (process ${owner.pid})` : ''} is using ${dataDir}`, {
    rule: 'database.in_use',
    detail:
      'Stop that one first, or start this one with another data directory (EVENKEEL_DATA=/path). Several nodes on one database need DATABASE_URL.',
  });
}

/**
 * Claims `dir` (private, short path) for this process. Waits a moment for an owner that is going away.
 * Throws a Problem `database.in_use` when another process keeps it, or the system's error when `dir` cannot hold sockets.
 */
export async function claim(dir: string, dataDir: string): Promise<Claim> {
  const me: Owner = { token: randomBytes(8).toString('hex'), pid: process.pid, leaving: false };
  const own = join(dir, `o${me.token.slice(0, 6)}`);
  const server = createServer((socket) => socket.on('error', () => {}).end(JSON.stringify(me)));
  await listen(server, own);
  server.unref();
  const inode = statSync(own).ino;
  const release = async () => {
    if (statSync(join(dir, 'owner'), { throwIfNoEntry: false })?.ino === inode) unlinkSync(join(dir, 'owner'));
    await new Promise((resolve) => server.close(resolve));
  };

  try {
    for (let waited = 0; ; waited += 100) {
      if (take(own, join(dir, 'owner'))) {
        unlinkSync(own);
        break;
      }
      const owner = await ownerOf(dir);
      if (!owner) {
        if (await takeOver(dir, own, me.token)) break;
        throw refusal(dataDir, (await ownerOf(dir)) ?? { token: '', pid: 0, leaving: false });
      }
      if (waited >= (owner.leaving ? PATIENCE_LEAVING_MS : PATIENCE_MS)) throw refusal(dataDir, owner);
      await sleep(100);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    leaving: () => {
      me.leaving = true;
    },
    release,
  };
}

/** Younger ones may belong to a start that has not claimed its directory yet. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Removes socket directories in a shared place (/run, /tmp) whose owner was killed and never started again. A directory
 * inside a data directory needs no sweeping: its next start uses it.
 */
export async function sweepSockets(place: string): Promise<void> {
  for (const name of readdirSync(place)) {
    if (!/^evenkeel-[0-9a-f]{12}$/.test(name)) continue;
    const dir = join(place, name);
    try {
      if (processNow() - statSync(dir).mtimeMs < ABANDONED_AFTER_MS) continue;
      accessSync(dir, constants.W_OK);
      const served = await Promise.all([answers(join(dir, 'owner')), answers(join(dir, '.s.PGSQL.5432'))]);
      if (!served.some(Boolean)) rmSync(dir, { recursive: true, force: true });
    } catch {
      // Somebody else's, or just gone.
    }
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
