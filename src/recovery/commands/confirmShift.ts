/** A person says that a shift without a connector was done, or taken back, by hand. */
import { conflict, type Ctx, notFound, personOf } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { startDelay } from '../stages/advance.ts';
import { lockCourse, saveStage, type StageRow, stagesOf } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface ConfirmShiftInput {
  courseId: string;
  note: string;
}

export const confirmShift = command(
  'recovery.confirmShift',
  { allow: 'responder', subject: ({ courseId }: ConfirmShiftInput) => courseId },
  async (ctx: Ctx, { courseId, note }: ConfirmShiftInput): Promise<StageRow> => {
    const course = await lockCourse(ctx.db, courseId);
    if (!course) throw notFound('Recovery', courseId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    await requireToken(ctx, course.incidentId, 'approve_reversible');
    const stages = await stagesOf(ctx.db, courseId);
    const stage = stages.find((one) => (one.state === 'shifting' || one.state === 'undoing') && !one.actionRunId);
    const plan = stage && course.plan.stages[stage.position]!;
    if (!stage || !plan?.shift || plan.shift.action)
      throw conflict('Nothing waits to be done by hand', 'recovery.stages.by_hand');
    const back = stage.state === 'undoing';
    const text = `${plan.title}: ${back ? 'taken back' : 'done'} by hand by ${ctx.actor.name}. ${note}`;
    await appendTimeline(ctx, course.incidentId, { kind: 'recovery', text });
    const saved = await saveStage(ctx, stage.id, { shiftedBy: back ? null : (personOf(ctx.actor) ?? ctx.actor.id) });
    if (!back) await startDelay(ctx, course, saved);
    ctx.audit.after = { stage: stage.stageId, back, note };
    await wakeCourse(ctx, courseId);
    return saved;
  },
);
