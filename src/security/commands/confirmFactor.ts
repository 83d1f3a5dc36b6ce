/** Turns the second factor on with its first code, and tells the recovery codes, once. Other sessions end: they never proved it. */
import { personOf } from '#kernel';
import { command } from '../command.ts';
import { renewRecovery, type Taken, takeCode } from '../factor/store.ts';
import { endAccess } from '../store.ts';

/** Answers with the verdict, so that a wrong guess is committed and counted. */
export const confirmFactor = command(
  'security.confirmFactor',
  { allow: 'signed_in' },
  async (ctx, input: { code: string; sessionId?: string | undefined }): Promise<{ taken: Taken; codes: string[] }> => {
    const id = personOf(ctx.actor) ?? '';
    const taken = await takeCode(ctx, id, input.code, 'offered');
    ctx.audit.subject = id;
    ctx.audit.after = { secondFactor: taken === 'taken' ? 'on' : 'offered', code: taken };
    if (taken !== 'taken') return { taken, codes: [] };
    await ctx.db
      .updateTable('security.secondFactors')
      .set({ state: 'on', onSince: ctx.now })
      .where('userId', '=', id)
      .execute();
    await endAccess(ctx, id, input.sessionId ?? 'none');
    if (input.sessionId)
      await ctx.db
        .updateTable('security.sessions')
        .set({ provenAt: ctx.now })
        .where('id', '=', input.sessionId)
        .execute();
    return { taken, codes: await renewRecovery(ctx, id) };
  },
);
