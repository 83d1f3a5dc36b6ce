/**
 * The database's clock in the experimenter's hands. What stands in the queue is moved the other way by as much. When time
 * only passes, workers have shown signs of life meanwhile; when the clock jumps, the times of these and of locks are moved
 * too, so that for the product everything is as if the real clock had jumped.
 */
import pg from 'pg';

export interface Clock {
  now(): Promise<number>;
  /** The clock jumps; returns what it shows then. */
  jump(ms: number): Promise<number>;
  /** Time passes. */
  pass(ms: number): Promise<number>;
  /** Time passes until an instant. */
  to(at: number): Promise<number>;
  /** Waits until nothing is under way that was due before: time passes, it does not catch a message half sent. */
  quiet(): Promise<void>;
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
  // When the database is stopped first, that is no failure of its own.
  client.on('error', () => {});
  await client.connect();
  const now = async () =>
    Number((await client.query('select extract(epoch from kernel.now()) * 1000 as at')).rows[0].at);
  const shift = async (ms: number, jumps: boolean) => {
    const by = [ms / 1000];
    await client.query('begin');
    await client.query('update kernel.clock set ahead = ahead + make_interval(secs => $1)', by);
    await client.query('update graphile_worker._private_jobs set run_at = run_at - make_interval(secs => $1)', by);
    if (jumps) {
      await client.query(
        'update graphile_worker._private_jobs set locked_at = locked_at - make_interval(secs => $1)',
        by,
      );
      await client.query('update kernel.workers set seen_at = seen_at - make_interval(secs => $1)', by);
    }
    await client.query('commit');
    // The workers look by themselves twice a second; woken, the experiment is shorter.
    await client.query(`select pg_notify('jobs:insert', '{"r":1,"count":64}')`);
    return now();
  };
  const quiet = async () => {
    for (let tries = 0; tries < 400; tries++) {
      // What runs past the queue leaves its row there for some seconds as a net.
      const { rows } = await client.query(
        `select count(*)::int as n from graphile_worker._private_jobs
         where (key is null or key not like 'every:%') and attempts < max_attempts
           and (locked_at is not null or run_at < clock_timestamp() + interval '8 seconds')`,
      );
      if (rows[0].n === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return {
    now,
    quiet,
    jump: (ms) => shift(ms, true),
    pass: (ms) => shift(ms, false),
    to: async (at) => shift(at - (await now()), false),
    close: () => client.end(),
  };
}
