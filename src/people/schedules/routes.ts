/** Schedules over HTTP. */
import { endpoints } from '#contract/people';
import { config, type Ctx, invalid, notFound, route } from '#kernel';
import { editedVersion, tagged } from '../etag.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { acceptSwap } from './commands/acceptSwap.ts';
import { addAbsence } from './commands/addAbsence.ts';
import { addCalendar } from './commands/addCalendar.ts';
import { refreshCalendar } from './commands/refreshCalendar.ts';
import { removeCalendar } from './commands/removeCalendar.ts';
import { addOverride } from './commands/addOverride.ts';
import { createCalendarFeed } from './commands/createCalendarFeed.ts';
import { createSchedule } from './commands/createSchedule.ts';
import { declineSwap } from './commands/declineSwap.ts';
import { deleteSchedule } from './commands/deleteSchedule.ts';
import { offerSwap } from './commands/offerSwap.ts';
import { removeAbsence } from './commands/removeAbsence.ts';
import { removeOverride } from './commands/removeOverride.ts';
import { revokeCalendarFeed } from './commands/revokeCalendarFeed.ts';
import { updateSchedule } from './commands/updateSchedule.ts';
import { withdrawSwap } from './commands/withdrawSwap.ts';
import { fetchCalendar, listCalendars } from './incoming.ts';
import { coverFor, fairnessOf, listAbsences, listCalendarFeeds, openSwaps, swapById } from './planning.ts';
import { previewOf } from './preview.ts';
import { listSchedules, loadSchedule, onCallNow, scheduleById, shiftsBetween, timelineOf } from './queries.ts';

/** A stretch that is asked for, as instants. */
const stretchOf = (query: { from: string; to: string }): [Date, Date] => [new Date(query.from), new Date(query.to)];

const planning = [
  route(endpoints.swaps, async ({ ctx, query }) => ({ items: await openSwaps(ctx, query.scheduleId) })),
  route(endpoints.offerSwap, async ({ ctx, params, body }) =>
    swapById(ctx, (await offerSwap(ctx, { scheduleId: params.id, ...body })).id),
  ),
  route(endpoints.acceptSwap, async ({ ctx, params }) => swapById(ctx, (await acceptSwap(ctx, params)).id)),
  route(endpoints.declineSwap, async ({ ctx, params }) => swapById(ctx, (await declineSwap(ctx, params)).id)),
  route(endpoints.withdrawSwap, async ({ ctx, params }) => swapById(ctx, (await withdrawSwap(ctx, params)).id)),
  route(endpoints.absences, async ({ ctx }) => ({ items: await listAbsences(ctx) })),
  route(endpoints.addAbsence, async ({ ctx, body }) => {
    const { id } = await addAbsence(ctx, body);
    return (await listAbsences(ctx)).find((absence) => absence.id === id);
  }),
  route(endpoints.removeAbsence, async ({ ctx, params }) => removeAbsence(ctx, params)),
  route(endpoints.cover, async ({ ctx, params, query }) => ({
    items: await coverFor(ctx, params.id, ...stretchOf(query)),
  })),
  route(endpoints.fairness, async ({ ctx, params, query }) => fairnessOf(ctx, params.id, query.which)),
  route(endpoints.calendarFeeds, async ({ ctx }) => ({ items: await listCalendarFeeds(ctx) })),
  route(endpoints.createCalendarFeed, async ({ ctx, body }) => {
    const { id, token } = await createCalendarFeed(ctx, body);
    return { ...(await ownFeed(ctx, id)), url: `${config.publicUrl}/cal/${token}.ics` };
  }),
  route(endpoints.revokeCalendarFeed, async ({ ctx, params }) => revokeCalendarFeed(ctx, params)),
];

async function ownFeed(ctx: Ctx, id: string) {
  const feed = (await listCalendarFeeds(ctx)).find((other) => other.id === id);
  if (!feed) throw notFound('Calendar', id);
  return feed;
}

const incoming = [
  route(endpoints.calendars, async ({ ctx }) => ({ items: await listCalendars(ctx) })),
  route(endpoints.addCalendar, async ({ ctx, body }) => {
    const { url, text, ...rest } = body;
    if ((url === undefined) === (text === undefined))
      throw invalid('This calendar cannot be taken in', 'people.calendar', [
        { path: 'url', message: 'an address, or the file itself: one of the two' },
      ]);
    // Before the transaction: whoever is slow at the other end holds up nobody here.
    const read = text ?? (await fetchCalendar(ctx, url ?? ''));
    const { id } = await addCalendar(ctx, { ...rest, url, text: read });
    return (await listCalendars(ctx)).find((calendar) => calendar.id === id);
  }),
  route(endpoints.refreshCalendar, async ({ ctx, params }) => refreshCalendar(ctx, params)),
  route(endpoints.removeCalendar, async ({ ctx, params }) => removeCalendar(ctx, params)),
];

export const scheduleRoutes = [
  ...planning,
  ...incoming,
  ...calendarRoutes,
  route(endpoints.schedules, async ({ ctx }) => ({
    items: await listSchedules(ctx),
  })),
  route(endpoints.schedule, async ({ ctx, params, reply }) => tagged(reply, await scheduleById(ctx, params.id))),
  route(endpoints.createSchedule, async ({ ctx, body, reply }) =>
    tagged(reply, await scheduleById(ctx, (await createSchedule(ctx, body)).id)),
  ),
  route(endpoints.updateSchedule, async ({ ctx, params, body, request, reply }) => {
    await updateSchedule(ctx, {
      ...body,
      id: params.id,
      version: editedVersion(request, body.version),
    });
    return tagged(reply, await scheduleById(ctx, params.id));
  }),
  route(endpoints.deleteSchedule, async ({ ctx, params }) => deleteSchedule(ctx, { id: params.id })),
  route(endpoints.shifts, async ({ ctx, params, query }) => shiftsBetween(ctx, params.id, ...stretchOf(query))),
  route(endpoints.timeline, async ({ ctx, params, query }) => {
    const [from, to] = stretchOf(query);
    return timelineOf(ctx, await loadSchedule(ctx, params.id, from), from, to);
  }),
  route(endpoints.previewSchedule, async ({ ctx, body }) => {
    const { id, from, to, ...fields } = body;
    return previewOf(ctx, id, fields, ...stretchOf({ from, to }));
  }),
  route(endpoints.addOverride, async ({ ctx, params, body }) => {
    const { id } = await addOverride(ctx, { scheduleId: params.id, ...body });
    const schedule = await scheduleById(ctx, params.id);
    return schedule.overrides.find((override) => override.id === id);
  }),
  route(endpoints.removeOverride, async ({ ctx, params }) =>
    removeOverride(ctx, {
      scheduleId: params.id,
      overrideId: params.overrideId,
    }),
  ),
  route(endpoints.onCall, async ({ ctx }) => ({
    items: await onCallNow(ctx),
    at: ctx.now.toISOString(),
  })),
];
