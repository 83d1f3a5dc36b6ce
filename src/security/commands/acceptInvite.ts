/** The invited person chooses a name and a password; the link works once. */
import { Problem } from '#kernel';
import { command } from '../command.ts';
import { hashPassword } from '../passwords.ts';
import { endAccess, useInvite } from '../store.ts';
import { checkTimeZone } from '../time-zone.ts';

export const acceptInvite = command(
  'security.acceptInvite',
  { allow: 'public' },
  async (ctx, input: { token: string; name: string; password: string; timeZone: string }) => {
    const timeZone = checkTimeZone(input.timeZone);
    const passwordHash = await hashPassword(input.password);
    const userId = await useInvite(ctx, input.token);
    if (!userId)
      throw new Problem(403, 'This invitation is not valid any more', {
        rule: 'security.invite',
        detail: 'Ask an administrator for a new link.',
      });
    await endAccess(ctx, userId);
    await ctx.db
      .updateTable('security.users')
      .set({ name: input.name, passwordHash, timeZone })
      .where('id', '=', userId)
      .execute();
    ctx.audit.subject = userId;
    return { userId };
  },
);
