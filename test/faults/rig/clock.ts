/**
 * The database's clock in the experimenter's hands. What stands in the queue and the signs of life of workers are moved
 * the other way by as much, so that for the product everything is as if the real clock had jumped.
 */
import pg from 'pg';

export interface Clock {
  now(): Promise<number>;
  /** Moves the clock at once; returns what it shows then. */
  shift(ms: number): Promise<number>;
  /** Moves it to an instant, however far. */
  to(at: number): Promise<number>;
  close(): Promise<void>;
}

export async function openClock(databaseUrl: string): Promise<Clock> {
  const url = new URL(databaseUrl.replace('@/', '@localhost/'));
  const client = new pg.Client({
    host: url.searchParams.get('host') ?? url.hostname,
    port: Number(url.searchParams.get('port')),
    user: url.username,
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  });
  await client.connect();
  const now = async () =>
    Number((await client.query('select extract(epoch from kernel.now()) * 1000 as at')).rows[0].at);
  const shift = async (ms: number) => {
    const by = [ms / 1000];
    await client.query('begin');
    await client.query('update kernel.clock set ahead = ahead + make_interval(secs => $1)', by);
    await client.query(
      `update graphile_worker._private_jobs
       set run_at = run_at - make_interval(secs => $1), locked_at = locked_at - make_interval(secs => $1)`,
      by,
    );
    await client.query('update kernel.workers set seen_at = seen_at - make_interval(secs => $1)', by);
    await client.query('commit');
    // The workers look by themselves twice a second; woken, the experiment is shorter.
    await client.query(`select pg_notify('jobs:insert', '{"r":1,"count":64}')`);
    return now();
  };
  return { now, shift, to: async (at) => shift(at - (await now())), close: () => client.end() };
}
