/** One click by anyone on duty: from the moment this returns, the engine starts nothing any more. */
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { automationPaused } from '../events.ts';
import { currentPause, insertPause, type PauseRow, passPauseDoor } from '../safeguards/store.ts';

export const pauseAutomation = command(
  'playbooks.pauseAutomation',
  {
    allow: 'responder',
    subject: (_input: { reason: string }, row: PauseRow) => row.id,
  },
  async (ctx: Ctx, { reason }): Promise<PauseRow> => {
    ctx.audit.reason = reason;
    await passPauseDoor(ctx.db, 'pause');
    if (await insertPause(ctx, reason)) await emit(ctx, automationPaused, { reason }, { subject: 'automation' });
    return (await currentPause(ctx.db))!;
  },
);
