/** What was bad once is no longer: the engine does not warn of it any more. */
import { type Ctx, notFound } from '#kernel';
import { command } from '#security';

export const forgetBad = command(
  'playbooks.forgetBad',
  { allow: 'manager', subject: ({ id }: { id: string; reason: string }) => id },
  async (ctx: Ctx, { id, reason }): Promise<{ id: string }> => {
    ctx.audit.reason = reason;
    const row = await ctx.db
      .updateTable('playbooks.knownBad')
      .set({ forgottenAt: ctx.now, forgottenBy: ctx.actor.id })
      .where('id', '=', id)
      .where('forgottenAt', 'is', null)
      .returning('symptom')
      .executeTakeFirst();
    if (!row) throw notFound('Memory', id);
    ctx.audit.before = { symptom: row.symptom };
    return { id };
  },
);
