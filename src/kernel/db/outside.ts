/** One statement on somebody else's PostgreSQL, with limits, through the same allow-list as every call out. */
import { Client } from 'pg';
import { mayReach } from '../egress.ts';
import { Problem } from '../errors.ts';

export interface OutsideAnswer {
  rows: Record<string, unknown>[];
  rowCount: number;
}

/** Runs one stored statement in a transaction of its own. Throws what the server says; `sent` on the error tells whether it was reached. */
export async function askPostgres(
  address: string,
  secret: string | null,
  statement: string,
  values: unknown[],
  options: { timeoutMs: number; readOnly: boolean },
): Promise<OutsideAnswer> {
  const url = new URL(address);
  const port = Number(url.port || 5432);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!mayReach(host, port))
    throw new Problem(422, `${host}:${port} may not be reached`, {
      rule: 'egress.address',
      detail: `An administrator may allow it with EVENKEEL_EGRESS_ALLOW=${host}:${port}`,
    });
  const client = new Client({
    host,
    port,
    user: decodeURIComponent(url.username),
    database: url.pathname.slice(1),
    ...(secret && { password: secret }),
    ssl: url.searchParams.get('sslmode') === 'require' ? { rejectUnauthorized: true } : false,
    connectionTimeoutMillis: 5_000,
    query_timeout: options.timeoutMs,
    application_name: 'evenkeel',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(options.readOnly ? 'begin read only' : 'begin');
    await client.query(`set local statement_timeout = ${Math.max(1, Math.round(options.timeoutMs))}`);
    const { rows, rowCount } = await client.query(statement, values).catch((error: unknown) => {
      throw Object.assign(error as Error, { sent: true });
    });
    await client.query('commit').catch((error: unknown) => {
      throw Object.assign(error as Error, { unclear: true });
    });
    return { rows: rows as Record<string, unknown>[], rowCount: rowCount ?? 0 };
  } finally {
    await client.end().catch(() => {});
  }
}
