/** The rows of schedules, layers, overrides and absences, and the SQL that writes and loads them. */
import {
  ahead,
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  newId,
  type Selectable,
  sent,
  sql,
  type StampedAt,
} from '#kernel';
import type { Holiday } from './holidays.ts';
import type { Layer, Plan, Window } from './model.ts';

export interface SchedulesTable {
  id: string;
  name: string;
  teamId: string | null;
  zone: string;
  version: Generated<number>;
  createdAt: StampedAt;
  dutyKeptUntil: Date | null;
}
export interface ScheduleLayersTable {
  id: string;
  scheduleId: string;
  position: number;
  name: string;
  zone: string;
  unit: Layer['unit'];
  every: number;
  startsOn: string;
  handoverTime: string;
  handoverWeekday: number | null;
  effectiveFrom: string | null;
  effectiveUntil: string | null;
  windows: Json<Window[]>;
  skipIdleDays: boolean;
  onHolidays: Generated<'as_usual' | 'off' | 'only'>;
}
export interface ScheduleCalendarsTable {
  scheduleId: string;
  calendarId: string;
}
export interface LayerParticipantsTable {
  layerId: string;
  position: number;
  userId: string;
}
export interface OverridesTable {
  id: string;
  scheduleId: string;
  userId: string;
  replacesUserId: string | null;
  fromAt: Instant;
  toAt: Instant;
  reason: string;
  createdBy: string;
  createdAt: StampedAt;
}
export interface AbsencesTable {
  id: string;
  userId: string;
  fromAt: Instant;
  toAt: Instant;
  note: string;
  createdBy: string;
  createdAt: StampedAt;
  /** Of a calendar that is read again and again: which, and which of its entries. */
  calendarId: string | null;
  entryKey: string | null;
}
export interface SwapsTable {
  id: string;
  scheduleId: string;
  fromUserId: string;
  /** Null while anybody of those asked may take it. */
  toUserId: string | null;
  asked: Json<string[]>;
  fromAt: Instant;
  toAt: Instant;
  note: string;
  state: Generated<'offered' | 'accepted' | 'declined' | 'withdrawn'>;
  overrideId: string | null;
  /** What is taken in return, and the override it became. */
  returnFromAt: Date | null;
  returnToAt: Date | null;
  returnOverrideId: string | null;
  createdAt: StampedAt;
  decidedAt: Date | null;
}
export interface DutiesTable {
  scheduleId: string;
  userId: string;
  fromAt: Instant;
  toAt: Instant;
  source: 'rotation' | 'override';
}
export type SwapRow = Selectable<SwapsTable>;
export type ScheduleRow = Selectable<SchedulesTable>;
export type OverrideRow = Selectable<OverridesTable>;
export type AbsenceRow = Selectable<AbsencesTable>;

declare module '#kernel' {
  interface Database {
    'people.schedules': SchedulesTable;
    'people.scheduleLayers': ScheduleLayersTable;
    'people.scheduleCalendars': ScheduleCalendarsTable;
    'people.layerParticipants': LayerParticipantsTable;
    'people.overrides': OverridesTable;
    'people.absences': AbsencesTable;
    'people.swaps': SwapsTable;
    'people.duties': DutiesTable;
  }
}

/** A schedule with its layers from top to bottom, the overrides and absences that end after the time asked for. */
export interface LoadedSchedule extends ScheduleRow {
  layers: Layer[];
  overrides: OverrideRow[];
  /** Of everybody: absences belong to people, not to schedules. */
  absences: AbsenceRow[];
  /** Days its layers may heed; loaded only where one does. */
  holidays: Holiday[];
}

/**
 * All schedules, or those named, with what ends after `since`. Four queries however many schedules there are, and one more
 * when a layer heeds holidays.
 */
export async function loadSchedules(db: Db, since: Date, ids?: string[]): Promise<LoadedSchedule[]> {
  if (ids && ids.length === 0) return [];
  let schedules = db.selectFrom('people.schedules').selectAll().orderBy('name');
  // The people come along as an array: one question less on the way to a page.
  const participants = sql<
    string[]
  >`array(select user_id from people.layer_participants p where p.layer_id = l.id order by p.position)`;
  let layers = db
    .selectFrom('people.scheduleLayers as l')
    .selectAll('l')
    .select(participants.as('participants'))
    .orderBy('l.position');
  let overrides = db.selectFrom('people.overrides').selectAll().where('toAt', '>', since).orderBy('fromAt');
  if (ids) {
    schedules = schedules.where('id', 'in', ids);
    layers = layers.where('l.scheduleId', 'in', ids);
    overrides = overrides.where('scheduleId', 'in', ids);
  }
  const [rows, layerRows, overrideRows, absences] = await Promise.all([
    sent(schedules.modifyEnd(ahead)),
    sent(layers.modifyEnd(ahead)),
    sent(overrides.modifyEnd(ahead)),
    loadAbsences(db, since),
  ]);
  const covers = Map.groupBy(overrideRows, (row) => row.scheduleId);
  const bySchedule = Map.groupBy(layerRows, (row) => row.scheduleId);
  const heeding = layerRows.filter((row) => row.onHolidays !== 'as_usual').map((row) => row.scheduleId);
  const holidays = await loadHolidays(db, heeding, since);
  return rows.map((row) => ({
    ...row,
    layers: (bySchedule.get(row.id) ?? []).map(({ scheduleId: _, position: __, ...layer }) => layer),
    overrides: covers.get(row.id) ?? [],
    absences,
    holidays: holidays.get(row.id) ?? [],
  }));
}

/** Days of the calendars these schedules know, that are not long over. */
async function loadHolidays(db: Db, scheduleIds: string[], since: Date): Promise<Map<string, Holiday[]>> {
  if (scheduleIds.length === 0) return new Map();
  // A day may last longer on another wall.
  const day = new Date(since.getTime() - 2 * 86_400_000).toISOString().slice(0, 10);
  const rows = await db
    .selectFrom('people.scheduleCalendars as s')
    .innerJoin('people.calendarDays as d', 'd.calendarId', 's.calendarId')
    .select(['s.scheduleId', 'd.firstDay as first', 'd.lastDay as last'])
    .where('s.scheduleId', 'in', scheduleIds)
    .where('d.lastDay', '>=', day)
    .execute();
  return Map.groupBy(rows, (row) => row.scheduleId);
}

/** The calendars a schedule knows are these. */
export async function saveHolidays(db: Db, scheduleId: string, calendarIds: string[]): Promise<void> {
  await db.deleteFrom('people.scheduleCalendars').where('scheduleId', '=', scheduleId).execute();
  const values = [...new Set(calendarIds)].map((calendarId) => ({ scheduleId, calendarId }));
  if (values.length > 0) await db.insertInto('people.scheduleCalendars').values(values).execute();
}

/** Everybody's absences that end after `since`. */
export const loadAbsences = (db: Db, since: Date): Promise<AbsenceRow[]> =>
  sent(db.selectFrom('people.absences').selectAll().where('toAt', '>', since).orderBy('fromAt').modifyEnd(ahead));

/** What the calculators want of a loaded schedule. */
export const planOf = (schedule: LoadedSchedule, isActive: (userId: string) => boolean): Plan => ({
  layers: schedule.layers,
  overrides: schedule.overrides.map((row) => ({
    userId: row.userId,
    from: row.fromAt,
    to: row.toAt,
    replaces: row.replacesUserId,
  })),
  absences: schedule.absences.map((row) => ({ userId: row.userId, from: row.fromAt, to: row.toAt })),
  holidays: schedule.holidays,
  isActive,
});

/** Everybody who stands in any layer, each once, in the order of the layers. */
export const participantsOf = (schedule: Pick<LoadedSchedule, 'layers'>): string[] => [
  ...new Set(schedule.layers.flatMap((layer) => layer.participants)),
];

/** Replaces the layers of a schedule. A layer keeps its id when it names one of this schedule's own. */
export async function saveLayers(db: Db, scheduleId: string, layers: Layer[]): Promise<void> {
  const before = await db
    .deleteFrom('people.scheduleLayers')
    .where('scheduleId', '=', scheduleId)
    .returning('id')
    .execute();
  const own = new Set(before.map((row) => row.id));
  const saved = layers.map((layer) => ({ ...layer, id: own.delete(layer.id) ? layer.id : newId('lay') }));
  await db
    .insertInto('people.scheduleLayers')
    .values(
      saved.map(({ participants: _, windows, ...layer }, position) => ({
        ...layer,
        windows: json(windows),
        scheduleId,
        position,
      })),
    )
    .execute();
  const people = saved.flatMap((layer) =>
    layer.participants.map((userId, position) => ({ layerId: layer.id, position, userId })),
  );
  if (people.length > 0) await db.insertInto('people.layerParticipants').values(people).execute();
}
