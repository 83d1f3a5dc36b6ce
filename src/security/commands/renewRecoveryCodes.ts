/** Ten fresh recovery codes for who has used theirs or lost the paper; the old ones end. Takes a code. */
import { personOf } from '#kernel';
import { command } from '../command.ts';
import { renewRecovery, type Taken, takeCode } from '../factor/store.ts';

/** Answers with the verdict, so that a wrong guess is committed and counted. */
export const renewRecoveryCodes = command(
  'security.renewRecoveryCodes',
  { allow: 'signed_in' },
  async (ctx, input: { code: string }): Promise<{ taken: Taken; codes: string[] }> => {
    const id = personOf(ctx.actor) ?? '';
    const taken = await takeCode(ctx, id, input.code);
    ctx.audit.subject = id;
    ctx.audit.after = { recoveryCodes: taken === 'taken' ? 'new' : 'as before', code: taken };
    return { taken, codes: taken === 'taken' ? await renewRecovery(ctx, id) : [] };
  },
);
