/** A run of the tests gives a few failed files one more chance, and never hides that it did. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the launcher's test command over a program in the place of vitest: it fails `files` at first, and `codes` are its ends. */
async function tried(files: string[], codes: number[], args: string[] = []) {
  const log = join(folder, 'log');
  const program = join(folder, 'runner.mjs');
  writeFileSync(log, '');
  writeFileSync(
    program,
    `import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
const runs = readFileSync(${JSON.stringify(log)}, 'utf8').split('\\n').length - 1;
appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n');
const list = process.env.EVENKEEL_FAILED_FILES;
if (list) writeFileSync(list, ${JSON.stringify(files.join('\n'))});
process.exit(${JSON.stringify(codes)}[runs] ?? 9);`,
  );
  const { runTests } = await import('./test.mjs');
  const code = await runTests(process.execPath, program, args);
  return { code, runs: readFileSync(log, 'utf8').trim().split('\n') };
}

it('all passed: one run', async () => {
  expect(await tried([], [0])).toEqual({ code: 0, runs: ['run'] });
});

it('a few failed files run once more, alone; what fails twice fails the run', async () => {
  expect(await tried(['a.test.ts', 'b.test.ts'], [1, 0])).toEqual({
    code: 0,
    runs: ['run', 'run --maxWorkers=1 a.test.ts b.test.ts'],
  });
  expect((await tried(['a.test.ts'], [1, 1])).code).toBe(1);
});

it('many failed files, an end without a list, or a run of chosen files get no second chance', async () => {
  expect(await tried(['a', 'b', 'c', 'd', 'e'], [1, 0])).toEqual({ code: 1, runs: ['run'] });
  expect(await tried([], [1, 0])).toEqual({ code: 1, runs: ['run'] });
  expect(await tried(['a'], [1, 0], ['a'])).toEqual({ code: 1, runs: ['run a'] });
});
