/** Lets somebody else take a stretch of duty. */
import { invalid, newId, sayDuration } from '#kernel';
import { command } from '#security';
import { found, peopleById, requirePeople } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';
import { readStretch } from '../moments.ts';

export interface AddOverride {
  scheduleId: string;
  userId: string;
  /** An instant, or a time on the wall in the schedule's zone. */
  from: string;
  to: string;
  reason: string;
  /** For whom: then only where that person would be on duty. */
  replacesUserId?: string | null | undefined;
}

const LONGEST_MS = 60 * 86_400_000;

/** Throws 422 when it ends before it begins, is over already, is longer than 60 days, or meets another override (row 94). */
export const addOverride = command(
  'people.addOverride',
  { allow: 'responder', subject: (input: AddOverride) => input.scheduleId },
  async (ctx, input) => {
    const { scheduleId } = input;
    // The row's lock makes two overrides at once wait for each other.
    const schedule = found(
      await ctx.db
        .selectFrom('people.schedules')
        .select('zone')
        .where('id', '=', scheduleId)
        .forUpdate()
        .executeTakeFirst(),
      'Schedule',
      scheduleId,
    );
    const [from, to] = readStretch(schedule.zone, input, refuse);
    const users = await peopleById(ctx);
    requirePeople(users, [{ path: 'userId', id: input.userId }]);
    if (input.replacesUserId) requirePeople(users, [{ path: 'replacesUserId', id: input.replacesUserId }], false);
    if (input.replacesUserId === input.userId) throw refuse('userId', 'this is the person to be replaced');
    if (from >= to) throw refuse('to', 'it must end after it begins');
    if (to <= ctx.now) throw refuse('to', 'it is over already');
    if (to.getTime() - from.getTime() > LONGEST_MS)
      throw refuse('to', `at most ${sayDuration(LONGEST_MS)}; for longer, change the rotation`);
    const other = await ctx.db
      .selectFrom('people.overrides')
      .select(['fromAt', 'toAt'])
      .where('scheduleId', '=', scheduleId)
      .where('fromAt', '<', to)
      .where('toAt', '>', from)
      .executeTakeFirst();
    if (other)
      throw refuse(
        'from',
        `another override lies there, from ${other.fromAt.toISOString()} to ${other.toAt.toISOString()}`,
      );
    await keepDuty(ctx, [scheduleId]);
    const id = newId('ovr');
    const { userId, reason, replacesUserId = null } = input;
    await ctx.db
      .insertInto('people.overrides')
      .values({
        id,
        scheduleId,
        userId,
        replacesUserId,
        fromAt: from,
        toAt: to,
        reason,
        createdBy: ctx.actor.id,
        createdAt: ctx.now,
      })
      .execute();
    await tellScreens(ctx, 'schedule', scheduleId);
    ctx.audit.after = input;
    return { id };
  },
);

const refuse = (path: string, message: string) =>
  invalid('This override cannot be', 'people.override', [{ path, message }]);
