/** What recovery does when modules below announce something. */
import { type Ctx, reaction } from '#kernel';
import {
  incidentClosed,
  incidentDeclared,
  incidentDismissed,
  incidentMerged,
  incidentRelapsed,
  incidentRestored,
  phaseChanged,
  severityChanged,
} from '#incidents';
import { runStarted } from '#playbooks';
import { adoptReadiness } from './commands/adoptReadiness.ts';
import { endPlan } from './commands/endPlan.ts';
import { judgeReadiness } from './commands/judgeReadiness.ts';
import { openPlan } from './commands/openPlan.ts';
import { planOf } from './store.ts';
import { wakeSampler } from './timer.ts';

/** The phase or the gates changed: judge what is known, and sample at once. */
async function lookAgain(ctx: Ctx, incidentId: string): Promise<void> {
  const plan = await planOf(ctx.db, incidentId);
  if (!plan || plan.state === 'ended') return;
  await judgeReadiness(ctx, { planId: plan.id, sampledBefore: plan.sampledAt });
  await wakeSampler(ctx, plan.id);
}

export const reactions = [
  reaction('recovery.onIncidentDeclared', incidentDeclared, (ctx, { incidentId }) => openPlan(ctx, { incidentId })),
  reaction('recovery.onIncidentRelapsed', incidentRelapsed, (ctx, { incidentId }) => openPlan(ctx, { incidentId })),
  reaction('recovery.onRunStarted', runStarted, (ctx, { incidentId, runId }) =>
    adoptReadiness(ctx, { incidentId, runId }),
  ),
  reaction('recovery.onPhaseChanged', phaseChanged, (ctx, { incidentId }) => lookAgain(ctx, incidentId)),
  reaction('recovery.onSeverityChanged', severityChanged, (ctx, { incidentId }) => lookAgain(ctx, incidentId)),
  reaction('recovery.onIncidentRestored', incidentRestored, (ctx, { incidentId }) => endPlan(ctx, { incidentId })),
  reaction('recovery.onIncidentClosed', incidentClosed, (ctx, { incidentId }) => endPlan(ctx, { incidentId })),
  reaction('recovery.onIncidentDismissed', incidentDismissed, (ctx, { incidentId }) => endPlan(ctx, { incidentId })),
  reaction('recovery.onIncidentMerged', incidentMerged, (ctx, { incidentId }) => endPlan(ctx, { incidentId })),
];
