/** Takes a calendar's address back: whoever has it reads nothing any more. */
import { personOf } from '#kernel';
import { command } from '#security';
import { found } from '../../checks.ts';

/** Throws 404, also for others' feeds. */
export const revokeCalendarFeed = command(
  'people.revokeCalendarFeed',
  { allow: 'viewer', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = await ctx.db
      .updateTable('people.calendarFeeds')
      .set({ revokedAt: ctx.now })
      .where('id', '=', id)
      .where('userId', '=', personOf(ctx.actor) ?? '')
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    found(row, 'Calendar', id);
    return {};
  },
);
