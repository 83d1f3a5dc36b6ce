/** Takes back every message about something that has not gone out yet: an answered page need not ring again. */
import { command } from '#security';
import { unscheduleDelivery } from '../timers.ts';
import { withdrawDeliveries } from '../store.ts';

/** Returns how many were still waiting. One that is on its way right now may still arrive, but is not tried again. */
export const withdraw = command(
  'channels.withdraw',
  { allow: 'internal', subject: (input: { ref: string; reason: string }) => input.ref },
  async (ctx, { ref, reason }) => {
    const ids = await withdrawDeliveries(ctx.db, ref, ctx.now, reason);
    for (const id of ids) await unscheduleDelivery(ctx, id);
    ctx.audit.after = { withdrawn: ids.length };
    return { withdrawn: ids.length };
  },
);
