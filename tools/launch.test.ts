/** The launcher in a small clone of its own: it installs, refuses in words, and passes codes and signals on. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const tools = import.meta.dirname;
const clones: string[] = [];
afterEach(() => {
  for (const clone of clones.splice(0)) rmSync(clone, { recursive: true, force: true });
});

const PACKAGE = { name: 'small', version: '1.0.0', private: true, type: 'module' };

/** A clone with the launcher and a program, but without packages: npm has nothing to fetch. */
function smallClone(program = ''): string {
  const clone = mkdtempSync(join(tmpdir(), 'evenkeel launch '));
  clones.push(clone);
  cpSync(tools, join(clone, 'tools'), { recursive: true });
  mkdirSync(join(clone, 'src/app'), { recursive: true });
  writeFileSync(join(clone, 'src/app/cli.ts'), program);
  writePackage(clone, PACKAGE, PACKAGE);
  return clone;
}

function writePackage(clone: string, json: object, locked: object): void {
  writeFileSync(join(clone, 'package.json'), JSON.stringify(json));
  const lock = { name: 'small', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': locked } };
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(lock));
}

function launch(clone: string, args: string[], node: string[] = []) {
  const result = spawnSync(process.execPath, [...node, join(clone, 'tools/launch.mjs'), ...args], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return { code: result.status, out: result.stdout, said: result.stderr };
}

const stampOf = (clone: string) => join(clone, 'node_modules/.evenkeel-stamp');

test('a fresh clone installs its packages once, quietly, and runs the command', () => {
  const clone = smallClone(`console.log('ran with', process.argv.slice(2).join(' '))`);
  const first = launch(clone, ['cli', 'hello', '--json']);
  expect(first).toMatchObject({ code: 0, out: 'ran with hello --json\n' });
  expect(first.said).toContain('Installing packages');
  expect(existsSync(stampOf(clone))).toBe(true);
  expect(launch(clone, ['cli', 'again'])).toEqual({ code: 0, out: 'ran with again\n', said: '' });
});

test('a changed lockfile installs again', () => {
  const clone = smallClone();
  launch(clone, ['cli']);
  const changed = { ...PACKAGE, version: '1.0.1' };
  writePackage(clone, changed, changed);
  rmSync(join(clone, 'node_modules/.package-lock.json'), { force: true });
  expect(launch(clone, ['cli']).said).toContain('Installing packages');
});

test('an installation made by hand is recognised', () => {
  const clone = smallClone();
  mkdirSync(join(clone, 'node_modules'), { recursive: true });
  writeFileSync(join(clone, 'node_modules/.package-lock.json'), JSON.stringify({ packages: {} }));
  expect(launch(clone, ['cli']).said).toBe('');
});

test('a node_modules that is a link is never written to', () => {
  const clone = smallClone();
  const elsewhere = join(clone, 'elsewhere');
  mkdirSync(elsewhere);
  utimesSync(elsewhere, 1, 1);
  symlinkSync(elsewhere, join(clone, 'node_modules'));
  expect(launch(clone, ['cli'])).toMatchObject({ code: 0, said: '' });
  expect(statSync(elsewhere).mtimeMs).toBe(1000);
});

test('an installation that fails says why and what to do, and the command does not run', () => {
  const clone = smallClone(`console.log('ran')`);
  writePackage(clone, { ...PACKAGE, dependencies: { missing: 'file:./missing' } }, PACKAGE);
  const { code, out, said } = launch(clone, ['cli']);
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(said).toMatch(/The packages could not be installed \(npm ci ended with 1\)/);
});

const pretend = (version: string) => [
  '--import',
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
];

test('an old Node is refused in words; it is never fallen back to', () => {
  const clone = smallClone(`console.log('ran')`);
  const tooOld = launch(clone, ['cli'], pretend('18.20.0'));
  expect(tooOld).toMatchObject({ code: 1, out: '' });
  expect(tooOld.said).toContain('needs Node 20.19 or newer');
  const unpinned = launch(clone, ['cli'], pretend('20.19.0'));
  expect(unpinned).toMatchObject({ code: 1, out: '' });
  expect(unpinned.said).toContain('Evenkeel runs on Node 24 or newer');
});

test('an unknown command names the known ones', () => {
  const { code, said } = launch(smallClone(), ['strat']);
  expect(code).toBe(2);
  expect(said).toMatch(/no command “strat”.*serve/);
});

test('the exit code of the command is the exit code of the launcher', () => {
  expect(launch(smallClone('process.exit(7)'), ['cli']).code).toBe(7);
});

async function launched(program: string): Promise<ChildProcess> {
  const clone = smallClone(program);
  launch(clone, ['build']);
  const child = spawn(process.execPath, [join(clone, 'tools/launch.mjs'), 'cli'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  return child;
}

test('a signal reaches the command, and what it makes of it is kept', async () => {
  const child = await launched(
    `process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log('up')`,
  );
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([3, null]);
});

test('a command that dies of a signal takes the launcher with it by the same signal', async () => {
  const child = await launched(`setInterval(() => {}, 1000); console.log('up')`);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

test('the lockfile has no holes: every optional package that another names has an entry, else npm ci refuses it', () => {
  const { packages } = JSON.parse(readFileSync(join(tools, '../package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string>; integrity?: string; link?: boolean }>;
  };
  const holes = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(holes).toEqual([]);
  expect(Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.integrity && !entry.link)).toEqual(
    [],
  );
});
