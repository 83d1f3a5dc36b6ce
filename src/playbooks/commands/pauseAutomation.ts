/** One click by anyone on duty: from the moment this returns, the engine starts nothing any more. */
import { serviceById } from '#catalog';
import { type Ctx, emit, notFound } from '#kernel';
import { command } from '#security';
import { automationPaused } from '../events.ts';
import { insertPause, openPauses, type PauseRow, passPauseDoor } from '../safeguards/store.ts';

export const pauseAutomation = command(
  'playbooks.pauseAutomation',
  {
    allow: 'responder',
    subject: (_input: { reason: string; serviceId?: string | undefined }, row: PauseRow) => row.id,
  },
  async (ctx: Ctx, { reason, serviceId = null }): Promise<PauseRow> => {
    if (serviceId !== null && !(await serviceById(ctx, serviceId))) throw notFound('Service', serviceId);
    ctx.audit.reason = reason;
    await passPauseDoor(ctx.db, 'pause');
    if (await insertPause(ctx, reason, serviceId))
      await emit(ctx, automationPaused, { reason }, { subject: 'automation' });
    return (await openPauses(ctx.db)).find((one) => one.serviceId === serviceId)!;
  },
);
