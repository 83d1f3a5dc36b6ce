/** Says the rule where it bites: the changes of the clocks inside a stretch, and whose hand-overs fall into them. Pure. */
import { sayDuration, zone } from '#kernel';
import { type Layer, turnAt, turnLocal } from './layer.ts';

export interface ClockNote {
  at: string;
  zone: string;
  text: string;
  /** The layers whose hand-over or hours fall into the hour that is missing or comes twice. */
  layers: string[];
}

/** The changes of the clocks in [from, to), in every zone the schedule uses, in order. */
export function clockNotes(schedule: { layers: Layer[] }, from: Date, to: Date): ClockNote[] {
  const places = [...new Set(schedule.layers.map((layer) => layer.zone))];
  return places
    .flatMap((place) =>
      zone
        .wallClock(place)
        .changes(from.getTime(), to.getTime())
        .map((change) => {
          const layers = schedule.layers.filter((layer) => layer.zone === place && bites(layer, change));
          return {
            at: new Date(change.at).toISOString(),
            zone: place,
            text: sayChange(place, change),
            layers: layers.map((layer) => layer.name),
          };
        }),
    )
    .toSorted((a, b) => a.at.localeCompare(b.at));
}

interface Change {
  at: number;
  before: number;
  after: number;
}

function sayChange(place: string, { at, before, after }: Change): string {
  const clock = (local: number) => zone.sayLocal(local).slice(11);
  const [shown, becomes] = [clock(at + before), clock(at + after)];
  const by = sayDuration(Math.abs(after - before));
  return after > before
    ? `${place}: clocks go forward ${by}, from ${shown} to ${becomes}. A time in between means the first instant after it.`
    : `${place}: clocks go back ${by}, from ${shown} to ${becomes}. A time that comes twice means the first for starts and hand-overs, the last for ends.`;
}

/** Whether a turn or a window of the layer has an edge on the wall between the two times of the change. */
function bites(layer: Layer, { at, before, after }: Change): boolean {
  const [low, high] = [at + Math.min(before, after), at + Math.max(before, after)];
  const hit = (local: number) => low <= local && local < high;
  const k = turnAt(layer, at);
  if ([k - 1, k, k + 1].some((turn) => turn >= 0 && hit(turnLocal(layer, turn)))) return true;
  const day = zone.dayOfLocal(low);
  const on = (weekday: number, time: string) =>
    [day, day + zone.DAY_MS].some((date) => zone.weekdayOfLocal(date) === weekday && hit(date + zone.timeOfDay(time)));
  return layer.windows.some((window) =>
    window.kind === 'daily'
      ? window.days.some(
          (weekday) => on(weekday, window.from) || on(weekday, window.to) || on((weekday % 7) + 1, window.to),
        )
      : on(window.fromDay, window.from) || on(window.toDay, window.to),
  );
}
