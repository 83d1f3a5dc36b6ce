/** Small joints between an action and its step, its incident and the people to call. */

import { servicesByIds } from '#catalog';
import { currentRoles } from '#incidents';
import { incidentFacts } from '../incident.ts';
import { type Ctx, config } from '#kernel';
import { startPage } from '#people';
import type { StepState } from '../runs/model.ts';
import { scopeOf } from '../probes/observe.ts';
import { setStep, stepById } from '../store.ts';
import { dropAutonomy, rememberBad } from './memory.ts';
import type { ActionRow } from './store.ts';

/** Moves the step that an action belongs to, if any, and lets the run go on. */
export async function moveStepOf(ctx: Ctx, row: ActionRow, state: StepState, note?: string): Promise<void> {
  const step = row.stepRunId ? await stepById(ctx.db, row.stepRunId) : undefined;
  if (step) await setStep(ctx, step, { state, ...(note !== undefined && { note }) });
}

/** What did not work is remembered, and asks a person from now on (domain.md 4.2 and 4.7). */
export async function learnFrom(ctx: Ctx, row: ActionRow, symptom: string): Promise<void> {
  const approach = { action: row.action, target: row.target };
  const keeps = row.runId
    ? (await scopeOf(ctx, row.runId)).playbook.spec.rollback_plan?.known_bad_memory !== false
    : true;
  if (keeps)
    await rememberBad(ctx, {
      ...approach,
      intentHash: row.intentHash,
      params: row.params,
      symptom,
      incidentId: row.incidentId,
      actionRunId: row.id,
    });
  await dropAutonomy(ctx, { ...approach, reason: symptom, actionRunId: row.id, exercise: row.exercise });
}

/** When in doubt, tell a human: calls the operations lead, else the commander, else who asked for the action. */
export async function callHuman(ctx: Ctx, row: ActionRow, message: string): Promise<void> {
  await askSomebody(ctx, row, {
    title: `Needs you: ${row.title}`,
    body: `${message}\n\nBy hand: ${row.manual ?? 'see the playbook'}`,
    urgency: 'high',
  });
}

/** Pages the operations lead, else the commander, else who asked for the action. */
export async function askSomebody(
  ctx: Ctx,
  row: ActionRow,
  page: { title: string; body: string; urgency: 'high' | 'low' },
): Promise<void> {
  const roles = await currentRoles(ctx, row.incidentId);
  const asker = row.requestedBy.startsWith('usr_') ? row.requestedBy : undefined;
  const userId = roles.operations_lead ?? roles.incident_commander ?? asker;
  const [service] = [
    ...(
      await servicesByIds(
        ctx,
        (await incidentFacts(ctx, row.incidentId)).services.map((one) => one.id),
      )
    ).values(),
  ];
  await startPage(ctx, {
    subject: { kind: 'incident', id: row.incidentId },
    ...page,
    // Nobody has a role yet: whoever is on call for the service, else the emergency contact.
    ...(userId ? { userId } : { policyId: service?.policyId ?? undefined, teamId: service?.teamId ?? undefined }),
    incidentId: row.incidentId,
    link: `${config.publicUrl}/incidents/${row.incidentId}`,
  });
}
