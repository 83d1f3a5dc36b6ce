/** Writes and reads rows of exercises. Own tables only. */
import {
  type Ctx,
  conflict,
  type Generated,
  isId,
  type Json,
  json,
  newId,
  notFound,
  type Selectable,
  sql,
  type Updateable,
} from '#kernel';
import type { ExerciseState, SweepResult } from './model.ts';
import type { Family, Inject } from './scenarios/index.ts';

interface ExercisesTable {
  id: string;
  number: Generated<number>;
  exercise: Generated<boolean>;
  scenario: string;
  family: Family;
  title: string;
  brief: string;
  objectives: Json<string[]>;
  serviceId: string | null;
  state: ExerciseState;
  facilitatorId: string;
  cold: boolean;
  startedAt: Date;
  endsBy: Date;
  endedAt: Date | null;
  endedBecause: string | null;
  aborted: Generated<boolean>;
  groupIds: Generated<string[]>;
  sweep: Json<SweepResult> | null;
  noneBecause: string | null;
  closedAt: Date | null;
  closedBy: string | null;
}
export type ExerciseRow = Selectable<ExercisesTable>;

interface InjectsTable {
  id: string;
  exerciseId: string;
  exercise: Generated<boolean>;
  position: number;
  kind: Inject['kind'];
  content: Json<Inject>;
  plannedAt: Date;
  deliveredAt: Date | null;
  state: Generated<'planned' | 'delivered' | 'skipped'>;
}
export type InjectRow = Selectable<InjectsTable>;

interface LessonsTable {
  id: string;
  exerciseId: string;
  kind: 'worked' | 'hard' | 'change';
  text: string;
  notedBy: string;
  notedAt: Date;
}
export type LessonRow = Selectable<LessonsTable>;

declare module '#kernel' {
  interface Database {
    'drills.exercises': ExercisesTable;
    'drills.players': { exerciseId: string; userId: string };
    'drills.injects': InjectsTable;
    'drills.lessons': LessonsTable;
  }
}

/** What people say aloud: `EX-3`. */
export const exerciseKey = (row: { number: number }) => `EX-${row.number}`;

type NewExercise = Pick<
  ExerciseRow,
  'scenario' | 'family' | 'title' | 'brief' | 'objectives' | 'serviceId' | 'facilitatorId' | 'cold' | 'endsBy'
>;

/** Starts the row. 409 while another exercise runs on the same service: the index decides. */
export async function insertExercise(ctx: Ctx, exercise: NewExercise): Promise<ExerciseRow> {
  const row = await ctx.db
    .insertInto('drills.exercises')
    .values({
      ...exercise,
      id: newId('exr'),
      objectives: json(exercise.objectives),
      state: 'running',
      startedAt: ctx.now,
    })
    // Literal SQL: with a parameter here PostgreSQL cannot find the partial index once it plans the statement for good.
    .onConflict((oc) =>
      oc
        .column('serviceId')
        .where(sql<boolean>`state = 'running'`)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  if (!row)
    throw conflict(
      'An exercise runs on this service already',
      'drills.start.running',
      'End it first, or choose another service.',
    );
  return row;
}

/** The exercise, locked until the transaction ends; from here on the context is a drill's. 404 when there is none. */
export async function lockExercise(ctx: Ctx, id: string): Promise<ExerciseRow> {
  const row = isId('exr', id)
    ? await ctx.db.selectFrom('drills.exercises').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Exercise', id);
  ctx.exercise = true;
  return row;
}

export const saveExercise = (ctx: Ctx, id: string, change: Updateable<ExercisesTable>): Promise<ExerciseRow> =>
  ctx.db.updateTable('drills.exercises').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();

export const runningExercises = (ctx: Pick<Ctx, 'db'>): Promise<ExerciseRow[]> =>
  ctx.db.selectFrom('drills.exercises').selectAll().where('state', '=', 'running').orderBy('startedAt').execute();

export async function insertPlayers(ctx: Ctx, exerciseId: string, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const values = [...new Set(userIds)].map((userId) => ({ exerciseId, userId }));
  await ctx.db.insertInto('drills.players').values(values).execute();
}

export const playersOf = async (ctx: Pick<Ctx, 'db'>, exerciseId: string): Promise<string[]> =>
  (await ctx.db.selectFrom('drills.players').select('userId').where('exerciseId', '=', exerciseId).execute()).map(
    (row) => row.userId,
  );

export const insertInject = (ctx: Ctx, exerciseId: string, position: number, inject: Inject, plannedAt: Date) =>
  ctx.db
    .insertInto('drills.injects')
    .values({ id: newId('inj'), exerciseId, position, kind: inject.kind, content: json(inject), plannedAt })
    .returningAll()
    .executeTakeFirstOrThrow();

export const injectsOf = (ctx: Pick<Ctx, 'db'>, exerciseId: string): Promise<InjectRow[]> =>
  ctx.db.selectFrom('drills.injects').selectAll().where('exerciseId', '=', exerciseId).orderBy('position').execute();

/** Takes an inject to deliver it; `undefined` when it was delivered or skipped already. */
export const takeInject = (ctx: Ctx, id: string): Promise<InjectRow | undefined> =>
  ctx.db
    .updateTable('drills.injects')
    .set({ state: 'delivered', deliveredAt: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'planned')
    .returningAll()
    .executeTakeFirst();

/** The end has come: what was not delivered never will be. Returns those that were skipped. */
export const skipInjects = (ctx: Ctx, exerciseId: string): Promise<InjectRow[]> =>
  ctx.db
    .updateTable('drills.injects')
    .set({ state: 'skipped' })
    .where('exerciseId', '=', exerciseId)
    .where('state', '=', 'planned')
    .returningAll()
    .execute();

export const insertLesson = (ctx: Ctx, lesson: Omit<LessonRow, 'id' | 'notedAt'>): Promise<LessonRow> =>
  ctx.db
    .insertInto('drills.lessons')
    .values({ id: newId('les'), ...lesson, notedAt: ctx.now })
    .returningAll()
    .executeTakeFirstOrThrow();

export const lessonsOf = (ctx: Pick<Ctx, 'db'>, exerciseId: string): Promise<LessonRow[]> =>
  ctx.db.selectFrom('drills.lessons').selectAll().where('exerciseId', '=', exerciseId).orderBy('notedAt').execute();
