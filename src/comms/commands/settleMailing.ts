/** A subscriber's mail was delivered or has failed for good: proof of delivery per recipient. */
import { command } from '#security';

export interface SettleMailingInput {
  deliveryId: string;
  state: 'delivered' | 'failed';
  error?: string | undefined;
}

export const settleMailing = command(
  'comms.settleMailing',
  {
    allow: 'internal',
    subject: (input: SettleMailingInput) => input.deliveryId,
  },
  async (ctx, input): Promise<void> => {
    await ctx.db
      .updateTable('comms.mailings')
      .set({ state: input.state, error: input.error ?? null })
      .where('deliveryId', '=', input.deliveryId)
      .execute();
  },
);
