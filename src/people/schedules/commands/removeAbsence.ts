/** Takes an absence back: the person is there after all. */
import { notFound, Problem, personOf } from '#kernel';
import { command, hasRole } from '#security';
import { tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';

/** Throws 404; 403 for others' absences below manager. */
export const removeAbsence = command(
  'people.removeAbsence',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = await ctx.db
      .selectFrom('people.absences')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw notFound('Absence', id);
    if (row.userId !== personOf(ctx.actor) && !hasRole(ctx.actor, 'manager'))
      throw new Problem(403, 'Others’ absences are taken back by a manager', { rule: 'people.absence' });
    await keepDuty(ctx);
    await ctx.db.deleteFrom('people.absences').where('id', '=', id).execute();
    await tellScreens(ctx, 'absence', id);
    ctx.audit.before = row;
    return {};
  },
);
