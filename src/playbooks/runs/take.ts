/** A step has become the next: the engine passes over it when its condition is false, waits, or proposes its action (autonomy above `approve`, or `suggest`). */
import { z } from 'zod';
import { addMs, type Ctx, defineJob, Problem } from '#kernel';
import { holderOfStep } from '../actions/store.ts';
import { conditionsOf } from '../actions/proposal.ts';
import { wakeTaker } from '../actions/timers.ts';
import { passStep } from '../commands/passStep.ts';
import { proposeStep } from '../commands/proposeStep.ts';
import { contextOf, judge, refresh, type Scope, scopeOf } from '../probes/observe.ts';
import { stepById, stepsOfRun } from '../store.ts';
import { isOver, nextStep, stepOf } from './model.ts';
import { pauseFor } from '../safeguards/store.ts';

/** How long the engine waits before it looks at a step again that cannot go on yet. */
const AGAIN_MS = 10_000;

export const takeStep = defineJob(
  'playbooks.takeStep',
  z.object({ stepRunId: z.string() }),
  async (ctx, { stepRunId }) => {
    const row = await stepById(ctx.db, stepRunId);
    if (!row || isOver(row.state)) return;
    const inner: Ctx = { ...ctx, exercise: row.exercise };
    const scope = await scopeOf(inner, row.runId);
    if (scope.run.state !== 'active' || !scope.incident.active || scope.run.control === 'human') return;
    if (nextStep(await stepsOfRun(ctx.db, row.runId))?.id !== stepRunId) return;
    const step = stepOf(scope.playbook, row.stepId);
    if (step.if && (await verdictOf(inner, scope, [step.if])) === 'false') {
      await passStep(inner, { stepRunId, why: `its condition is false: ${step.if}` });
      return;
    }
    if (step.type === 'wait') return void (await passStep(inner, { stepRunId, why: 'waited' }));
    if (step.type !== 'action' || !['suggest', 'veto', 'auto'].includes(step.autonomy)) return;
    const again = () => wakeTaker(inner, stepRunId, addMs(ctx.now, AGAIN_MS));
    if (await holderOfStep(ctx.db, stepRunId)) return again();
    const paused = await pauseFor(
      ctx.db,
      scope.incident.services.map((one) => one.id),
    );
    if (paused || (await verdictOf(inner, scope, conditionsOf(step))) !== 'true') return again();
    await proposeStep(inner, { stepRunId }).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      ctx.log.warn({ step: row.stepId, error: error.message }, 'the engine could not propose a step');
    });
    return again();
  },
);

/** All true; one false; else unknown. On fresh readings. */
async function verdictOf(ctx: Ctx, scope: Scope, conditions: string[]): Promise<'true' | 'false' | 'unknown'> {
  if (conditions.length === 0) return 'true';
  await refresh(ctx, scope, conditions);
  const context = await contextOf(ctx, scope);
  const found = await Promise.all(conditions.map((one) => judge(ctx, scope, one, context)));
  if (found.every((one) => one.verdict === 'true')) return 'true';
  return found.some((one) => one.verdict === 'false') ? 'false' : 'unknown';
}
