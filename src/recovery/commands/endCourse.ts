/** Ends a recovery by stages without having gone through it: everything stays as it is, and the record says why. */
import { conflict, type Ctx, notFound } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireLoosen } from '../authority.ts';
import { announce } from '../stages/say.ts';
import { lockCourse, saveCourse } from '../stages/store.ts';

export const endCourse = command(
  'recovery.endCourse',
  { allow: 'responder', subject: ({ courseId }: { courseId: string; reason: string }) => courseId },
  async (ctx: Ctx, { courseId, reason }): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    if (!course) throw notFound('Recovery', courseId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    ctx.audit.reason = reason;
    await requireLoosen(ctx, course.incidentId);
    if (course.state === 'completed' || course.state === 'aborted')
      throw conflict(`This recovery is ${course.state}`, 'recovery.stages.over');
    const next = await saveCourse(ctx, courseId, { state: 'aborted', endedAt: ctx.now, holds: [] });
    await appendTimeline(ctx, course.incidentId, {
      kind: 'recovery',
      text: `Recovery by stages was ended by ${ctx.actor.name}; what was shifted stays as it is. ${reason}`,
    });
    await announce(ctx, next, undefined, 'changed');
  },
);
