/** Signs the caller out on another device. */
import { notFound, personOf } from '#kernel';
import { command } from '../command.ts';

export const revokeSession = command(
  'security.revokeSession',
  { allow: 'signed_in', subject: (i: { sessionId: string }) => i.sessionId },
  async (ctx, input: { sessionId: string }) => {
    const ended = await ctx.db
      .updateTable('security.sessions')
      .set({ revokedAt: ctx.now })
      .where('id', '=', input.sessionId)
      .where('userId', '=', personOf(ctx.actor) ?? '')
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!ended) throw notFound('Session', input.sessionId);
  },
);
