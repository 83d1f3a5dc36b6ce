/** Leaves the names of failed test files for the launcher, which runs a few of them once more, alone (`tools/launch/test.mjs`). */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export default class Failed implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, stray: ReadonlyArray<SerializedError>): void {
    const list = process.env.EVENKEEL_FAILED_FILES;
    // An error that belongs to no test is not cured by running a file again.
    if (!list || stray.length > 0) return;
    const failed = modules.filter((module) => module.state() === 'failed').map((module) => module.relativeModuleId);
    writeFileSync(list, failed.join('\n'));
  }
}
