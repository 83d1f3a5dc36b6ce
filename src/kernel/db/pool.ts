/** The connection pool: names statements, limits every query in time, and throws away connections that cannot be trusted. */
import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Writable } from 'node:stream';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { log } from '../log.ts';
import { isCopy } from './copy.ts';
import { withoutWaiting } from './later.ts';
import type { Database } from './database.ts';

export type Pool = pg.Pool;

export interface Connection {
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
}

/** The name of this process among the nodes of one installation; its connections carry it, never a later process's. */
export const NODE = `evenkeel ${hostname().slice(0, 30)}:${process.pid}:${randomBytes(3).toString('hex')}`;

/** A named statement is planned once per connection (+30 to +75 % measured); the cap keeps generated lists from filling the server. */
const MAX_NAMED = 800;
const names = new Map<string, string>();

function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known) return known;
  if (text.length > 4000 || names.size >= MAX_NAMED) return undefined;
  const name = `q${createHash('sha256').update(text).digest('hex').slice(0, 20)}`;
  names.set(text, name);
  return name;
}

interface Marked {
  untrusted?: boolean;
}

/** 25006: the server became read-only (a failover left us on the old primary). 57P0x: it is going away. 08xxx: the link broke. */
function untrustworthy(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code && (code === '25006' || code.startsWith('57P0') || code.startsWith('08'))) return true;
  return /Query read timeout|Connection terminated|ECONNRESET|EPIPE/.test(message ?? '');
}

/** The pool sets `release` anew at every checkout; a connection marked untrusted is thrown away instead of going back. */
function discardWhenUntrusted(client: pg.PoolClient): void {
  let release: pg.PoolClient['release'] = () => {};
  Object.defineProperty(client, 'release', {
    set: (next: pg.PoolClient['release']) => void (release = next),
    get: () => (error?: Error | boolean) => release(error ?? ((client as Marked).untrusted ? true : undefined)),
  });
}

/** What was held back for so long leaves: the server works on it while we still think. */
const HELD_MS = 0.5;

/**
 * Holds back what is written to the server until nothing is left to do but wait, or for half a millisecond: statements that
 * follow each other without waiting leave in one packet. A system call for each costs more than the statements themselves.
 * Returns what is called before each statement and what is called after it.
 */
function inOnePacket(client: pg.PoolClient): { hold(): void; letGo(): void } {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  let since: number | undefined;
  return {
    hold: () => {
      if (since !== undefined) return;
      since = performance.now();
      stream.cork();
      // Runs when every promise that could go on has gone on.
      process.nextTick(() => {
        since = undefined;
        stream.uncork();
      });
    },
    letGo: () => {
      if (since === undefined || performance.now() - since < HELD_MS) return;
      stream.uncork();
      stream.cork();
      since = performance.now();
    },
  };
}

/** Opens a pool. `max` connections, 15 s for a statement, then the connection is discarded with it. */
export function openPool(connection: Connection, max = 12, settings = ''): Pool {
  const pool = new pg.Pool({
    ...connection,
    max,
    // A few stay open, with their statements planned: the first alert after a quiet hour finds them warm.
    min: Math.min(3, max),
    application_name: NODE,
    statement_timeout: 14_000,
    query_timeout: 15_000,
    connectionTimeoutMillis: 10_000,
    // A node that is stopped inside a transaction holds its locks, the head of the audit log among them, against all others.
    idle_in_transaction_session_timeout: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: `-c TimeZone=UTC ${settings}`,
    // Statements are sent without waiting for the answer to the one before; answers come in order.
    pipeline: true,
  } as pg.PoolConfig);
  pool.on('connect', (client) => {
    // A connection that breaks while it is lent out must not take the process with it; its statements fail by themselves.
    client.on('error', () => {
      (client as Marked).untrusted = true;
    });
    const doubt = (error: unknown) => {
      if (untrustworthy(error)) (client as Marked).untrusted = true;
    };
    const original = withoutWaiting(client.query.bind(client) as (...args: unknown[]) => unknown, doubt);
    const { hold, letGo } = inOnePacket(client);
    const query = (...args: unknown[]) => {
      hold();
      const [text, values] = args;
      if (typeof text === 'string' && Array.isArray(values) && (values.length > 0 || text.startsWith('select '))) {
        const name = isCopy(text) ? undefined : statementName(text);
        args = [name ? { name, text, values } : { text, values }, ...args.slice(2)];
      }
      const result = original(...args);
      letGo();
      if (result instanceof Promise) result.catch(doubt);
      return result;
    };
    client.query = query as typeof client.query;
    discardWhenUntrusted(client);
  });
  // An idle connection that breaks must not take the process with it.
  pool.on('error', (error) => {
    // A pool that is ending has said goodbye; that the server then cuts the line is no news.
    if (!pool.ending) log.warn({ error: error.message }, 'an idle database connection broke');
  });
  return pool;
}

/** A few connections of their own to the same database, for what must not wait until the pool has one free. */
export const openSidePool = (pool: Pool, max: number): Pool =>
  openPool({ ...(pool.options as Connection), password: pool.options.password as string }, max);

/** At most so many posts of machines are being written at once, and as many blocks processed behind them. */
const HOT_CONNECTIONS = 6;
/**
 * Every statement here looks up a few rows by an index, in tables that may grow from nothing to a million rows within the
 * minute. Planning costs as much as running them, so each is planned once; and as it is planned before anybody knows how
 * large its tables will be, by index always.
 */
const HOT_SETTINGS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** Connections for few statements that come many times a second: always the same few, so that they stay warm. They end with `pool`. */
export function openHotDb(pool: Pool): Kysely<Database> {
  const password = pool.options.password as string;
  const hot = openPool({ ...(pool.options as Connection), password }, HOT_CONNECTIONS, HOT_SETTINGS);
  const end = pool.end.bind(pool);
  pool.end = (async () => {
    await Promise.all([hot.end(), end()]);
  }) as typeof pool.end;
  return openDb(hot);
}

/** Kysely over that pool: camelCase in code, snake_case in the database, jsonb untouched. */
export function openDb(pool: Pool): Kysely<Database> {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

// int8 counts arrive as text by default; ours all fit into a double.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1700, Number);
