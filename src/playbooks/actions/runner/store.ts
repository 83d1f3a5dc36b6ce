/** Jobs for runners: handed out once, never a second time; the SQL that writes them. */
import { type Ctx, type Db, type Generated, type Instant, type Json, json, newId, type Selectable } from '#kernel';

interface RunnerJobsTable {
  id: string;
  key: string;
  systemId: string;
  command: string;
  args: Json<string[]>;
  fence: number;
  state: 'queued' | 'taken' | 'done' | 'failed' | 'refused' | 'withdrawn';
  runner: string | null;
  output: Generated<string>;
  exitCode: number | null;
  queuedAt: Instant;
  expiresAt: Instant;
  takenAt: Instant | null;
  finishedAt: Instant | null;
}
declare module '#kernel' {
  interface Database {
    'playbooks.runnerJobs': RunnerJobsTable;
  }
}
export type RunnerJobRow = Selectable<RunnerJobsTable>;

export const jobByKey = (db: Db, key: string): Promise<RunnerJobRow | undefined> =>
  db.selectFrom('playbooks.runnerJobs').selectAll().where('key', '=', key).executeTakeFirst();

export const jobById = (db: Db, id: string): Promise<RunnerJobRow | undefined> =>
  db.selectFrom('playbooks.runnerJobs').selectAll().where('id', '=', id).executeTakeFirst();

/** The same key is the same job. */
export async function queueJob(
  ctx: Ctx,
  row: Pick<RunnerJobRow, 'key' | 'systemId' | 'command' | 'args' | 'fence' | 'expiresAt'>,
): Promise<RunnerJobRow> {
  await ctx.db
    .insertInto('playbooks.runnerJobs')
    .values({ id: newId('rnj'), ...row, args: json(row.args), state: 'queued', queuedAt: ctx.now } as never)
    .onConflict((oc) => oc.column('key').doNothing())
    .execute();
  return (await jobByKey(ctx.db, row.key))!;
}

/** Takes the oldest job that still counts; whoever asks second gets the next one. */
export async function takeJob(ctx: Ctx, systemId: string, runner: string): Promise<RunnerJobRow | undefined> {
  const next = ctx.db
    .selectFrom('playbooks.runnerJobs')
    .select('id')
    .where('systemId', '=', systemId)
    .where('state', '=', 'queued')
    .where('expiresAt', '>', ctx.now)
    .orderBy('queuedAt')
    .limit(1)
    .forUpdate()
    .skipLocked();
  return ctx.db
    .updateTable('playbooks.runnerJobs')
    .set({ state: 'taken', runner, takenAt: ctx.now })
    .where('id', '=', next)
    .returningAll()
    .executeTakeFirst();
}

export const finishJob = (
  ctx: Ctx,
  id: string,
  change: Pick<RunnerJobRow, 'state' | 'output' | 'exitCode'>,
): Promise<RunnerJobRow | undefined> =>
  ctx.db
    .updateTable('playbooks.runnerJobs')
    .set({ ...change, finishedAt: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'taken')
    .returningAll()
    .executeTakeFirst();

/** Nobody took it in time: taken back for good, unless a runner took it in this very moment. */
export const withdrawJob = (ctx: Ctx, id: string): Promise<RunnerJobRow | undefined> =>
  ctx.db
    .updateTable('playbooks.runnerJobs')
    .set({ state: 'withdrawn', finishedAt: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst();
