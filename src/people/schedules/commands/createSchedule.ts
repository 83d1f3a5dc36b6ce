/** Makes a schedule of one or more layers. */
import { newId } from '#kernel';
import { command } from '#security';
import { peopleById, requirePeople } from '../../checks.ts';
import { checkSchedule, namedIn, tellScreens } from '../../saving.ts';
import type { ScheduleFields } from '../fields.ts';
import { saveHolidays, saveLayers } from '../store.ts';

/** Throws 422 for a zone, date or person that cannot be, and for warnings nobody has accepted. */
export const createSchedule = command(
  'people.createSchedule',
  {
    allow: 'manager',
    subject: (_i: ScheduleFields, r: { id: string }) => r.id,
  },
  async (ctx, input) => {
    const users = await peopleById(ctx);
    requirePeople(users, namedIn(input));
    const { fields, layers } = await checkSchedule(ctx, users, input);
    const id = newId('sch');
    await ctx.db
      .insertInto('people.schedules')
      .values({ id, ...fields, createdAt: ctx.now })
      .execute();
    await saveLayers(ctx.db, id, layers);
    await saveHolidays(ctx.db, id, input.holidays ?? []);
    await tellScreens(ctx, 'schedule', id);
    ctx.audit.after = input;
    return { id };
  },
);
