/** Begins recovery by stages: from the playbook's run, or from stages written by hand. */
import { checkCel, conflict, type Ctx, emit, invalid, personOf } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command } from '#security';
import { z } from 'zod';
import { requireToken } from '../authority.ts';
import { stageChanged } from '../events.ts';
import { type CoursePlan, planOfBlocks, planProblems } from '../stages/plan.ts';
import { recoveryBlockOf } from '../stages/source.ts';
import { type CourseRow, insertCourse, liveCourse } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';
import { adoptDataChecks } from '../stages/data.ts';

export interface StartCourseInput {
  incidentId: string;
  /** The block `recovery` of the format, written by hand; absent: the newest run's playbook gives it. */
  plan?: unknown;
  title?: string | undefined;
}

export const startCourse = command(
  'recovery.startCourse',
  { allow: 'responder', subject: (_input: StartCourseInput, row: CourseRow) => row.id },
  async (ctx: Ctx, input: StartCourseInput): Promise<CourseRow> => {
    const incident = await incidentById(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    if (!incident.active) throw conflict(`${incident.key} is ${incident.phase}`, 'recovery.incident_active');
    await requireToken(ctx, incident.id, 'approve_reversible');
    if (await liveCourse(ctx.db, incident.id))
      throw conflict(
        `${incident.key} is already being recovered by stages`,
        'recovery.stages.live',
        'Go on with that one, or end it first.',
      );
    const source = input.plan === undefined ? await recoveryBlockOf(ctx, incident.id) : null;
    if (input.plan === undefined && !source)
      throw conflict(
        'No playbook of this incident says how to recover by stages',
        'recovery.stages.none',
        'Write the stages by hand.',
      );
    const plan = readPlan(input.plan ?? source!.recovery, source?.rollback, source?.origins ?? []);
    const course = await insertCourse(ctx, {
      incidentId: incident.id,
      runId: source?.runId ?? null,
      title: input.title ?? source?.title ?? 'Recovery by stages',
      plan,
      startedBy: personOf(ctx.actor) ?? ctx.actor.id,
      startedByName: ctx.actor.name,
      exercise: incident.exercise,
    });
    await adoptDataChecks(ctx, course);
    ctx.audit.after = { stages: plan.stages.map((one) => one.id), signoffs: plan.signoffs };
    const names = plan.stages.map((one) => one.title).join(', ');
    await appendTimeline(ctx, incident.id, {
      kind: 'recovery',
      text: `Recovery by stages begins: ${names}${plan.signoffs.length > 0 ? `; before the last one ${plan.signoffs.map((one) => one.lane).join(' and ')} sign` : ''}`,
    });
    await emit(
      ctx,
      stageChanged,
      {
        incidentId: incident.id,
        courseId: course.id,
        stageId: null,
        what: 'changed',
        passed: 0,
        total: plan.stages.length,
      },
      { subject: course.id, incident: incident.id },
    );
    await wakeCourse(ctx, course.id);
    return course;
  },
);

/** Reads the blocks strictly: configuration that leads nowhere is refused with its place. */
function readPlan(recovery: unknown, rollback: unknown, origins: Parameters<typeof planOfBlocks>[2]): CoursePlan {
  let plan: CoursePlan;
  try {
    plan = planOfBlocks(recovery, rollback, origins);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw wrong(error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })));
  }
  const problems = planProblems(plan);
  if (plan.checks.length === 0)
    problems.push({ path: 'health_checks', message: 'a stage needs something that shows it holds: add a check' });
  for (const [index, check] of plan.checks.entries())
    for (const [field, text] of [
      ['pass', check.pass],
      ['fail', check.fail],
    ] as const) {
      const bad = text === null ? null : checkCel(text);
      if (bad) problems.push({ path: `health_checks.${index}.${field}`, message: bad.message });
    }
  if (problems.length > 0) throw wrong(problems);
  return plan;
}

const wrong = (errors: { path: string; message: string }[]) =>
  invalid('These stages cannot be used', 'recovery.stages.plan', errors.slice(0, 20));
