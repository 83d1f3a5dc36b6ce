/** The directories of one embedded database, and how its server names them although it may not walk the path to them. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../errors.ts';
import { type Account, accountCan } from './account.ts';

/** Only names the socket's file; nothing listens on the network. */
export const PORT = 5432;

/** A socket's path has 104 bytes on macOS and 108 on Linux; the longest name we put there is `.s.PGSQL.5432.lock`. */
const LONGEST_SOCKET_DIR = 103 - `/.s.PGSQL.${PORT}.lock`.length;

/** Makes `dataDir` (0700) when it is not there, and returns its real path. */
export function prepareDataDir(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return realpathSync(dataDir);
  } catch (cause) {
    throw new Problem(500, `The data directory ${dataDir} cannot be made`, {
      rule: 'database.data_dir',
      detail: `${(cause as Error).message}. Give another one with EVENKEEL_DATA.`,
      cause,
    });
  }
}

/** Candidates for the directory that holds the sockets, best first. Deterministic: it is also where the claim is looked for. */
export function socketPlaces(dataDir: string, account: Account | undefined): string[] {
  const key = `evenkeel-${createHash('sha256').update(`${process.getuid?.()} ${dataDir}`).digest('hex').slice(0, 12)}`;
  // As root the server's account cannot walk into our data directory, which is closed to others.
  const places = account
    ? [join('/run', key), join(tmpdir(), key), join('/tmp', key)]
    : [join(dataDir, 'run'), join(tmpdir(), key), join('/tmp', key)];
  return places.filter((place, at) => Buffer.byteLength(place) <= LONGEST_SOCKET_DIR && places.indexOf(place) === at);
}

/** Makes a socket directory private to the server's account. False when the place cannot be used or is somebody else's. */
export function prepareSocketDir(place: string, account: Account | undefined): boolean {
  const uid = account?.uid ?? process.getuid?.() ?? -1;
  try {
    let fresh = true;
    try {
      mkdirSync(place, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
      fresh = false;
    }
    const found = lstatSync(place);
    // In /tmp anybody may have been there before us: only a real directory of the right owner will do.
    if (!found.isDirectory() || (!fresh && found.uid !== uid && found.uid !== process.getuid?.())) return false;
    chmodSync(place, 0o700);
    if (account) chownSync(place, account.uid, account.gid);
    if (account && !accountCan(account, 'cd -- "$1"', [place])) {
      if (fresh) rmdirSync(place);
      return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** How the server names a directory: by its path, or by a descriptor that we opened for it. */
export interface Handle {
  path: string;
  fd: number | undefined;
  close(): void;
}

/**
 * Root's data directory is closed to the server's account, and stays closed: we open the cluster's directory and hand
 * it over as descriptor 3. `/proc/self/fd/3` leads to it without walking the path. Without /proc the path must be open.
 */
export function handleFor(directory: string, account: Account | undefined): Handle {
  if (!account) return { path: directory, fd: undefined, close: () => {} };
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  if (accountCan(account, 'cd /proc/self/fd/3', [], fd))
    return { path: '/proc/self/fd/3', fd, close: () => closeSync(fd) };
  closeSync(fd);
  if (accountCan(account, 'cd -- "$1"', [directory])) return { path: directory, fd: undefined, close: () => {} };
  throw new Problem(500, `The account “${account.name}” cannot reach the database in ${directory}`, {
    rule: 'database.data_dir',
    detail: `PostgreSQL does not run as root. Make every directory above passable (chmod o+x), set EVENKEEL_DATA to a directory that is, or start as an ordinary user.`,
  });
}

/** Whether `directory` holds an initialised cluster. */
export const isCluster = (directory: string): boolean =>
  statSync(join(directory, 'PG_VERSION'), { throwIfNoEntry: false })?.isFile() ?? false;

/** With the claim in hand nobody else uses this directory: what a killed server left there would only stop the next one. */
export function clearSockets(socketDir: string): void {
  for (const name of [`.s.PGSQL.${PORT}`, `.s.PGSQL.${PORT}.lock`]) rmSync(join(socketDir, name), { force: true });
}
