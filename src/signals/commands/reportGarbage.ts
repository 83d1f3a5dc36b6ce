/** Notes that somebody with a good key sends what cannot be used, and tells the owner at most once an hour. */
import { emit } from '#kernel';
import { command } from '#security';
import { integrationGarbage } from '../events.ts';
import { integrationOf, noteGarbage } from '../integrations/store.ts';

export interface ReportGarbage {
  integrationId: string;
  reason: string;
}

export const reportGarbage = command(
  'signals.reportGarbage',
  { allow: 'internal', subject: (input: ReportGarbage) => input.integrationId },
  async (ctx, { integrationId, reason }: ReportGarbage): Promise<void> => {
    // Counted on the integration; an audit entry for each would let a stranger fill the log.
    ctx.audit.skip = true;
    if (!(await noteGarbage(ctx, integrationId, reason, null))) return;
    const { name } = await integrationOf(ctx, integrationId);
    await emit(
      ctx,
      integrationGarbage,
      { integrationId, name, reason: reason.slice(0, 500), signalId: null },
      { subject: integrationId },
    );
  },
);
