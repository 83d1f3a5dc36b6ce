/** One real PostgreSQL for the whole run, and a migrated, seeded template that every test file clones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { loadModules } from '../../src/app/modules.ts';
import { startEmbedded } from '../../src/kernel/db/embedded.ts';
import { migrate } from '../../src/kernel/db/migrate.ts';
import { openDb, openPool } from '../../src/kernel/db/pool.ts';
import { assemble } from '../../src/kernel/house.ts';
import { insertUser } from '../../src/security/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    database: { host: string; port: number; user: string; password: string; database: string };
  }
}

export const TEMPLATE = 'evenkeel_template';

/** People of the template, one per role; their ids are looked up by address. */
export const PEOPLE = {
  viewer: 'Vera Viewer',
  responder: 'Rui Responder',
  manager: 'Mina Manager',
  admin: 'Ada Admin',
  auditor: 'Aiko Auditor',
} as const;
export type TestRole = keyof typeof PEOPLE;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenkeel-test-'));
  const server = await startEmbedded({
    dataDir,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  const end = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server.connection);
  } catch (error) {
    await end();
    throw error;
  }
  project.provide('database', server.connection);
  return end;
}

async function makeTemplate(connection: ProvidedContext['database']): Promise<void> {
  const admin = new pg.Client({ ...connection });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const pool = openPool({ ...connection, database: TEMPLATE });
  const db = openDb(pool);
  await migrate(db, pool);
  const house = assemble(await loadModules(), db, pool);
  const ctx = await house.ctx(house.system('test'));
  for (const [role, name] of Object.entries(PEOPLE)) {
    await insertUser(ctx, {
      email: `${role}@orchardline.example`,
      name,
      roles: [role as TestRole],
      timeZone: 'Europe/Berlin',
    });
  }
  await db.destroy();
}
