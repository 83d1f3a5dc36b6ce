/** Takes in a calendar of leave or holidays: from an address, read again every hour, or from a file given once. */
import { checkUrl, invalid, newId, Problem, personOf, seal } from '#kernel';
import { command } from '#security';
import { found, peopleById, requirePeople } from '../../checks.ts';
import { readZone } from '../fields.ts';
import { entriesOf, httpUrl, mayChange, sealedFor } from '../incoming.ts';
import { keepReading } from './keepReading.ts';

export interface AddCalendar {
  name: string;
  covers: 'person' | 'team' | 'mentioned' | 'days';
  /** For `person`; none: the one who adds it. */
  userId?: string | undefined;
  /** For `team` and `mentioned`. */
  teamId?: string | undefined;
  entries: 'whole_days' | 'all';
  /** What times without a zone mean; none: the person's zone, or UTC. */
  zone?: string | undefined;
  url?: string | undefined;
  /** The calendar itself; with an address, what was just read there. */
  text: string;
}

const MOST = 200;
const refuse = (path: string, message: string) =>
  invalid('This calendar cannot be taken in', 'people.calendar', [{ path, message }]);

/** Throws 403 for others' calendars below manager, 404, 422 for what cannot be read (with the line) or does not fit. */
export const addCalendar = command(
  'people.addCalendar',
  { allow: 'responder', subject: (_i: AddCalendar, r: { id: string }) => r.id },
  async (ctx, input) => {
    const { name, covers, entries, url, text } = input;
    const userId = covers === 'person' ? (input.userId ?? personOf(ctx.actor) ?? '') : null;
    const teamId = covers === 'team' || covers === 'mentioned' ? (input.teamId ?? '') : null;
    if (!mayChange(ctx, { covers, userId }))
      throw new Problem(403, 'Others’ calendars are taken in by a manager', { rule: 'people.calendar' });
    const users = await peopleById(ctx);
    if (userId !== null) requirePeople(users, [{ path: 'userId', id: userId }]);
    if (teamId !== null)
      found(
        await ctx.db.selectFrom('people.teams').select('id').where('id', '=', teamId).executeTakeFirst(),
        'Team',
        teamId,
      );
    const place = readZone(input.zone ?? users.get(userId ?? '')?.timeZone ?? 'UTC');
    if (!place.ok) throw refuse('zone', place.message);
    const address = url ? checkUrl(httpUrl(url)) : undefined;
    const { n } = await ctx.db
      .selectFrom('people.calendars')
      .select((of) => of.fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    if (Number(n) >= MOST) throw refuse('name', `at most ${MOST} calendars; take one out you do not need`);
    const id = newId('cin');
    const row = { id, name, covers, userId, teamId, entries, zone: place.zone, host: address?.host ?? null };
    await ctx.db
      .insertInto('people.calendars')
      .values({
        ...row,
        urlSealed: address ? seal(address.href, sealedFor(id)) : null,
        createdBy: ctx.actor.id,
        createdAt: ctx.now,
      })
      .execute();
    await keepReading(ctx, { calendarId: id, entries: entriesOf(row, text, ctx.now) });
    ctx.audit.after = row;
    return { id };
  },
);
