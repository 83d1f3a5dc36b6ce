/** Small joints between an action and its step, its incident and the people to call. */

import { currentRoles } from '#incidents';
import { type Ctx, config } from '#kernel';
import { startPage } from '#people';
import type { StepState } from '../runs/model.ts';
import { setStep, stepById } from '../store.ts';
import type { ActionRow } from './store.ts';

/** Moves the step that an action belongs to, if any, and lets the run go on. */
export async function moveStepOf(ctx: Ctx, row: ActionRow, state: StepState, note?: string): Promise<void> {
  const step = row.stepRunId ? await stepById(ctx.db, row.stepRunId) : undefined;
  if (step) await setStep(ctx, step, { state, ...(note !== undefined && { note }) });
}

/** When in doubt, tell a human: calls the operations lead, else the commander, else who asked for the action. */
export async function callHuman(ctx: Ctx, row: ActionRow, message: string): Promise<void> {
  const roles = await currentRoles(ctx, row.incidentId);
  const asker = row.requestedBy.startsWith('usr_') ? row.requestedBy : undefined;
  const userId = roles.operations_lead ?? roles.incident_commander ?? asker;
  if (!userId) return;
  await startPage(ctx, {
    subject: { kind: 'incident', id: row.incidentId },
    title: `Needs you: ${row.title}`,
    body: `${message}\n\nBy hand: ${row.manual ?? 'see the playbook'}`,
    urgency: 'high',
    userId,
    incidentId: row.incidentId,
    link: `${config.publicUrl}/incidents/${row.incidentId}`,
  });
}
