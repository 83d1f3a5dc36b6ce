/** Changes what a role is: its duties, its authority, its rota. Incidents under way follow at once. */
import { command } from '#security';
import { requireVersion } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { refreshBench } from '../bench.ts';
import { checkRole, type RoleFields } from '../saving.ts';
import { roleByKey } from '../store.ts';

export type UpdateRole = RoleFields & { key: string; version: number | undefined };

/** Throws 404, 409, 412, 422, 428. A retired role that is saved again is back. */
export const updateRole = command(
  'people.updateRole',
  { allow: 'manager', subject: (input: UpdateRole) => input.key },
  async (ctx, { key, version, ...input }) => {
    await ctx.db.selectFrom('people.roles').select('key').where('key', '=', key).forUpdate().execute();
    const row = await roleByKey(ctx, key);
    requireVersion('role', row.version, version);
    const fields = await checkRole(ctx, input, row);
    await ctx.db
      .updateTable('people.roles')
      .set({ ...fields, retiredAt: null, version: row.version + 1 })
      .where('key', '=', key)
      .execute();
    await tellScreens(ctx, 'role', key);
    await refreshBench(ctx);
    const { version: _, createdAt: __, position: ___, ...before } = row;
    ctx.audit.before = before;
    ctx.audit.after = fields;
    return { key };
  },
);
