/** Changes a rotation. */
import { command } from '#security';
import { found, peopleById, requirePeople, requireVersion } from '../checks.ts';
import { checkSchedule, type ScheduleFields, tellScreens } from '../saving.ts';
import { loadSchedules, saveParticipants } from '../store.ts';

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
    const [before] = await loadSchedules(ctx.db, ctx.now, [id]);
    const users = await peopleById(ctx);
    // Somebody who has left may stay (a gap that is shown); nobody who has left may be added.
    const added = rest.participants
      .map((user, i) => ({ path: `participants.${i}`, id: user }))
      .filter((p) => !before?.participants.includes(p.id));
    requirePeople(users, added);
    const fields = await checkSchedule(ctx, users, rest, id);
    await ctx.db
      .updateTable('people.schedules')
      .set({ ...fields, version: row.version + 1 })
      .where('id', '=', id)
      .execute();
    await saveParticipants(ctx.db, id, rest.participants);
    await tellScreens(ctx, 'schedule', id);
    ctx.audit.before = { ...row, participants: before?.participants };
    ctx.audit.after = rest;
    return { id };
  },
);
