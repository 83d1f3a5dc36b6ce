/** Signs of life of a working node: they keep its jobs its own, find those of nodes that are gone, and carry the steady clock. */
import { sql } from 'kysely';
import type { Db } from './context.ts';
import { NODE, openDb, openSidePool } from './db/pool.ts';
import type { House } from './house.ts';
import { log } from './log.ts';
import { carrySteady, joinSteady, steadyNow } from './steady.ts';
import { monotonic } from './time.ts';

/** A lock is worth this long without a sign of life, counted by a clock that does not jump; the queue's own rule is four hours. */
export const DEAD_AFTER_MS = 5000;
const BEAT_MS = 1200;

/** What this process works on: the names its locks carry in the queue, and the jobs that somebody really runs. */
export interface AtWork {
  pools: Set<string>;
  running: Set<string>;
}

/** What looked abandoned, and since when we see it: nothing is taken from anybody at first sight. */
type Doubts = Map<string, number>;

/** Begins the signs of life. `stop` takes them back: who leaves in good order is not missed by those who stay. */
export async function openPulse(house: House, atWork: AtWork): Promise<{ stop(): Promise<void> }> {
  const side = openSidePool(house.pool, 1);
  const db = openDb(side);
  await joinSteady(side);
  const doubts: Doubts = new Map();
  let last = monotonic();
  const timer = setInterval(() => {
    // Who was stopped itself has heard nobody: the others get a round to say that they live.
    const awake = monotonic() - last < 3 * BEAT_MS;
    last = monotonic();
    beat(house, db, atWork, doubts, awake).catch((error: Error) =>
      log.warn({ error: error.message }, 'the worker could not send its sign of life'),
    );
  }, BEAT_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await sql`delete from kernel.workers where node = ${NODE}`.execute(db).catch(() => undefined);
      await db.destroy();
    },
  };
}

/** One round: our own sign of life, and a look at everybody else's. */
async function beat(house: House, db: Db, atWork: AtWork, doubts: Doubts, awake: boolean): Promise<void> {
  await db.transaction().execute((transaction) => lookAtWall(house, transaction));
  await sql`insert into kernel.workers (worker_id, node, seen_steady)
     select t.id, ${NODE}, ${steadyNow()}::double precision from unnest(${[...atWork.pools]}::text[]) as t(id)
     on conflict (worker_id) do update set seen_at = clock_timestamp(), seen_steady = excluded.seen_steady`.execute(db);
  if (!awake) return;
  await endTheirTransactions(db);
  await freeTheirJobs(db, doubts);
  await freeLostJobs(db, atWork, doubts);
}

/** Was the wall clock put back, everything that waits for a length of time is moved along, in this transaction. */
async function lookAtWall(house: House, db: Db): Promise<void> {
  const back = await carrySteady(db);
  if (back === 0) return;
  const jobs = [...house.jobs.values()].filter((job) => job.waits || job.every).map(({ name }) => name);
  await sql`select kernel.wall_went_back(${back}, ${jobs}::text[])`.execute(db);
  for (const module of house.modules) await module.clockWentBack?.(db, back);
  log.error({ seconds: Math.round(back / 1000) }, 'the clock of the database was put back; what waits was moved along');
}

/** A process that is stopped in the middle of a transaction would hold its locks against everybody. */
async function endTheirTransactions(db: Db): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
     where xact_start is not null and usename = current_user and application_name in (
       select node from kernel.workers group by node having max(seen_steady) < ${steadyNow() - DEAD_AFTER_MS}::double precision)`.execute(
    db,
  );
}

/** Frees the jobs of workers that have gone silent. One that has never been heard of may be about to give its first sign. */
async function freeTheirJobs(db: Db, doubts: Doubts): Promise<void> {
  const { rows } = await sql<{ id: string; known: boolean }>`
    select distinct j.locked_by as id, w.worker_id is not null as known
    from graphile_worker._private_jobs j left join kernel.workers w on w.worker_id = j.locked_by
    where j.locked_by is not null and coalesce(w.seen_steady, '-infinity') < ${steadyNow() - DEAD_AFTER_MS}::double precision`.execute(
    db,
  );
  const unknown = rows.filter(({ known }) => !known).map(({ id }) => id);
  const dead = [...rows.filter(({ known }) => known).map(({ id }) => id), ...lasting(doubts, 'worker', unknown)];
  if (dead.length > 0) await sql`select graphile_worker.force_unlock_workers(${dead}::text[])`.execute(db);
}

/**
 * Ours, but nobody runs it: the connection broke between the queue and us when the job was handed out, or when its end
 * was written down. The library does not try that again, so the job would stay locked for as long as we live.
 */
async function freeLostJobs(db: Db, { pools, running }: AtWork, doubts: Doubts): Promise<void> {
  const mine = [...pools];
  const { rows } = await sql<{ id: string }>`select id::text as id from graphile_worker._private_jobs
     where locked_by = any(${mine}::text[]) and id <> all(${[...running]}::bigint[])`.execute(db);
  const lost = lasting(
    doubts,
    'job',
    rows.map(({ id }) => id),
  );
  if (lost.length === 0) return;
  await sql`with lost as (
       update graphile_worker._private_jobs set locked_by = null, locked_at = null
       where locked_by = any(${mine}::text[]) and id = any(${lost}::bigint[])
       returning job_queue_id)
     update graphile_worker._private_job_queues q set locked_by = null, locked_at = null
     from lost where q.id = lost.job_queue_id and q.locked_by = any(${mine}::text[])`.execute(db);
}

/** Those among `seen` that have looked so for long enough; what does not any more is forgotten. */
function lasting(doubts: Doubts, kind: string, seen: string[]): string[] {
  const now = monotonic();
  const keys = new Set(seen.map((id) => `${kind}:${id}`));
  for (const key of doubts.keys()) if (key.startsWith(`${kind}:`) && !keys.has(key)) doubts.delete(key);
  for (const key of keys) if (!doubts.has(key)) doubts.set(key, now);
  return seen.filter((id) => now - (doubts.get(`${kind}:${id}`) ?? now) >= DEAD_AFTER_MS);
}
