/** What recovery adds to an incident's export, and what modules above may know of its stages. */
import type { Ctx } from '#kernel';
import { closingItemsOf } from './closing/store.ts';
import { recoveryOf } from './queries.ts';
import { progress } from './stages/model.ts';
import { coursesOf, signoffsOf, stagesOf, standingCourse } from './stages/store.ts';
import { courseView, risksOf } from './stages/view.ts';

/** Readiness, every course of stages, and what was left over. */
export async function exportRecovery(ctx: Ctx, incidentId: string) {
  const [readiness, courses, items] = await Promise.all([
    recoveryOf(ctx, incidentId),
    coursesOf(ctx.db, incidentId),
    closingItemsOf(ctx.db, incidentId),
  ]);
  if (!readiness) return null;
  return {
    ...readiness,
    courses: await Promise.all(courses.toReversed().map((one) => courseView(ctx, one))),
    closing: items.map(({ kind, ref, title, state, detail, settledNote }) => ({
      kind,
      ref,
      title,
      state,
      detail,
      settledNote,
    })),
  };
}

/** The numbers everybody is told: the engine's own. Null when the incident is not recovered by stages. */
export async function courseFacts(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const course = await standingCourse(ctx.db, incidentId);
  if (!course) return null;
  const [stages, signoffs] = await Promise.all([stagesOf(ctx.db, course.id), signoffsOf(ctx.db, course.id)]);
  const { passed, total, share } = progress(stages, course.state);
  return { courseId: course.id, state: course.state, passed, total, share, risks: risksOf(course, stages, signoffs) };
}
