/** A person looked at the target and says how an unclear action ended. */

import { appendTimeline } from '#incidents';
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { authorityFor } from '../actions/model.ts';
import { refOf } from '../actions/propose.ts';
import { moveStepOf } from '../actions/steps.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { requireToken } from '../authority.ts';
import { advanceRun } from '../runs/advance.ts';

export interface RecordOutcomeInput {
  actionRunId: string;
  outcome: 'effective' | 'failed' | 'undone';
  note: string;
}

const stepAfter = {
  effective: 'done',
  failed: 'failed',
  undone: 'skipped',
} as const;

export const recordOutcome = command(
  'playbooks.recordOutcome',
  {
    allow: 'responder',
    subject: ({ actionRunId }: RecordOutcomeInput) => actionRunId,
  },
  async (ctx: Ctx, { actionRunId, outcome, note }: RecordOutcomeInput): Promise<ActionRow> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) throw notFound('Action', actionRunId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    await requireToken(ctx, row.incidentId, authorityFor(row.riskClass));
    if (row.state !== 'needs_human')
      throw conflict(
        `This action is ${row.state}`,
        'playbooks.action.outcome',
        'Only one that needs a human takes an outcome.',
      );
    const times = outcome === 'undone' ? { undoneAt: ctx.now } : {};
    const saved = await moveAction(ctx, row, outcome, {
      ...times,
      endedAt: row.endedAt ?? ctx.now,
      outcomeBy: ctx.actor.id,
      outcomeNote: note,
    });
    await moveStepOf(ctx, row, stepAfter[outcome], note);
    ctx.audit.after = { state: outcome, note };
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: ${ctx.actor.name} looked and says it is ${outcome}. ${note}`,
      refs: [refOf(row)],
    });
    if (row.runId) await advanceRun(ctx, row.runId);
    return saved;
  },
);
