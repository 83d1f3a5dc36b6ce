/** First click on an action step: preview it, check it, ask for approval. */
import { type Ctx, conflict, personOf } from '#kernel';
import { command } from '#security';
import { proposalOf, propose } from '../actions/propose.ts';
import type { ActionRow } from '../actions/store.ts';
import { openStep } from '../runs/step.ts';

export const proposeStep = command(
  'playbooks.proposeStep',
  { allow: 'responder' },
  async (ctx: Ctx, { stepRunId }: { stepRunId: string }): Promise<ActionRow> => {
    const { row, step, scope } = await openStep(ctx, stepRunId);
    if (step.type !== 'action') throw conflict('This step is not an action', 'playbooks.step.kind');
    if (row.state === 'done') throw conflict('This step is already done', 'playbooks.step.over');
    const action = await propose(ctx, {
      ...proposalOf(scope, row, step),
      automatic: personOf(ctx.actor) === undefined,
    });
    ctx.audit.after = { action: action.id, state: action.state };
    return action;
  },
);
