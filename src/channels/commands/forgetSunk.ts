/** Forgets the deliveries that ended in the sink: the watchdog makes two a minute, and its trips are kept elsewhere. */
import { command } from '#security';

/** Returns how many. */
export const forgetSunk = command(
  'channels.forgetSunk',
  { allow: 'internal' },
  async (ctx, input: { ref: string }): Promise<{ forgotten: number }> => {
    ctx.audit.skip = true;
    const done = await ctx.db
      .deleteFrom('channels.deliveries')
      .where('channel', '=', 'sink')
      .where('ref', '=', input.ref)
      // One that is being sent belongs to its sender.
      .where('state', 'in', ['delivered', 'failed', 'withdrawn', 'undeliverable'])
      .executeTakeFirst();
    return { forgotten: Number(done.numDeletedRows) };
  },
);
