/** HTTP ↔ commands and queries of recovery. */
import { endpoints } from '#contract/recovery';
import { notFound, route } from '#kernel';
import { incidentById } from '#incidents';
import { may, systemActor } from '#security';
import { mayLoosen } from './authority.ts';
import { addCriterion } from './commands/addCriterion.ts';
import { removeCriterion } from './commands/removeCriterion.ts';
import { setSoak } from './commands/setSoak.ts';
import { sampleOnce } from './jobs.ts';
import { criterionViews, recoveryOf } from './queries.ts';
import { planById, planOf } from './store.ts';

export const routes = [
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
