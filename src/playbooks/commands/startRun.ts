/** Starts a playbook for an incident. Its approved version is pinned: later edits do not change a run under way. */

import { appendTimeline } from '#incidents';
import { type Ctx, conflict, emit, invalid, notFound } from '#kernel';
import { command } from '#security';
import { runStarted } from '../events.ts';
import { incidentFacts } from '../incident.ts';
import { approvedVersion, runsWith } from '../queries.ts';
import { advanceRun } from '../runs/advance.ts';
import { readInputs, stepsOf } from '../runs/model.ts';
import { insertRun } from '../store.ts';
import { groupsOf, settleByHand } from '../triage/store.ts';

export interface StartRunInput {
  incidentId: string;
  playbookId: string;
  inputs?: Record<string, unknown>;
}

export const startRun = command(
  'playbooks.startRun',
  {
    allow: 'responder',
    subject: (_input: StartRunInput, result: { runId: string }) => result.runId,
  },
  async (ctx: Ctx, input: StartRunInput): Promise<{ runId: string }> => {
    const incident = await incidentFacts(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    if (!incident.active)
      throw conflict(
        `${incident.key} is ${incident.phase}`,
        'playbooks.run.incident_active',
        'A playbook runs for an active incident.',
      );
    const version = await approvedVersion(ctx, input.playbookId);
    if (!version) throw notFound('Approved playbook', input.playbookId);
    const running = await runsWith(ctx, incident.id, input.playbookId);
    if (running)
      throw conflict(`${version.parsed.metadata.title} is already under way for ${incident.key}`, 'playbooks.run.once');
    const { inputs, errors } = readInputs(version.parsed, input.inputs ?? {});
    if (errors.length > 0) throw invalid('Some inputs of the playbook cannot be used', 'playbooks.run.inputs', errors);
    const steps = stepsOf(version.parsed).map(({ block, step }) => ({
      block,
      stepId: step.id,
      kind: step.type,
    }));
    const run = await insertRun(
      ctx,
      {
        incidentId: incident.id,
        versionId: version.id,
        inputs,
        startedBy: ctx.actor.id,
        exercise: incident.exercise,
      },
      steps,
    );
    const { title, version: number } = version.parsed.metadata;
    ctx.audit.after = {
      playbook: version.parsed.metadata.name,
      version: number,
      hash: version.hash,
      inputs,
    };
    await emit(
      ctx,
      runStarted,
      { runId: run.id, incidentId: incident.id, playbookId: input.playbookId },
      { subject: run.id, incident: incident.id },
    );
    await appendTimeline(ctx, incident.id, {
      kind: 'action',
      text: `Playbook "${title}" ${number} started`,
      refs: [{ kind: 'run', id: run.id, label: title }],
    });
    await settleByHand(
      ctx,
      { groupIds: await groupsOf(ctx, incident.id), incidentId: incident.id },
      'playbook',
      input.playbookId,
    );
    await advanceRun(ctx, run.id);
    return { runId: run.id };
  },
);
