/** A person changes their own name, time zone or password; a new password ends all other sessions. */
import { notFound, Problem, personOf } from '#kernel';
import { command } from '../command.ts';
import { checkPassword, hashPassword } from '../passwords.ts';
import { endAccess } from '../store.ts';
import { checkTimeZone } from '../time-zone.ts';

export interface UpdateMe {
  name?: string | undefined;
  timeZone?: string | undefined;
  currentPassword?: string | undefined;
  newPassword?: string | undefined;
  sessionId?: string | undefined;
}

export const updateMe = command('security.updateMe', { allow: 'signed_in' }, async (ctx, input: UpdateMe) => {
  const id = personOf(ctx.actor) ?? '';
  const user = await ctx.db
    .selectFrom('security.users')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!user) throw notFound('Account');
  const changes: { name?: string; timeZone?: string; passwordHash?: string } = {};
  if (input.name !== undefined) changes.name = input.name;
  if (input.timeZone !== undefined) changes.timeZone = checkTimeZone(input.timeZone);
  if (input.newPassword !== undefined) {
    if (!(await checkPassword(input.currentPassword ?? '', user.passwordHash))) {
      throw new Problem(422, 'The present password is not right', {
        rule: 'security.password',
        errors: [{ path: 'currentPassword', message: 'not right' }],
      });
    }
    changes.passwordHash = await hashPassword(input.newPassword);
    await endAccess(ctx, id, input.sessionId ?? 'none');
  }
  if (Object.keys(changes).length > 0)
    await ctx.db
      .updateTable('security.users')
      .set({ ...changes, version: user.version + 1 })
      .where('id', '=', id)
      .execute();
  ctx.audit.subject = id;
  ctx.audit.before = { name: user.name, timeZone: user.timeZone };
  ctx.audit.after = {
    name: changes.name,
    timeZone: changes.timeZone,
    passwordChanged: changes.passwordHash !== undefined,
  };
});
