/** Calendars of leave and holidays that come in, as they cross the wire. Part of `people.ts`. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';

const byId = z.strictObject({ id: z.string() });
const someId = z.string().min(1).max(60);
const covers = z.enum(['person', 'team', 'mentioned', 'days']);
const entries = z.enum(['whole_days', 'all']);
const named = z.object({ id: z.string(), name: z.string() });

export const incomingCalendar = z.object({
  id: z.string(),
  name: z.string(),
  /** `person`: that person is away; `team`: everybody in it; `mentioned`: members an entry names; `days`: holidays that layers may heed. */
  covers,
  person: personRef.nullable(),
  team: named.nullable(),
  entries,
  /** What times without a zone mean. */
  zone: z.string(),
  /** Where it is read from; null: it came as a file. */
  host: z.string().nullable(),
  checkedAt: instant.nullable(),
  /** When it was last read whole; what was read then holds. */
  goodAt: instant.nullable(),
  problem: z.string().nullable(),
  /** `failing`: the last reading went wrong; `old`: none was good for a day; `file`: it is not read again. */
  health: z.enum(['good', 'failing', 'old', 'file']),
  entryCount: z.number(),
  /** The next few entries: instants, or days. */
  next: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
  /** The schedules that know its days. */
  schedules: z.array(named),
  mayChange: z.boolean(),
});
export type IncomingCalendar = z.infer<typeof incomingCalendar>;

export const calendarEndpoints = {
  calendars: endpoint({
    id: 'people.calendars',
    method: 'GET',
    path: '/api/v1/calendars',
    summary: 'Calendars of leave and holidays that are read here, and whether reading them works',
    access: 'read',
    response: z.object({ items: z.array(incomingCalendar) }),
  }),
  addCalendar: endpoint({
    id: 'people.addCalendar',
    method: 'POST',
    path: '/api/v1/calendars',
    summary:
      'Take in an iCalendar of leave or holidays, from an address (read every hour) or as text; 422 names the line',
    access: 'people.addCalendar',
    body: z.strictObject({
      name: z.string().trim().min(1, 'a name is needed').max(100),
      covers,
      /** For `person`: whose leave it is, by a manager; none: yours. */
      userId: someId.optional(),
      /** For `team` and `mentioned`. */
      teamId: someId.optional(),
      /** Of a person's whole calendar, meetings are no leave: only whole days count, unless you say so. */
      entries: entries.default('whole_days'),
      zone: z.string().max(100).optional(),
      /** http, https or webcal. */
      url: z.string().max(2000).optional(),
      /** The file, instead of an address. */
      text: z.string().max(900_000).optional(),
    }),
    response: incomingCalendar,
    status: 201,
  }),
  refreshCalendar: endpoint({
    id: 'people.refreshCalendar',
    method: 'POST',
    path: '/api/v1/calendars/:id/refresh',
    summary: 'Read a calendar again now',
    access: 'people.refreshCalendar',
    params: byId,
    response: z.object({}),
  }),
  removeCalendar: endpoint({
    id: 'people.removeCalendar',
    method: 'DELETE',
    path: '/api/v1/calendars/:id',
    summary: 'Take a calendar out; what was read from it no longer holds',
    access: 'people.removeCalendar',
    params: byId,
    response: z.object({}),
  }),
};
