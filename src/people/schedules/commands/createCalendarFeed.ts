/** Makes an address under which a calendar can be subscribed to. It is shown once; only its hash is kept. */
import { invalid, newId, Problem, personOf, randomToken } from '#kernel';
import { command } from '#security';
import { found } from '../../checks.ts';
import { hashOfToken } from '../calendars.ts';

export interface CreateCalendarFeed {
  kind: 'mine' | 'everyone';
  /** None, only for `mine`: all schedules. */
  scheduleId: string | null;
}

/** At most so many at once: each is a key to somebody's hours. */
const MOST = 20;

/** Throws 403 for an actor that is nobody, 404, 422 without the schedule that is needed or with too many feeds. */
export const createCalendarFeed = command(
  'people.createCalendarFeed',
  { allow: 'viewer', subject: (_i: CreateCalendarFeed, r: { id: string }) => r.id },
  async (ctx, { kind, scheduleId }) => {
    const userId = personOf(ctx.actor);
    if (!userId) throw new Problem(403, 'Only a person has calendars', { rule: 'people.calendar' });
    const refuse = (path: string, message: string) =>
      invalid('This calendar cannot be', 'people.calendar', [{ path, message }]);
    if (kind === 'everyone' && !scheduleId) throw refuse('scheduleId', 'which schedule?');
    if (scheduleId)
      found(
        await ctx.db.selectFrom('people.schedules').select('id').where('id', '=', scheduleId).executeTakeFirst(),
        'Schedule',
        scheduleId,
      );
    const own = await ctx.db
      .selectFrom('people.calendarFeeds')
      .select('id')
      .where('userId', '=', userId)
      .where('revokedAt', 'is', null)
      .execute();
    if (own.length >= MOST) throw refuse('kind', `at most ${MOST} at once; take back one you do not use`);
    const [id, token] = [newId('cal'), randomToken(24)];
    await ctx.db
      .insertInto('people.calendarFeeds')
      .values({ id, tokenHash: hashOfToken(token), userId, kind, scheduleId, createdAt: ctx.now })
      .execute();
    ctx.audit.after = { kind, scheduleId };
    return { id, token };
  },
);
