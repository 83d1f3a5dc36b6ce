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
import { actionEffective, actionFailed, actionNeedsHuman, actionUndone, runStarted } from '#playbooks';
import { adoptReadiness } from './commands/adoptReadiness.ts';
import { beginWatch } from './commands/beginWatch.ts';
import { closeUpSoon } from './closing/jobs.ts';
import { endPlan } from './commands/endPlan.ts';
import { judgeReadiness } from './commands/judgeReadiness.ts';
import { openPlan } from './commands/openPlan.ts';
import { liveCourse } from './stages/store.ts';
import { wakeCourse } from './stages/timer.ts';
import { planOf } from './store.ts';
import { wakeSampler } from './timer.ts';

/** The phase or the gates changed: judge what is known, and sample at once. */
async function lookAgain(ctx: Ctx, incidentId: string): Promise<void> {
  await wake(ctx, incidentId);
  const plan = await planOf(ctx.db, incidentId);
  if (!plan || plan.state === 'ended') return;
  await judgeReadiness(ctx, { planId: plan.id, sampledBefore: plan.sampledAt });
  await wakeSampler(ctx, plan.id);
}

/** The action of a stage, or its incident, has moved: the course looks at once. */
async function wake(ctx: Ctx, incidentId: string): Promise<void> {
  const course = await liveCourse(ctx.db, incidentId);
  if (course) await wakeCourse({ ...ctx, exercise: course.exercise }, course.id);
}

async function finish(ctx: Ctx, incidentId: string): Promise<void> {
  await endPlan(ctx, { incidentId });
  await wake(ctx, incidentId);
}

async function afterRestored(ctx: Ctx, incidentId: string): Promise<void> {
  await finish(ctx, incidentId);
  await beginWatch(ctx, { incidentId });
  await closeUpSoon(ctx, incidentId);
}

async function afterRelapse(ctx: Ctx, incidentId: string): Promise<void> {
  await openPlan(ctx, { incidentId });
  await beginWatch(ctx, { incidentId, relapsed: true });
}

export const reactions = [
  reaction('recovery.onIncidentDeclared', incidentDeclared, (ctx, { incidentId }) => openPlan(ctx, { incidentId })),
  reaction('recovery.onIncidentRelapsed', incidentRelapsed, (ctx, { incidentId }) => afterRelapse(ctx, incidentId)),
  reaction('recovery.onRunStarted', runStarted, (ctx, { incidentId, runId }) =>
    adoptReadiness(ctx, { incidentId, runId }),
  ),
  reaction('recovery.onPhaseChanged', phaseChanged, (ctx, { incidentId }) => lookAgain(ctx, incidentId)),
  reaction('recovery.onSeverityChanged', severityChanged, (ctx, { incidentId }) => lookAgain(ctx, incidentId)),
  reaction('recovery.onIncidentRestored', incidentRestored, (ctx, { incidentId }) => afterRestored(ctx, incidentId)),
  reaction('recovery.onIncidentClosed', incidentClosed, (ctx, { incidentId }) => finish(ctx, incidentId)),
  reaction('recovery.onIncidentDismissed', incidentDismissed, (ctx, { incidentId }) => finish(ctx, incidentId)),
  reaction('recovery.onIncidentMerged', incidentMerged, (ctx, { incidentId }) => finish(ctx, incidentId)),
  reaction('recovery.onActionEffective', actionEffective, (ctx, { incidentId }) => wake(ctx, incidentId)),
  reaction('recovery.onActionFailed', actionFailed, (ctx, { incidentId }) => wake(ctx, incidentId)),
  reaction('recovery.onActionNeedsHuman', actionNeedsHuman, (ctx, { incidentId }) => wake(ctx, incidentId)),
  reaction('recovery.onActionUndone', actionUndone, (ctx, { incidentId }) => wake(ctx, incidentId)),
];
