/** What came of a post on a network: where it stands, or why it failed and when it is tried again. */
import { sql } from '#kernel';
import { command } from '#security';

export interface SettlePostInput {
  revisionId: string;
  channel: string;
  outcome: { remoteId: string; url: string } | { error: string };
  nextTryAt: string | null;
}

export const settlePost = command(
  'comms.settlePost',
  { allow: 'internal', subject: (input: SettlePostInput) => input.revisionId },
  async (ctx, { revisionId, channel, outcome, nextTryAt }): Promise<void> => {
    const posted = 'remoteId' in outcome;
    await ctx.db
      .updateTable('comms.posts')
      .set({
        state: posted ? 'posted' : nextTryAt ? 'waiting' : 'failed',
        tries: sql<number>`tries + 1`,
        nextTryAt: nextTryAt ? new Date(nextTryAt) : null,
        error: posted ? null : outcome.error.slice(0, 300),
        ...(posted && { remoteId: outcome.remoteId, url: outcome.url, postedAt: ctx.now }),
      })
      .where('revisionId', '=', revisionId)
      .where('channel', '=', channel as 'mastodon')
      .where('state', '=', 'waiting')
      .execute();
    ctx.audit.after = { channel, posted };
  },
);
