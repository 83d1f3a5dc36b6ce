/** HTTP ↔ learning's commands and queries. */
import { endpoints as at } from '#contract/learning';
import { incidentById } from '#incidents';
import { route } from '#kernel';
import { amendAction } from './actions/commands/amendAction.ts';
import { completeAction } from './actions/commands/completeAction.ts';
import { confirmAction } from './actions/commands/confirmAction.ts';
import { proposeAction } from './actions/commands/proposeAction.ts';
import { rejectAction } from './actions/commands/rejectAction.ts';
import { startAction } from './actions/commands/startAction.ts';
import { type ActionType, actionTypes, strengths } from './actions/model.ts';
import { actionById, countActions, listActions } from './actions/queries.ts';
import { metricsOf } from './metrics/queries.ts';
import { assignReview } from './reviews/commands/assignReview.ts';
import { editReview } from './reviews/commands/editReview.ts';
import { finishReview } from './reviews/commands/finishReview.ts';
import { requestReview } from './reviews/commands/requestReview.ts';
import { listReviews, reviewById, reviewSummary } from './reviews/queries.ts';
import { type FindingKind, findingKinds, sectionNames, sections } from './reviews/sections.ts';
import { factorCodes, factorGroups, factors, triggerCodes, triggers } from './taxonomy.ts';

const date = (text: string | null | undefined) => (text ? new Date(text) : text === null ? null : undefined);

const words = () => ({
  triggers: triggerCodes.map((code) => ({ code, label: triggers[code] })),
  factors: factorCodes.map((code) => ({ code, label: factors[code].label, group: factorGroups[factors[code].group] })),
  sections: sectionNames.map((name) => ({ name, ...sections[name] })),
  findings: (Object.keys(findingKinds) as FindingKind[]).map((kind) => ({ kind, ...findingKinds[kind] })),
  actionTypes: (Object.keys(actionTypes) as ActionType[]).map((type) => ({ type, label: actionTypes[type] })),
  strengths: Object.entries(strengths).map(([strength, label]) => ({ strength: Number(strength), label })),
});

export const routes = [
  route(at.taxonomy, async () => words()),
  route(at.listReviews, async ({ ctx, query }) => {
    if (!query.incidentId) return listReviews(ctx, query);
    const incident = await incidentById(ctx, query.incidentId);
    return listReviews(ctx, { ...query, incidentId: incident.id });
  }),
  route(at.getReview, async ({ ctx, params }) => reviewById(ctx, params.id)),
  route(at.requestReview, async ({ ctx, body }) => requestReview(ctx, body)),
  route(at.assignReview, async ({ ctx, params, body }) => {
    const { meetingAt, dueAt, ...rest } = body;
    await assignReview(ctx, { id: params.id, ...rest, meetingAt: date(meetingAt), dueAt: date(dueAt) ?? undefined });
    return reviewSummary(ctx, params.id);
  }),
  route(at.editReview, async ({ ctx, params, body }) => {
    await editReview(ctx, { id: params.id, ...body });
    return reviewById(ctx, params.id);
  }),
  route(at.finishReview, async ({ ctx, params }) => {
    await finishReview(ctx, { id: params.id });
    return reviewById(ctx, params.id);
  }),
  route(at.listActions, async ({ ctx, query }) => listActions(ctx, { ...query, mine: query.mine === 'true' })),
  route(at.getAction, async ({ ctx, params }) => actionById(ctx, params.id)),
  route(at.proposeAction, async ({ ctx, body }) => actionById(ctx, (await proposeAction(ctx, body)).id)),
  route(at.confirmAction, async ({ ctx, params, body }) => {
    await confirmAction(ctx, { id: params.id, ...body });
    return actionById(ctx, params.id);
  }),
  route(at.rejectAction, async ({ ctx, params, body }) => {
    await rejectAction(ctx, { id: params.id, reason: body.reason });
    return actionById(ctx, params.id);
  }),
  route(at.startAction, async ({ ctx, params }) => {
    await startAction(ctx, { id: params.id });
    return actionById(ctx, params.id);
  }),
  route(at.completeAction, async ({ ctx, params, body }) => {
    await completeAction(ctx, { id: params.id, note: body.note });
    return actionById(ctx, params.id);
  }),
  route(at.amendAction, async ({ ctx, params, body }) => {
    await amendAction(ctx, { id: params.id, ...body });
    return actionById(ctx, params.id);
  }),
  route(at.metrics, async ({ ctx, query }) => ({
    ...(await metricsOf(ctx, { ...query, from: date(query.from) ?? undefined, to: date(query.to) ?? undefined })),
    actions: await countActions(ctx),
  })),
];
