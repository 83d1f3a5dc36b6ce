/** Applies `db/migrations/*.sql`, forward only, one transaction each, then the job queue's own migrations. */
import { readdirSync, readFileSync } from 'node:fs';
import { Logger, runMigrations } from 'graphile-worker';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { projectPath } from '../config.ts';
import type { Database } from './database.ts';
import type { Pool } from './pool.ts';

const folder = projectPath('db', 'migrations');

function fromFiles(): Record<string, Migration> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      file.replace(/\.sql$/, ''),
      {
        up: async (db: Kysely<unknown>) => void (await sql.raw(readFileSync(`${folder}/${file}`, 'utf8')).execute(db)),
      },
    ]),
  );
}

/** Brings the database to the newest schema. Returns the names applied now; throws with the file's name when one fails. */
export async function migrate(db: Kysely<Database>, pool: Pool): Promise<string[]> {
  const migrator = new Migrator({
    db: db.withoutPlugins(),
    provider: { getMigrations: async () => fromFiles() },
    migrationTableSchema: 'kernel',
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
    allowUnorderedMigrations: true,
  });
  await runMigrations({ pgPool: pool, logger: quiet });
  const { error, results } = await migrator.migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error)
    throw new Error(`Migration ${failed?.migrationName ?? ''} failed: ${(error as Error).message}`, { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}

const quiet = new Logger(() => () => {});
