/** A person did a step: a manual one, a decision, or an action done by hand outside the product. */

import { appendTimeline, declareContained, markContainmentStarted } from '#incidents';
import { type Ctx, conflict, invalid } from '#kernel';
import { command } from '#security';
import type { Step } from '../format/schema.ts';
import type { Scope } from '../probes/observe.ts';
import { advanceRun } from '../runs/advance.ts';
import { titleOf } from '../runs/model.ts';
import { announceStep, mustBeOpen, openStep } from '../runs/step.ts';
import { setStep } from '../store.ts';

export interface CompleteStepInput {
  stepRunId: string;
  note: string;
  choice?: string | undefined;
}

export const completeStep = command(
  'playbooks.completeStep',
  { allow: 'responder' },
  async (ctx: Ctx, { stepRunId, note, choice }: CompleteStepInput): Promise<{ stepRunId: string; state: string }> => {
    const { row, step, scope } = await openStep(ctx, stepRunId);
    mustBeOpen(row);
    needsNote(step, note);
    const chosen = step.type === 'decision' ? pick(scope, step.decision, choice) : null;
    const title = titleOf(scope.playbook, step);
    await setStep(ctx, row, {
      state: 'done',
      note: note || null,
      choice: chosen,
      doneBy: ctx.actor.id,
    });
    ctx.audit.after = { state: 'done', note, choice: chosen };
    const by = step.type === 'action' ? 'done by hand' : 'done';
    const text = `${title}: ${chosen ? `"${chosen}"` : by} by ${ctx.actor.name}${note ? `. ${note}` : ''}`;
    if (row.block === 'containment' && step.type === 'action')
      await markContainmentStarted(ctx, { incidentId: row.incidentId, text });
    else
      await appendTimeline(ctx, row.incidentId, {
        kind: chosen ? 'decision' : 'action',
        text,
      });
    if (step.type === 'check' && step.marks === 'contained')
      await declareContained(ctx, {
        incidentId: row.incidentId,
        evidence: note,
      });
    await announceStep(ctx, row, 'done');
    await advanceRun(ctx, row.runId);
    return { stepRunId, state: 'done' };
  },
);

function needsNote(step: Step, note: string): void {
  const because =
    step.type === 'action'
      ? 'say what you did at which target'
      : step.type === 'check'
        ? 'say what shows it'
        : step.type === 'manual' && step.evidence === 'required'
          ? 'this step asks for evidence'
          : null;
  if (because && !note)
    throw invalid(`A note is needed: ${because}`, 'playbooks.step.note', [{ path: 'note', message: because }]);
}

function pick(scope: Scope, decisionId: string, choice: string | undefined): string {
  const decision = scope.playbook.spec.decisions.find((one) => one.id === decisionId);
  const options = Object.keys(decision?.options ?? {});
  if (choice && options.includes(choice)) return choice;
  if (!decision) throw conflict('The playbook has no such decision', 'playbooks.step.decision');
  throw invalid(`Choose one of ${options.join(', ')}`, 'playbooks.step.choice', [
    { path: 'choice', message: 'required' },
  ]);
}
