/** Registers a browser that has asked for push. */
import { conflict, emit, newId } from '#kernel';
import { command } from '#security';
import { recipientGone } from '../events.ts';
import { liveOf, readBrowser, sealedBrowser } from '../push/subscriptions.ts';

export interface RegisterBrowser {
  /** What the browser gave out, as JSON. */
  typed: string;
  owner: string;
}

/**
 * Returns what push goes to, and the name of the browser. A browser belongs to one person: whoever asks last has it, and
 * who had it before is told. Throws 422 for what is no subscription, 409 when the asking person has it already.
 */
export const registerBrowser = command(
  'channels.registerBrowser',
  {
    allow: 'internal',
    subject: (_input: RegisterBrowser, result: { id: string; shown: string }) => result.id,
  },
  async (ctx, { typed, owner }) => {
    const browser = readBrowser(typed);
    const known = await liveOf(ctx, browser.endpoint);
    if (known?.owner === owner)
      throw conflict('This browser is among your contact methods already', 'channels.push.twice');
    if (known) {
      const reason = 'somebody else switched push on in this browser';
      await ctx.db
        .updateTable('channels.pushSubscriptions')
        .set({ endedAt: ctx.now, endedReason: reason })
        .where('id', '=', known.id)
        .execute();
      await emit(ctx, recipientGone, { channel: 'push', recipient: known.id, reason }, { subject: known.id });
    }
    const id = newId('psh');
    await ctx.db
      .insertInto('channels.pushSubscriptions')
      .values({ id, owner, ...sealedBrowser(id, browser), createdAt: ctx.now })
      .execute();
    ctx.audit.after = { owner, browser: browser.browser };
    return { id, shown: browser.browser };
  },
);
