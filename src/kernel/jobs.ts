/** Later work: a job is born in its caller's transaction, may run twice and may be killed, and is found again within seconds. */
import { Logger, type Runner, run, runOnce, type TaskList } from 'graphile-worker';
import { sql } from 'kysely';
import { z } from 'zod';
import { type Book, gather } from './commit.ts';
import type { Ctx, Db } from './context.ts';
import { json } from './db/database.ts';
import type { House } from './house.ts';
import { later } from './db/later.ts';
import { EXPRESS_NET_MS, expressJob, openExpress } from './express.ts';
import { log } from './log.ts';
import { type AtWork, DEAD_AFTER_MS, openPulse } from './pulse.ts';
import { addMs } from './time.ts';

export interface JobDefinition<T = any> {
  /** `<module>.<name>`, also the task's name in the queue. */
  name: string;
  payload: z.ZodType<T>;
  run: (ctx: Ctx, payload: T) => Promise<unknown>;
  /** Milliseconds between runs of a periodic job; its payload is `{}`. */
  every?: number;
  maxAttempts?: number;
  /** Somebody is waiting to be called: it has workers of its own, so that no other job that hangs or waits can hold it up. */
  urgent?: boolean;
  /**
   * Its time is the end of a wait, not an hour on the wall: when the wall clock is put back, it still comes after that
   * wait. What it does looks at the time itself and does nothing when it is too early.
   */
  waits?: boolean;
}

export interface EnqueueOptions {
  /** Not before this instant; now when absent. */
  runAt?: Date;
  /** One job per key: a new one replaces the waiting one, so a key is a timer that can be moved. */
  key?: string;
  /** Jobs of one queue run one after the other. */
  queue?: string;
  maxAttempts?: number;
  /**
   * Also run it in this process right after the commit, past the queue. Its row waits a few seconds longer as the net:
   * a crash in between, or a full lane, leaves it to be taken up by any node. The job must bear to be run twice, and
   * takes its own key back when it is done.
   */
  express?: boolean;
}

/** Describes a job. */
export function defineJob<T>(
  name: string,
  payload: z.ZodType<T>,
  runJob: (ctx: Ctx, payload: T) => Promise<unknown>,
  options: { every?: number; maxAttempts?: number; urgent?: boolean; waits?: boolean } = {},
): JobDefinition<T> {
  return { name, payload, run: runJob, ...options };
}

interface Envelope {
  payload: unknown;
  exercise: boolean;
  requestId: string;
}

/** A job to be written, or the key of one to be taken back. */
type JobWrite =
  | { key: string | null; name: string; payload: Envelope; queue: string | null; at: Date; attempts: number }
  | { key: string; removed: true };

/** Jobs of a transaction, written together at its end; of each key, the last word counts. */
const jobWrites: Book<JobWrite> = {
  write: async (db, list) => {
    const last = new Map<unknown, JobWrite>(list.map((item) => [item.key ?? item, item]));
    const jobs = [...last.values()].filter((item) => !('removed' in item));
    const removed = [...last.values()].flatMap((item) => ('removed' in item ? [item.key] : []));
    await sql`select kernel.write_jobs(${json(jobs as unknown)}, ${removed}::text[]) ${later}`.execute(db);
  },
};

const writeJob = async (db: Db, item: JobWrite): Promise<void> => {
  if (!gather(db, jobWrites, item)) await jobWrites.write(db, [item]);
};

/** Puts a job into the queue, in the transaction of `ctx.db` when that is one. */
export async function enqueue<T>(
  ctx: Ctx,
  job: JobDefinition<T>,
  payload: T,
  options: EnqueueOptions = {},
): Promise<void> {
  const envelope: Envelope = { payload, exercise: ctx.exercise, requestId: ctx.requestId };
  const early = options.express ? expressJob(ctx.db, job.name, envelope) : false;
  await writeJob(ctx.db, {
    key: options.key ?? null,
    name: job.name,
    payload: envelope,
    queue: options.queue ?? null,
    at: early ? addMs(ctx.now, EXPRESS_NET_MS) : (options.runAt ?? ctx.now),
    attempts: options.maxAttempts ?? job.maxAttempts ?? 25,
  });
}

/** Takes a timer back. Harmless when it has run or never was. */
export const cancelJob = (ctx: Ctx, key: string): Promise<void> => writeJob(ctx.db, { key, removed: true });

const quiet = new Logger(() => (level, message) => {
  if (level === 'error') log.error({ from: 'jobs' }, message);
});

const every = (job: JobDefinition) => `every:${job.name}`;

/**
 * Puts the next round of a periodic job on the clock, unless one is already there. One that was killed in its only attempt
 * is none, nor one later than a round takes: the clock was put back.
 */
async function schedulePeriodic(house: House, job: JobDefinition): Promise<void> {
  const ctx = await house.ctx(house.system(job.name));
  const wait = job.every ?? 60_000;
  const waiting = await sql<{
    n: number;
  }>`select count(*)::int as n from graphile_worker.jobs where key = ${every(job)} and locked_at is null and attempts < max_attempts
      and run_at <= clock_timestamp() + make_interval(secs => ${wait / 1000 + 1})`.execute(ctx.db);
  if ((waiting.rows[0]?.n ?? 0) === 0)
    await enqueue(ctx, job, {}, { key: every(job), runAt: addMs(ctx.now, wait), maxAttempts: 1 });
}

/** The queue's task list: each job gets a fresh context with a system actor named after the job. */
function tasks(house: House): TaskList {
  const list: TaskList = {};
  for (const job of house.jobs.values()) {
    list[job.name] = async (raw) => {
      const envelope = raw as Envelope;
      const ctx = await house.ctx(house.system(job.name), {
        exercise: envelope.exercise,
        requestId: envelope.requestId,
      });
      try {
        await job.run(ctx, job.payload.parse(envelope.payload));
      } catch (error) {
        house.onJobError?.(job.name, error);
        ctx.log.warn(
          { job: job.name, error: (error as Error).message, stack: (error as Error).stack },
          'a job failed and will be tried again',
        );
        throw error;
      } finally {
        if (job.every) await schedulePeriodic(house, job);
      }
    };
  }
  return list;
}

/** Workers kept for urgent jobs, beside the `concurrency` for the others. */
const URGENT_AT_ONCE = 3;

/** Works on these tasks and keeps `atWork` true. The lock of a job carries the pool's name, whichever worker has it. */
async function work(house: House, taskList: TaskList, concurrency: number, atWork: AtWork): Promise<Runner> {
  const runner = await run({
    pgPool: house.pool,
    taskList,
    concurrency,
    pollInterval: 500,
    noHandleSignals: true,
    logger: quiet,
    parsedCronItems: [],
  });
  runner.events.on('worker:getJob:start', ({ worker }) => atWork.pools.add(worker.workerPool.id));
  runner.events.on('job:start', ({ job }) => atWork.running.add(job.id));
  // Its end is written down after this event, so it counts as running for a while longer.
  runner.events.on('job:complete', ({ job }) => {
    setTimeout(() => atWork.running.delete(job.id), DEAD_AFTER_MS).unref();
  });
  runner.promise.catch((error: Error) => log.error({ error: error.message }, 'the worker stopped'));
  return runner;
}

/** Puts back the periodic jobs whose node was killed in the middle of one. */
const PERIODIC_CHECK_MS = 5000;

async function keepPeriodic(house: House): Promise<void> {
  for (const job of house.jobs.values()) if (job.every) await schedulePeriodic(house, job);
}

/** Starts working: up to `concurrency` jobs at once. `stop` lets running jobs finish. */
export async function startWorker(house: House, concurrency = 4): Promise<{ stop(): Promise<void> }> {
  const all = tasks(house);
  const some = (urgent: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => (house.jobs.get(name)?.urgent ?? false) === urgent));
  await keepPeriodic(house);
  const atWork: AtWork = { pools: new Set(), running: new Set() };
  const pulse = await openPulse(house, atWork);
  const runners = [
    await work(house, some(true), URGENT_AT_ONCE, atWork),
    await work(house, some(false), concurrency, atWork),
  ];
  const periodic = setInterval(() => {
    keepPeriodic(house).catch((error: Error) =>
      log.warn({ error: error.message }, 'periodic jobs could not be looked after'),
    );
  }, PERIODIC_CHECK_MS);
  const lane = openExpress(house.db, (name, envelope) => all[name]?.(envelope, undefined as never));
  return {
    stop: async () => {
      await lane.close();
      await Promise.all(runners.map((runner) => runner.stop()));
      clearInterval(periodic);
      await pulse.stop();
    },
  };
}

/** Runs every job that is due now, in order, until none is left; for tests and for one-shot commands. */
export async function runDueJobs(house: House): Promise<void> {
  await runOnce({ pgPool: house.pool, taskList: tasks(house), concurrency: 1, noHandleSignals: true, logger: quiet });
}
