/**
 * Completes package-lock.json where npm left optional platform packages out, because the registry it was written
 * against did not have them: `npm ci` refuses a lockfile with such holes on every machine. Run after `npm install`.
 * An entry added here pins the version its parent names, but has no integrity: the next `npm install` that can reach
 * the package fills it in. `node tools/complete-lock.mjs --check` only says what is missing, and exits 1 then.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './launch/paths.mjs';

const OS = { android: 'android', darwin: 'darwin', freebsd: 'freebsd', linux: 'linux', openharmony: 'openharmony', win32: 'win32', netbsd: 'netbsd', openbsd: 'openbsd', sunos: 'sunos', aix: 'aix' };
const CPU = { arm64: 'arm64', x64: 'x64', ia32: 'ia32', arm: 'arm', ppc64: 'ppc64', riscv64: 'riscv64', s390x: 's390x' };
const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** @param {string} path @param {string} name */
function places(path, name) {
  const found = [`node_modules/${name}`];
  const parts = path.split('/node_modules/');
  for (let depth = 1; depth <= parts.length; depth++) found.push(`${parts.slice(0, depth).join('/node_modules/')}/node_modules/${name}`);
  return found;
}

/**
 * The optional packages that a package of the lockfile names, but that have no entry: `{ name, version, dev }`.
 * @param {{ packages: Record<string, any> }} lock
 */
export function holes(lock) {
  const missing = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!places(path, name).some((place) => lock.packages[place])) missing.push({ name, version, dev: Boolean(entry.dev) });
    }
  }
  return missing;
}

/** What npm would write, read from the package's name: `@oxlint/binding-linux-x64-musl`. @param {{ name: string, version: string, dev: boolean }} hole */
function entryFor({ name, version, dev }) {
  const words = name.split(/[/-]/);
  const pick = (table) => words.map((word) => table[word]).filter(Boolean);
  const [os, cpu, libc] = [pick(OS), pick(CPU), pick(LIBC)];
  if (os.length !== 1 || cpu.length !== 1 || !/^\d/.test(version)) throw new Error(`${name}@${version}: its platform cannot be read from its name; add it by hand`);
  return { version, cpu, ...(dev && { dev: true }), ...(os[0] === 'linux' && libc.length && { libc }), optional: true, os };
}

if (process.argv[1] && import.meta.url.endsWith('/complete-lock.mjs') && process.argv[1].endsWith('complete-lock.mjs')) {
  const path = inRoot('package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = holes(lock);
  for (const hole of missing) console.log(`${hole.name}@${hole.version}`);
  if (process.argv.includes('--check')) process.exit(missing.length ? 1 : 0);
  for (const hole of missing) lock.packages[`node_modules/${hole.name}`] = entryFor(hole);
  const [first, ...rest] = Object.entries(lock.packages);
  lock.packages = Object.fromEntries([first, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
