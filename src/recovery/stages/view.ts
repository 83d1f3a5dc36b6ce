/** Recovery by stages as screens and the API show it: a staircase with what holds it, and the risks that remain. */
import type { Ctx } from '#kernel';
import { incidentById } from '#incidents';
import { holds, mayLoosen } from '../authority.ts';
import { fingerprint, progress } from './model.ts';
import { recoveryBlockOf } from './source.ts';
import { actionOf } from './shift.ts';
import {
  acknowledged,
  type AnalysisRow,
  analysesOfStages,
  type CourseRow,
  coursesOf,
  failuresOf,
  type KnownBadRow,
  scansOf,
  signoffsOf,
  type StageRow,
  stagesOf,
} from './store.ts';

export async function stagesView(ctx: Ctx, incidentIdOrKey: string) {
  const incident = await incidentById(ctx, incidentIdOrKey);
  const [courses, source] = await Promise.all([coursesOf(ctx.db, incident.id), recoveryBlockOf(ctx, incident.id)]);
  const shown = courses.find((one) => one.state !== 'aborted') ?? courses[0];
  const may = {
    start: incident.active && (await holds(ctx, incident.id, 'approve_reversible')),
    loosen: incident.active && (await mayLoosen(ctx, incident.id)),
  };
  return {
    course: shown ? await courseView(ctx, shown) : null,
    offered: source ? { title: source.title, stages: (source.recovery as { stages: unknown[] }).stages.length } : null,
    scans: (await scansOf(ctx.db, incident.id)).map(({ at, ...scan }) => ({ ...scan, at: at.toISOString() })),
    may,
  };
}

export async function courseView(ctx: Ctx, course: CourseRow) {
  const [stages, signoffs, seen] = await Promise.all([
    stagesOf(ctx.db, course.id),
    signoffsOf(ctx.db, course.id),
    acknowledged(ctx.db, course.id),
  ]);
  const analyses = await analysesOfStages(ctx.db, stages);
  const keys = course.plan.stages.map((one) => (one.shift ? fingerprint(one).key : ''));
  const known = await failuresOf(ctx, keys.filter(Boolean), course.exercise);
  return {
    id: course.id,
    incidentId: course.incidentId,
    title: course.title,
    state: course.state,
    pausedReason: course.pausedReason,
    holds: course.holds,
    progress: progress(stages, course.state),
    noReturnPassed: course.noReturnAt !== null,
    risks: risksOf(course, stages, signoffs),
    startedBy: { id: course.startedBy, name: course.startedByName },
    startedAt: course.startedAt.toISOString(),
    endedAt: course.endedAt?.toISOString() ?? null,
    stages: await Promise.all(
      stages.map((stage) =>
        stageView(
          ctx,
          course,
          stage,
          analyses.filter((one) => one.stageId === stage.id),
          known.filter((one) => one.fingerprint === keys[stage.position] && !seen.has(one.id)),
        ),
      ),
    ),
    signoffs: signoffs.map(({ at, courseId: _courseId, incidentId: _incidentId, exercise: _exercise, ...one }) => ({
      ...one,
      at: at?.toISOString() ?? null,
    })),
    exercise: course.exercise,
  };
}

async function stageView(ctx: Ctx, course: CourseRow, stage: StageRow, analyses: AnalysisRow[], known: KnownBadRow[]) {
  const plan = course.plan.stages[stage.position]!;
  const part = stage.state === 'analysing' || !analyses.some((one) => one.part === 'soak') ? 'analysis' : 'soak';
  const action = stage.actionRunId ? await actionOf(ctx, stage.actionRunId) : undefined;
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  return {
    stageId: stage.stageId,
    title: plan.title,
    state: stage.state,
    current: course.position === stage.position && course.state !== 'completed',
    shift: plan.shift
      ? {
          text: `${plan.shift.kind.replaceAll('_', ' ')} to ${plan.shift.to}`,
          byHand: plan.shift.action === null,
          manual: plan.shift.manual,
        }
      : null,
    action: action ? { id: action.id, title: action.title, state: action.state } : null,
    soakSeconds: plan.soakSeconds,
    gate: plan.gate,
    gateBy: stage.gateByName,
    noReturn: plan.noReturn,
    enteredAt: iso(stage.enteredAt),
    until: iso(stage.until),
    passedAt: iso(stage.passedAt),
    attempt: stage.attempt,
    failures: stage.failures,
    symptom: stage.symptom,
    knownBad: known[0]
      ? { symptom: known[0].symptom, at: known[0].at.toISOString(), incidentId: known[0].incidentId }
      : null,
    checks: analyses
      .filter((one) => one.part === part)
      .map((one) => ({
        id: one.checkId,
        title: course.plan.checks.find(({ id }) => id === one.checkId)?.title ?? one.checkId,
        target: one.target,
        state: one.state,
        passes: one.passes,
        fails: one.fails,
        inconclusives: one.inconclusives,
        errors: one.errors,
        wanted: part === 'analysis' ? plan.analysis.count : null,
        last: one.lastSample,
        detail: one.lastDetail,
        at: iso(one.lastAt),
      })),
  };
}

/** What may still go wrong, in words: the same list stands in the console and in the draft for customers (M52). */
export function risksOf(course: CourseRow, stages: StageRow[], signoffs: { state: string; lane: string }[]): string[] {
  if (course.state === 'completed') return [];
  const { passed, total } = progress(stages, course.state);
  const risks: string[] = [];
  if (course.state === 'paused') risks.push('The return to full service is on hold while we look at what we saw.');
  if (course.state === 'rolling_back') risks.push('A step did not hold and is being taken back.');
  if (passed < total)
    risks.push(`${total - passed} of ${total} steps are still to come; a step that does not hold is taken back.`);
  if (stages.some((one) => one.failures > 0)) risks.push('A step failed before and is tried again with care.');
  if (course.plan.dataChecks.length > 0) risks.push('Data is compared before we call it done.');
  if (signoffs.some((one) => one.state === 'open')) risks.push('Independent checks of the repair are not finished.');
  return risks;
}
