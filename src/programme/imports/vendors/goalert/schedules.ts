/**
 * GoAlert's schedules as ours. A schedule there assigns people and rotations to hours, all side by side. A rotation says
 * who has it now (`activeUserIndex`), not who had it first: its order is turned until that person has the present turn.
 */
import { turnAt } from '#people';
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
import { compileLayer } from '../../layers.ts';
import { fitTogether, joinWindows, onTheWall, secondsOf, splitNote, type Track, type Window } from '../shifts.ts';
import type { VendorOverride } from '../overrides.ts';

const UNITS: Record<string, LayerDraft['unit']> = { hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month' };

export interface GoAlertSchedules {
  items: Item<'schedule'>[];
  standFor: Map<string, string[]>;
}

export function schedulesOf(records: Json[], rotations: Json[], readAt: string): GoAlertSchedules {
  const byId = new Map(rotations.map((rotation) => [String(rotation.id), rotation]));
  const result: GoAlertSchedules = { items: [], standFor: new Map() };
  for (const record of records) {
    const items = scheduleItems(record, byId, readAt);
    result.items.push(...items);
    result.standFor.set(
      String(record.id),
      items.map((one) => one.sourceId),
    );
  }
  return result;
}

function scheduleItems(record: Json, rotations: Map<string, Json>, readAt: string): Item<'schedule'>[] {
  const [id, name] = [String(record.id), textOf(record.name)];
  const base = { name, team: null, zone: textOf(record.timeZone), layers: [] as LayerDraft[] };
  const refuse = (why: string, todo: string) => [refusedItem('schedule', id, name, base, why, todo)];
  const place = placeOf(record.timeZone);
  if (!place.ok)
    return refuse(
      `Its time zone cannot be used: ${place.why}`,
      'Set a place such as Europe/Berlin there and read it again.',
    );
  const tracks: Track[] = [];
  for (const { target, rules } of listOf(record.targets)) {
    const made = trackOf(target ?? {}, listOf(rules), place.zone, rotations, readAt);
    if (typeof made === 'string')
      return refuse(
        `${textOf(target?.name)}: ${made}`,
        'Change it there and read it again, or make this schedule by hand.',
      );
    if (made) tracks.push(made);
  }
  if (tracks.length === 0) return refuse('Nobody is assigned in it', 'Make it by hand if it is still needed.');
  const notes: Note[] = [];
  if (place.mapped)
    notes.push({ text: `Its time zone “${textOf(record.timeZone)}” is ${place.zone} here.`, todo: 'Nothing.' });
  if (tracks.length <= 12 && fitTogether(tracks))
    return [
      item('schedule', id, name, { ...base, zone: place.zone, layers: tracks.flatMap((track) => track.layers) }, notes),
    ];
  const names = tracks.map((track) => `${cut(name, 60)} / ${cut(track.name, 36)}`);
  return tracks.map((track, i) =>
    item(
      'schedule',
      `${id}#${track.id}`,
      names[i] ?? name,
      { ...base, zone: place.zone, name: names[i] ?? name, layers: track.layers },
      [...notes, splitNote('GoAlert', names)],
    ),
  );
}

/** Undefined: it has no hours at all. A sentence: it cannot be said. */
function trackOf(
  target: Json,
  rules: Json[],
  zone: string,
  rotations: Map<string, Json>,
  readAt: string,
): Track | string | undefined {
  if (rules.length === 0) return undefined;
  const windows = windowsOf(rules);
  if (typeof windows === 'string') return windows;
  const id = String(target.id);
  if (target.type === 'user') {
    const layer = {
      name: cut(textOf(target.name) || 'Person', 100),
      zone,
      unit: 'week',
      every: 1,
      startsOn: '2020-01-06',
      handoverTime: '00:00',
      handoverWeekday: null,
      effectiveFrom: null,
      effectiveUntil: null,
      windows,
      skipIdleDays: false,
      participants: [refTo('user', id)],
    } as LayerDraft;
    return { id, name: layer.name, layers: [layer] };
  }
  const rotation = rotations.get(id);
  if (target.type !== 'rotation' || !rotation)
    return `a ${textOf(target.type)} that could not be read is assigned in it`;
  const layer = rotationLayer(rotation, readAt);
  if (typeof layer === 'string') return layer;
  if (windows.length > 0 && layer.zone !== zone)
    return `its hours are in ${zone}, but its rotation hands over in ${layer.zone}`;
  return { id, name: layer.name, layers: [{ ...layer, windows }] };
}

/** A rotation around the clock, with the person who has it at `readAt` in that turn. */
export function rotationLayer(rotation: Json, readAt: string): LayerDraft | string {
  const place = placeOf(rotation.timeZone);
  if (!place.ok) return `the time zone of its rotation cannot be used: ${place.why}`;
  const unit = UNITS[textOf(rotation.type)];
  const every = Number(rotation.shiftLength);
  const start = onTheWall(place.zone, textOf(rotation.start));
  if (!unit || !Number.isInteger(every) || every < 1 || !start)
    return `its rotation (${rotation.shiftLength} ${rotation.type}) cannot be read`;
  const users: string[] = (Array.isArray(rotation.userIDs) ? rotation.userIDs : []).map(String);
  if (users.length === 0) return 'nobody is in its rotation';
  if (users.length > 100) return `${users.length} people are in its rotation; at most 100 can take turns`;
  const layer = {
    name: cut(textOf(rotation.name) || 'Rotation', 100),
    zone: place.zone,
    unit,
    every,
    startsOn: start.day,
    handoverTime: start.time,
    handoverWeekday: null,
    effectiveFrom: null,
    effectiveUntil: null,
    windows: [],
    skipIdleDays: false,
  } satisfies Omit<LayerDraft, 'participants'>;
  const compiled = compileLayer({ ...layer, participants: users }, place.zone);
  if (typeof compiled === 'string') return compiled;
  const turn = turnAt(compiled, new Date(readAt).getTime());
  if (turn < 0) return 'its rotation has not begun yet';
  const shift = (((Number(rotation.activeUserIndex) - turn) % users.length) + users.length) % users.length;
  return {
    ...layer,
    participants: [...users.slice(shift), ...users.slice(0, shift)].map((user) => refTo('user', user)),
  };
}

function windowsOf(rules: Json[]): Window[] | string {
  const stretches: { day: number; from: number; length: number }[] = [];
  for (const rule of rules) {
    const [start, end] = [textOf(rule.start), textOf(rule.end)];
    if (!/^\d{2}:\d{2}/.test(start) || !/^\d{2}:\d{2}/.test(end) || !Array.isArray(rule.weekdayFilter))
      return 'its hours cannot be read';
    const [from, to] = [secondsOf(start), secondsOf(end)];
    const length = to > from ? to - from : to - from + 86_400;
    // Sunday comes first there.
    rule.weekdayFilter.forEach(
      (on: unknown, i: number) => on === true && stretches.push({ day: i === 0 ? 7 : i, from, length }),
    );
  }
  if (stretches.length === 0) return 'its hours are empty';
  const whole = stretches.filter((one) => one.length === 86_400 && one.from === 0);
  if (new Set(whole.map((one) => one.day)).size === 7) return [];
  // A whole day from midnight is a line like any other.
  const joined = joinWindows(stretches.filter((one) => !whole.includes(one)));
  const days = [...new Set(whole.map((one) => one.day))].sort();
  const windows: Window[] = [
    ...(joined ?? []),
    ...(days.length > 0 ? [{ kind: 'daily' as const, days, from: '00:00', to: '24:00' }] : []),
  ];
  return windows.length > 14 ? `it has ${windows.length} different hours; at most 14 can be` : windows;
}

/** Overrides and temporary schedules; what only adds or only removes somebody cannot be said. */
export function overridesOf(
  records: Json[],
  overrides: Json[],
  standFor: Map<string, string[]>,
): { overrides: VendorOverride[]; notes: Note[] } {
  const found: VendorOverride[] = [];
  const notes: Note[] = [];
  for (const one of overrides) {
    const schedules = standFor.get(String(one.target?.id)) ?? [];
    const [add, remove] = [textOf(one.addUserID), textOf(one.removeUserID)];
    if (add && remove)
      found.push({
        id: String(one.id),
        schedules,
        user: refTo('user', add),
        replaces: refTo('user', remove),
        from: textOf(one.start),
        to: textOf(one.end),
      });
    else
      notes.push({
        text: `An override in ${textOf(one.target?.name)} from ${one.start} to ${one.end} only ${add ? 'adds' : 'takes out'} somebody, which cannot be said here.`,
        todo: add
          ? 'Let them take the stretch over, or call them in the policy.'
          : 'Enter the person as away for that time.',
      });
  }
  for (const record of records)
    for (const temporary of listOf(record.temporarySchedules))
      for (const shift of listOf(temporary.shifts))
        found.push({
          id: `${record.id}/${shift.start}/${shift.userID}`,
          schedules: standFor.get(String(record.id)) ?? [],
          user: refTo('user', String(shift.userID)),
          replaces: null,
          from: textOf(shift.start),
          to: textOf(shift.end),
        });
  return { overrides: found, notes };
}
