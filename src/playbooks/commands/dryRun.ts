/** A dry run: plan, blast radius and all checks, written down as a preview. Nothing is sent, and nothing waits. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { keepPreview } from '../actions/memory.ts';
import { type Prepared, prepare, type Proposal } from '../actions/propose.ts';

export const dryRun = command(
  'playbooks.dryRun',
  { allow: 'responder', subject: ({ proposal }: { proposal: Proposal }) => proposal.incident.id },
  async (ctx: Ctx, { proposal }): Promise<Prepared> => {
    ctx.exercise = proposal.incident.exercise;
    ctx.audit.incident = proposal.incident.id;
    const prepared = await prepare(ctx, proposal);
    const { candidate, decided } = prepared;
    ctx.audit.after = { action: proposal.action, refused: decided.refused.map((one) => one.rule) };
    if (!candidate.plan || !candidate.impact) return prepared;
    await keepPreview(ctx, {
      incidentId: proposal.incident.id,
      runId: proposal.scope?.run.id ?? null,
      stepId: proposal.stepRun?.stepId ?? null,
      action: proposal.action,
      target: candidate.target,
      intentHash: candidate.intentHash,
      plan: candidate.plan,
      impact: candidate.impact,
      checks: decided.results,
      by: ctx.actor.id,
      byName: ctx.actor.name,
      exercise: proposal.incident.exercise,
    });
    return prepared;
  },
);
