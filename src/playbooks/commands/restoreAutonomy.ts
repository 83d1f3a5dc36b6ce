/** A person lets an action run by itself again, as far as it has earned it. */
import { type Ctx, notFound } from '#kernel';
import { command } from '#security';

export const restoreAutonomy = command(
  'playbooks.restoreAutonomy',
  { allow: 'manager', subject: ({ id }: { id: string; reason: string }) => id },
  async (ctx: Ctx, { id, reason }): Promise<{ id: string }> => {
    ctx.audit.reason = reason;
    const row = await ctx.db
      .updateTable('playbooks.autonomyDrops')
      .set({ restoredAt: ctx.now, restoredBy: ctx.actor.id, restoreNote: reason })
      .where('id', '=', id)
      .where('restoredAt', 'is', null)
      .returning(['action', 'target', 'reason'])
      .executeTakeFirst();
    if (!row) throw notFound('Lost autonomy', id);
    ctx.audit.before = row;
    return { id };
  },
);
