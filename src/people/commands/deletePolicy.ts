/** Deletes an escalation policy that nothing uses. Pages that are running carry their own copy. */
import { command } from '#security';
import { deleteUnlessUsed, found } from '../checks.ts';
import { tellScreens } from '../saving.ts';

export const deletePolicy = command(
  'people.deletePolicy',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = found(
      await ctx.db.selectFrom('people.policies').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Policy',
      id,
    );
    await deleteUnlessUsed(row.name, () => ctx.db.deleteFrom('people.policies').where('id', '=', id).execute());
    await ctx.db.deleteFrom('people.rounds').where('policyId', '=', id).execute();
    await tellScreens(ctx, 'policy', id);
    ctx.audit.before = row;
    return {};
  },
);
