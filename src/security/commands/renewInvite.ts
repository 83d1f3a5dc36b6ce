/** A new link for somebody who lost theirs, or their password. */
import { notFound } from '#kernel';
import { command } from '../command.ts';
import { userById } from '../queries.ts';
import { openInvite } from '../store.ts';

export const renewInvite = command(
  'security.renewInvite',
  { allow: 'admin', subject: (i: { userId: string }) => i.userId },
  async (ctx, input: { userId: string }) => {
    const user = await userById(ctx, input.userId);
    if (!user?.active) throw notFound('Person', input.userId);
    return openInvite(ctx, input.userId);
  },
);
