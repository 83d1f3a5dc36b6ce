/** Certifies somebody for a role: a manager has seen that they can. */
import { command } from '#security';
import { peopleById, requirePeople } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { refreshBench } from '../bench.ts';
import { roleByKey } from '../store.ts';

export interface Certify {
  roleKey: string;
  userId: string;
  note: string;
}

/** Current for 180 days after the last practice; certifying again counts as one. Throws 404, 422. */
export const certify = command(
  'people.certify',
  { allow: 'manager', subject: (input: Certify) => input.userId },
  async (ctx, { roleKey, userId, note }) => {
    const role = await roleByKey(ctx, roleKey);
    requirePeople(await peopleById(ctx), [{ path: 'userId', id: userId }]);
    const granted = { grantedAt: ctx.now, grantedBy: ctx.actor.id, note };
    await ctx.db
      .insertInto('people.certifications')
      .values({ userId, roleKey: role.key, ...granted })
      .onConflict((on) => on.columns(['userId', 'roleKey']).doUpdateSet(granted))
      .execute();
    await tellScreens(ctx, 'certification', userId);
    await refreshBench(ctx);
    ctx.audit.after = { role: role.key, note };
    return {};
  },
);
