/** Changes a person's roles, name or access. The last administrator cannot be removed. */
import { conflict, notFound, type Role } from '#kernel';
import { command } from '../command.ts';
import { userById, usersWithRole } from '../queries.ts';
import { endAccess } from '../store.ts';

export interface UpdateUser {
  userId: string;
  name?: string | undefined;
  roles?: Role[] | undefined;
  active?: boolean | undefined;
}

export const updateUser = command(
  'security.updateUser',
  { allow: 'admin', subject: (i: UpdateUser) => i.userId },
  async (ctx, input: UpdateUser) => {
    // One such change at a time, so that two administrators cannot remove each other at once.
    const admins =
      (await ctx.db.selectFrom('security.users').select('id').where('active', '=', true).forUpdate().execute(),
      await usersWithRole(ctx, 'admin'));
    const before = await userById(ctx, input.userId);
    if (!before) throw notFound('Person', input.userId);
    const after = {
      name: input.name ?? before.name,
      roles: input.roles ?? before.roles,
      active: input.active ?? before.active,
    };
    if (JSON.stringify(after) === JSON.stringify({ name: before.name, roles: before.roles, active: before.active })) {
      ctx.audit.skip = true;
      return;
    }
    const staysAdmin = after.active && after.roles.includes('admin');
    if (!staysAdmin && admins.length === 1 && admins[0]?.id === before.id) {
      throw conflict(
        `${before.name} is the last administrator`,
        'security.last_admin',
        'Make somebody else an administrator first.',
      );
    }
    await ctx.db
      .updateTable('security.users')
      .set((eb) => ({ ...after, version: eb('version', '+', 1) }))
      .where('id', '=', before.id)
      .execute();
    if (before.active && !after.active) await endAccess(ctx, before.id);
    ctx.audit.before = { name: before.name, roles: before.roles, active: before.active };
    ctx.audit.after = after;
  },
);
