/** Takes a role out of use. What it was in past incidents stays; it can be brought back. */
import { conflict } from '#kernel';
import { command } from '#security';
import { refuseInUse } from '../../checks.ts';
import { usesOfTarget } from '../../policies.ts';
import { tellScreens } from '../../saving.ts';
import { refreshBench } from '../bench.ts';
import { COMMANDER } from '../model.ts';
import { roleByKey } from '../store.ts';

export const retireRole = command(
  'people.retireRole',
  { allow: 'manager', subject: (input: { key: string }) => input.key },
  async (ctx, { key }) => {
    const row = await roleByKey(ctx, key);
    if (key === COMMANDER)
      throw conflict(
        'Every incident needs somebody who leads',
        'people.role',
        'This role can be edited, not taken out.',
      );
    if (row.retiredAt) return {};
    refuseInUse(row.title, await usesOfTarget(ctx.db, 'role', key));
    // Its rota is let go, so that the schedule can be deleted.
    await ctx.db
      .updateTable('people.roles')
      .set({ retiredAt: ctx.now, scheduleId: null, requiredFor: [], version: row.version + 1 })
      .where('key', '=', key)
      .execute();
    await tellScreens(ctx, 'role', key);
    await refreshBench(ctx);
    ctx.audit.before = { title: row.title };
    return {};
  },
);
