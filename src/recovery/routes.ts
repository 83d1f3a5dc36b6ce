/** HTTP ↔ commands and queries of recovery. */
import { endpoints } from '#contract/recovery';
import { endpoints as staged } from '#contract/recovery-stages';
import { type Ctx, notFound, route } from '#kernel';
import { incidentById } from '#incidents';
import { may, systemActor } from '#security';
import { mayLoosen } from './authority.ts';
import { addCriterion } from './commands/addCriterion.ts';
import { removeCriterion } from './commands/removeCriterion.ts';
import { setSoak } from './commands/setSoak.ts';
import { acknowledgeFailure } from './commands/acknowledgeFailure.ts';
import { confirmShift } from './commands/confirmShift.ts';
import { endCourse } from './commands/endCourse.ts';
import { passGate } from './commands/passGate.ts';
import { pauseCourse } from './commands/pauseCourse.ts';
import { reportScan } from './commands/reportScan.ts';
import { resumeCourse } from './commands/resumeCourse.ts';
import { rollBackCourse } from './commands/rollBackCourse.ts';
import { settleLeftover } from './commands/settleLeftover.ts';
import { sign } from './commands/sign.ts';
import { startCourse } from './commands/startCourse.ts';
import { closingView } from './closing/view.ts';
import { sampleOnce } from './jobs.ts';
import { criterionViews, recoveryOf } from './queries.ts';
import { courseById } from './stages/store.ts';
import { courseView, stagesView } from './stages/view.ts';
import { planById, planOf } from './store.ts';

const readiness = [
  route(endpoints.get, async ({ ctx, params }) => {
    const incident = await incidentById(ctx, params.id);
    const may_ = {
      add: incident.active && may(ctx.actor, 'recovery.addCriterion'),
      loosen: incident.active && (await mayLoosen(ctx, incident.id)),
    };
    return { plan: await recoveryOf(ctx, incident.id), may: may_ };
  }),
  route(endpoints.addCriterion, async ({ ctx, params, body }) => {
    const row = await addCriterion(ctx, { incidentId: params.id, ...body });
    return (await criterionViews(ctx, [row], null))[0];
  }),
  route(endpoints.removeCriterion, async ({ ctx, params, body }) => {
    await removeCriterion(ctx, { criterionId: params.id, ...body });
    return { removed: true as const };
  }),
  route(endpoints.setSoak, ({ ctx, params, body }) => setSoak(ctx, { incidentId: params.id, ...body })),
  route(endpoints.sampleNow, async ({ ctx, params }) => {
    const incident = await incidentById(ctx, params.id);
    const plan = await planOf(ctx.db, incident.id);
    if (!plan) throw notFound('Recovery plan of incident', incident.key);
    // Asking is a person's; measuring and what follows from it is the product's.
    const judged = await sampleOnce({ ...ctx, actor: systemActor('recovery.sample') }, plan.id);
    const after = (await planById(ctx.db, plan.id))!;
    return { state: after.state, reasons: judged?.reasons ?? [] };
  }),
];

const one = async (ctx: Ctx, courseId: string) => courseView(ctx, (await courseById(ctx.db, courseId))!);

const stages = [
  route(staged.stages, ({ ctx, params }) => stagesView(ctx, params.id)),
  route(staged.startCourse, async ({ ctx, params, body }) =>
    one(ctx, (await startCourse(ctx, { incidentId: params.id, ...body })).id),
  ),
  route(staged.confirmShift, async ({ ctx, params, body }) => {
    await confirmShift(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.passGate, async ({ ctx, params, body }) => {
    await passGate(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.acknowledgeFailure, async ({ ctx, params, body }) => {
    await acknowledgeFailure(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.pauseCourse, async ({ ctx, params, body }) => {
    await pauseCourse(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.resumeCourse, async ({ ctx, params, body }) => {
    await resumeCourse(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.rollBackCourse, async ({ ctx, params, body }) => {
    await rollBackCourse(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.endCourse, async ({ ctx, params, body }) => {
    await endCourse(ctx, { courseId: params.id, ...body });
    return one(ctx, params.id);
  }),
  route(staged.sign, async ({ ctx, params, body }) => {
    const { at, ...row } = await sign(ctx, { signoffId: params.id, ...body });
    return { ...row, at: at?.toISOString() ?? null };
  }),
  route(staged.reportScan, async ({ ctx, params, body }) => {
    const { at, ...row } = await reportScan(ctx, { incidentId: params.id, ...body });
    return { ...row, at: at.toISOString() };
  }),
];

const closing = [
  route(staged.closing, ({ ctx, params }) => closingView(ctx, params.id)),
  route(staged.settleLeftover, async ({ ctx, params, body }) => {
    await settleLeftover(ctx, { incidentId: params.id, ...body });
    return closingView(ctx, params.id);
  }),
];

export const routes = [...readiness, ...stages, ...closing];
