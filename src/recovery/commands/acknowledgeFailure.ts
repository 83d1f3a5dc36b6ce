/** Somebody has read that this approach failed before, and tries it all the same, with a reason. */
import { conflict, type Ctx, notFound } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { fingerprint } from '../stages/model.ts';
import { acknowledge, failuresOf, lockCourse } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface AcknowledgeFailureInput {
  courseId: string;
  stageId: string;
  reason: string;
}

export const acknowledgeFailure = command(
  'recovery.acknowledgeFailure',
  { allow: 'responder', subject: ({ courseId }: AcknowledgeFailureInput) => courseId },
  async (ctx: Ctx, { courseId, stageId, reason }: AcknowledgeFailureInput): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    const plan = course?.plan.stages.find((one) => one.id === stageId);
    if (!course || !plan) throw notFound('Stage', stageId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    ctx.audit.reason = reason;
    await requireToken(ctx, course.incidentId, 'approve_reversible');
    const [known] = await failuresOf(ctx, [fingerprint(plan).key], course.exercise);
    if (!known) throw conflict(`${plan.title} has not failed before`, 'recovery.stages.known_bad');
    await acknowledge(ctx, courseId, known, reason);
    const text = `${plan.title} is tried again although it failed before (${known.symptom}): ${reason}`;
    await appendTimeline(ctx, course.incidentId, { kind: 'recovery', text });
    await wakeCourse(ctx, courseId);
  },
);
