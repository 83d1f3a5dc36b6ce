/** HTTP ↔ commands and queries of this module. */
import { endpoints } from '#contract/playbooks';
import { endpoints as outside } from '#contract/playbooks-systems';
import { type Ctx, notFound, Problem, route } from '#kernel';
import { systemActor } from '#security';
import { connectors } from './actions/registry.ts';
import { actionView } from './actions/view.ts';
import { allTargets, type WebhookTargetRow } from './actions/webhook/store.ts';
import { approveAction } from './commands/approveAction.ts';
import { approveVersion } from './commands/approveVersion.ts';
import { cancelAction } from './commands/cancelAction.ts';
import { cancelRun } from './commands/cancelRun.ts';
import { completeStep } from './commands/completeStep.ts';
import { endFreeze } from './commands/endFreeze.ts';
import { finishRunner } from './commands/finishRunner.ts';
import { pauseAutomation } from './commands/pauseAutomation.ts';
import { pollRunner } from './commands/pollRunner.ts';
import { reconcileMode } from './commands/reconcileMode.ts';
import { removeSystem } from './commands/removeSystem.ts';
import { reportQueue } from './commands/reportQueue.ts';
import { saveSystem } from './commands/saveSystem.ts';
import { proposeAction } from './commands/proposeAction.ts';
import { proposeStep } from './commands/proposeStep.ts';
import { recordCheck } from './commands/recordCheck.ts';
import { recordOutcome } from './commands/recordOutcome.ts';
import { refuseAction } from './commands/refuseAction.ts';
import { resumeAutomation } from './commands/resumeAutomation.ts';
import { saveFlag } from './commands/saveFlag.ts';
import { retirePlaybook } from './commands/retirePlaybook.ts';
import { savePlaybook } from './commands/savePlaybook.ts';
import { saveWebhookTarget } from './commands/saveWebhookTarget.ts';
import { setFlag } from './commands/setFlag.ts';
import { skipStep } from './commands/skipStep.ts';
import { startFreeze } from './commands/startFreeze.ts';
import { startRun } from './commands/startRun.ts';
import { undoAction } from './commands/undoAction.ts';
import { modeView, modeViews } from './degraded/view.ts';
import { checkSystem } from './systems/check.ts';
import { allSystems, systemById } from './systems/store.ts';
import { systemView } from './systems/view.ts';
import { evaluateAll, evaluateOne } from './flags/ofrep.ts';
import { flagViews } from './flags/view.ts';
import { outlineOf } from './format/outline.ts';
import { parsePlaybook } from './format/parse.ts';
import { libraryPlaybooks } from './library.ts';
import { refresh, scopeOf } from './probes/observe.ts';
import { listPlaybooks, playbookDetail, suggestionsFor, versionViews } from './queries.ts';
import { takeCheck } from './runs/check.ts';
import { stepOf } from './runs/model.ts';
import { containmentView } from './runs/view.ts';
import { askGate } from './safeguards/gate.ts';
import { automationView } from './overrides/automation.ts';
import { overrideRoutes } from './overrides/routes.ts';
import { freezeViews, viewsOf } from './safeguards/view.ts';
import { stepById, type VersionRow } from './store.ts';
import { routes as triageRoutes } from './triage/routes.ts';

const one = async (ctx: Ctx, version: VersionRow) => (await versionViews(ctx, [version]))[0]!;
const targetView = (row: WebhookTargetRow, secret?: string | null) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  url: row.url,
  readUrl: row.readUrl,
  ...(secret && { secret }),
});

const playbooks = [
  route(endpoints.list, ({ ctx, query }) => listPlaybooks(ctx, query)),
  route(endpoints.detail, ({ ctx, params }) => playbookDetail(ctx, params.id)),
  route(endpoints.validate, async ({ ctx, body }) => {
    const { playbook, problems } = parsePlaybook(body.source, ctx.now);
    const ok = playbook !== null && !problems.some((problem) => problem.level === 'error');
    return { ok, problems, outline: playbook && outlineOf(playbook) };
  }),
  route(endpoints.templates, async () => ({
    items: libraryPlaybooks().flatMap(({ source }) => {
      const { playbook } = parsePlaybook(source);
      return playbook ? [{ name: playbook.metadata.name, title: playbook.metadata.title, source }] : [];
    }),
  })),
  route(endpoints.retirePlaybook, async ({ ctx, params }) => await retirePlaybook(ctx, params)),
  route(endpoints.savePlaybook, async ({ ctx, body }) => one(ctx, await savePlaybook(ctx, body))),
  route(endpoints.approveVersion, async ({ ctx, params }) =>
    one(ctx, await approveVersion(ctx, { versionId: params.id })),
  ),
];

const runs = [
  route(endpoints.containment, ({ ctx, params }) => containmentView(ctx, params.id)),
  route(endpoints.suggested, async ({ ctx, params }) => ({
    items: await suggestionsFor(ctx, params.id),
  })),
  route(endpoints.startRun, ({ ctx, params, body }) => startRun(ctx, { incidentId: params.id, ...body })),
  route(endpoints.cancelRun, ({ ctx, params, body }) => cancelRun(ctx, { runId: params.id, ...body })),
  route(endpoints.completeStep, ({ ctx, params, body }) => completeStep(ctx, { stepRunId: params.id, ...body })),
  route(endpoints.skipStep, ({ ctx, params, body }) => skipStep(ctx, { stepRunId: params.id, ...body })),
  route(endpoints.checkStep, async ({ ctx, params }) => {
    // Reading goes to the network, so it happens before the transaction; the engine writes what was seen.
    const observed = await takeCheck(ctx, params.id);
    if (!observed)
      throw new Problem(409, 'This is no open check of a run under way', {
        rule: 'playbooks.step.check',
      });
    await recordCheck(
      { ...ctx, actor: systemActor('playbooks.check') },
      { stepRunId: params.id, observed, by: ctx.actor.id },
    );
    return { verdict: observed.verdict, detail: observed.detail };
  }),
];

const actions = [
  route(endpoints.proposeStep, async ({ ctx, params }) => {
    await readFirst(ctx, params.id);
    return actionView(ctx, await proposeStep(ctx, { stepRunId: params.id }));
  }),
  route(endpoints.proposeAction, async ({ ctx, params, body }) =>
    actionView(ctx, await proposeAction(ctx, { incidentId: params.id, ...body })),
  ),
  route(endpoints.approveAction, async ({ ctx, params, body }) =>
    actionView(ctx, await approveAction(ctx, { actionRunId: params.id, ...body })),
  ),
  route(endpoints.refuseAction, async ({ ctx, params, body }) =>
    actionView(ctx, await refuseAction(ctx, { actionRunId: params.id, ...body })),
  ),
  route(endpoints.cancelAction, async ({ ctx, params }) =>
    actionView(ctx, await cancelAction(ctx, { actionRunId: params.id })),
  ),
  route(endpoints.undoAction, async ({ ctx, params, body }) =>
    actionView(ctx, await undoAction(ctx, { actionRunId: params.id, ...body })),
  ),
  route(endpoints.recordOutcome, async ({ ctx, params, body }) =>
    actionView(ctx, await recordOutcome(ctx, { actionRunId: params.id, ...body })),
  ),
  route(endpoints.connectors, async ({ ctx }) => ({
    items: await Promise.all(
      connectors.map(async (connector) => {
        const { ok, detail } = await connector.health(ctx, null);
        const kinds = Object.entries(connector.actions).map(([name, kind]) => ({
          name,
          title: kind.title,
          params: kind.hint,
        }));
        return {
          name: connector.name,
          title: connector.title,
          healthy: ok,
          detail,
          actions: kinds,
        };
      }),
    ),
  })),
];

/** Preconditions are judged inside the command on stored readings; here they are taken, outside any transaction. */
async function readFirst(ctx: Ctx, stepRunId: string): Promise<void> {
  const row = await stepById(ctx.db, stepRunId);
  if (row?.kind !== 'action') return;
  const scope = await scopeOf(ctx, row.runId);
  const step = stepOf(scope.playbook, row.stepId);
  if (step.type === 'action') await refresh(ctx, scope, [...(step.if ? [step.if] : []), ...step.preconditions]);
}

const flags = [
  route(endpoints.flags, async ({ ctx }) => ({ items: await flagViews(ctx) })),
  route(endpoints.saveFlag, async ({ ctx, body }) => {
    const saved = await saveFlag(ctx, body);
    return (await flagViews(ctx)).find((flag) => flag.id === saved.id)!;
  }),
  route(endpoints.setFlag, async ({ ctx, params, body }) => {
    const saved = await setFlag(ctx, { key: params.key, ...body });
    return (await flagViews(ctx)).find((flag) => flag.id === saved.id)!;
  }),
  route(endpoints.webhookTargets, async ({ ctx }) => ({
    items: (await allTargets(ctx.db)).map((row) => targetView(row)),
  })),
  route(endpoints.saveWebhookTarget, async ({ ctx, body }) => {
    const { row, secret } = await saveWebhookTarget(ctx, body);
    return targetView(row, secret);
  }),
  evaluateOne,
  evaluateAll,
];

const safeguards = [
  route(endpoints.gate, ({ ctx, params, query }) => askGate(ctx, { service: params.service, ...query })),
  route(endpoints.freezes, async ({ ctx }) => ({
    items: await freezeViews(ctx, {}),
  })),
  route(
    endpoints.startFreeze,
    async ({ ctx, params, body }) =>
      (await viewsOf(ctx, [await startFreeze(ctx, { incidentId: params.id, ...body })]))[0],
  ),
  route(
    endpoints.endFreeze,
    async ({ ctx, params, body }) => (await viewsOf(ctx, [await endFreeze(ctx, { freezeId: params.id, ...body })]))[0],
  ),
  route(endpoints.automation, ({ ctx }) => automationView(ctx)),
  route(endpoints.pauseAutomation, async ({ ctx, body }) => ({
    paused: true as const,
    at: (await pauseAutomation(ctx, body)).pausedAt.toISOString(),
  })),
  route(endpoints.resumeAutomation, async ({ ctx, body }) => ({
    paused: false as const,
    at: (await resumeAutomation(ctx, body)).at.toISOString(),
  })),
];

const systems = [
  route(outside.systems, async ({ ctx }) => ({ items: (await allSystems(ctx.db)).map(systemView) })),
  route(outside.saveSystem, async ({ ctx, body }) => {
    const row = await saveSystem(ctx, {
      ...body,
      credentialExpiresAt: body.credentialExpiresAt ? new Date(body.credentialExpiresAt) : null,
    });
    await checkSystem(ctx, row);
    return systemView((await systemById(ctx.db, row.id))!);
  }),
  route(outside.removeSystem, async ({ ctx, params }) => {
    await removeSystem(ctx, { systemId: params.id });
    return { removed: true as const };
  }),
  route(outside.checkSystem, async ({ ctx, params }) => {
    const row = await systemById(ctx.db, params.id);
    if (!row || row.removedAt) throw notFound('System', params.id);
    await checkSystem(ctx, row);
    return systemView((await systemById(ctx.db, row.id))!);
  }),
  route(outside.pollRunner, async ({ ctx, body }) => {
    const job = await pollRunner(ctx, body);
    return { job: job && { id: job.id, command: job.command, args: job.args, fence: Number(job.fence) } };
  }),
  route(outside.finishRunner, ({ ctx, params, body }) => finishRunner(ctx, { jobId: params.id, ...body })),
  route(outside.degradedModes, async ({ ctx, params }) => ({ items: await modeViews(ctx, params.id) })),
  route(outside.reportQueue, ({ ctx, body }) => reportQueue(ctx, body)),
  route(outside.reconcileMode, async ({ ctx, params, body }) =>
    modeView(ctx, await reconcileMode(ctx, { modeId: params.id, ...body })),
  ),
];

export const routes = [
  ...triageRoutes,
  ...playbooks,
  ...runs,
  ...actions,
  ...flags,
  ...safeguards,
  ...overrideRoutes,
  ...systems,
];
