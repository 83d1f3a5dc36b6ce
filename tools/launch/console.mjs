/** Builds the web console when its sources changed since the last build. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { capture } from './run.mjs';
import { note, Refusal } from './say.mjs';

const target = inRoot('dist', 'console');
const stamp = inRoot('dist', '.stamp');

/** @param {string} folder */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const path of [...filesBelow(inRoot('web')), ...filesBelow(inRoot('contract')), inRoot('package-lock.json')]) {
    hash.update(path.slice(inRoot().length)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function built() {
  try {
    return readFileSync(stamp, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Builds beside the place and swaps, so that a product that is running never serves half a console.
 * @param {string} node
 * @param {string} print
 */
async function build(node, print) {
  const fresh = `${target}.new-${process.pid}`;
  const old = `${target}.old-${process.pid}`;
  try {
    mkdirSync(inRoot('dist'), { recursive: true });
    const args = [
      inRoot('node_modules/vite/bin/vite.js'),
      'build',
      '--config',
      inRoot('web/vite.config.ts'),
      '--outDir',
      fresh,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ];
    const { code, said } = await capture(node, args);
    if (code !== 0) throw new Refusal(`${said.trim()}\n\nThe console could not be built (see above).`);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
    writeFileSync(stamp, `${print}\n`);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`The console could not be written to ${inRoot('dist')}: ${error.message}`);
  } finally {
    for (const path of [fresh, old]) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Brings dist/console up to date; `force` builds in any case.
 * @param {string} node
 * @param {{ force?: boolean }} [options]
 */
export async function buildConsole(node, { force = false } = {}) {
  if (!existsSync(inRoot('web/vite.config.ts'))) return;
  const print = fingerprint();
  if (!force && built() === print && existsSync(join(target, 'index.html'))) return;
  note('Building the console …');
  await build(node, print);
}
