/** Turns the own second factor off; that takes a code as well. */
import { personOf } from '#kernel';
import { command } from '../command.ts';
import { dropFactor, type Taken, takeCode } from '../factor/store.ts';

/** Answers with the verdict, so that a wrong guess is committed and counted. */
export const removeFactor = command(
  'security.removeFactor',
  { allow: 'signed_in' },
  async (ctx, input: { code: string }): Promise<{ taken: Taken }> => {
    const id = personOf(ctx.actor) ?? '';
    const taken = await takeCode(ctx, id, input.code);
    if (taken === 'taken') await dropFactor(ctx, id);
    ctx.audit.subject = id;
    ctx.audit.before = { secondFactor: taken === 'absent' ? 'off' : 'on' };
    ctx.audit.after = { secondFactor: taken === 'taken' ? 'off' : 'on', code: taken };
    return { taken };
  },
);
