/** Says at the end of a run which tests did not run and why: a test that needs something this machine lacks is never silently green. */
import type { Reporter, TestModule } from 'vitest/node';

export default class NotRun implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const lines: string[] = [];
    for (const module of modules)
      for (const test of module.children.allTests()) {
        const result = test.result();
        // Filtered out by name (`-t`) is what somebody asked for.
        if (result.state === 'skipped' && result.note)
          lines.push(`  ${module.relativeModuleId} › ${test.fullName}: ${result.note}`);
      }
    if (lines.length > 0) process.stdout.write(`\n${lines.length} tests did not run here:\n${lines.join('\n')}\n`);
  }
}
