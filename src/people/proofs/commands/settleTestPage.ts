/** Writes down how the message of a test page fared; one that cannot be delivered has failed. */
import { command } from '#security';
import { tellScreens } from '../../saving.ts';

export interface SettleTestPage {
  proofId: string;
  state: 'delivered' | 'failed';
  error?: string | undefined;
}

/** Safe to repeat; an answered test stays answered. */
export const settleTestPage = command(
  'people.settleTestPage',
  { allow: 'internal', subject: (input: SettleTestPage) => input.proofId },
  async (ctx, { proofId, state, error }) => {
    ctx.audit.skip = true;
    const fields =
      state === 'delivered'
        ? { deliveredAt: ctx.now }
        : { state: 'failed' as const, settledAt: ctx.now, error: (error ?? 'it could not be delivered').slice(0, 500) };
    const row = await ctx.db
      .updateTable('people.proofs')
      .set(fields)
      .where('id', '=', proofId)
      .where('state', '=', 'waiting')
      .returning('userId')
      .executeTakeFirst();
    if (row) await tellScreens(ctx, 'proof', row.userId);
    return {};
  },
);
