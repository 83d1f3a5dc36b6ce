/** Removes a rule; what was held because of it is asked about within seconds, where it still fires. */
import { notFound } from '#kernel';
import { command } from '#security';
import { lockRule } from '../store.ts';

export const removeRule = command(
  'signals.removeRule',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }: { id: string }): Promise<void> => {
    const row = await lockRule(ctx, id);
    if (!row) throw notFound('Rule', id);
    ctx.audit.before = { kind: row.kind, name: row.name, spec: row.spec };
    await ctx.db.deleteFrom('signals.rules').where('id', '=', id).execute();
  },
);
