/** Stops a recovery where it stands: anybody on duty may, at once. */
import { conflict, type Ctx, notFound } from '#kernel';
import { command } from '#security';
import { pause } from '../stages/say.ts';
import { lockCourse } from '../stages/store.ts';

export const pauseCourse = command(
  'recovery.pauseCourse',
  { allow: 'responder', subject: ({ courseId }: { courseId: string; reason: string }) => courseId },
  async (ctx: Ctx, { courseId, reason }): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    if (!course) throw notFound('Recovery', courseId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    ctx.audit.reason = reason;
    if (course.state === 'paused') return;
    if (course.state === 'completed' || course.state === 'aborted')
      throw conflict(`This recovery is ${course.state}`, 'recovery.stages.over');
    await pause(ctx, course, `${ctx.actor.name}: ${reason}`);
  },
);
