/** Notes which action carries a stage, or why none could be asked for. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { pause } from '../stages/say.ts';
import { lockCourse, saveStage } from '../stages/store.ts';

interface Input {
  stageId: string;
  attempt: number;
  actionRunId?: string;
  refused?: string;
}

export const noteShift = command(
  'recovery.noteShift',
  { allow: 'internal', subject: ({ stageId }: Input) => stageId },
  async (ctx: Ctx, { stageId, attempt, actionRunId, refused }: Input): Promise<void> => {
    const stage = await ctx.db.selectFrom('recovery.stages').selectAll().where('id', '=', stageId).executeTakeFirst();
    if (!stage || stage.attempt !== attempt || !['shifting', 'undoing'].includes(stage.state)) return;
    const course = (await lockCourse(ctx.db, stage.courseId))!;
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    if (actionRunId) await saveStage(ctx, stageId, { actionRunId });
    else await pause(ctx, course, refused ?? 'the shift was refused');
    ctx.audit.after = { actionRunId, refused };
  },
);
