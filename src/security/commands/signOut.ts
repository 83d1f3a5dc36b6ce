/** Ends the session the caller came with. */
import { command } from '../command.ts';

export const signOut = command(
  'security.signOut',
  { allow: 'signed_in' },
  async (ctx, input: { sessionId: string }) => {
    ctx.audit.subject = input.sessionId;
    await ctx.db
      .updateTable('security.sessions')
      .set({ revokedAt: ctx.now })
      .where('id', '=', input.sessionId)
      .where('revokedAt', 'is', null)
      .execute();
  },
);
