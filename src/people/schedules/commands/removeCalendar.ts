/** Takes a calendar out: who was away only by it is there again. */
import { Problem } from '#kernel';
import { command } from '#security';
import { found, refuseInUse } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';
import { mayChange } from '../incoming.ts';

/** Throws 403 for others' calendars below manager, 404, 409 with the schedules whose layers heed its days. */
export const removeCalendar = command(
  'people.removeCalendar',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = found(
      await ctx.db.selectFrom('people.calendars').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Calendar',
      id,
    );
    if (!mayChange(ctx, row))
      throw new Problem(403, 'Others’ calendars are taken out by a manager', { rule: 'people.calendar' });
    const uses = await ctx.db
      .selectFrom('people.scheduleCalendars as c')
      .innerJoin('people.schedules as s', 's.id', 'c.scheduleId')
      .select('s.name')
      .where('c.calendarId', '=', id)
      .orderBy('s.name')
      .execute();
    refuseInUse(
      row.name,
      uses.map(({ name }) => `schedule ${name}`),
    );
    await keepDuty(ctx);
    await ctx.db.deleteFrom('people.calendars').where('id', '=', id).execute();
    await tellScreens(ctx, 'calendar', id);
    ctx.audit.before = { ...row, urlSealed: undefined };
    return {};
  },
);
