/** Reads a calendar again now, instead of within the hour. */
import { conflict, enqueue } from '#kernel';
import { command } from '#security';
import { found } from '../../checks.ts';
import { readCalendarLater } from '../jobs.ts';

/** Throws 404, 409 for a calendar that came as a file. */
export const refreshCalendar = command(
  'people.refreshCalendar',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = found(
      await ctx.db.selectFrom('people.calendars').select(['name', 'host']).where('id', '=', id).executeTakeFirst(),
      'Calendar',
      id,
    );
    if (row.host === null)
      throw conflict(
        `${row.name} came as a file`,
        'people.calendar',
        'There is no address to read again. Take it out and give the new file.',
      );
    await enqueue(ctx, readCalendarLater, { calendarId: id }, { key: `calendar:${id}` });
    return {};
  },
);
