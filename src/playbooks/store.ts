/** Tables of playbooks, versions and runs, and the SQL that writes them. */
import {
  type Ctx,
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  newId,
  type Selectable,
  type StampedAt,
} from '#kernel';
import type { Playbook } from './format/schema.ts';
import type { CheckObservation, StepState } from './runs/model.ts';

interface PlaybooksTable {
  id: string;
  name: string;
  title: string;
  createdBy: string;
  createdAt: StampedAt;
  retiredAt: Instant | null;
}
interface VersionsTable {
  id: string;
  playbookId: string;
  number: number;
  version: string;
  state: 'draft' | 'approved' | 'retired';
  source: string;
  hash: string;
  parsed: Json<Playbook>;
  createdBy: string;
  createdAt: StampedAt;
  approvedBy: string | null;
  approvedAt: Instant | null;
}
interface RunsTable {
  id: string;
  incidentId: string;
  versionId: string;
  state: 'active' | 'finished' | 'cancelled';
  inputs: Json<Record<string, unknown>>;
  startedBy: string;
  startedAt: StampedAt;
  endedAt: Instant | null;
  exercise: boolean;
  /** Who goes on: the engine, or a person who took over. */
  control: Generated<'engine' | 'human'>;
}
interface StepRunsTable {
  id: string;
  runId: string;
  incidentId: string;
  block: 'containment' | 'eradication';
  position: number;
  stepId: string;
  kind: string;
  state: StepState;
  note: string | null;
  choice: string | null;
  doneBy: string | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  observed: Json<CheckObservation> | null;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'playbooks.playbooks': PlaybooksTable;
    'playbooks.versions': VersionsTable;
    'playbooks.runs': RunsTable;
    'playbooks.stepRuns': StepRunsTable;
  }
}
export type PlaybookRow = Selectable<PlaybooksTable>;
export type VersionRow = Selectable<VersionsTable>;
export type RunRow = Selectable<RunsTable>;
export type StepRow = Selectable<StepRunsTable>;

export const lockPlaybook = (db: Db, name: string): Promise<PlaybookRow | undefined> =>
  db.selectFrom('playbooks.playbooks').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();

export async function insertPlaybook(
  ctx: Ctx,
  row: Pick<PlaybookRow, 'name' | 'title' | 'createdBy'>,
): Promise<PlaybookRow> {
  return ctx.db
    .insertInto('playbooks.playbooks')
    .values({ id: newId('pbk'), ...row, createdAt: ctx.now, retiredAt: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Saved again after it was taken out of use. */
export async function revivePlaybook(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.updateTable('playbooks.playbooks').set({ retiredAt: null }).where('id', '=', id).execute();
}

export const latestVersion = (db: Db, playbookId: string): Promise<VersionRow | undefined> =>
  db
    .selectFrom('playbooks.versions')
    .selectAll()
    .where('playbookId', '=', playbookId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();

export async function insertVersion(
  ctx: Ctx,
  row: Pick<VersionRow, 'playbookId' | 'number' | 'version' | 'source' | 'hash' | 'parsed' | 'createdBy'>,
): Promise<VersionRow> {
  return ctx.db
    .insertInto('playbooks.versions')
    .values({
      id: newId('pbv'),
      ...row,
      parsed: json(row.parsed),
      state: 'draft',
      createdAt: ctx.now,
      approvedBy: null,
      approvedAt: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const versionById = (db: Db, id: string): Promise<VersionRow> =>
  db.selectFrom('playbooks.versions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

export const lockVersion = (db: Db, id: string): Promise<VersionRow | undefined> =>
  db.selectFrom('playbooks.versions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Makes a draft the version in force; the one before it retires. */
export async function approveDraft(ctx: Ctx, version: VersionRow, approverId: string): Promise<VersionRow> {
  await ctx.db
    .updateTable('playbooks.versions')
    .set({ state: 'retired' })
    .where('playbookId', '=', version.playbookId)
    .where('state', '=', 'approved')
    .execute();
  await ctx.db
    .updateTable('playbooks.playbooks')
    .set({ title: version.parsed.metadata.title })
    .where('id', '=', version.playbookId)
    .execute();
  return ctx.db
    .updateTable('playbooks.versions')
    .set({ state: 'approved', approvedBy: approverId, approvedAt: ctx.now })
    .where('id', '=', version.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function insertRun(
  ctx: Ctx,
  row: Pick<RunRow, 'incidentId' | 'versionId' | 'inputs' | 'startedBy' | 'exercise'>,
  steps: Pick<StepRow, 'block' | 'stepId' | 'kind'>[],
): Promise<RunRow> {
  const run = await ctx.db
    .insertInto('playbooks.runs')
    .values({
      id: newId('run'),
      ...row,
      inputs: json(row.inputs),
      state: 'active',
      startedAt: ctx.now,
      endedAt: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const values = steps.map((step, position) => ({
    id: newId('stp'),
    runId: run.id,
    incidentId: run.incidentId,
    position,
    ...step,
    state: 'pending' as const,
    exercise: run.exercise,
  }));
  await ctx.db
    .insertInto('playbooks.stepRuns')
    .values(values as never)
    .execute();
  return run;
}

export const runById = (db: Db, id: string): Promise<RunRow | undefined> =>
  db.selectFrom('playbooks.runs').selectAll().where('id', '=', id).executeTakeFirst();

export const lockRun = (db: Db, id: string): Promise<RunRow | undefined> =>
  db.selectFrom('playbooks.runs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Who goes on with a run: the engine, or a person. */
export async function setControl(ctx: Ctx, id: string, control: 'engine' | 'human'): Promise<void> {
  await ctx.db.updateTable('playbooks.runs').set({ control }).where('id', '=', id).execute();
}

export async function endRun(ctx: Ctx, id: string, state: 'finished' | 'cancelled'): Promise<void> {
  await ctx.db
    .updateTable('playbooks.runs')
    .set({ state, endedAt: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .execute();
}

export const stepById = (db: Db, id: string): Promise<StepRow | undefined> =>
  db.selectFrom('playbooks.stepRuns').selectAll().where('id', '=', id).executeTakeFirst();

export const lockStep = (db: Db, id: string): Promise<StepRow | undefined> =>
  db.selectFrom('playbooks.stepRuns').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const stepsOfRun = (db: Db, runId: string): Promise<StepRow[]> =>
  db.selectFrom('playbooks.stepRuns').selectAll().where('runId', '=', runId).orderBy('position').execute();

/** Notes since when a step is the one to do. False when that was noted before. */
export async function beginClock(ctx: Ctx, stepRunId: string): Promise<boolean> {
  const row = await ctx.db
    .updateTable('playbooks.stepRuns')
    .set({ startedAt: ctx.now })
    .where('id', '=', stepRunId)
    .where('startedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Moves a step. `startedAt` is kept once set; the end is set by the states that end a step. */
export async function setStep(
  ctx: Ctx,
  step: StepRow,
  change: {
    state: StepState;
    note?: string | null;
    choice?: string | null;
    doneBy?: string | null;
    observed?: CheckObservation;
  },
): Promise<void> {
  const { observed, ...fields } = change;
  const ended = change.state === 'done' || change.state === 'skipped' || change.state === 'failed';
  await ctx.db
    .updateTable('playbooks.stepRuns')
    .set({
      ...fields,
      ...(observed && { observed: json(observed) }),
      startedAt: step.startedAt ?? (change.state === 'pending' ? null : ctx.now),
      endedAt: ended ? ctx.now : null,
    })
    .where('id', '=', step.id)
    .execute();
}
