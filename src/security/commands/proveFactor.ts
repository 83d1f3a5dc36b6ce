/** A person proves their second factor in the session they are in; for five minutes they may then say yes where it is asked for. */
import { personOf, Problem } from '#kernel';
import { command } from '../command.ts';
import { type Taken, takeCode } from '../factor/store.ts';

/** Answers with the verdict, so that a wrong guess is committed and counted. */
export const proveFactor = command(
  'security.proveFactor',
  { allow: 'signed_in' },
  async (ctx, input: { code: string; sessionId?: string | undefined }): Promise<{ taken: Taken }> => {
    const { sessionId } = input;
    if (!sessionId)
      throw new Problem(403, 'Only a signed-in person can prove a second factor', {
        rule: 'security.second_factor_session',
      });
    const id = personOf(ctx.actor) ?? '';
    const taken = await takeCode(ctx, id, input.code);
    if (taken === 'taken')
      await ctx.db
        .updateTable('security.sessions')
        .set({ provenAt: ctx.now })
        .where('id', '=', sessionId)
        .where('userId', '=', id)
        .execute();
    ctx.audit.subject = id;
    ctx.audit.after = { code: taken };
    return { taken };
  },
);
