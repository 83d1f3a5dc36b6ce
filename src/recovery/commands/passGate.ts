/** Lets a stage that holds go on: whoever has the role the stage names, or the commander. */
import { conflict, type Ctx, notFound, personOf, Problem } from '#kernel';
import { appendTimeline, currentRoles } from '#incidents';
import { command } from '#security';
import { mayLoosen } from '../authority.ts';
import { announce } from '../stages/say.ts';
import { lockCourse, saveStage, stagesOf } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface PassGateInput {
  courseId: string;
  stageId: string;
}

export const passGate = command(
  'recovery.passGate',
  { allow: 'responder', subject: ({ courseId }: PassGateInput) => courseId },
  async (ctx: Ctx, { courseId, stageId }: PassGateInput): Promise<void> => {
    const course = await lockCourse(ctx.db, courseId);
    const stage = course && (await stagesOf(ctx.db, courseId)).find((one) => one.stageId === stageId);
    if (!course || !stage) throw notFound('Stage', stageId);
    ctx.exercise = course.exercise;
    ctx.audit.incident = course.incidentId;
    const { gate, title } = course.plan.stages[stage.position]!;
    if (!gate || course.state !== 'staging' || stage.state !== 'gate')
      throw conflict(
        `${title} does not wait for anybody`,
        'recovery.stages.gate',
        `It is ${stage.state.replaceAll('_', ' ')}.`,
      );
    const person = personOf(ctx.actor);
    const roles: Record<string, string | undefined> = await currentRoles(ctx, course.incidentId);
    if (ctx.actor.kind !== 'system' && roles[gate] !== person && !(await mayLoosen(ctx, course.incidentId)))
      throw new Problem(403, `This gate is opened by the ${gate.replaceAll('_', ' ')} or the commander`, {
        rule: 'recovery.authority.gate',
      });
    await saveStage(ctx, stage.id, { gateBy: person ?? ctx.actor.id, gateByName: ctx.actor.name, gateAt: ctx.now });
    await appendTimeline(ctx, course.incidentId, {
      kind: 'recovery',
      text: `${title}: ${ctx.actor.name} lets it go on`,
    });
    await announce(ctx, course, stage, 'changed');
    await wakeCourse(ctx, courseId);
    ctx.audit.after = { stage: stageId, gate };
  },
);
