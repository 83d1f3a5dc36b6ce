/** Reads one value from somebody else's PostgreSQL: read-only, one statement, limited in time, only to addresses that may be reached. */
import pg from 'pg';
import { addressFor } from '../egress.ts';
import { Problem } from '../errors.ts';

const refuse = (message: string) =>
  new Problem(422, `This database cannot be asked: ${message}`, { rule: 'egress.sql' });

/** The parts of a `postgres://` address that are used; others are refused, so that no option sneaks in. */
function partsOf(connection: string) {
  if (!URL.canParse(connection)) throw refuse('the connection is not a postgres:// address');
  const url = new URL(connection);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw refuse('the connection begins with postgres://');
  const ssl = url.searchParams.get('sslmode') ?? 'prefer';
  for (const name of url.searchParams.keys()) if (name !== 'sslmode') throw refuse(`“${name}” is not an option here`);
  if (!['disable', 'prefer', 'require', 'verify-full'].includes(ssl))
    throw refuse('sslmode is disable, prefer, require or verify-full');
  const host = decodeURIComponent(url.hostname.replace(/^\[|\]$/g, ''));
  // A path would be a socket on this machine: the product's own database, for one.
  if (!host || host.includes('/')) throw refuse('the connection names no host');
  return {
    host,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    ssl,
  };
}

/** Checks the form of a connection when it is typed; returns host and port. Throws 422. */
export const checkConnection = (connection: string): { host: string; port: number } => partsOf(connection);

/**
 * Runs one SELECT and returns at most `rows` of its rows. It stands in a cursor of a read-only transaction: anything that
 * would write, a second statement, or more time than `timeoutMs`, fails. Throws Problem `egress.address`, or pg's error.
 */
export async function readElsewhere(
  connection: string,
  query: string,
  options: { timeoutMs: number; rows?: number },
): Promise<Record<string, unknown>[]> {
  const { ssl, host, ...rest } = partsOf(connection);
  const { address } = await addressFor(host, rest.port);
  const attempt = async (withTls: boolean) => {
    const client = new pg.Client({
      ...rest,
      host: address,
      ssl: withTls ? { rejectUnauthorized: ssl === 'verify-full', servername: host } : false,
      connectionTimeoutMillis: options.timeoutMs,
      query_timeout: options.timeoutMs + 500,
      statement_timeout: options.timeoutMs,
      application_name: 'evenkeel monitor',
      options: '-c default_transaction_read_only=on',
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('begin transaction read only');
      // Extended protocol: exactly one statement. A cursor takes nothing but a query.
      await client.query({
        text: `declare eyes no scroll cursor for ${query}`,
        queryMode: 'extended',
      } as pg.QueryConfig);
      const { rows } = await client.query<Record<string, unknown>>(`fetch ${options.rows ?? 2} from eyes`);
      await client.query('rollback');
      return rows;
    } finally {
      await client.end().catch(() => {});
    }
  };
  if (ssl === 'disable') return attempt(false);
  if (ssl !== 'prefer') return attempt(true);
  return attempt(true).catch((error: Error) => {
    if (/does not support SSL/i.test(error.message)) return attempt(false);
    throw error;
  });
}
