/** Once an hour: is the digest of the week that is over due? */
import { addMs, defineJob } from '#kernel';
import { z } from 'zod';
import { sendHiddenDigest } from './commands/sendHiddenDigest.ts';
import { WEEK_MS } from './model.ts';
import { forgetHidden } from './store.ts';

/** What was hidden can be looked up for so long. */
const KEPT_MS = 26 * WEEK_MS;

export const digestHidden = defineJob(
  'signals.digestHidden',
  z.object({}),
  async (ctx) => {
    await sendHiddenDigest(ctx, {});
    await forgetHidden(ctx, addMs(ctx.now, -KEPT_MS));
  },
  { every: 3_600_000 },
);
