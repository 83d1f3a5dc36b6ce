/**
 * Opsgenie's schedules as ours. All rotations of one of its schedules are on call side by side; with us one person is on
 * call in a schedule at a time. Rotations whose hours never meet become layers of one schedule, others one schedule each.
 */
import {
  cut,
  type Item,
  item,
  type Json,
  type LayerDraft,
  listOf,
  type Note,
  refTo,
  refusedItem,
  textOf,
} from '../../model.ts';
import {
  dailyWindow,
  fitTogether,
  joinWindows,
  onTheWall,
  splitNote,
  type Track,
  type Window,
  wallMoment,
} from '../shifts.ts';
import { placeOf } from '../../zones.ts';

export interface OpsgenieSchedules {
  items: Item<'schedule'>[];
  /** Our schedules that stand for one of theirs. */
  standFor: Map<string, string[]>;
  /** Our schedule in which a rotation of theirs lies. */
  ofRotation: Map<string, string>;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const UNITS: Record<string, LayerDraft['unit']> = { hourly: 'hour', daily: 'day', weekly: 'week' };

export function schedulesOf(records: Json[], overrides: Json[], readAt: string): OpsgenieSchedules {
  const result: OpsgenieSchedules = { items: [], standFor: new Map(), ofRotation: new Map() };
  for (const record of records) {
    const rotationsNamed = overrides
      .filter((one) => one.schedule === record.id)
      .map((one) => listOf(one.rotations).length);
    const made = scheduleItems(record, readAt, rotationsNamed);
    result.items.push(...made.items);
    result.standFor.set(
      String(record.id),
      made.items.map((one) => one.sourceId),
    );
    for (const [rotation, schedule] of made.ofRotation) result.ofRotation.set(rotation, schedule);
  }
  return result;
}

function scheduleItems(record: Json, readAt: string, named: number[]) {
  const [id, name] = [String(record.id), textOf(record.name)];
  const team = record.ownerTeam?.id ? refTo('team', String(record.ownerTeam.id)) : null;
  const base = { name, team, zone: textOf(record.timezone), layers: [] as LayerDraft[] };
  const ofRotation = new Map<string, string>();
  const refuse = (why: string, todo: string) => ({
    items: [refusedItem('schedule', id, name, base, why, todo)],
    ofRotation,
  });
  const place = placeOf(record.timezone);
  if (!place.ok)
    return refuse(
      `Its time zone cannot be used: ${place.why}`,
      'Set a place such as Europe/Berlin in Opsgenie and read it again.',
    );
  const rotations = listOf(record.rotations);
  const living = rotations.filter((one) => !one.endDate || new Date(one.endDate).toISOString() > readAt);
  if (living.length === 0)
    return refuse('It has no rotation that still holds', 'Make it by hand if it is still needed.');
  const notes: Note[] = [];
  if (place.mapped)
    notes.push({ text: `Its time zone “${textOf(record.timezone)}” is ${place.zone} here.`, todo: 'Nothing.' });
  if (living.length < rotations.length)
    notes.push({
      text: `Left out because they have ended: ${rotations
        .filter((one) => !living.includes(one))
        .map((one) => textOf(one.name))
        .join(', ')}.`,
      todo: 'Nothing.',
    });
  if (record.enabled === false)
    notes.push({
      text: 'It is disabled there; here it holds as soon as a policy calls it.',
      todo: 'Take it out of the policies if it should not.',
    });
  const tracks: Track[] = [];
  for (const one of living) {
    const layer = layerOf(one, place.zone);
    if (typeof layer === 'string')
      return refuse(
        `Rotation “${textOf(one.name)}”: ${layer}`,
        'Change it in Opsgenie and read it again, or make this schedule by hand.',
      );
    tracks.push({ id: String(one.id), name: layer.name, layers: [layer] });
  }
  const partly = named.some((count) => count > 0 && count < rotations.length);
  const schedule = { ...base, zone: place.zone };
  if (tracks.length <= 12 && fitTogether(tracks) && !(partly && tracks.length > 1)) {
    for (const track of tracks) ofRotation.set(track.id, id);
    return {
      items: [item('schedule', id, name, { ...schedule, layers: tracks.flatMap((track) => track.layers) }, notes)],
      ofRotation,
    };
  }
  const names = tracks.map((track) => `${cut(name, 60)} / ${cut(track.name, 36)}`);
  return {
    ofRotation: new Map(tracks.map((track) => [track.id, `${id}#${track.id}`])),
    items: tracks.map((track, i) =>
      item(
        'schedule',
        `${id}#${track.id}`,
        names[i] ?? name,
        { ...schedule, name: names[i] ?? name, layers: track.layers },
        [...notes, splitNote('Opsgenie', names)],
      ),
    ),
  };
}

function layerOf(rotation: Json, zone: string): LayerDraft | string {
  const unit = UNITS[textOf(rotation.type)];
  const every = Number(rotation.length ?? 1);
  if (!unit || !Number.isInteger(every) || every < 1)
    return `turns of “${rotation.length} ${rotation.type}” cannot be read`;
  const start = onTheWall(zone, textOf(rotation.startDate));
  if (!start) return 'it has no readable start';
  const participants = listOf(rotation.participants);
  const other = participants.find((one) => one.type !== 'user');
  if (other?.type === 'none') return 'it has turns in which nobody is on call';
  if (other) return `${textOf(other.type)} ${textOf(other.name) || other.id} takes turns in it; here only people do`;
  if (participants.length > 100) return `it has ${participants.length} people; at most 100 can take turns`;
  const windows = windowsOf(rotation.timeRestriction);
  if (typeof windows === 'string') return windows;
  return {
    name: cut(textOf(rotation.name).trim() || 'Rotation', 100),
    zone,
    unit,
    every,
    startsOn: start.day,
    handoverTime: start.time,
    handoverWeekday: null,
    effectiveFrom: null,
    effectiveUntil: rotation.endDate ? (wallMoment(zone, rotation.endDate) ?? null) : null,
    windows,
    skipIdleDays: false,
    participants: participants.map((one) => refTo('user', String(one.id))),
  };
}

const seconds = (hour: unknown, minute: unknown) => Number(hour) * 3600 + Number(minute ?? 0) * 60;

function windowsOf(restriction: Json | null | undefined): Window[] | string {
  if (!restriction) return [];
  if (restriction.type === 'time-of-day') {
    // Older answers hold a list here, newer ones a single object.
    const list = Array.isArray(restriction.restrictions)
      ? listOf(restriction.restrictions)
      : listOf([restriction.restriction]);
    const windows: Window[] = [];
    for (const one of list) {
      const [from, to] = [seconds(one.startHour, one.startMin), seconds(one.endHour, one.endMin)];
      if (!Number.isFinite(from) || !Number.isFinite(to)) return 'it has hours of duty that cannot be read';
      const window = dailyWindow(from, to > from ? to - from : to - from + 86_400);
      if (!window) return [];
      windows.push(window);
    }
    return windows;
  }
  if (restriction.type !== 'weekday-and-time-of-day')
    return `it has hours of duty of a kind we do not know (${textOf(restriction.type).slice(0, 40)})`;
  const stretches: { day: number; from: number; length: number }[] = [];
  for (const one of listOf(restriction.restrictions)) {
    const [startDay, endDay] = [
      DAYS.indexOf(textOf(one.startDay).toLowerCase()),
      DAYS.indexOf(textOf(one.endDay).toLowerCase()),
    ];
    const [from, to] = [seconds(one.startHour, one.startMin), seconds(one.endHour, one.endMin)];
    if (startDay < 0 || endDay < 0 || !Number.isFinite(from) || !Number.isFinite(to))
      return 'it has hours of duty that cannot be read';
    const length = (endDay - startDay) * 86_400 + to - from;
    stretches.push({ day: startDay + 1, from, length: length > 0 ? length : length + 7 * 86_400 });
  }
  const joined = joinWindows(stretches);
  if (joined === undefined) return [];
  return joined.length > 14 ? `it has ${joined.length} different hours of duty; at most 14 can be` : joined;
}
