/** `evenkeel migrate` and `evenkeel schema`. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#kernel';
import { dumpSchema } from '../../kernel/db/dump.ts';
import { startEmbedded } from '../../kernel/db/embedded.ts';
import { migrate } from '../../kernel/db/migrate.ts';
import { openDb, openPool } from '../../kernel/db/pool.ts';
import { openGround } from '../serve.ts';
import { say, sayJson } from './say.ts';

/** Applies what is missing and says what it was. */
export async function migrateCommand(options: { json?: boolean }): Promise<void> {
  const ground = await openGround();
  await ground.close();
  if (options.json) return sayJson({ ok: true, applied: ground.migrated });
  if (ground.migrated.length === 0) return say('The database is up to date.');
  for (const name of ground.migrated) say(`applied ${name}`);
}

/** The schema that the migrations make, as SQL. */
export async function schemaOfMigrations(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenkeel-schema-'));
  try {
    const server = await startEmbedded({ dataDir, settings: { fsync: 'off' } });
    const pool = openPool(server.connection, 2);
    const db = openDb(pool);
    try {
      await migrate(db, pool);
      return await dumpSchema(db);
    } finally {
      await db.destroy();
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Writes, prints or checks db/schema.sql. */
export async function schemaCommand(options: { print?: boolean; check?: boolean }): Promise<void> {
  const text = await schemaOfMigrations();
  const file = projectPath('db', 'schema.sql');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (options.print) return say(text.trimEnd());
  if (before === text) return say('db/schema.sql is what the migrations make.');
  if (options.check) {
    say('db/schema.sql is not what the migrations make. Run “npm run schema”.');
    process.exitCode = 1;
    return;
  }
  writeFileSync(file, text);
  say('db/schema.sql written.');
}
