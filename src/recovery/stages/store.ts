/** Courses of recovery, their stages, analyses, sign-offs and what failed before: the SQL that writes them. */
import { type Ctx, type Db, json, newId } from '#kernel';
import type { Tally } from './model.ts';
import type { CourseRow, StageRow, AnalysisRow, SignoffRow, ScanRow, KnownBadRow } from './tables.ts';

export type { CourseRow, StageRow, AnalysisRow, SignoffRow, ScanRow, KnownBadRow } from './tables.ts';

export const courseById = (db: Db, id: string): Promise<CourseRow | undefined> =>
  db.selectFrom('recovery.courses').selectAll().where('id', '=', id).executeTakeFirst();

export const lockCourse = (db: Db, id: string): Promise<CourseRow | undefined> =>
  db.selectFrom('recovery.courses').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Courses of an incident, newest first. */
export const coursesOf = (db: Db, incidentId: string): Promise<CourseRow[]> =>
  db
    .selectFrom('recovery.courses')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .execute();

/** The course under way; undefined when none is. */
export const liveCourse = async (db: Db, incidentId: string): Promise<CourseRow | undefined> =>
  (await coursesOf(db, incidentId)).find((one) => one.state !== 'completed' && one.state !== 'aborted');

/** The newest course that still says something: under way or completed. */
export const standingCourse = async (db: Db, incidentId: string): Promise<CourseRow | undefined> =>
  (await coursesOf(db, incidentId)).find((one) => one.state !== 'aborted');

export async function insertCourse(
  ctx: Ctx,
  row: Pick<CourseRow, 'incidentId' | 'runId' | 'title' | 'plan' | 'startedBy' | 'startedByName' | 'exercise'>,
): Promise<CourseRow> {
  const course = await ctx.db
    .insertInto('recovery.courses')
    .values({
      id: newId('rcv'),
      ...row,
      plan: json(row.plan),
      state: 'prerequisites',
      holds: json(['not looked at yet']),
      startedAt: ctx.now,
    } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
  const about = { courseId: course.id, exercise: course.exercise };
  const stages = row.plan.stages.map((one, position) => ({
    id: newId('rst'),
    ...about,
    position,
    stageId: one.id,
    state: 'waiting',
  }));
  await ctx.db
    .insertInto('recovery.stages')
    .values(stages as never)
    .execute();
  const signoffs = row.plan.signoffs.map((one) => ({
    id: newId('rso'),
    ...about,
    incidentId: course.incidentId,
    ...one,
  }));
  if (signoffs.length > 0)
    await ctx.db
      .insertInto('recovery.signoffs')
      .values(signoffs as never)
      .execute();
  return course;
}

type CourseChange = Partial<
  Pick<CourseRow, 'state' | 'position' | 'backTo' | 'pausedReason' | 'holds' | 'noReturnAt' | 'steppedAt' | 'endedAt'>
>;

export const saveCourse = (ctx: Ctx, id: string, { holds, ...change }: CourseChange): Promise<CourseRow> =>
  ctx.db
    .updateTable('recovery.courses')
    .set({ ...change, ...(holds && { holds: json(holds) }) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const stagesOf = (db: Db, courseId: string): Promise<StageRow[]> =>
  db.selectFrom('recovery.stages').selectAll().where('courseId', '=', courseId).orderBy('position').execute();

export const saveStage = (
  ctx: Ctx,
  id: string,
  change: Partial<Omit<StageRow, 'id' | 'courseId' | 'position' | 'stageId' | 'exercise'>>,
): Promise<StageRow> =>
  ctx.db.updateTable('recovery.stages').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();

/** Analyses of a stage's present attempt. */
export const analysesOf = (db: Db, stage: Pick<StageRow, 'id' | 'attempt'>): Promise<AnalysisRow[]> =>
  db
    .selectFrom('recovery.analyses')
    .selectAll()
    .where('stageId', '=', stage.id)
    .where('attempt', '=', stage.attempt)
    .orderBy('checkId')
    .orderBy('target')
    .execute();

/** The newest analyses of several stages, for screens. */
export async function analysesOfStages(db: Db, stages: StageRow[]): Promise<AnalysisRow[]> {
  if (stages.length === 0) return [];
  const rows = await db
    .selectFrom('recovery.analyses')
    .selectAll()
    .where(
      'stageId',
      'in',
      stages.map((one) => one.id),
    )
    .orderBy('checkId')
    .orderBy('target')
    .execute();
  return rows.filter((row) => stages.some((one) => one.id === row.stageId && one.attempt === row.attempt));
}

export async function openAnalyses(
  ctx: Ctx,
  stage: StageRow,
  part: AnalysisRow['part'],
  places: { checkId: string; target: string }[],
): Promise<void> {
  await ctx.db
    .insertInto('recovery.analyses')
    .values(
      places.map((place) => ({
        id: newId('ran'),
        stageId: stage.id,
        attempt: stage.attempt,
        part,
        ...place,
        nextAt: ctx.now,
        exercise: stage.exercise,
      })) as never,
    )
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export const saveAnalysis = (
  ctx: Ctx,
  id: string,
  change: Tally & Pick<AnalysisRow, 'state' | 'nextAt' | 'lastAt' | 'lastSample' | 'lastDetail'>,
): Promise<unknown> => ctx.db.updateTable('recovery.analyses').set(change).where('id', '=', id).execute();

export const signoffsOf = (db: Db, courseId: string): Promise<SignoffRow[]> =>
  db.selectFrom('recovery.signoffs').selectAll().where('courseId', '=', courseId).orderBy('id').execute();

export const lockSignoff = (db: Db, id: string): Promise<SignoffRow | undefined> =>
  db.selectFrom('recovery.signoffs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const saveSignoff = (
  ctx: Ctx,
  id: string,
  change: Partial<Pick<SignoffRow, 'state' | 'evidence' | 'evidenceUrl' | 'by' | 'byName' | 'at' | 'reopened'>>,
): Promise<SignoffRow> =>
  ctx.db.updateTable('recovery.signoffs').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();

export const scansOf = (db: Db, incidentId: string): Promise<ScanRow[]> =>
  db
    .selectFrom('recovery.scans')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('at', 'desc')
    .limit(50)
    .execute();

export const insertScan = (ctx: Ctx, row: Omit<ScanRow, 'id' | 'at' | 'reportedBy'>): Promise<ScanRow> =>
  ctx.db
    .insertInto('recovery.scans')
    .values({ id: newId('rsc'), ...row, reportedBy: ctx.actor.name, at: ctx.now })
    .returningAll()
    .executeTakeFirstOrThrow();

export async function rememberFailure(ctx: Ctx, row: Omit<KnownBadRow, 'id' | 'at'>): Promise<void> {
  await ctx.db
    .insertInto('recovery.knownBad')
    .values({ id: newId('rkb'), ...row, parameters: json(row.parameters), at: ctx.now })
    .execute();
}

/** The newest failure of each approach, wherever it was tried. Drills and real incidents do not teach each other's gates. */
export async function failuresOf(
  ctx: Pick<Ctx, 'db'>,
  fingerprints: string[],
  exercise: boolean,
): Promise<KnownBadRow[]> {
  if (fingerprints.length === 0) return [];
  return ctx.db
    .selectFrom('recovery.knownBad')
    .distinctOn('fingerprint')
    .selectAll()
    .where('fingerprint', 'in', fingerprints)
    .where('exercise', '=', exercise)
    .orderBy('fingerprint')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export const acknowledged = async (db: Db, courseId: string): Promise<Set<string>> =>
  new Set(
    (
      await db.selectFrom('recovery.acknowledgements').select('knownBadId').where('courseId', '=', courseId).execute()
    ).map((one) => one.knownBadId),
  );

export async function acknowledge(ctx: Ctx, courseId: string, known: KnownBadRow, reason: string): Promise<void> {
  await ctx.db
    .insertInto('recovery.acknowledgements')
    .values({
      courseId,
      fingerprint: known.fingerprint,
      knownBadId: known.id,
      by: ctx.actor.id,
      byName: ctx.actor.name,
      reason,
      at: ctx.now,
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
}
