/** Adds a role of one's own to those an incident can be given. */
import { conflict, invalid } from '#kernel';
import { command } from '#security';
import { tellScreens } from '../../saving.ts';
import { refreshBench } from '../bench.ts';
import { checkRole, keyFor, type RoleFields } from '../saving.ts';

export const createRole = command(
  'people.createRole',
  { allow: 'manager', subject: (_input: RoleFields, result: { key: string }) => result.key },
  async (ctx, input) => {
    const fields = await checkRole(ctx, input);
    const key = keyFor(input.title);
    if (!key)
      throw invalid('The title needs a letter from a to z', 'people.role', [
        { path: 'title', message: 'add a letter' },
      ]);
    const last = await ctx.db
      .selectFrom('people.roles')
      .select((eb) => eb.fn.max('position').as('position'))
      .executeTakeFirst();
    const added = await ctx.db
      .insertInto('people.roles')
      .values({ ...fields, key, position: (last?.position ?? 0) + 10, createdAt: ctx.now })
      .onConflict((on) => on.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    if (!added)
      throw conflict(
        'A role of this name existed before',
        'people.name',
        'Records still refer to it. Choose another title, or bring that role back.',
      );
    await tellScreens(ctx, 'role', key);
    await refreshBench(ctx);
    ctx.audit.after = fields;
    return { key };
  },
);
