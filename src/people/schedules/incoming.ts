/** Calendars that come in: their rows, what a reading makes of them, and how they stand. */
import {
  addMs,
  type Ctx,
  type Db,
  egressFetch,
  type FieldError,
  type Generated,
  type Instant,
  personOf,
  Problem,
  type Selectable,
  sha256hex,
  type StampedAt,
  unseal,
} from '#kernel';
import { hasRole } from '#security';
import { crowd, refOf } from '../crowd.ts';
import { type Entry, readCalendar } from './reading/calendar.ts';

export interface CalendarsTable {
  id: string;
  name: string;
  covers: 'person' | 'team' | 'mentioned' | 'days';
  userId: string | null;
  teamId: string | null;
  entries: 'whole_days' | 'all';
  zone: string;
  urlSealed: string | null;
  host: string | null;
  createdBy: string;
  createdAt: StampedAt;
  checkedAt: Date | null;
  goodAt: Date | null;
  problem: string | null;
  failures: Generated<number>;
  entryCount: Generated<number>;
}
export interface CalendarDaysTable {
  calendarId: string;
  firstDay: string;
  lastDay: string;
  name: string;
}
export type CalendarRow = Selectable<CalendarsTable>;
declare module '#kernel' {
  interface Database {
    'people.calendars': CalendarsTable;
    'people.calendarDays': CalendarDaysTable;
  }
}

const DAY = 86_400_000;
/** How far ahead a calendar is read; what is further comes with a later reading. */
const AHEAD_MS = 400 * DAY;
const BEHIND_MS = 7 * DAY;
/** A calendar that is read from an address is read again after this. */
export const READ_EVERY_MS = 3_600_000;
/** Without a good reading for so long, what it says is old. */
export const OLD_MS = DAY;
export const sealedFor = (id: string) => `people.calendar ${id}`;
const iso = (at: Date | null) => at?.toISOString() ?? null;

/** The entries that count, in the time that is read. Throws 422 with the line of what cannot be read. */
export function entriesOf(
  calendar: Pick<CalendarRow, 'zone' | 'entries' | 'covers'>,
  text: string,
  now: Date,
): Entry[] {
  const all = readCalendar(text, calendar.zone, addMs(now, -BEHIND_MS), addMs(now, AHEAD_MS));
  const whole = calendar.entries === 'whole_days' || calendar.covers === 'days';
  return whole ? all.filter((entry) => entry.days) : all;
}

/** Fetches the text behind an address (`webcal:` is https). Throws 422 for an address that may not be called, 502 without a calendar. */
export async function fetchCalendar(ctx: Pick<Ctx, 'log'>, url: string): Promise<string> {
  const answer = await egressFetch(ctx, httpUrl(url), {
    headers: { accept: 'text/calendar, text/plain;q=0.5' },
    maxBytes: 2_000_001,
    timeoutMs: 15_000,
    purpose: 'people.calendar',
  });
  if (answer.status !== 200)
    throw new Problem(502, `The calendar’s server answered ${answer.status}`, {
      rule: 'people.calendar',
      detail:
        answer.status >= 300 && answer.status < 400 ? 'Redirects are not followed: give the last address.' : undefined,
    });
  return answer.text;
}

export const httpUrl = (url: string) => url.replace(/^webcals?:/i, 'https:');
export const addressOf = (row: CalendarRow) => (row.urlSealed ? unseal(row.urlSealed, sealedFor(row.id)) : undefined);

/** Who is away by these entries, each with a key that stays the same while the entry does. */
export async function absencesFrom(ctx: Ctx, calendar: CalendarRow, entries: Entry[]) {
  const everybody = await crowd(ctx);
  const members =
    calendar.teamId === null
      ? []
      : await ctx.db.selectFrom('people.teamMembers').select('userId').where('teamId', '=', calendar.teamId).execute();
  const people = (calendar.userId ? [calendar.userId] : members.map(({ userId }) => userId)).flatMap(
    (id) => everybody.users.get(id) ?? [],
  );
  return entries.flatMap((entry) =>
    people
      .filter(
        (person) =>
          calendar.covers !== 'mentioned' ||
          entry.people.includes(person.email.toLowerCase()) ||
          entry.name.toLowerCase().includes(person.name.toLowerCase()),
      )
      .map(({ id }) => ({
        userId: id,
        fromAt: entry.from,
        toAt: entry.to,
        note: calendar.covers === 'team' ? entry.name : calendar.name,
        entryKey: sha256hex(`${entry.uid} ${iso(entry.from)} ${iso(entry.to)} ${entry.name}`).slice(0, 32),
      })),
  );
}

/** Every calendar that comes in, with how it stands. */
export async function listCalendars(ctx: Ctx) {
  const rows = await ctx.db.selectFrom('people.calendars').selectAll().orderBy('name').execute();
  const everybody = await crowd(ctx);
  const teams = await ctx.db.selectFrom('people.teams').select(['id', 'name']).execute();
  const used = await ctx.db
    .selectFrom('people.scheduleCalendars as c')
    .innerJoin('people.schedules as s', 's.id', 'c.scheduleId')
    .select(['c.calendarId', 's.id', 's.name'])
    .execute();
  const [next, days] = [await nextAbsences(ctx), await nextDays(ctx)];
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    covers: row.covers,
    person: row.userId ? refOf(everybody, row.userId) : null,
    team: teams.find(({ id }) => id === row.teamId) ?? null,
    entries: row.entries,
    zone: row.zone,
    host: row.host,
    checkedAt: iso(row.checkedAt),
    goodAt: iso(row.goodAt),
    problem: row.problem,
    health: healthOf(row, ctx.now),
    entryCount: row.entryCount,
    next: (row.covers === 'days' ? days : next).get(row.id) ?? [],
    schedules: used.filter((use) => use.calendarId === row.id).map(({ id, name }) => ({ id, name })),
    mayChange: mayChange(ctx, row),
  }));
}

/** `old`: not read for a day; what was read last still holds. */
const healthOf = (row: CalendarRow, now: Date) =>
  row.host === null
    ? ('file' as const)
    : row.problem === null
      ? ('good' as const)
      : row.goodAt && row.goodAt > addMs(now, -OLD_MS)
        ? ('failing' as const)
        : ('old' as const);

/** One's own, or everybody's as a manager. */
export const mayChange = (ctx: Ctx, row: Pick<CalendarRow, 'covers' | 'userId'>) =>
  (row.covers === 'person' && row.userId === personOf(ctx.actor)) || hasRole(ctx.actor, 'manager');

const SHOWN = 3;

async function nextAbsences(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('people.absences')
    .select(['calendarId', 'note', 'fromAt', 'toAt'])
    .where('calendarId', 'is not', null)
    .where('toAt', '>', ctx.now)
    .orderBy('fromAt')
    .limit(2000)
    .execute();
  return shortlist(
    rows.map((row) => ({ id: row.calendarId!, name: row.note, from: iso(row.fromAt)!, to: iso(row.toAt)! })),
  );
}

async function nextDays(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('people.calendarDays')
    .selectAll()
    .where('lastDay', '>=', ctx.now.toISOString().slice(0, 10))
    .orderBy('firstDay')
    .limit(2000)
    .execute();
  return shortlist(rows.map((row) => ({ id: row.calendarId, name: row.name, from: row.firstDay, to: row.lastDay })));
}

function shortlist<T extends { id: string; name: string; from: string; to: string }>(rows: T[]) {
  const lists = new Map<string, { name: string; from: string; to: string }[]>();
  for (const { id, name, from, to } of rows) {
    const list = lists.get(id) ?? [];
    if (list.length < SHOWN && !list.some((other) => other.from === from && other.name === name))
      lists.set(id, [...list, { name, from, to }]);
  }
  return lists;
}

// ---------------------------------------------------------------- holidays of schedules

/** The calendars of days that these schedules know. */
export const calendarsOf = async (db: Db, scheduleIds: string[]) =>
  scheduleIds.length === 0
    ? []
    : db
        .selectFrom('people.scheduleCalendars as s')
        .innerJoin('people.calendars as c', 'c.id', 's.calendarId')
        .select(['s.scheduleId', 'c.id', 'c.name'])
        .where('s.scheduleId', 'in', scheduleIds)
        .orderBy('c.name')
        .execute();

/** The days of these calendars. */
export const daysOf = async (db: Db, calendarIds: string[]) =>
  calendarIds.length === 0
    ? []
    : db
        .selectFrom('people.calendarDays')
        .select(['firstDay as first', 'lastDay as last'])
        .where('calendarId', 'in', calendarIds)
        .execute();

/** Those of the calendars named that do not exist or hold no days, each with its field. */
export async function unknownHolidays(db: Db, calendarIds: string[]): Promise<FieldError[]> {
  if (calendarIds.length === 0) return [];
  const rows = await db
    .selectFrom('people.calendars')
    .select('id')
    .where('id', 'in', calendarIds)
    .where('covers', '=', 'days')
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  return calendarIds.flatMap((id, i) =>
    known.has(id) ? [] : [{ path: `holidays.${i}`, message: 'there is no such calendar of days' }],
  );
}
