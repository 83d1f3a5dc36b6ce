/** What every command on a step begins and ends with. */
import { type Ctx, conflict, emit, notFound } from '#kernel';
import { stepChanged } from '../events.ts';
import type { Step } from '../format/schema.ts';
import { type Scope, scopeOf } from '../probes/observe.ts';
import { lockStep, type StepRow } from '../store.ts';
import { isOver, stepOf } from './model.ts';

/** A step of an active run, locked, with what its playbook says. The context becomes a drill's when the run is one. */
export async function openStep(ctx: Ctx, stepRunId: string): Promise<{ row: StepRow; step: Step; scope: Scope }> {
  const row = await lockStep(ctx.db, stepRunId);
  if (!row) throw notFound('Step', stepRunId);
  const scope = await scopeOf(ctx, row.runId);
  ctx.exercise = row.exercise;
  ctx.audit.subject = row.id;
  ctx.audit.incident = row.incidentId;
  if (scope.run.state !== 'active') throw conflict(`This run is ${scope.run.state}`, 'playbooks.run.active');
  if (!scope.incident.active)
    throw conflict(`${scope.incident.key} is ${scope.incident.phase}`, 'playbooks.run.incident_active');
  return { row, step: stepOf(scope.playbook, row.stepId), scope };
}

/** Refuses a step that is already over or in the hands of the engine. */
export function mustBeOpen(row: StepRow): void {
  if (isOver(row.state)) throw conflict(`This step is already ${row.state}`, 'playbooks.step.over');
  if (row.kind === 'action' && (row.state === 'running' || row.state === 'waiting_approval')) {
    throw conflict(
      'An action of this step is under way',
      'playbooks.step.action',
      'Wait for it, cancel the proposal, or record how it ended.',
    );
  }
}

export const announceStep = (ctx: Ctx, row: StepRow, state: string): Promise<void> =>
  emit(
    ctx,
    stepChanged,
    { runId: row.runId, incidentId: row.incidentId, stepRunId: row.id, state },
    { subject: row.id, incident: row.incidentId },
  );
