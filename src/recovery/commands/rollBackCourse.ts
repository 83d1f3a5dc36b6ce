/** Takes stages back in reverse order, as far as the point of no return. */
import { conflict, type Ctx, notFound } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { announce } from '../stages/say.ts';
import { lockCourse, saveCourse, stagesOf } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface RollBackInput {
  courseId: string;
  /** The stage to return to; absent: before the first. */
  to?: string | undefined;
  reason: string;
}

export const rollBackCourse = command(
  'recovery.rollBackCourse',
  { allow: 'responder', subject: ({ courseId }: RollBackInput) => courseId },
  async (ctx: Ctx, { courseId, to, reason }: RollBackInput): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    if (!course) throw notFound('Recovery', courseId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    ctx.audit.reason = reason;
    await requireToken(ctx, course.incidentId, 'approve_reversible');
    if (course.state !== 'staging' && course.state !== 'paused')
      throw conflict(`This recovery is ${course.state.replaceAll('_', ' ')}`, 'recovery.stages.over');
    const stages = await stagesOf(ctx.db, courseId);
    const backTo = to === undefined ? -1 : (stages.find((one) => one.stageId === to)?.position ?? null);
    if (backTo === null) throw notFound('Stage', to);
    const beyond = stages.find(
      (one) => one.position > backTo && one.state === 'passed' && course.plan.stages[one.position]!.noReturn,
    );
    if (beyond)
      throw conflict(
        'The point of no return is passed',
        'recovery.stages.no_return',
        `What ${course.plan.stages[beyond.position]!.title} did cannot be taken back: find a way forward.`,
      );
    const text = `${ctx.actor.name} rolls recovery back to ${to === undefined ? 'before the first stage' : course.plan.stages[backTo]!.title}: ${reason}`;
    // The reason kept in the course makes it wait for a person once it is back.
    const next = await saveCourse(ctx, courseId, { state: 'rolling_back', backTo, pausedReason: text, holds: [] });
    await appendTimeline(ctx, course.incidentId, { kind: 'recovery', text });
    await announce(ctx, next, undefined, 'changed');
    await wakeCourse(ctx, courseId);
  },
);
