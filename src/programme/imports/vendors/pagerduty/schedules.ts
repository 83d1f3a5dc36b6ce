/**
 * PagerDuty's schedules as ours. Layers come from the API with the one that wins first (in the console it stands last, in
 * a PUT too). A turn starts at `rotation_virtual_start` and lasts so many seconds of the wall; `start` and `end` say
 * when the layer holds at all; restrictions are hours of duty in the schedule's zone.
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
import { placeOf } from '../../zones.ts';
import {
  dailyWindow,
  joinWindows,
  onTheWall,
  secondsOf,
  turnOf,
  turnSeconds,
  type Window,
  wallMoment,
} from '../shifts.ts';
import { zone as clock } from '#kernel';

export const teamRef = (record: Json) => {
  const [first] = listOf(record.teams);
  return first ? refTo('team', String(first.id)) : null;
};

/** One schedule; refused as a whole when any of its layers cannot be said in our words: a part of a rotation is a wrong one. */
export function scheduleItem(record: Json, readAt: string): Item<'schedule'> {
  const [id, name] = [String(record.id), textOf(record.name) || textOf(record.summary)];
  const fields = { name, team: teamRef(record), zone: textOf(record.time_zone), layers: [] as LayerDraft[] };
  const refuse = (why: string, todo: string) => refusedItem('schedule', id, name, fields, why, todo);
  const place = placeOf(record.time_zone);
  if (!place.ok)
    return refuse(
      `Its time zone cannot be used: ${place.why}`,
      'Set a place such as Europe/Berlin in PagerDuty and read it again.',
    );
  fields.zone = place.zone;
  const notes: Note[] = [];
  if (place.mapped)
    notes.push({ text: `Its time zone “${textOf(record.time_zone)}” is ${place.zone} here.`, todo: 'Nothing.' });
  const wanted = listOf(record.schedule_layers).filter(
    (layer) => !layer.end || String(new Date(layer.end).toISOString()) > readAt,
  );
  const ended = listOf(record.schedule_layers).length - wanted.length;
  if (ended > 0)
    notes.push({
      text: `${ended} layer${ended === 1 ? ' has' : 's have'} ended and ${ended === 1 ? 'is' : 'are'} left out.`,
      todo: 'Nothing.',
    });
  if (wanted.length === 0) return refuse('It has no layer that still holds', 'Make it by hand if it is still needed.');
  if (wanted.length > 12)
    return refuse(`It has ${wanted.length} layers; at most 12 can be`, 'Join layers in PagerDuty and read it again.');
  for (const layer of wanted) {
    const made = layerOf(layer, place.zone, notes);
    if (typeof made === 'string')
      return refuse(`Layer “${textOf(layer.name)}”: ${made}`, 'Change it in PagerDuty, or make this schedule by hand.');
    fields.layers.push(made);
  }
  if (listOf(record.teams).length > 1)
    notes.push({
      text: `It belongs to ${listOf(record.teams).length} teams; here to the first, ${textOf(listOf(record.teams)[0]?.summary)}.`,
      todo: 'Choose another team in the schedule if that is the wrong one.',
    });
  return item('schedule', id, name, fields, notes);
}

function layerOf(layer: Json, zone: string, notes: Note[]): LayerDraft | string {
  const turn = turnOf(Number(layer.rotation_turn_length_seconds));
  if (!turn)
    return `a turn of ${layer.rotation_turn_length_seconds} seconds is neither whole hours, days nor weeks within a year`;
  const participants = listOf(layer.users).map((entry) => refTo('user', String((entry.user ?? entry).id)));
  if (participants.length > 100) return `it has ${participants.length} people; at most 100 can take turns`;
  const start = onTheWall(zone, textOf(layer.rotation_virtual_start) || textOf(layer.start));
  if (!start) return 'it has no readable start';
  const windows = windowsOf(listOf(layer.restrictions));
  if (typeof windows === 'string') return windows;
  const name = cut(textOf(layer.name).trim() || 'Layer', 100);
  if (start.seconds !== 0)
    notes.push({
      text: `Layer “${name}” hands over at ${start.time}:${String(start.seconds).padStart(2, '0')}; here at ${start.time}.`,
      todo: 'Nothing.',
    });
  const from = layer.start ? wallMoment(zone, layer.start) : undefined;
  const begins = beforeStart(start, from, turn, participants.length);
  return {
    name,
    zone,
    ...turn,
    startsOn: begins,
    handoverTime: start.time,
    handoverWeekday: null,
    effectiveFrom: from && from !== `${begins}T${start.time}` ? from : null,
    effectiveUntil: layer.end ? (wallMoment(zone, layer.end) ?? null) : null,
    windows,
    skipIdleDays: false,
    participants,
  };
}

/** The rotation is turned back by whole rounds until it begins no later than the layer: the same person, earlier. */
function beforeStart(
  start: { day: string; time: string },
  from: string | undefined,
  turn: Pick<LayerDraft, 'unit' | 'every'>,
  people: number,
): string {
  // Whole rounds that are whole days too, so that the time of day stays.
  let round = turnSeconds(turn) * Math.max(1, people);
  for (const one = round; round % 86_400 !== 0;) round += one;
  const local = (day: string, time: string) => clock.localOf(day, time) / 1000;
  if (!from) return start.day;
  let at = local(start.day, start.time);
  const limit = local(from.slice(0, 10), from.slice(11));
  if (at > limit) at -= Math.ceil((at - limit) / round) * round;
  return clock.sayLocal(at * 1000).slice(0, 10);
}

function windowsOf(restrictions: Json[]): Window[] | string {
  const daily: Window[] = [];
  const weekly: { day: number; from: number; length: number }[] = [];
  for (const one of restrictions) {
    const time = textOf(one.start_time_of_day);
    const length = Number(one.duration_seconds);
    if (!/^\d{2}:\d{2}(:\d{2})?$/.test(time) || !Number.isInteger(length) || length <= 0)
      return 'it has hours of duty that cannot be read';
    if (one.type === 'weekly_restriction') {
      const day = Number(one.start_day_of_week);
      if (!Number.isInteger(day) || day < 1 || day > 7) return 'it has weekly hours of duty without a weekday';
      weekly.push({ day, from: secondsOf(time), length });
    } else if (one.type === 'daily_restriction') {
      const window = dailyWindow(secondsOf(time), length);
      if (!window) return [];
      daily.push(window);
    } else return `it has hours of duty of a kind we do not know (${textOf(one.type).slice(0, 40)})`;
  }
  const joined = joinWindows(weekly);
  if (joined === undefined) return [];
  if (daily.length + joined.length > 14)
    return `it has ${daily.length + joined.length} different hours of duty; at most 14 can be`;
  return [...daily, ...joined];
}
