/** Takes a course of recovery one step on, with what was just measured. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { advance } from '../stages/advance.ts';
import type { Seen } from '../stages/see.ts';
import { lockCourse, stagesOf } from '../stages/store.ts';

interface Input {
  courseId: string;
  seen: Seen;
}

export const advanceCourse = command(
  'recovery.advanceCourse',
  { allow: 'internal', subject: ({ courseId }: Input) => courseId },
  async (ctx: Ctx, { courseId, seen }: Input): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    if (!course || course.state === 'completed' || course.state === 'aborted') return;
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    const stages = await stagesOf(ctx.db, courseId);
    await advance(ctx, { course, stages, seen });
    const after = (await lockCourse(ctx.db, courseId))!;
    const words = (list: { stageId: string; state: string }[]) => list.map((one) => `${one.stageId}: ${one.state}`);
    const now = words(await stagesOf(ctx.db, courseId));
    ctx.audit.before = { state: course.state, stages: words(stages) };
    ctx.audit.after = { state: after.state, stages: now, holds: after.holds };
    // A look in which nothing changed is no entry in the log.
    if (after.state === course.state && now.join() === words(stages).join()) ctx.audit.skip = true;
  },
);
