/** Brings the product up: database, migrations, modules, worker, server; and takes it down again without losing anything. */
import { setFlagsFromString } from 'node:v8';
import { readdirSync } from 'node:fs';
import { config, dataPath, log, projectPath } from '#kernel';
import { renewSetupToken } from '#security';
import { attachEmbedded, startEmbedded } from '../kernel/db/embedded.ts';
import { migrate } from '../kernel/db/migrate.ts';
import { type Connection, openDb, openPool } from '../kernel/db/pool.ts';
import { assemble, type House } from '../kernel/house.ts';
import { startWorker } from '../kernel/jobs.ts';
import { loadModules } from './modules.ts';
import { openServer } from './server.ts';
import { waitForDatabase } from './waiting-room.ts';

export interface Ground {
  house: House;
  connection: Connection;
  /** Names of the migrations applied by this start. */
  migrated: string[];
  /** Tells a start that waits for our data directory that we are on our way out. */
  leaving(): void;
  close(): Promise<void>;
}

export interface GroundOptions {
  /** False leaves the schema as it is. */
  migrate?: boolean;
  /** Use the database of a product that runs on the same data directory, when there is one. */
  attach?: boolean;
  /** Wait for a database of the user's that cannot be reached, taking alerts meanwhile; told the address once they are taken. */
  waiting?: (url: string) => void;
}

interface Database {
  connection: Connection;
  leaving(): void;
  stop(): Promise<void>;
}

async function openDatabase(attach: boolean): Promise<Database> {
  const foreign = (connection: Connection): Database => ({ connection, leaving() {}, async stop() {} });
  if (config.databaseUrl) return foreign({ connectionString: config.databaseUrl });
  const dataDir = dataPath('postgres');
  const running = attach ? await attachEmbedded(dataDir) : undefined;
  if (running) return foreign(running.connection);
  return startEmbedded({
    dataDir,
    log,
    onLost: (error) => {
      log.fatal({ error: error.message }, 'the database cannot be kept running');
      process.exit(1);
    },
  });
}

/** The database and the modules, without a server or a worker; for one-shot commands too. */
export async function openGround(options: GroundOptions = {}): Promise<Ground> {
  const database = await openDatabase(options.attach ?? false);
  const { connection } = database;
  const pool = openPool(connection);
  const db = openDb(pool);
  try {
    if (options.waiting && config.databaseUrl)
      await waitForDatabase(assemble(await loadModules(), db, pool), options.waiting);
    const migrated = options.migrate === false ? [] : await migrate(db, pool);
    const house = assemble(await loadModules(), db, pool);
    return {
      house,
      connection,
      migrated,
      leaving: database.leaving,
      close: async () => {
        await db.destroy();
        await database.stop();
      },
    };
  } catch (error) {
    await db.destroy();
    await database.stop();
    throw error;
  }
}

export interface Served {
  ground: Ground;
  /** Where the console is. */
  url: string;
  /** The one-time link for the first administrator, until there is one. */
  setupLink: string | undefined;
  close(): Promise<void>;
}

/**
 * How much garbage may gather before it is collected, beside what lives: three tenths. By itself V8 doubles a heap first, and
 * after a storm of alerts a gigabyte lies there for nobody. Costs a few per cent of the processor in such a storm.
 */
const GARBAGE_PERCENT = 30;

/** Starts serving and working. `port` 0 takes any free port. */
export async function serve(waiting: (url: string) => void): Promise<Served> {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  const ground = await openGround({ waiting });
  const { house } = ground;
  try {
    const server = await openServer(house, ground.connection);
    for (const module of house.modules) await module.onStart?.(house);
    await server.app.listen({ host: config.host, port: config.port });
    const address = server.app.server.address();
    if (config.port === 0 && typeof address === 'object' && address) {
      config.port = address.port;
      if (config.publicUrl.endsWith(':0')) config.publicUrl = `http://localhost:${address.port}`;
    }
    const worker = await startWorker(house);
    const doing: { stop(): Promise<void> }[] = [];
    for (const module of house.modules) if (module.keepDoing) doing.push(await module.keepDoing(house));
    const token = await renewSetupToken(house);
    return {
      ground,
      url: config.publicUrl,
      setupLink: token ? `${config.publicUrl}/setup?token=${token}` : undefined,
      // First no new requests, then the running jobs, then the database: nothing is cut in the middle.
      close: async () => {
        ground.leaving();
        await server.close();
        for (const done of house.background) await done();
        await Promise.all(doing.map((one) => one.stop()));
        await worker.stop();
        await ground.close();
      },
    };
  } catch (error) {
    await ground.close();
    throw error;
  }
}

/** Names of the migrations that this version knows. */
export const knownMigrations = () =>
  readdirSync(projectPath('db', 'migrations'))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -4))
    .sort();
