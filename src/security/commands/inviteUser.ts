/** Makes an account without a password, and the link with which its owner sets one. */
import type { Role } from '#kernel';
import { conflict } from '#kernel';
import { command } from '../command.ts';
import { insertUser, openInvite } from '../store.ts';

export const inviteUser = command(
  'security.inviteUser',
  { allow: 'admin' },
  async (ctx, input: { email: string; name: string; roles: Role[] }) => {
    const taken = await ctx.db
      .selectFrom('security.users')
      .select('id')
      .where((eb) => eb(eb.fn('lower', ['email']), '=', input.email.toLowerCase()))
      .executeTakeFirst();
    if (taken)
      throw conflict(
        'Somebody already has this address',
        'security.email_taken',
        'Change their roles, or make a new link for them.',
      );
    const userId = await insertUser(ctx, input);
    ctx.audit.subject = userId;
    ctx.audit.after = { email: input.email, name: input.name, roles: input.roles };
    return { userId, ...(await openInvite(ctx, userId)) };
  },
);
