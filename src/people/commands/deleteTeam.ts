/** Deletes a team that nothing uses. */
import { command } from '#security';
import { deleteUnlessUsed, found, refuseInUse } from '../checks.ts';
import { usesOfTarget } from '../policies.ts';
import { tellScreens } from '../saving.ts';

export const deleteTeam = command(
  'people.deleteTeam',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = found(
      await ctx.db.selectFrom('people.teams').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Team',
      id,
    );
    const schedules = await ctx.db.selectFrom('people.schedules').select('name').where('teamId', '=', id).execute();
    const owned = await ctx.db.selectFrom('people.policies').select('name').where('teamId', '=', id).execute();
    refuseInUse(row.name, [
      ...schedules.map((schedule) => `schedule ${schedule.name}`),
      ...owned.map((policy) => `policy ${policy.name}`),
      ...(await usesOfTarget(ctx.db, 'team', id)),
      ...(await usesOfTarget(ctx.db, 'team_on_call', id)),
    ]);
    await deleteUnlessUsed(row.name, () => ctx.db.deleteFrom('people.teams').where('id', '=', id).execute());
    await tellScreens(ctx, 'team', id);
    ctx.audit.before = row;
    return {};
  },
);
