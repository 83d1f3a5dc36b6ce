/** The engine of recovery by stages: looks, takes one step, asks for what the step needs, and comes again. Safe to be killed anywhere. */
import { addMs, type Ctx, defineJob, Problem } from '#kernel';
import { systemActor } from '#security';
import { z } from 'zod';
import { advanceCourse } from '../commands/advanceCourse.ts';
import { noteShift } from '../commands/noteShift.ts';
import { isLive } from './model.ts';
import { see } from './see.ts';
import { actionOf, askForShift, takeBack } from './shift.ts';
import { analysesOf, courseById, type CourseRow, type StageRow, stagesOf } from './store.ts';
import { wakeCourse } from './timer.ts';

/** While an action is under way, and while something holds the course back. */
const POLL_MS = 5_000;
/** Steps taken at once when nothing has to be waited for. */
const MOST_STEPS = 6;

/** Goes as far as it can without waiting. Null when the course is over. */
export async function stepCourse(outer: Ctx, courseId: string): Promise<CourseRow | null> {
  let course = await courseById(outer.db, courseId);
  for (let n = 0; n < MOST_STEPS; n++) {
    if (!course || !isLive(course.state)) return null;
    const ctx: Ctx = { ...outer, exercise: course.exercise, actor: systemActor('recovery.stages') };
    if (course.state === 'paused') return course;
    const before = await mark(ctx, course);
    await carryOut(ctx, course);
    const seen = await see(ctx, course);
    await advanceCourse(ctx, { courseId, seen });
    course = await courseById(ctx.db, courseId);
    if (!course || (await mark(ctx, course)) === before) break;
  }
  return course ?? null;
}

/** What has changed between two steps: where the course and its stages stand. */
const mark = async (ctx: Ctx, course: CourseRow): Promise<string> =>
  `${course.state} ${course.position} ${(await stagesOf(ctx.db, course.id)).map((one) => `${one.state}${one.attempt}${one.actionRunId ?? ''}`).join()}`;

/** Asks for the shift or its undo where the stage under way needs one. Outside the step's transaction: proposing is a command of its own. */
async function carryOut(ctx: Ctx, course: CourseRow): Promise<void> {
  const stages = await stagesOf(ctx.db, course.id);
  if (course.state === 'staging' && course.position !== null) {
    const stage = stages[course.position]!;
    if (stage.state === 'shifting' && !stage.actionRunId && course.plan.stages[stage.position]!.shift?.action)
      await shift(ctx, course, stages, stage);
  }
  const undoing = course.state === 'rolling_back' ? stages.find((one) => one.state === 'undoing') : undefined;
  if (!undoing?.actionRunId) return;
  const action = await actionOf(ctx, undoing.actionRunId);
  if (action?.state === 'effective')
    await takeBack(ctx, action.id, `Recovery returns: ${undoing.symptom ?? course.pausedReason ?? ''}`);
}

async function shift(ctx: Ctx, course: CourseRow, stages: StageRow[], stage: StageRow): Promise<void> {
  try {
    const actionRunId = await askForShift(ctx, course, stages, stage);
    await noteShift(ctx, { stageId: stage.id, attempt: stage.attempt, actionRunId });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await noteShift(ctx, {
      stageId: stage.id,
      attempt: stage.attempt,
      refused: `${error.message}${error.detail ? `. ${error.detail}` : ''}`,
    });
  }
}

/** When to come again: what is due first, or soon, when an action or a person is waited for. */
async function nextLook(ctx: Ctx, course: CourseRow): Promise<Date | null> {
  if (course.state === 'paused') return null;
  const soon = addMs(ctx.now, POLL_MS);
  if (course.state !== 'staging' || course.position === null) return soon;
  const stage = (await stagesOf(ctx.db, course.id))[course.position]!;
  if (stage.state === 'delaying' && stage.until) return later(ctx, stage.until);
  if (!['analysing', 'soaking', 'gate'].includes(stage.state)) return soon;
  const running = (await analysesOf(ctx.db, stage)).filter(
    (one) => one.state === 'running' && one.part === (stage.state === 'analysing' ? 'analysis' : 'soak'),
  );
  const dues = running.map((one) => one.nextAt.getTime());
  if (stage.state === 'soaking' && stage.until && stage.until > ctx.now) dues.push(stage.until.getTime());
  return later(ctx, new Date(Math.min(...dues, addMs(ctx.now, 60_000).getTime())));
}
const later = (ctx: Ctx, at: Date): Date => new Date(Math.max(at.getTime(), ctx.now.getTime() + 500));

export const runCourse = defineJob(
  'recovery.runCourse',
  z.object({ courseId: z.string() }),
  async (ctx, { courseId }) => {
    const course = await stepCourse(ctx, courseId);
    const at = course ? await nextLook(ctx, course) : null;
    if (course && at) await wakeCourse({ ...ctx, exercise: course.exercise }, courseId, at);
  },
);

/** Finds courses that nobody has looked at for a while, however that came to be. */
export const sweepCourses = defineJob(
  'recovery.sweepCourses',
  z.object({}),
  async (ctx) => {
    const silent = await ctx.db
      .selectFrom('recovery.courses')
      .select(['id', 'exercise'])
      .where('state', 'in', ['prerequisites', 'staging', 'rolling_back'])
      .where((eb) => eb.or([eb('steppedAt', 'is', null), eb('steppedAt', '<', addMs(ctx.now, -120_000))]))
      .execute();
    for (const { id, exercise } of silent) await wakeCourse({ ...ctx, exercise }, id);
  },
  { every: 60_000 },
);
