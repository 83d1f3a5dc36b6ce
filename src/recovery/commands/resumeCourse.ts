/** Lets a paused recovery go on: the stage under way is looked at again from the beginning. */
import { addMs, conflict, type Ctx, notFound } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { announce } from '../stages/say.ts';
import { actionOf } from '../stages/shift.ts';
import { type CourseRow, lockCourse, saveCourse, saveStage, type StageRow, stagesOf } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface ResumeCourseInput {
  courseId: string;
  reason: string;
}

export const resumeCourse = command(
  'recovery.resumeCourse',
  { allow: 'responder', subject: ({ courseId }: ResumeCourseInput) => courseId },
  async (ctx: Ctx, { courseId, reason }: ResumeCourseInput): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    if (!course) throw notFound('Recovery', courseId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    ctx.audit.reason = reason;
    await requireToken(ctx, course.incidentId, 'approve_reversible');
    if (course.state !== 'paused') throw conflict('This recovery is not paused', 'recovery.stages.paused');
    const stage = course.position === null ? undefined : (await stagesOf(ctx.db, courseId))[course.position];
    const state = course.backTo !== null ? 'rolling_back' : stage ? 'staging' : 'prerequisites';
    const next = await saveCourse(ctx, courseId, { state, pausedReason: null, holds: [] });
    if (stage && state === 'staging') await again(ctx, course, stage);
    await appendTimeline(ctx, course.incidentId, {
      kind: 'recovery',
      text: `Recovery goes on (it was paused: ${course.pausedReason ?? ''}). ${reason}`,
    });
    await announce(ctx, next, stage, 'changed');
    await wakeCourse(ctx, courseId);
  },
);

/** A stage whose shift is in effect is measured anew; one whose shift never came about begins again. */
async function again(ctx: Ctx, course: CourseRow, stage: StageRow): Promise<void> {
  if (stage.state === 'waiting' || stage.state === 'delaying') return;
  const { shift, analysis } = course.plan.stages[stage.position]!;
  const action = stage.actionRunId ? await actionOf(ctx, stage.actionRunId) : undefined;
  const shifted =
    !shift || stage.shiftedBy !== null || action?.state === 'effective' || action?.state === 'needs_human';
  if (!shifted) return void (await saveStage(ctx, stage.id, { state: 'waiting', actionRunId: null }));
  if (stage.state === 'shifting' && action?.state === 'needs_human') return;
  const until = addMs(ctx.now, analysis.delaySeconds * 1000);
  await saveStage(ctx, stage.id, { state: 'delaying', attempt: stage.attempt + 1, until, gateAt: null });
}
