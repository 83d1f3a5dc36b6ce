/** What a schedule may look like: its layers, or the short form (one weekly rotation), checked field by field. */
import { type FieldError, zone } from '#kernel';
import type { Layer, Unit, Window } from './model.ts';

/** One layer as it comes in; what is left out has its usual value. */
export interface LayerFields {
  id?: string | undefined;
  name: string;
  /** None: the schedule's zone. */
  zone?: string | null | undefined;
  unit: Unit;
  every: number;
  startsOn: string;
  handoverTime: string;
  handoverWeekday?: number | null | undefined;
  effectiveFrom?: string | null | undefined;
  effectiveUntil?: string | null | undefined;
  windows?: Window[] | undefined;
  skipIdleDays?: boolean | undefined;
  onHolidays?: 'as_usual' | 'off' | 'only' | undefined;
  participants: string[];
}

/** A schedule as it comes in: `layers`, or the fields of one weekly rotation. */
export interface ScheduleFields {
  name: string;
  teamId: string | null;
  zone: string;
  layers?: LayerFields[] | undefined;
  handoverWeekday?: number | undefined;
  handoverTime?: string | undefined;
  startsOn?: string | undefined;
  everyWeeks?: number | undefined;
  participants?: string[] | undefined;
  /** Calendars of days that the layers may heed; none: as they are. */
  holidays?: string[] | undefined;
  acceptWarnings: boolean;
}

/** The longest turn per unit: about a year. */
const LONGEST: Record<Unit, number> = { hour: 1000, day: 366, week: 52, month: 12 };

/** The layers that are meant; errors name the field as it was sent. */
export function readLayers(input: ScheduleFields): { layers: Layer[]; errors: FieldError[] } {
  const { layers, handoverWeekday, handoverTime, startsOn, everyWeeks, participants } = input;
  const short = { handoverWeekday, handoverTime, startsOn, participants };
  if (layers) {
    const both = Object.entries(short).find(([, value]) => value !== undefined);
    const errors = both ? [{ path: both[0], message: 'either `layers` or one weekly rotation, not both' }] : [];
    const read = layers.map((fields, i) => readLayer(fields, input.zone, `layers.${i}.`));
    return { layers: read.map(({ layer }) => layer), errors: [...errors, ...read.flatMap((one) => one.errors)] };
  }
  const missing = Object.entries(short).find(([, value]) => value === undefined);
  if (missing)
    return {
      layers: [],
      errors: [
        { path: Object.values(short).some((v) => v !== undefined) ? missing[0] : 'layers', message: 'is needed' },
      ],
    };
  const one = {
    name: 'Rotation',
    unit: 'week',
    every: everyWeeks ?? 1,
    handoverWeekday,
    handoverTime,
    startsOn,
    participants,
  };
  const { layer, errors } = readLayer(one as LayerFields, input.zone, '');
  return { layers: [layer], errors };
}

function readLayer(fields: LayerFields, scheduleZone: string, at: string): { layer: Layer; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const place = readZone(fields.zone || scheduleZone);
  if (fields.zone && !place.ok) errors.push({ path: `${at}zone`, message: place.message });
  checkDate(fields.startsOn, `${at}startsOn`, errors);
  if (fields.every > LONGEST[fields.unit])
    errors.push({ path: `${at}every`, message: `at most ${LONGEST[fields.unit]} ${fields.unit}s` });
  const { effectiveFrom = null, effectiveUntil = null, windows = [] } = fields;
  for (const [name, value] of Object.entries({ effectiveFrom, effectiveUntil }))
    if (value !== null) checkDate(value.slice(0, 10), `${at}${name}`, errors);
  if (effectiveFrom && effectiveUntil && effectiveUntil <= effectiveFrom)
    errors.push({ path: `${at}effectiveUntil`, message: 'it must end after it begins' });
  windows.forEach((window, i) => checkWindow(window, `${at}windows.${i}.`, errors));
  const layer: Layer = {
    id: fields.id ?? '',
    name: fields.name,
    zone: place.zone,
    unit: fields.unit,
    every: fields.every,
    startsOn: fields.startsOn,
    handoverTime: fields.handoverTime,
    handoverWeekday: fields.unit === 'week' ? (fields.handoverWeekday ?? null) : null,
    effectiveFrom,
    effectiveUntil,
    windows,
    skipIdleDays: fields.skipIdleDays ?? false,
    onHolidays: fields.onHolidays ?? 'as_usual',
    participants: fields.participants,
  };
  return { layer, errors };
}

/** A zone in its usual spelling, or what is wrong with it and what was perhaps meant (bad-input row 91). */
export function readZone(text: string): { ok: boolean; zone: string; message: string } {
  const checked = zone.checkZone(text);
  if (checked.ok) return { ok: true, zone: checked.zone, message: '' };
  const hint = checked.suggestion ? `. Did you mean ${checked.suggestion}?` : '';
  return { ok: false, zone: text, message: `${checked.message}${hint}` };
}

function checkDate(date: string, path: string, errors: FieldError[]): void {
  const year = Number(date.slice(0, 4));
  if (!zone.isDate(date)) errors.push({ path, message: 'a date such as 2026-11-23' });
  else if (year < 2000 || year > 2099) errors.push({ path, message: 'a day between 2000 and 2099' });
}

/** Start = end could mean nothing or everything: it is refused, never guessed (bad-input row 95). */
export function checkWindow(window: Window, at: string, errors: FieldError[]): void {
  const around =
    'this begins and ends at the same time; for around the clock write 00:00 to 24:00, or leave the hours out';
  if (window.from === '24:00') errors.push({ path: `${at}from`, message: 'a day begins at 00:00' });
  if (window.kind === 'daily') {
    if (window.from === window.to) errors.push({ path: `${at}to`, message: around });
    if (new Set(window.days).size !== window.days.length)
      errors.push({ path: `${at}days`, message: 'each weekday once' });
  } else if (window.fromDay === window.toDay && window.from === window.to)
    errors.push({ path: `${at}to`, message: around });
}
