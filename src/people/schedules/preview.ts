/** What a schedule would give if it were saved: the timeline of a draft, for the editor. Changes nothing. */
import { type Ctx, invalid } from '#kernel';
import { readLayers, readZone, type ScheduleFields } from './fields.ts';
import { loadSchedule, timelineOf } from './queries.ts';
import { calendarsOf, daysOf } from './incoming.ts';
import { loadAbsences } from './store.ts';

/** The timeline of a draft, with the overrides of the schedule it belongs to. Throws 422 where saving would, 404. */
export async function previewOf(ctx: Ctx, id: string | undefined, input: ScheduleFields, from: Date, to: Date) {
  const place = readZone(input.zone);
  const { layers, errors } = readLayers(input);
  if (!place.ok) errors.unshift({ path: 'zone', message: place.message });
  if (errors.length > 0) throw invalid('This schedule cannot be shown', 'people.schedule', errors);
  const saved = id ? await loadSchedule(ctx, id, from) : undefined;
  const draft = {
    ...(saved ?? {
      id: '',
      version: 0,
      createdAt: ctx.now,
      dutyKeptUntil: null,
      overrides: [],
      absences: await loadAbsences(ctx.db, from),
    }),
    holidays: await daysOf(ctx.db, input.holidays ?? (await calendarsOf(ctx.db, id ? [id] : [])).map((one) => one.id)),
    name: input.name,
    teamId: input.teamId,
    zone: place.zone,
    layers: layers.map((layer, i) => ({ ...layer, id: layer.id || `draft-${i}` })),
  };
  return timelineOf(ctx, draft, from, to);
}
