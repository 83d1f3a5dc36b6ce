/** A browser has changed its address: the new one takes the place of the old one, for whoever knows the old one's secret. */
import { sameText } from '#kernel';
import { command } from '#security';
import { liveOf, openBrowser, readBrowser, sealedBrowser } from '../push/subscriptions.ts';

export interface RenewBrowser {
  /** The old subscription's address and shared secret: known to the browser and to us. */
  endpoint: string;
  auth: string;
  /** The new subscription, as JSON. */
  typed: string;
}

/** Returns whether it was renewed. The contact method stays proven: it is the same browser. */
export const renewBrowser = command(
  'channels.renewBrowser',
  { allow: 'internal', subject: (_input: RenewBrowser, result: { id: string | null }) => result.id ?? undefined },
  async (ctx, { endpoint, auth, typed }): Promise<{ id: string | null }> => {
    const browser = readBrowser(typed);
    const known = await liveOf(ctx, endpoint);
    if (!known || !sameText(openBrowser(known).keys.auth, auth)) {
      ctx.audit.skip = true;
      return { id: null };
    }
    // Somebody's living browser is not taken over by this way.
    const taken = await liveOf(ctx, browser.endpoint);
    if (taken && taken.id !== known.id) return { id: null };
    await ctx.db
      .updateTable('channels.pushSubscriptions')
      .set(sealedBrowser(known.id, browser))
      .where('id', '=', known.id)
      .execute();
    return { id: known.id };
  },
);
