/** What happens when a stage does not hold: remembered, and taken back in reverse order as far as there is a way back. */
import { addMs, type Ctx, emit } from '#kernel';
import { automationPause } from '#playbooks';
import { stageFailed } from '../events.ts';
import type { Standing } from './advance.ts';
import { afterFailure, fingerprint } from './model.ts';
import { announce, hold, pause, say, titleOf } from './say.ts';
import { actionOf } from './shift.ts';
import { type CourseRow, rememberFailure, saveCourse, saveStage, type StageRow } from './store.ts';

export async function failStage(ctx: Ctx, standing: Standing, stage: StageRow, symptom: string): Promise<void> {
  const { course, stages } = standing;
  const plan = course.plan.stages[stage.position]!;
  const failures = stage.failures + 1;
  await saveStage(ctx, stage.id, { state: 'failed', failures, symptom, until: null });
  const { approach, target, key } = fingerprint(plan);
  await rememberFailure(ctx, {
    incidentId: course.incidentId,
    courseId: course.id,
    stageId: stage.stageId,
    approach,
    target,
    parameters: { to: plan.shift?.to ?? null, ...plan.shift?.with },
    fingerprint: key,
    symptom,
    exercise: course.exercise,
  });
  const noReturnAt =
    stages.filter((one) => one.state === 'passed' && course.plan.stages[one.position]!.noReturn).at(-1)?.position ??
    null;
  const paused = await automationPause(ctx);
  const next = paused
    ? ({ do: 'pause', reason: `automation is paused (${paused}), so nothing is taken back by itself` } as const)
    : course.plan.onFailure === 'pause'
      ? ({ do: 'pause', reason: 'its plan asks for a person' } as const)
      : afterFailure({ position: stage.position, failures, noReturn: plan.noReturn }, noReturnAt);
  await say(ctx, course, stage, `${plan.title}: failed. ${symptom}`);
  await emit(
    ctx,
    stageFailed,
    { incidentId: course.incidentId, courseId: course.id, stageId: stage.stageId, symptom },
    { subject: course.id, incident: course.incidentId },
  );
  await announce(ctx, course, stage, 'failed');
  if (next.do === 'pause') return pause(ctx, course, `${plan.title}: ${next.reason}`);
  await saveCourse(ctx, course.id, { state: 'rolling_back', backTo: next.to, holds: [], steppedAt: ctx.now });
}

/** Takes stages back in reverse order until the one to return to stands last. */
export async function rollBack(ctx: Ctx, { course, stages }: Standing): Promise<void> {
  const back = course.backTo!;
  const top = stages.findLast((one) => one.position > back && undoes(one));
  if (!top) return rolledBack(ctx, course, stages, back);
  const { shift } = course.plan.stages[top.position]!;
  const action = top.actionRunId ? await actionOf(ctx, top.actionRunId) : undefined;
  const gone = action
    ? ['undone', 'refused', 'cancelled', 'expired', 'failed'].includes(action.state) || action.noop
    : !top.shiftedBy;
  if (!shift || gone) {
    await saveStage(ctx, top.id, { state: 'rolled_back', until: null, passedAt: null });
    await say(ctx, course, top, `${titleOf(course, top)}: taken back`);
    await announce(ctx, course, top, 'rolled_back');
    return hold(ctx, course, []);
  }
  if (action?.state === 'needs_human')
    return hold(ctx, course, [`${action.title} could not be taken back: look at the target and record how it ended`]);
  if (top.state !== 'undoing') await saveStage(ctx, top.id, { state: 'undoing', until: null });
  await hold(ctx, course, action ? [] : [`Take it back by hand: ${shift.kind.replaceAll('_', ' ')} ${shift.to}`]);
}

const undoes = (stage: StageRow): boolean => stage.state !== 'waiting' && stage.state !== 'rolled_back';

async function rolledBack(ctx: Ctx, course: CourseRow, stages: StageRow[], back: number): Promise<void> {
  const asked = course.pausedReason;
  const to = back >= 0 ? stages[back]! : null;
  await saveCourse(ctx, course.id, {
    backTo: null,
    holds: [],
    position: to ? back : null,
    state: asked ? 'paused' : to ? 'staging' : 'prerequisites',
    steppedAt: ctx.now,
  });
  if (!to) return;
  // Passed once is not good now: the stage returned to is looked at again.
  const again = await saveStage(ctx, to.id, {
    attempt: to.attempt + 1,
    state: 'delaying',
    until: addMs(ctx.now, course.plan.stages[back]!.analysis.delaySeconds * 1000),
    passedAt: null,
    gateAt: null,
    gateBy: null,
    gateByName: null,
  });
  await say(ctx, course, again, `Back at ${titleOf(course, again)}; it is checked again`);
  await announce(ctx, course, again, 'returned');
}
