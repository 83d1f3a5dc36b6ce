/** HTTP to vetoes, overrides, dry runs and what the engine remembers. */
import { endpoints } from '#contract/playbooks';
import { type Ctx, notFound, route } from '#kernel';
import { incidentById } from '#incidents';
import type { ReadBack } from '../actions/contract.ts';
import { knownAction } from '../actions/proposal.ts';
import { type Prepared, type Proposal, proposalOf } from '../actions/propose.ts';
import { connectorOf } from '../actions/registry.ts';
import { dryRun } from '../commands/dryRun.ts';
import { endOverride } from '../commands/endOverride.ts';
import { forceAction } from '../commands/forceAction.ts';
import { forgetBad } from '../commands/forgetBad.ts';
import { handBackRun } from '../commands/handBackRun.ts';
import { keepMeasure } from '../commands/keepMeasure.ts';
import { recordOutside } from '../commands/recordOutside.ts';
import { restoreAutonomy } from '../commands/restoreAutonomy.ts';
import { secondOverride } from '../commands/secondOverride.ts';
import { takeOverRun } from '../commands/takeOverRun.ts';
import { vetoAction } from '../commands/vetoAction.ts';
import { playbookJsonSchema } from '../format/json-schema.ts';
import { incidentFacts } from '../incident.ts';
import { refresh, scopeOf } from '../probes/observe.ts';
import { stepOf } from '../runs/model.ts';
import { stepById } from '../store.ts';

const moved = ({ id, state }: { id: string; state: string }) => ({ id, state });

export const overrideRoutes = [
  route(endpoints.vetoAction, async ({ ctx, params, body }) =>
    moved(await vetoAction(ctx, { actionRunId: params.id, ...body })),
  ),
  route(endpoints.forceAction, async ({ ctx, params, body }) => {
    const row = await forceAction(ctx, { actionRunId: params.id, ...body });
    return { overrideId: row.id, waitsForSecond: row.secondNeeded };
  }),
  route(endpoints.secondOverride, ({ ctx, params }) => secondOverride(ctx, { overrideId: params.id })),
  route(endpoints.endOverride, ({ ctx, params }) => endOverride(ctx, { overrideId: params.id })),
  route(endpoints.takeOverRun, ({ ctx, params, body }) => takeOverRun(ctx, { runId: params.id, ...body })),
  route(endpoints.handBackRun, ({ ctx, params }) => handBackRun(ctx, { runId: params.id })),
  route(endpoints.keepMeasure, async ({ ctx, params, body }) =>
    moved(await keepMeasure(ctx, { actionRunId: params.id, ...body })),
  ),
  route(endpoints.recordOutside, async ({ ctx, params, body }) => {
    const { at, ...rest } = body;
    const read = await lookAt(ctx, params.id, rest);
    const input = { incidentId: params.id, ...rest, read, ...(at && { at: new Date(at) }) };
    return moved(await recordOutside(ctx, input));
  }),
  route(endpoints.previewStep, async ({ ctx, params }) => {
    const row = await stepById(ctx.db, params.id);
    if (!row) throw notFound('Step', params.id);
    const scope = await scopeOf(ctx, row.runId);
    const step = stepOf(scope.playbook, row.stepId);
    if (step.type !== 'action') throw notFound('Action step', params.id);
    const proposal = proposalOf(scope, row, step);
    await refresh(ctx, scope, proposal.conditions);
    return previewOf(await dryRun(ctx, { proposal }));
  }),
  route(endpoints.previewAction, async ({ ctx, params, body }) =>
    previewOf(await dryRun(ctx, { proposal: await freely(ctx, params.id, body) })),
  ),
  route(endpoints.memory, ({ ctx }) => memoryView(ctx)),
  route(endpoints.forgetBad, ({ ctx, params, body }) => forgetBad(ctx, { id: params.id, ...body })),
  route(endpoints.restoreAutonomy, ({ ctx, params, body }) => restoreAutonomy(ctx, { id: params.id, ...body })),
  route(endpoints.schema, async () => playbookJsonSchema()),
];

type Free = { action: string; with: Record<string, unknown> };

/** An action outside a playbook, as it would be proposed. */
async function freely(ctx: Ctx, incidentId: string, { action, with: params }: Free): Promise<Proposal> {
  const known = connectorOf(action);
  const proposal: Proposal = {
    incident: await incidentFacts(ctx, incidentId),
    scope: null,
    stepRun: null,
    action,
    title: known?.kind.title ?? action,
    params,
    wanted: {
      autonomy: 'approve',
      riskClass: known?.kind.risk ?? 'irreversible',
      customerVisible: false,
      verifyExpr: null,
      verifyWithinSeconds: 30,
      timeoutSeconds: 30,
      onFailure: 'needs_human',
    },
    manual: known?.kind.manual(params) ?? 'Do it by hand.',
    conditions: [],
    approvals: [],
    reason: null,
    ownKey: undefined,
  };
  knownAction(proposal);
  return proposal;
}

/** What the target says now; outside any transaction. Its state in the plan counts too. */
async function lookAt(ctx: Ctx, incidentId: string, given: Free): Promise<ReadBack> {
  const known = connectorOf(given.action);
  if (!known) return 'unreadable';
  const incident = await incidentFacts(ctx, incidentId);
  const face = incident.exercise ? known.connector.simulator : known.connector.real;
  const call = {
    actionRunId: '',
    action: given.action,
    title: known.kind.title,
    params: given.with,
    incident: { id: incident.id, key: incident.key, serviceIds: incident.services.map((one) => one.id) },
    key: 'outside',
    fence: 0,
    timeoutMs: 10_000,
  };
  return face.read(ctx, call).catch((): ReadBack => 'unreadable');
}

const previewOf = ({ proposal, candidate, decided }: Prepared) => ({
  title: proposal.title,
  target: candidate.target,
  effect: candidate.plan?.effect ?? 'Nobody can say: its connector is not able to act.',
  undo: candidate.plan?.undo ?? '',
  noop: decided.noop,
  autonomy: decided.autonomy,
  impact: candidate.impact,
  checks: decided.results,
  refused: decided.refused.length > 0,
});

async function memoryView(ctx: Ctx) {
  const [bad, drops] = await Promise.all([
    ctx.db
      .selectFrom('playbooks.knownBad')
      .selectAll()
      .where('forgottenAt', 'is', null)
      .where('exercise', '=', false)
      .orderBy('at', 'desc')
      .limit(200)
      .execute(),
    ctx.db
      .selectFrom('playbooks.autonomyDrops')
      .selectAll()
      .where('restoredAt', 'is', null)
      .where('exercise', '=', false)
      .orderBy('at', 'desc')
      .limit(200)
      .execute(),
  ]);
  const readable = await Promise.all(bad.map(async (row) => ({ row, incident: await seen(ctx, row.incidentId) })));
  return {
    knownBad: readable.flatMap(({ row, incident }) =>
      incident
        ? [
            {
              id: row.id,
              action: row.action,
              target: row.target,
              symptom: row.symptom,
              incidentKey: incident.key,
              at: row.at.toISOString(),
            },
          ]
        : [],
    ),
    drops: drops.map(({ id, action, target, reason, at }) => ({ id, action, target, reason, at: at.toISOString() })),
  };
}

/** The incident, unless it is hidden from the reader. */
const seen = (ctx: Ctx, id: string) => incidentById(ctx, id).catch(() => null);
