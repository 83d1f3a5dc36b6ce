/** Remembers what a calendar feed says with this reading. Called only when something changed, or once a day. */
import { command } from '#security';
import type { EventRow } from '../calendars.ts';

export const publishCalendar = command(
  'people.publishCalendar',
  { allow: 'internal', subject: (input: { feedId: string; changed: EventRow[] }) => input.feedId },
  async (ctx, { feedId, changed }) => {
    for (const row of changed)
      await ctx.db
        .insertInto('people.calendarEvents')
        .values(row)
        .onConflict((on) => on.columns(['feedId', 'uid']).doUpdateSet(row))
        .execute();
    await ctx.db.updateTable('people.calendarFeeds').set({ lastUsedAt: ctx.now }).where('id', '=', feedId).execute();
    ctx.audit.after = { entries: changed.length };
    return {};
  },
);
