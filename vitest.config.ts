/** How the tests run: one real PostgreSQL for the whole run, each file beside what it tests. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'contract/**/*.test.ts',
      'client/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
      'web/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', 'dist/**'],
    globalSetup: ['test/harness/database.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The usual second is little on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
    env: { LOG_LEVEL: 'silent' },
    reporters: ['default', './test/harness/not-run.ts', './test/harness/failed.ts'],
  },
});
