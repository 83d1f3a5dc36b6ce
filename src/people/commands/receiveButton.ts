/** Somebody pressed the button of a page in Slack: takes it for the person whose proven member ID it is. */
import { claimCallback, noteCallback, replaceSlackButton } from '#channels';
import { enqueue, isId } from '#kernel';
import { command } from '#security';
import { pageById } from '../page-queries.ts';
import { answerOwnProof } from '../proofs/answering.ts';
import { take } from './receiveReply.ts';

export interface ReceiveButton {
  key: string;
  slackUserId: string;
  pageId: string;
  at: { channel: string; ts: string };
}

/** Returns what was done. The button is replaced by what has become of the page, later, by a job. */
export const receiveButton = command(
  'people.receiveButton',
  { allow: 'internal', subject: (input: ReceiveButton) => input.pageId },
  async (ctx, input): Promise<{ did: string }> => {
    ctx.audit.skip = true;
    if (!(await claimCallback(ctx, input.key, 'slack'))) return { did: 'replayed' };
    const method = await ctx.db
      .selectFrom('people.contactMethods')
      .select('userId')
      .where('kind', '=', 'slack')
      .where('value', '=', input.slackUserId)
      .where('verifiedAt', 'is not', null)
      .executeTakeFirst();
    if (!method) {
      await noteCallback(ctx, input.key, 'unknown');
      return { did: 'nothing: the member ID is nobody’s' };
    }
    if (isId('prf', input.pageId)) {
      const said = await answerOwnProof(ctx, input.pageId, method.userId, 'Slack');
      await enqueue(ctx, replaceSlackButton, { ...input.at, text: said });
      return { did: said };
    }
    const did = await take(ctx, method.userId, input.pageId, 'Slack');
    const { title, acknowledgedBy, state } = await pageById(ctx, input.pageId);
    const who = state === 'acknowledged' ? `${acknowledgedBy?.name ?? 'Somebody'} has it` : did;
    await enqueue(ctx, replaceSlackButton, { ...input.at, text: `${title}\n\n${who}` });
    return { did };
  },
);
