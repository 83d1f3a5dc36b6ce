/** Makes a weekly rotation. */
import { newId } from '#kernel';
import { command } from '#security';
import { peopleById, requirePeople } from '../checks.ts';
import { checkSchedule, type ScheduleFields, tellScreens } from '../saving.ts';
import { saveParticipants } from '../store.ts';

/** Throws 422 for a zone, date or person that cannot be, and for warnings nobody has accepted. */
export const createSchedule = command(
  'people.createSchedule',
  {
    allow: 'manager',
    subject: (_i: ScheduleFields, r: { id: string }) => r.id,
  },
  async (ctx, input) => {
    const users = await peopleById(ctx);
    requirePeople(
      users,
      input.participants.map((id, i) => ({ path: `participants.${i}`, id })),
    );
    const fields = await checkSchedule(ctx, users, input);
    const id = newId('sch');
    await ctx.db
      .insertInto('people.schedules')
      .values({ id, ...fields, createdAt: ctx.now })
      .execute();
    await saveParticipants(ctx.db, id, input.participants);
    await tellScreens(ctx, 'schedule', id);
    ctx.audit.after = input;
    return { id };
  },
);
