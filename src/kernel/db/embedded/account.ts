/** Which operating-system account runs the database server: ourselves, or an unprivileged one when we are root. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { Problem } from '../../errors.ts';

export interface Account {
  uid: number;
  gid: number;
  name: string;
}

/** PostgreSQL refuses to run as root; these accounts are tried in this order. `initdb` needs one that has a name. */
const UNPRIVILEGED = ['evenkeel', 'postgres', 'nobody'];

/** A fixed search path: what the environment says must not decide which programs run beside the database. */
export const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin';

function ownerOf(path: string): { uid: number; gid: number } | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { uid: found.uid, gid: found.gid };
}

function named(): Account[] {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }));
  return UNPRIVILEGED.flatMap((name) => entries.filter((entry) => entry.name === name && entry.uid > 0));
}

/**
 * The account for the server of `clusterDir`, or undefined when it is our own. A cluster that exists keeps its owner,
 * so that starting once with `sudo` does not take a person's database away. Throws a Problem when nothing fits.
 */
export function serverAccount(clusterDir: string): Account | undefined {
  const self = process.getuid?.();
  const owner = ownerOf(clusterDir);
  if (self === undefined)
    throw new Problem(500, 'The embedded database runs on Linux and macOS only', {
      rule: 'database.platform',
      detail: 'Set DATABASE_URL to a PostgreSQL server of your own.',
    });
  if (self !== 0) {
    if (owner && owner.uid !== self) {
      throw new Problem(500, `The database in ${clusterDir} belongs to another user (uid ${owner.uid})`, {
        rule: 'database.owner',
        detail: `Start as that user (or as root, if root started it before), or hand the directory over: chown -R ${self} "${clusterDir}".`,
      });
    }
    return undefined;
  }
  if (owner && owner.uid !== 0) return { ...owner, name: `uid ${owner.uid}` };
  const account = named()[0];
  if (account) return account;
  throw new Problem(500, 'PostgreSQL does not run as root, and this machine has no unprivileged account for it', {
    rule: 'database.account',
    detail: `Add one of ${UNPRIVILEGED.join(', ')} (for example: useradd --system evenkeel), or start as an ordinary user, or set DATABASE_URL.`,
  });
}

/** Runs a tiny shell test as the account, with `fd` as descriptor 3. True when it succeeds. */
export function accountCan(account: Account | undefined, script: string, args: string[], fd?: number): boolean {
  const result = spawnSync('/bin/sh', ['-c', script, 'sh', ...args], {
    cwd: '/',
    env: { PATH: SEARCH_PATH, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'ignore', fd ?? 'ignore'],
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  const refused = result.error as NodeJS.ErrnoException | undefined;
  if (refused && (refused.code === 'EPERM' || refused.code === 'EINVAL')) {
    throw new Problem(500, `Root may not start a process as ${account?.name} here`, {
      rule: 'database.account',
      detail:
        'This container or sandbox forbids changing the user (CAP_SETUID). Start it as an ordinary user (docker run --user 1000), or set DATABASE_URL.',
    });
  }
  return result.status === 0;
}
