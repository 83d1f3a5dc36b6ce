/** On-call schedules as they cross the wire: layers, shifts, overrides, and who is on call. Part of `people.ts`. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';
import { calendarEndpoints } from './people-calendars.ts';

export { type IncomingCalendar, incomingCalendar } from './people-calendars.ts';

export const name = z.string().trim().min(1, 'a name is needed').max(100, 'at most 100 characters');
export const note = z.string().trim().max(1000);
export const someId = z.string().min(1).max(60);
export const byId = z.strictObject({ id: z.string() });
/** The version you edited; `If-Match` says the same in a header. One of the two is needed for an update. */
export const version = z.number().int().min(1).optional();
export const warning = z.object({ rule: z.string(), message: z.string() });
export type Warning = z.infer<typeof warning>;

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 09:00');
const edge = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00)$/, 'a time such as 09:00, at the end of a day 24:00');
const wallDateTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 2026-11-23T09:00');
const weekday = z.number().int().min(1).max(7);
/** An instant, or a time on the wall: `2026-11-23T09:00`. */
const moment = z.union([instant, wallDateTime]);
/** The same, or a whole day: `2026-12-24`, as an end up to its midnight. */
const dayOrMoment = z.union([instant, z.string().regex(/^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d)?$/)]);

// ---------------------------------------------------------------- layers
export const dutyWindow = z.discriminatedUnion('kind', [
  /** On each of these weekdays (1 Monday … 7 Sunday); an end before the beginning is on the next day. */
  z.strictObject({ kind: z.literal('daily'), days: z.array(weekday).min(1).max(7), from: edge, to: edge }),
  /** One stretch of the week, such as Friday 18:00 to Monday 08:00. */
  z.strictObject({ kind: z.literal('weekly'), fromDay: weekday, from: edge, toDay: weekday, to: edge }),
]);
export type DutyWindow = z.infer<typeof dutyWindow>;

const onHolidays = z.enum(['as_usual', 'off', 'only']);
const layerShape = {
  name,
  /** A turn lasts `every` units: 12 hours, 1 day, 2 weeks, 1 month. */
  unit: z.enum(['hour', 'day', 'week', 'month']),
  every: z.number().int().min(1).max(1000),
  /** First day, `2026-11-23`; duty begins at the hand-over time of that day. Months keep the day, the 31st means the last. */
  startsOn: z.string().max(20),
  handoverTime: wallTime,
};
export const layerInput = z.strictObject({
  ...layerShape,
  /** Of this schedule's own layers, the one that is changed; without it a new one. */
  id: someId.optional(),
  /** IANA place name; none: the schedule's. */
  zone: z.string().max(100).nullable().default(null),
  /** For turns in weeks; none: the weekday of the first day. */
  handoverWeekday: weekday.nullable().default(null),
  /** From when until when the layer holds at all, on the wall of its zone. */
  effectiveFrom: wallDateTime.nullable().default(null),
  effectiveUntil: wallDateTime.nullable().default(null),
  /** Hours in which the layer is on duty; none: around the clock. */
  windows: z.array(dutyWindow).max(14).default([]),
  /** Turns in days pass over days without duty. */
  skipIdleDays: z.boolean().default(false),
  /** On the holidays the schedule knows: as on other days, off, or on duty only then. */
  onHolidays: onHolidays.default('as_usual'),
  /** In the order in which they take turns. */
  participants: z.array(someId).max(100),
});
export type LayerInput = z.input<typeof layerInput>;
export const layer = z.object({
  ...layerShape,
  id: z.string(),
  zone: z.string(),
  handoverWeekday: z.number().nullable(),
  effectiveFrom: z.string().nullable(),
  effectiveUntil: z.string().nullable(),
  windows: z.array(dutyWindow),
  skipIdleDays: z.boolean(),
  onHolidays,
  participants: z.array(personRef),
});
export type Layer = z.infer<typeof layer>;

// ---------------------------------------------------------------- schedules
export const scheduleInput = z.strictObject({
  name,
  teamId: someId.nullable().default(null),
  /** IANA place name; aliases are accepted, abbreviations and offsets are not. */
  zone: z.string().max(100),
  /** From top to bottom: an upper layer covers those under it wherever it has somebody. */
  layers: z.array(layerInput).min(1, 'a schedule has at least one layer').max(12).optional(),
  /** The short form, instead of `layers`: one weekly rotation. 1 Monday … 7 Sunday. */
  handoverWeekday: weekday.optional(),
  handoverTime: wallTime.optional(),
  startsOn: z.string().max(20).optional(),
  everyWeeks: z.number().int().min(1).max(52).optional(),
  participants: z.array(someId).max(100).optional(),
  /** Calendars of days (holidays) that the layers may heed; left out: as they are. */
  holidays: z.array(someId).max(20).optional(),
  /** Save although there are warnings (nobody in it, somebody who cannot be reached, the same person twice). */
  acceptWarnings: z.boolean().default(false),
});
export type ScheduleInput = z.infer<typeof scheduleInput>;

export const shift = z.object({
  from: instant,
  to: instant,
  person: personRef.nullable(),
  source: z.enum(['rotation', 'override', 'nobody']),
  /** Why nobody, when nobody. */
  why: z
    .enum(['not_started', 'ended', 'outside_hours', 'holiday', 'no_participants', 'person_inactive', 'person_away'])
    .nullable(),
  /** Whose turn it would be, when they are away or have left. */
  blocked: personRef.nullable(),
  /** For whom somebody stands in. */
  replaces: personRef.nullable(),
  /** False when the person has no proven way to be reached. */
  reachable: z.boolean(),
});
export type Shift = z.infer<typeof shift>;

export const override = z.object({
  id: z.string(),
  person: personRef,
  replaces: personRef.nullable(),
  from: instant,
  to: instant,
  reason: z.string(),
});
export const schedule = z.object({
  id: z.string(),
  name: z.string(),
  teamId: z.string().nullable(),
  zone: z.string(),
  layers: z.array(layer),
  /** Everybody in any layer, each once. */
  participants: z.array(personRef),
  /** Overrides that have not ended. */
  overrides: z.array(override),
  /** The calendars of holidays it knows. */
  holidays: z.array(z.object({ id: z.string(), name: z.string() })),
  version: z.number(),
  warnings: z.array(warning),
});
export type Schedule = z.infer<typeof schedule>;

/** Who is on call now in one schedule, who follows, and the gaps of the next 14 days. */
export const onCall = z.object({
  schedule: z.object({
    id: z.string(),
    name: z.string(),
    zone: z.string(),
    teamId: z.string().nullable(),
  }),
  now: shift,
  next: shift.nullable(),
  gaps: z.array(shift),
});
export type OnCall = z.infer<typeof onCall>;

/** A stretch of a schedule, layer by layer, and what holds in the end. */
export const timeline = z.object({
  zone: z.string(),
  from: instant,
  to: instant,
  layers: z.array(z.object({ id: z.string(), name: z.string(), zone: z.string(), shifts: z.array(shift) })),
  result: z.array(shift),
  /** Clock changes in the stretch, with the rule, and the layers whose times fall into them. */
  notes: z.array(z.object({ at: instant, zone: z.string(), text: z.string(), layers: z.array(z.string()) })),
});
export type Timeline = z.infer<typeof timeline>;
const stretch = z.strictObject({ from: instant, to: instant });

// ---------------------------------------------------------------- planning duty
export const swap = z.object({
  id: z.string(),
  schedule: z.object({ id: z.string(), name: z.string() }),
  from: personRef,
  /** Null while anybody of those asked may take it. */
  to: personRef.nullable(),
  /** Who may accept. */
  asked: z.array(personRef),
  fromAt: instant,
  toAt: instant,
  /** The stretch of the other person's duty that is taken in return. */
  inReturn: z.object({ from: instant, to: instant }).nullable(),
  note: z.string(),
  state: z.enum(['offered', 'accepted', 'declined', 'withdrawn']),
  /** `offered` by me, or I am `asked`. */
  mine: z.enum(['offered', 'asked']).nullable(),
});
export type Swap = z.infer<typeof swap>;
export const absence = z.object({
  id: z.string(),
  person: personRef,
  from: instant,
  to: instant,
  note: z.string(),
  /** The calendar it was read from; it is changed there. */
  calendar: z.object({ id: z.string(), name: z.string() }).nullable(),
});
export type Absence = z.infer<typeof absence>;
export const candidate = z.object({
  person: personRef,
  /** When their latest duty in any schedule ended, in the thirteen weeks before. */
  lastDuty: instant.nullable(),
  /** Why not to ask them: they are away, on duty then, or would have less than ten hours of rest. */
  hindrance: z.enum(['away', 'on_duty', 'no_rest']).nullable(),
  reachable: z.boolean(),
});
export type Candidate = z.infer<typeof candidate>;
/** How duty is spread. For planning it, never for rating a person. */
export const fairness = z.object({
  from: instant,
  to: instant,
  items: z.array(
    z.object({
      person: personRef,
      hours: z.number(),
      nights: z.number(),
      weekends: z.number(),
      share: z.number(),
      tooMuch: z.boolean(),
    }),
  ),
  hints: z.array(z.string()),
});
export type Fairness = z.infer<typeof fairness>;
export const calendarFeed = z.object({
  id: z.string(),
  kind: z.enum(['mine', 'everyone']),
  schedule: z.object({ id: z.string(), name: z.string() }).nullable(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
});
export type CalendarFeed = z.infer<typeof calendarFeed>;
const done = z.object({});

const planningEndpoints = {
  swaps: endpoint({
    id: 'people.swaps',
    method: 'GET',
    path: '/api/v1/swaps',
    summary: 'Offered shifts that wait for an answer',
    access: 'read',
    query: z.strictObject({ scheduleId: someId.optional() }),
    response: z.object({ items: z.array(swap) }),
  }),
  offerSwap: endpoint({
    id: 'people.offerSwap',
    method: 'POST',
    path: '/api/v1/schedules/:id/swaps',
    summary: 'Offer your shift, or a part of it, to somebody or to whoever can; nothing changes until it is accepted',
    access: 'people.offerSwap',
    params: byId,
    body: z.strictObject({
      /** None: whoever of the free and rested people of the schedule and its team accepts first. */
      toUserId: someId.nullable().default(null),
      from: moment,
      to: moment,
      /** A stretch of the other person's duty that you take in return. */
      inReturn: z.strictObject({ from: moment, to: moment }).nullable().default(null),
      note: note.default(''),
    }),
    response: swap,
    status: 201,
  }),
  acceptSwap: endpoint({
    id: 'people.acceptSwap',
    method: 'POST',
    path: '/api/v1/swaps/:id/accept',
    summary: 'Take over the shift you were offered',
    access: 'people.acceptSwap',
    params: byId,
    response: swap,
  }),
  declineSwap: endpoint({
    id: 'people.declineSwap',
    method: 'POST',
    path: '/api/v1/swaps/:id/decline',
    summary: 'Decline the shift you were offered',
    access: 'people.declineSwap',
    params: byId,
    response: swap,
  }),
  withdrawSwap: endpoint({
    id: 'people.withdrawSwap',
    method: 'POST',
    path: '/api/v1/swaps/:id/withdraw',
    summary: 'Take back your offer',
    access: 'people.withdrawSwap',
    params: byId,
    response: swap,
  }),
  absences: endpoint({
    id: 'people.absences',
    method: 'GET',
    path: '/api/v1/absences',
    summary: 'Who is or will be away',
    access: 'read',
    response: z.object({ items: z.array(absence) }),
  }),
  addAbsence: endpoint({
    id: 'people.addAbsence',
    method: 'POST',
    path: '/api/v1/absences',
    summary: 'Say that you are away; your shifts are gaps until somebody covers them',
    access: 'people.addAbsence',
    body: z.strictObject({
      /** Somebody else, entered by a manager. */
      userId: someId.optional(),
      from: dayOrMoment,
      to: dayOrMoment,
      note: note.default(''),
    }),
    response: absence,
    status: 201,
  }),
  removeAbsence: endpoint({
    id: 'people.removeAbsence',
    method: 'DELETE',
    path: '/api/v1/absences/:id',
    summary: 'Take an absence back',
    access: 'people.removeAbsence',
    params: byId,
    response: done,
  }),
  cover: endpoint({
    id: 'people.cover',
    method: 'GET',
    path: '/api/v1/schedules/:id/cover',
    summary: 'Who could take a stretch: least recent duty first, with ten hours of rest',
    access: 'read',
    params: byId,
    query: stretch,
    response: z.object({ items: z.array(candidate) }),
  }),
  fairness: endpoint({
    id: 'people.fairness',
    method: 'GET',
    path: '/api/v1/schedules/:id/fairness',
    summary: 'How duty is spread over the last or next thirteen weeks; for planning, never for rating people',
    access: 'read',
    params: byId,
    query: z.strictObject({ which: z.enum(['last', 'next']).default('next') }),
    response: fairness,
  }),
  calendarFeeds: endpoint({
    id: 'people.calendarFeeds',
    method: 'GET',
    path: '/api/v1/me/calendar-feeds',
    summary: 'Your calendar addresses (without their secret part)',
    access: 'read',
    response: z.object({ items: z.array(calendarFeed) }),
  }),
  createCalendarFeed: endpoint({
    id: 'people.createCalendarFeed',
    method: 'POST',
    path: '/api/v1/me/calendar-feeds',
    summary: 'Make an address to subscribe to; it is shown this once',
    access: 'people.createCalendarFeed',
    body: z.strictObject({ kind: z.enum(['mine', 'everyone']), scheduleId: someId.nullable().default(null) }),
    response: calendarFeed.extend({ url: z.string() }),
    status: 201,
  }),
  revokeCalendarFeed: endpoint({
    id: 'people.revokeCalendarFeed',
    method: 'DELETE',
    path: '/api/v1/me/calendar-feeds/:id',
    summary: 'Take a calendar address back',
    access: 'people.revokeCalendarFeed',
    params: byId,
    response: done,
  }),
};

export const scheduleEndpoints = {
  ...planningEndpoints,
  ...calendarEndpoints,
  schedules: endpoint({
    id: 'people.schedules',
    method: 'GET',
    path: '/api/v1/schedules',
    summary: 'All on-call schedules',
    access: 'read',
    response: z.object({ items: z.array(schedule) }),
  }),
  schedule: endpoint({
    id: 'people.schedule',
    method: 'GET',
    path: '/api/v1/schedules/:id',
    summary: 'One schedule; its ETag is its version',
    access: 'read',
    params: byId,
    response: schedule,
  }),
  createSchedule: endpoint({
    id: 'people.createSchedule',
    method: 'POST',
    path: '/api/v1/schedules',
    summary: 'Make a schedule of one or more layers',
    access: 'people.createSchedule',
    body: scheduleInput,
    response: schedule,
    status: 201,
  }),
  updateSchedule: endpoint({
    id: 'people.updateSchedule',
    method: 'PUT',
    path: '/api/v1/schedules/:id',
    summary: 'Change a schedule; 412 when somebody else changed it first',
    access: 'people.updateSchedule',
    params: byId,
    body: scheduleInput.extend({ version }),
    response: schedule,
  }),
  deleteSchedule: endpoint({
    id: 'people.deleteSchedule',
    method: 'DELETE',
    path: '/api/v1/schedules/:id',
    summary: 'Delete a schedule that no policy uses',
    access: 'people.deleteSchedule',
    params: byId,
    response: z.object({}),
  }),
  shifts: endpoint({
    id: 'people.shifts',
    method: 'GET',
    path: '/api/v1/schedules/:id/shifts',
    summary: 'Who is on call between two instants, gaps included (at most 400 days)',
    access: 'read',
    params: byId,
    query: stretch,
    response: z.object({ zone: z.string(), shifts: z.array(shift) }),
  }),
  timeline: endpoint({
    id: 'people.timeline',
    method: 'GET',
    path: '/api/v1/schedules/:id/timeline',
    summary: 'The same layer by layer, with the changes of the clocks in it (at most 400 days)',
    access: 'read',
    params: byId,
    query: stretch,
    response: timeline,
  }),
  previewSchedule: endpoint({
    id: 'people.previewSchedule',
    method: 'POST',
    path: '/api/v1/schedules/preview',
    summary: 'What a schedule would give if it were saved like this; changes nothing',
    access: 'read',
    body: scheduleInput.extend({ id: someId.optional(), from: instant, to: instant }),
    response: timeline,
  }),
  addOverride: endpoint({
    id: 'people.addOverride',
    method: 'POST',
    path: '/api/v1/schedules/:id/overrides',
    summary: 'Let somebody else take a stretch of duty',
    access: 'people.addOverride',
    params: byId,
    body: z.strictObject({
      userId: someId,
      /** In whose place: then only where that person would be on duty. None: the whole stretch. */
      replacesUserId: someId.nullable().default(null),
      from: moment,
      to: moment,
      reason: note.default(''),
    }),
    response: override,
    status: 201,
  }),
  removeOverride: endpoint({
    id: 'people.removeOverride',
    method: 'DELETE',
    path: '/api/v1/schedules/:id/overrides/:overrideId',
    summary: 'Take an override back',
    access: 'people.removeOverride',
    params: z.strictObject({ id: z.string(), overrideId: z.string() }),
    response: z.object({}),
  }),
  onCall: endpoint({
    id: 'people.onCall',
    method: 'GET',
    path: '/api/v1/on-call',
    summary: 'Who is on call now in every schedule, who is next, and the gaps of the next 14 days',
    access: 'read',
    response: z.object({ items: z.array(onCall), at: instant }),
  }),
};
