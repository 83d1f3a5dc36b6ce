/** Schedules over HTTP. */
import { endpoints } from '#contract/people';
import { route } from '#kernel';
import { editedVersion, tagged } from '../etag.ts';
import { addOverride } from './commands/addOverride.ts';
import { createSchedule } from './commands/createSchedule.ts';
import { deleteSchedule } from './commands/deleteSchedule.ts';
import { removeOverride } from './commands/removeOverride.ts';
import { updateSchedule } from './commands/updateSchedule.ts';
import { previewOf } from './preview.ts';
import { listSchedules, loadSchedule, onCallNow, scheduleById, shiftsBetween, timelineOf } from './queries.ts';

/** A stretch that is asked for, as instants. */
const stretchOf = (query: { from: string; to: string }): [Date, Date] => [new Date(query.from), new Date(query.to)];

export const scheduleRoutes = [
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
