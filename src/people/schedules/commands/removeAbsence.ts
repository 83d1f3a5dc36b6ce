/** Takes an absence back: the person is there after all. */
import { conflict, type Ctx, notFound, Problem, personOf } from '#kernel';
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
    if (row.calendarId) await refuseOfCalendar(ctx, row.calendarId);
    await keepDuty(ctx);
    await ctx.db.deleteFrom('people.absences').where('id', '=', id).execute();
    await tellScreens(ctx, 'absence', id);
    ctx.audit.before = row;
    return {};
  },
);

/** Taken back here it would be there again with the next reading. */
async function refuseOfCalendar(ctx: Ctx, id: string): Promise<void> {
  const calendar = await ctx.db.selectFrom('people.calendars').select('name').where('id', '=', id).executeTakeFirst();
  const name = calendar?.name ?? 'a calendar';
  throw conflict(
    `This absence comes from ${name}`,
    'people.absence',
    `Change it in ${name}, or take that calendar out.`,
  );
}
