/** Forgets what was kept only for a while: counters of attempts, addresses nobody confirmed. */
import { command } from '#security';

export interface SweepAttemptsInput {
  attemptsBefore: Date;
  pendingBefore: Date;
}

export const sweepAttempts = command(
  'comms.sweepAttempts',
  { allow: 'internal' },
  async (ctx, input: SweepAttemptsInput): Promise<void> => {
    await ctx.db.deleteFrom('comms.subscribeAttempts').where('hour', '<', input.attemptsBefore).execute();
    await ctx.db
      .deleteFrom('comms.subscribers')
      .where('state', '=', 'pending')
      .where('confirmSentAt', '<', input.pendingBefore)
      .execute();
  },
);
