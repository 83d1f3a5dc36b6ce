/**
 * Grafana OnCall's schedules as ours. Its shifts are calendar events with a level: the higher covers the lower, those of
 * one level hold side by side. A shift without a zone is read in its schedule's (calendars) or in UTC (made in the web).
 */
import { zone as clock } from '#kernel';
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
import { placeOf } from '../../zones.ts';
import {
  dailyWindow,
  fitTogether,
  joinWindows,
  secondsOf,
  splitNote,
  type Track,
  turnSeconds,
  weeklyWindow,
  type Window,
} from '../shifts.ts';
import type { VendorOverride } from '../overrides.ts';

const DAY = 86_400;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const UNITS: Record<string, LayerDraft['unit']> = { hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month' };
const LOCAL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2})?$/;

export interface OnCallSchedules {
  items: Item<'schedule'>[];
  standFor: Map<string, string[]>;
  overrides: VendorOverride[];
}

interface Leveled extends Track {
  level: number;
}

export function schedulesOf(records: Json[], shifts: Json[], readAt: string): OnCallSchedules {
  const byId = new Map(shifts.map((shift) => [String(shift.id), shift]));
  const result: OnCallSchedules = { items: [], standFor: new Map(), overrides: [] };
  for (const record of records) {
    const own = (Array.isArray(record.shifts) ? record.shifts : []).map((id: unknown) => byId.get(String(id)));
    const items = scheduleItems(record, own, readAt);
    const ids = items.map((one) => one.sourceId);
    result.items.push(...items);
    result.standFor.set(String(record.id), ids);
    for (const shift of own)
      if (shift?.type === 'override') result.overrides.push(...overridesOf(shift, zoneOf(shift, record), ids));
  }
  return result;
}

const zoneOf = (shift: Json, schedule: Json) =>
  placeOf(shift.time_zone || (schedule.type === 'web' ? 'UTC' : schedule.time_zone));

function scheduleItems(record: Json, own: (Json | undefined)[], readAt: string): Item<'schedule'>[] {
  const [id, name] = [String(record.id), textOf(record.name)];
  const base = {
    name,
    team: record.team_id ? refTo('team', String(record.team_id)) : null,
    zone: textOf(record.time_zone),
    layers: [] as LayerDraft[],
  };
  const refuse = (why: string, todo: string) => [refusedItem('schedule', id, name, base, why, todo)];
  if (record.type === 'ical')
    return refuse(
      'It is read from a calendar file, of which the API gives only the address',
      'Make it by hand from that calendar.',
    );
  const place = placeOf(record.time_zone || (record.type === 'web' ? 'UTC' : ''));
  if (!place.ok)
    return refuse(
      `Its time zone cannot be used: ${place.why}`,
      'Set a place such as Europe/Berlin there and read it again.',
    );
  if (own.some((shift) => shift === undefined))
    return refuse(
      'One of its shifts is not among those that could be read',
      'Read it again with a key that may read all shifts.',
    );
  const tracks: Leveled[] = [];
  for (const shift of (own as Json[]).filter((one) => one.type !== 'override')) {
    const made = tracksOf(shift, record, readAt);
    if (typeof made === 'string')
      return refuse(
        `Shift “${textOf(shift.name)}”: ${made}`,
        'Change it there and read it again, or make this schedule by hand.',
      );
    tracks.push(...made);
  }
  if (tracks.length === 0) return refuse('It has no shift that still holds', 'Make it by hand if it is still needed.');
  const notes: Note[] = [];
  if (place.mapped && record.time_zone)
    notes.push({ text: `Its time zone “${textOf(record.time_zone)}” is ${place.zone} here.`, todo: 'Nothing.' });
  if (record.type === 'web' && place.zone !== 'UTC' && tracks.some((track) => track.layers[0]?.zone === 'UTC'))
    notes.push({
      text: 'Its rotations were made in UTC: their hours move by one when clocks change, there and here.',
      todo: `Set their zone to ${place.zone} here to keep the hours on the wall.`,
    });
  return laid(tracks, { ...base, zone: place.zone }, id, name, notes, refuse);
}

/** Levels over each other; side by side only on the lowest, where each becomes a schedule under the same upper layers. */
function laid(
  tracks: Leveled[],
  base: { name: string; team: string | null; zone: string },
  id: string,
  name: string,
  notes: Note[],
  refuse: (why: string, todo: string) => Item<'schedule'>[],
): Item<'schedule'>[] {
  const levels = [...new Set(tracks.map((track) => track.level))].sort((a, b) => b - a);
  const lowest = levels.at(-1) ?? 0;
  const at = (level: number) => tracks.filter((track) => track.level === level);
  const upper = levels.slice(0, -1).flatMap(at);
  if (levels.slice(0, -1).some((level) => !fitTogether(at(level))))
    return refuse(
      'Several people are on call at once on one of its upper levels',
      'Make it by hand: here one person is on call in a schedule at a time.',
    );
  const layers = (some: Leveled[]) => some.flatMap((track) => track.layers);
  if (fitTogether(at(lowest)))
    return tracks.length > 12
      ? refuse(`It has ${tracks.length} rotations; at most 12 can be`, 'Join some of them there and read it again.')
      : [item('schedule', id, name, { ...base, layers: layers([...upper, ...at(lowest)]) }, notes)];
  if (upper.length > 11)
    return refuse('It has more than 12 rotations over each other', 'Join some of them there and read it again.');
  const names = at(lowest).map((track) => `${cut(name, 60)} / ${cut(track.name, 36)}`);
  return at(lowest).map((track, i) =>
    item(
      'schedule',
      `${id}#${track.id}`,
      names[i] ?? name,
      { ...base, name: names[i] ?? name, layers: layers([...upper, track]) },
      [...notes, splitNote('OnCall', names)],
    ),
  );
}

/** One shift as rotations: one for each person who is on call at the same time. A sentence when it cannot be said. */
function tracksOf(shift: Json, schedule: Json, readAt: string): Leveled[] | string {
  const place = zoneOf(shift, schedule);
  if (!place.ok) return `its time zone cannot be used: ${place.why}`;
  const start = LOCAL.exec(textOf(shift.start));
  const duration = Number(shift.duration);
  if (!start?.[1] || !start[2] || !(duration > 0)) return 'its start or its length cannot be read';
  if (Array.isArray(shift.by_month) && shift.by_month.length > 0) return 'it holds in some months only';
  if (Array.isArray(shift.by_monthday) && shift.by_monthday.length > 0)
    return 'it holds on some days of the month only';
  const common = {
    id: String(shift.id),
    level: Number(shift.level ?? 0),
    zone: place.zone,
    day: start[1],
    time: start[2],
    duration,
  };
  const until = LOCAL.exec(textOf(shift.until).replace(/(\.\d+)?Z$/, ''));
  const ended = (moment: string) =>
    new Date(
      clock.wallClock(place.zone).instantOf(clock.localOf(moment.slice(0, 10), moment.slice(11))),
    ).toISOString() <= readAt;
  // `until` is in UTC whatever the zone.
  const untilLocal = until
    ? clock.sayLocal(clock.wallClock(place.zone).localOf(clock.localOf(until[1] ?? '', until[2])))
    : null;
  if (untilLocal && ended(untilLocal)) return [];
  const groups = groupsOf(shift);
  if (typeof groups === 'string') return groups;
  const layer = shift.type === 'single_event' ? onceLayer(common) : rotating(shift, common);
  if (typeof layer === 'string') return layer;
  if (shift.type === 'single_event' && layer.effectiveUntil && ended(layer.effectiveUntil)) return [];
  const rotationStart = LOCAL.exec(textOf(shift.rotation_start));
  const from = rotationStart && `${rotationStart[1]}T${rotationStart[2]}`;
  return groups.map((participants, i) => ({
    id: groups.length > 1 ? `${common.id}-${i + 1}` : common.id,
    name:
      groups.length > 1
        ? `${cut(textOf(shift.name) || 'Rotation', 90)} ${i + 1}`
        : cut(textOf(shift.name) || 'Rotation', 100),
    level: common.level,
    layers: [
      {
        ...layer,
        name: cut(textOf(shift.name) || 'Rotation', 100),
        participants: participants.map((user) => refTo('user', user)),
        ...(from && from > `${common.day}T${common.time}` && shift.type !== 'single_event'
          ? { effectiveFrom: from }
          : {}),
        ...(untilLocal ? { effectiveUntil: untilLocal } : {}),
      },
    ],
  }));
}

/** Who takes turns, one list for each place that is filled at the same time. */
function groupsOf(shift: Json): string[][] | string {
  if (shift.type !== 'rolling_users') {
    const users: unknown[] = Array.isArray(shift.users) ? shift.users : [];
    return users.length === 0 ? 'nobody is in it' : users.map((user) => [String(user)]);
  }
  const rolling: string[][] = (Array.isArray(shift.rolling_users) ? shift.rolling_users : []).map((group: unknown) =>
    Array.isArray(group) ? group.map(String) : [],
  );
  const places = rolling[0]?.length ?? 0;
  if (places === 0) return 'nobody is in it';
  if (rolling.some((group) => group.length !== places)) return 'its turns are held by different numbers of people';
  const first = Number(shift.start_rotation_from_user_index ?? 0) || 0;
  const turned = [...rolling.slice(first), ...rolling.slice(0, first)];
  return Array.from({ length: places }, (_, place) => turned.map((group) => group[place] ?? ''));
}

interface Common {
  zone: string;
  day: string;
  time: string;
  duration: number;
}
const blank = ({ zone, day, time }: Common) => ({
  name: '',
  zone,
  startsOn: day,
  handoverTime: time,
  handoverWeekday: null,
  effectiveFrom: null,
  effectiveUntil: null,
  windows: [] as Window[],
  skipIdleDays: false,
  participants: [],
});

/** Once: from its start for its length. */
function onceLayer(common: Common): LayerDraft {
  const end = clock.sayLocal(clock.localOf(common.day, common.time) + common.duration * 1000);
  return {
    ...blank(common),
    unit: 'week',
    every: 1,
    effectiveFrom: `${common.day}T${common.time}`,
    effectiveUntil: end,
  };
}

function rotating(shift: Json, common: Common): LayerDraft | string {
  const unit = UNITS[textOf(shift.frequency)];
  const every = Number(shift.interval ?? 1) || 1;
  if (!unit) return `it repeats “${textOf(shift.frequency)}”`;
  const days: number[] = (Array.isArray(shift.by_day) ? shift.by_day : []).map(
    (day: unknown) => WEEKDAYS.indexOf(String(day)) + 1,
  );
  const { duration, time, day } = common;
  const from = secondsOf(time);
  const layer = { ...blank(common), unit, every };
  // It lasts until the next one begins: no hours of duty.
  if (days.length === 0 && unit !== 'month' && duration === turnSeconds({ unit, every })) return layer;
  if (every > 1) return `it repeats every ${every} ${unit}s with pauses between`;
  if (days.length > 0 && unit !== 'day' && unit !== 'week')
    return 'it repeats by the hour or month on some weekdays only';
  if (days.length > 0) {
    const windows = joinWindows(days.map((weekday) => ({ day: weekday, from, length: duration })));
    const monday = WEEKDAYS.indexOf(textOf(shift.week_start) || 'MO') + 1;
    return {
      ...layer,
      windows: windows ?? [],
      handoverWeekday: unit === 'week' ? monday : null,
      skipIdleDays: unit === 'day',
    };
  }
  const weekday = clock.weekdayOf(day);
  if (unit === 'day' && duration < DAY) {
    const window = dailyWindow(from, duration);
    return { ...layer, windows: window ? [window] : [] };
  }
  if (unit === 'week' && duration < 7 * DAY) {
    const window = duration < DAY ? dailyWindow(from, duration, [weekday]) : weeklyWindow(weekday, from, duration);
    return { ...layer, windows: window ? [window] : [] };
  }
  return 'its shifts last longer than the time until the next, or repeat by the month';
}

function overridesOf(shift: Json, place: ReturnType<typeof placeOf>, schedules: string[]): VendorOverride[] {
  const start = LOCAL.exec(textOf(shift.start));
  const users = [
    ...(Array.isArray(shift.users) ? shift.users : []),
    ...(Array.isArray(shift.rolling_users) ? shift.rolling_users.flat() : []),
  ].map(String);
  if (!start || !place.ok)
    return [
      { id: String(shift.id), schedules, user: refTo('user', users[0] ?? ''), replaces: null, from: '?', to: '?' },
    ];
  const at = clock.wallClock(place.zone).instantOf(clock.localOf(start[1] ?? '', start[2]));
  return [
    {
      id: String(shift.id),
      schedules,
      user: refTo('user', users[0] ?? ''),
      replaces: null,
      from: new Date(at).toISOString(),
      to: new Date(at + Number(shift.duration) * 1000).toISOString(),
    },
  ];
}
