/** Changes a schedule and its layers. */
import { command } from '#security';
import { found, peopleById, requirePeople, requireVersion } from '../../checks.ts';
import { checkSchedule, namedIn, tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';
import type { ScheduleFields } from '../fields.ts';
import { loadSchedules, participantsOf, saveHolidays, saveLayers } from '../store.ts';

export type UpdateSchedule = ScheduleFields & {
  id: string;
  version: number | undefined;
};

/** Throws 404, 412 when somebody else changed it first, 428 without a version, and what `createSchedule` throws. */
export const updateSchedule = command(
  'people.updateSchedule',
  { allow: 'manager', subject: (input: UpdateSchedule) => input.id },
  async (ctx, input) => {
    const { id, version, ...rest } = input;
    const row = found(
      await ctx.db.selectFrom('people.schedules').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Schedule',
      id,
    );
    requireVersion('schedule', row.version, version);
    await keepDuty(ctx, [id]);
    const [before] = await loadSchedules(ctx.db, ctx.now, [id]);
    const users = await peopleById(ctx);
    // Somebody who has left may stay (a gap that is shown); nobody who has left may be added.
    const already = before ? participantsOf(before) : [];
    const added = namedIn(rest).filter((person) => !already.includes(person.id));
    requirePeople(users, added);
    const { fields, layers } = await checkSchedule(ctx, users, rest, id);
    await ctx.db
      .updateTable('people.schedules')
      .set({ ...fields, version: row.version + 1 })
      .where('id', '=', id)
      .execute();
    await saveLayers(ctx.db, id, layers);
    if (rest.holidays) await saveHolidays(ctx.db, id, rest.holidays);
    await tellScreens(ctx, 'schedule', id);
    ctx.audit.before = { ...row, layers: before?.layers };
    ctx.audit.after = rest;
    return { id };
  },
);
