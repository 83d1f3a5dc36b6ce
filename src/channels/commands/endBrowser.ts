/** Ends a browser's push: nothing more is sent to it. */
import { emit } from '#kernel';
import { command } from '#security';
import { recipientGone } from '../events.ts';

export interface EndBrowser {
  id: string;
  reason: string;
  /** Whether those above are told; not when they asked for it. */
  tell: boolean;
}

/** Safe to repeat; only the first time is told. */
export const endBrowser = command(
  'channels.endBrowser',
  { allow: 'internal', subject: (input: EndBrowser) => input.id },
  async (ctx, { id, reason, tell }) => {
    // A drill's message may have found out, but the browser is gone for real ones too.
    ctx.exercise = false;
    const ended = await ctx.db
      .updateTable('channels.pushSubscriptions')
      .set({ endedAt: ctx.now, endedReason: reason })
      .where('id', '=', id)
      .where('endedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (ended && tell) await emit(ctx, recipientGone, { channel: 'push', recipient: id, reason }, { subject: id });
    ctx.audit.after = { ended: ended !== undefined, reason };
    return {};
  },
);
