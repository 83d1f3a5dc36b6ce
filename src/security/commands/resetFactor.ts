/** An administrator takes the second factor off somebody who lost phone and recovery codes. Their sessions end. */
import { notFound, personOf, Problem } from '#kernel';
import { command } from '../command.ts';
import { dropFactor } from '../factor/store.ts';
import { userById } from '../queries.ts';
import { endAccess } from '../store.ts';

export const resetFactor = command(
  'security.resetFactor',
  { allow: 'admin', subject: (input: { userId: string }) => input.userId },
  async (ctx, input: { userId: string }): Promise<void> => {
    const user = await userById(ctx, input.userId);
    if (!user) throw notFound('Person', input.userId);
    if (user.id === personOf(ctx.actor)) {
      throw new Problem(403, 'Your own second factor is turned off in your profile, with a code', {
        rule: 'security.second_factor_own',
        detail: 'Without phone and recovery codes another administrator has to reset it.',
      });
    }
    const was = await dropFactor(ctx, user.id);
    if (was) await endAccess(ctx, user.id, 'none');
    ctx.audit.before = { secondFactor: was ? 'on' : 'off' };
    ctx.audit.after = { secondFactor: 'off' };
  },
);
