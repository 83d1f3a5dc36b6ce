/** One real PostgreSQL for a whole test run: started before the first test file, thrown away after the last. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Embedded, startEmbedded } from '../../src/kernel/db/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser connection to the server of this run: `inject('postgres')`. Make databases of your own in it. */
    postgres: Embedded['connection'];
  }
}

/** Nothing here must survive, so nothing is forced to disk; each test file opens a pool of its own. */
const THROW_AWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenkeel-test-'));
  const server = await startEmbedded({ dataDir, settings: THROW_AWAY });
  project.provide('postgres', server.connection);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
}
