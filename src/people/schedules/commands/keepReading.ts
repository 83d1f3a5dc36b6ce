/** Keeps what a reading of a calendar gave: who is away, or which days are holidays. A bad reading leaves the last good one in force. */
import { newId } from '#kernel';
import { command } from '#security';
import { found, peopleById } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';
import { absencesFrom, type CalendarRow } from '../incoming.ts';
import type { Entry } from '../reading/calendar.ts';
import { tell } from '../telling.ts';
import type { Ctx } from '#kernel';

export interface KeepReading {
  calendarId: string;
  /** What was read; none: it could not be. */
  entries?: Entry[] | undefined;
  problem?: string | undefined;
}

/** So many bad readings in a row, and whoever added it is told. Once. */
const TELL_AFTER = 3;

export const keepReading = command(
  'people.keepReading',
  { allow: 'internal', subject: (input: KeepReading) => input.calendarId },
  async (ctx, { calendarId, entries, problem }) => {
    const calendar = found(
      await ctx.db
        .selectFrom('people.calendars')
        .selectAll()
        .where('id', '=', calendarId)
        .forUpdate()
        .executeTakeFirst(),
      'Calendar',
      calendarId,
    );
    if (!entries) {
      await keepProblem(ctx, calendar, problem ?? 'it could not be read');
      return { changed: false };
    }
    const changed =
      calendar.covers === 'days' ? await keepDays(ctx, calendar, entries) : await keepAway(ctx, calendar, entries);
    const good = { checkedAt: ctx.now, goodAt: ctx.now, problem: null, failures: 0, entryCount: entries.length };
    await ctx.db.updateTable('people.calendars').set(good).where('id', '=', calendarId).execute();
    if (changed || calendar.problem) await tellScreens(ctx, 'calendar', calendarId);
    ctx.audit.after = { entries: entries.length };
    // A reading that says the same is no change.
    ctx.audit.skip = !changed && !calendar.problem;
    return { changed };
  },
);

async function keepProblem(ctx: Ctx, calendar: CalendarRow, problem: string): Promise<void> {
  const failures = calendar.failures + 1;
  await ctx.db
    .updateTable('people.calendars')
    .set({ checkedAt: ctx.now, problem: problem.slice(0, 500), failures })
    .where('id', '=', calendar.id)
    .execute();
  ctx.audit.after = { problem };
  ctx.audit.skip = failures > 1;
  if (failures === 1 || failures === TELL_AFTER) await tellScreens(ctx, 'calendar', calendar.id);
  if (failures !== TELL_AFTER) return;
  const users = await peopleById(ctx);
  await tell(ctx, users.get(calendar.createdBy), calendar.id, `The calendar ${calendar.name} can no longer be read`, [
    `${calendar.host}: ${problem}`,
    'What was read last stays in force. Leave and holidays entered there since are not known here: look after the address.',
  ]);
}

/** The days of a calendar of holidays. Returns whether they are others than before. */
async function keepDays(ctx: Ctx, { id }: CalendarRow, entries: Entry[]): Promise<boolean> {
  const key = (row: { firstDay: string; lastDay: string; name: string }) =>
    `${row.firstDay} ${row.lastDay} ${row.name}`;
  const before = await ctx.db.selectFrom('people.calendarDays').selectAll().where('calendarId', '=', id).execute();
  const wanted = new Map(
    entries.flatMap(({ days, name }) => {
      if (!days) return [];
      const row = { calendarId: id, firstDay: days.first, lastDay: days.last, name };
      return [[key(row), row] as const];
    }),
  );
  const same = before.length === wanted.size && before.every((row) => wanted.has(key(row)));
  if (same) return false;
  const uses = await ctx.db
    .selectFrom('people.scheduleCalendars')
    .select('scheduleId')
    .where('calendarId', '=', id)
    .execute();
  await keepDuty(
    ctx,
    uses.map(({ scheduleId }) => scheduleId),
  );
  await ctx.db.deleteFrom('people.calendarDays').where('calendarId', '=', id).execute();
  if (wanted.size > 0)
    await ctx.db
      .insertInto('people.calendarDays')
      .values([...wanted.values()])
      .execute();
  return true;
}

/** Who is away by a calendar. What is over stays; what is the same is not touched. Returns whether anything changed. */
async function keepAway(ctx: Ctx, calendar: CalendarRow, entries: Entry[]): Promise<boolean> {
  const before = await ctx.db
    .selectFrom('people.absences')
    .select(['id', 'userId', 'entryKey'])
    .where('calendarId', '=', calendar.id)
    .where('toAt', '>', ctx.now)
    .execute();
  const key = (row: { userId: string; entryKey: string | null }) => `${row.userId} ${row.entryKey}`;
  const wanted = new Map(
    (await absencesFrom(ctx, calendar, entries)).filter((row) => row.toAt > ctx.now).map((row) => [key(row), row]),
  );
  const gone = before.filter((row) => !wanted.delete(key(row))).map((row) => row.id);
  if (gone.length === 0 && wanted.size === 0) return false;
  await keepDuty(ctx);
  if (gone.length > 0) await ctx.db.deleteFrom('people.absences').where('id', 'in', gone).execute();
  const rows = [...wanted.values()].map((row) => ({
    ...row,
    id: newId('abs'),
    calendarId: calendar.id,
    createdBy: calendar.createdBy,
    createdAt: ctx.now,
  }));
  for (let n = 0; n < rows.length; n += 1000)
    await ctx.db
      .insertInto('people.absences')
      .values(rows.slice(n, n + 1000))
      .execute();
  return true;
}
