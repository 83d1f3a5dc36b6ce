/** Writes down what a check came to. True ends the step; one that marks `contained` declares the incident contained. */

import { appendTimeline, declareContained } from '#incidents';
import { type Ctx, Problem } from '#kernel';
import { command, systemActor } from '#security';
import { type Scope, scopeOf } from '../probes/observe.ts';
import { advanceRun } from '../runs/advance.ts';
import { type CheckObservation, isOver, stepOf, titleOf } from '../runs/model.ts';
import { announceStep } from '../runs/step.ts';
import { lockStep, type StepRow, setStep } from '../store.ts';

interface Input {
  stepRunId: string;
  observed: CheckObservation;
  /** The person who asked for it, if one did. */
  by?: string | undefined;
}

export const recordCheck = command(
  'playbooks.recordCheck',
  { allow: 'internal', subject: ({ stepRunId }: Input) => stepRunId },
  async (ctx: Ctx, { stepRunId, observed, by }: Input): Promise<void> => {
    const row = await lockStep(ctx.db, stepRunId);
    if (!row || isOver(row.state)) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.after = { verdict: observed.verdict };
    const scope = await scopeOf(ctx, row.runId);
    const step = stepOf(scope.playbook, row.stepId);
    if (step.type !== 'check' || scope.run.state !== 'active') return;
    if (observed.verdict !== 'true') {
      await setStep(ctx, row, { state: 'running', observed });
      if (row.observed?.verdict !== observed.verdict) await announceStep(ctx, row, 'running');
      return;
    }
    await setStep(ctx, row, {
      state: 'done',
      observed,
      doneBy: by ?? ctx.actor.id,
    });
    await announceStep(ctx, row, 'done');
    const title = titleOf(scope.playbook, step);
    const evidence = `${title}: ${step.expr}${readingsOf(observed)}`;
    if (step.marks === 'contained') await contain(ctx, row, scope, evidence);
    else
      await appendTimeline(ctx, row.incidentId, {
        kind: 'action',
        text: `Check true. ${evidence}`,
      });
    await advanceRun(ctx, row.runId);
  },
);

const readingsOf = (observed: CheckObservation): string =>
  observed.readings.length === 0
    ? ''
    : ` (${observed.readings.map((one) => `${one.probe} = ${JSON.stringify(one.value)}`).join(', ')})`;

/** By the check of an approved playbook: the guard "contained check true" of domain.md 2.3, so the engine declares it. */
async function contain(ctx: Ctx, row: StepRow, scope: Scope, evidence: string): Promise<void> {
  const phase = scope.incident.phase;
  if (phase !== 'detection' && phase !== 'containment') return;
  const engine = { ...ctx, actor: systemActor('playbooks.check') };
  try {
    await declareContained(engine, { incidentId: row.incidentId, evidence });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // A SEV1 without commander cannot leave detection; the check stays true and a person declares it.
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `Check true. ${evidence}. Not declared contained: ${error.message}`,
    });
  }
}
