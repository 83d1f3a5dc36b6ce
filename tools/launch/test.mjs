/**
 * The tests. A whole run in which a few files failed runs those files once more, alone: a machine that is busy with something
 * else can make a browser late, and a run of ten minutes should not be lost for it. What passed only alone is named at the end,
 * and is a fault to be mended. What fails twice fails the run, and so does a run in which more than a few files failed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';
import { explain } from './say.mjs';

/** More failed files than this are no accident. */
const FEW = 4;

/** The failed files as `test/harness/failed.ts` left them; none when the run ended without them. @param {string} list */
function failedFiles(list) {
  try {
    return readFileSync(list, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/**
 * @param {string} node
 * @param {string} vitest path
 * @param {string[]} args of the caller; with any, the run is not a whole one and ends as it ends
 * @returns {Promise<number>} exit code
 */
export async function runTests(node, vitest, args) {
  if (args.length > 0) return run(node, [vitest, 'run', ...args]);
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-tests-'));
  const list = join(folder, 'failed');
  try {
    process.env.EVENKEEL_FAILED_FILES = list;
    const code = await run(node, [vitest, 'run']);
    delete process.env.EVENKEEL_FAILED_FILES;
    const failed = failedFiles(list);
    if (code === 0 || failed.length === 0 || failed.length > FEW) return code;
    explain(`\n${failed.length} failed: ${failed.join(', ')}. Once more, alone:`);
    const again = await run(node, [vitest, 'run', '--maxWorkers=1', ...failed]);
    if (again === 0) explain(`\nUNSTEADY, passed only alone, to be mended: ${failed.join(', ')}`);
    return again;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
