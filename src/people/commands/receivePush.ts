/** Somebody pressed the button of a notice in their browser: takes the page it is about, once. */
import { claimCallback } from '#channels';
import { command } from '#security';
import { pageById } from '../page-queries.ts';
import { take } from './receiveReply.ts';

export interface ReceivePush {
  /** Names this notice's button; the same one again changes nothing and says how it stands. */
  key: string;
  pageId: string;
  userId: string;
}

/** Returns whether this person has the page now, and a sentence for them. */
export const receivePush = command(
  'people.receivePush',
  { allow: 'internal', subject: (input: ReceivePush) => input.pageId },
  async (ctx, { key, pageId, userId }): Promise<{ taken: boolean; text: string }> => {
    ctx.audit.skip = true;
    const first = await claimCallback(ctx, key, 'push');
    const said = first ? await take(ctx, userId, pageId, 'browser push') : undefined;
    const { acknowledgedBy, state } = await pageById(ctx, pageId);
    const taken = state === 'acknowledged' && acknowledgedBy?.id === userId;
    if (said) return { taken, text: said };
    if (taken) return { taken, text: 'You have this page already. Nobody else is being called.' };
    return { taken, text: acknowledgedBy ? `${acknowledgedBy.name} has this page.` : 'This button was used before.' };
  },
);
