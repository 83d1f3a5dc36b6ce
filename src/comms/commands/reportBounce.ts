/** A mail service says that an address is gone, or that its reader complained: a complaint ends the mails at once. */
import { command } from '#security';
import { readAddress } from '../subscribers/model.ts';
import { addressHash } from '../subscribers/store.ts';
import { noteBounce } from './noteBounce.ts';

export interface ReportBounceInput {
  address: string;
  complaint: boolean;
  error: string;
}

/** An address nobody subscribed with is no error: the service need not know who is on the list. */
export const reportBounce = command(
  'comms.reportBounce',
  { allow: 'manager' },
  async (ctx, { address, complaint, error }: ReportBounceInput): Promise<void> => {
    const read = readAddress(address);
    const row =
      read &&
      (await ctx.db
        .selectFrom('comms.subscribers')
        .select('id')
        .where('addressHash', '=', addressHash(read.key))
        .executeTakeFirst());
    if (!row) return;
    ctx.audit.subject = row.id;
    await noteBounce(ctx, { subscriberId: row.id, error, complaint });
  },
);
