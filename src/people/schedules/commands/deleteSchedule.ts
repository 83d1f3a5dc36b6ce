/** Deletes a schedule that no policy uses. */
import { command } from '#security';
import { deleteUnlessUsed, found, refuseInUse } from '../../checks.ts';
import { usesOfTarget } from '../../policies.ts';
import { tellScreens } from '../../saving.ts';

export const deleteSchedule = command(
  'people.deleteSchedule',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = found(
      await ctx.db.selectFrom('people.schedules').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Schedule',
      id,
    );
    refuseInUse(row.name, await usesOfTarget(ctx.db, 'schedule', id));
    await deleteUnlessUsed(row.name, () => ctx.db.deleteFrom('people.schedules').where('id', '=', id).execute());
    await tellScreens(ctx, 'schedule', id);
    ctx.audit.before = row;
    return {};
  },
);
