/** Ends an emergency key. What it published before stays on the page until somebody takes it off. */
import { conflict, notFound } from '#kernel';
import { command } from '#security';
import { requestRender } from '../statuspage/jobs.ts';

export const revokeEmergencyKey = command(
  'comms.revokeEmergencyKey',
  { allow: 'admin', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    const row = await ctx.db
      .selectFrom('comms.emergencyKeys')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw notFound('Emergency key', id);
    if (row.revokedAt) throw conflict(`The key ${row.name} is revoked already`, 'comms.emergency_key');
    await ctx.db.updateTable('comms.emergencyKeys').set({ revokedAt: ctx.now }).where('id', '=', id).execute();
    ctx.audit.before = { name: row.name };
    await requestRender(ctx);
  },
);
