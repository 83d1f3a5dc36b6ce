/** Somebody wrote to the app in Slack: “ack” takes the only page that waits for them, a code the page it names. */
import { claimCallback, noteCallback } from '#channels';
import { command } from '#security';
import { answerTest } from '../proofs/answering.ts';
import { readReply } from '../replies.ts';
import { answer, tell } from './receiveReply.ts';

export interface ReceiveSlackText {
  /** Names this event; the same one again changes nothing. */
  key: string;
  slackUserId: string;
  text: string;
}

/** Returns what was done. Members whose ID is nobody's get no answer. */
export const receiveSlackText = command(
  'people.receiveSlackText',
  { allow: 'internal', subject: (input: ReceiveSlackText) => input.key },
  async (ctx, { key, slackUserId, text }): Promise<{ did: string }> => {
    ctx.audit.skip = true;
    if (!(await claimCallback(ctx, key, 'slack'))) return { did: 'replayed' };
    const method = await ctx.db
      .selectFrom('people.contactMethods')
      .selectAll()
      .where('kind', '=', 'slack')
      .where('value', '=', slackUserId)
      .where('verifiedAt', 'is not', null)
      .executeTakeFirst();
    if (!method) {
      await noteCallback(ctx, key, 'unknown');
      return { did: 'nothing: the member ID is nobody’s' };
    }
    const reply = readReply(text);
    const did =
      reply.kind === 'test'
        ? await answerTest(ctx, 'slack', [method], reply.number)
        : await answer(ctx, [method.userId], reply, 'Slack');
    await tell(ctx, { key, userId: method.userId, channel: 'slack', to: slackUserId }, did);
    return { did };
  },
);
