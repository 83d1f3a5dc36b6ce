/** Work on the clock: duty that was held is written down daily, and calendars with an address are read every hour. */
import { z } from 'zod';
import { addMs, type Ctx, defineJob, enqueue, Problem } from '#kernel';
import { keepReading } from './commands/keepReading.ts';
import { recordDuty } from './commands/recordDuty.ts';
import { addressOf, entriesOf, fetchCalendar, READ_EVERY_MS } from './incoming.ts';
import type { Entry } from './reading/calendar.ts';

export const keepDutyDaily = defineJob(
  'people.keepDuty',
  z.object({}),
  async (ctx) => void (await recordDuty(ctx, {})),
  {
    every: 86_400_000,
  },
);

export const readCalendarLater = defineJob(
  'people.readCalendar',
  z.object({ calendarId: z.string() }),
  (ctx, payload) => readAgain(ctx, payload.calendarId),
);

/** Looks for calendars whose hour is over. */
export const readCalendars = defineJob(
  'people.readCalendars',
  z.object({}),
  async (ctx) => {
    const due = await ctx.db
      .selectFrom('people.calendars')
      .select('id')
      .where('urlSealed', 'is not', null)
      .where('checkedAt', '<=', addMs(ctx.now, -READ_EVERY_MS))
      .orderBy('checkedAt')
      .limit(100)
      .execute();
    for (const { id } of due) await enqueue(ctx, readCalendarLater, { calendarId: id }, { key: `calendar:${id}` });
  },
  { every: 300_000 },
);

/** One reading. What goes wrong is kept as the calendar's problem; the job itself does not fail. */
async function readAgain(ctx: Ctx, calendarId: string): Promise<void> {
  const row = await ctx.db.selectFrom('people.calendars').selectAll().where('id', '=', calendarId).executeTakeFirst();
  const address = row && addressOf(row);
  if (!address) return;
  let entries: Entry[] | undefined;
  let problem: string | undefined;
  try {
    entries = entriesOf(row, await fetchCalendar(ctx, address), ctx.now);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem = error.message;
  }
  await keepReading(ctx, { calendarId, entries, problem });
}
