/** Revokes an API token: one's own, or anybody's for an administrator. */
import { notFound, personOf } from '#kernel';
import { hasRole } from '../access.ts';
import { command } from '../command.ts';

export const revokeToken = command(
  'security.revokeToken',
  { allow: 'viewer', subject: (i: { tokenId: string }) => i.tokenId },
  async (ctx, input: { tokenId: string }) => {
    let query = ctx.db
      .updateTable('security.tokens')
      .set({ revokedAt: ctx.now })
      .where('id', '=', input.tokenId)
      .where('revokedAt', 'is', null);
    if (!hasRole(ctx.actor, 'admin')) query = query.where('userId', '=', personOf(ctx.actor) ?? '');
    if (!(await query.returning('id').executeTakeFirst())) throw notFound('Token', input.tokenId);
  },
);
