/** How a course of recovery says where it stands: what holds it, lines on the timeline, the event with the engine's numbers. */
import { type Ctx, emit } from '#kernel';
import { appendTimeline } from '#incidents';
import { stageChanged } from '../events.ts';
import { progress } from './model.ts';
import { type CourseRow, saveCourse, type StageRow, stagesOf } from './store.ts';

export const hold = async (ctx: Ctx, course: CourseRow, holds: string[]): Promise<void> =>
  void (await saveCourse(ctx, course.id, { holds, steppedAt: ctx.now }));

export const titleOf = (course: CourseRow, stage: StageRow): string => course.plan.stages[stage.position]!.title;

/** Stops and says why. Only a person lets it go on. */
export async function pause(ctx: Ctx, course: CourseRow, reason: string): Promise<void> {
  const paused = await saveCourse(ctx, course.id, {
    state: 'paused',
    pausedReason: reason,
    holds: [],
    steppedAt: ctx.now,
  });
  await appendTimeline(ctx, course.incidentId, { kind: 'recovery', text: `Recovery is paused: ${reason}` });
  const stage = paused.position === null ? undefined : (await stagesOf(ctx.db, course.id))[paused.position];
  await announce(ctx, paused, stage, 'paused');
}

export const say = (ctx: Ctx, course: CourseRow, _stage: StageRow, text: string): Promise<unknown> =>
  appendTimeline(ctx, course.incidentId, { kind: 'recovery', text });

/** Tells the modules above and every open screen where the course stands now, with the numbers the engine goes by. */
export async function announce(
  ctx: Ctx,
  course: CourseRow,
  stage: StageRow | undefined,
  what: 'entered' | 'soaking' | 'gate' | 'passed' | 'failed' | 'rolled_back' | 'returned' | 'paused' | 'changed',
): Promise<void> {
  const fresh = await stagesOf(ctx.db, course.id);
  const { passed, total } = progress(fresh, course.state);
  await emit(
    ctx,
    stageChanged,
    { incidentId: course.incidentId, courseId: course.id, stageId: stage?.stageId ?? null, what, passed, total },
    { subject: course.id, incident: course.incidentId },
  );
}
