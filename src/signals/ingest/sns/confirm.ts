/** Confirms a subscription by calling the address that AWS sent, which was checked to be AWS's. */
import { defineJob, egressFetch } from '#kernel';
import { z } from 'zod';
import { isAmazonUrl } from './verify.ts';

export const confirmSubscription = defineJob(
  'signals.confirmSns',
  z.object({ url: z.string() }),
  async (ctx, { url }) => {
    if (!isAmazonUrl(url)) throw new Error('Not an address of Amazon SNS');
    const answer = await egressFetch(ctx, url, { purpose: 'confirmation of an SNS subscription' });
    if (answer.status >= 300) throw new Error(`AWS answered ${answer.status} to the confirmation`);
  },
);
