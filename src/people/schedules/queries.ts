/** Reads of schedules for screens and for the modules above: shifts, timelines, and who is on call. */
import { addMs, type Ctx, invalid, isId, notFound } from '#kernel';
import { layerWarnings } from '../checks.ts';
import { activeIn, type Crowd, crowd, refOf } from '../crowd.ts';
import { finalShifts, gapsOf, layerShifts, MAX_WINDOW_DAYS, nowAndNext, onCallAt, type Shift } from './model.ts';
import { calendarsOf } from './incoming.ts';
import { clockNotes } from './notes.ts';
import { type LoadedSchedule, loadSchedules, participantsOf, planOf } from './store.ts';

export const GAP_WINDOW_MS = 14 * 86_400_000;
const iso = (at: Date) => at.toISOString();

/** A shift as it crosses the wire. */
export const shiftView = (everybody: Crowd, shift: Shift) => ({
  from: iso(shift.from),
  to: iso(shift.to),
  person: shift.userId ? refOf(everybody, shift.userId) : null,
  source: shift.source,
  why: shift.why,
  blocked: shift.blocked ? refOf(everybody, shift.blocked) : null,
  replaces: shift.replaces ? refOf(everybody, shift.replaces) : null,
  reachable: shift.userId !== null && everybody.proven.has(shift.userId),
});

async function scheduleView(ctx: Ctx, everybody: Crowd, schedule: LoadedSchedule) {
  const { id, name, teamId, zone, version } = schedule;
  return {
    id,
    name,
    teamId,
    zone,
    version,
    layers: schedule.layers.map((layer) => ({
      ...layer,
      onHolidays: layer.onHolidays ?? ('as_usual' as const),
      participants: layer.participants.map((userId) => refOf(everybody, userId)),
    })),
    participants: participantsOf(schedule).map((userId) => refOf(everybody, userId)),
    overrides: schedule.overrides.map((row) => ({
      id: row.id,
      person: refOf(everybody, row.userId),
      replaces: row.replacesUserId ? refOf(everybody, row.replacesUserId) : null,
      from: iso(row.fromAt),
      to: iso(row.toAt),
      reason: row.reason,
    })),
    holidays: (await calendarsOf(ctx.db, [id])).map((one) => ({ id: one.id, name: one.name })),
    warnings: await layerWarnings(ctx, everybody.users, schedule.layers),
  };
}

/** All schedules, with the overrides that have not ended. */
export async function listSchedules(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const schedules = await loadSchedules(ctx.db, ctx.now);
  return Promise.all(schedules.map((schedule) => scheduleView(ctx, everybody, schedule)));
}

/** One schedule as loaded, with what ends after `since`. Throws 404, the same for malformed ids. */
export async function loadSchedule(ctx: Ctx, id: string, since: Date): Promise<LoadedSchedule> {
  const [schedule] = isId('sch', id) ? await loadSchedules(ctx.db, since, [id]) : [];
  if (!schedule) throw notFound('Schedule', id);
  return schedule;
}

/** One schedule. Throws 404. */
export async function scheduleById(ctx: Ctx, id: string) {
  return scheduleView(ctx, await crowd(ctx), await loadSchedule(ctx, id, ctx.now));
}

/** A window that can be: forwards, at most 400 days. Throws 422. */
export function requireWindow(from: Date, to: Date): void {
  const refuse = (title: string, message: string) => invalid(title, 'people.window', [{ path: 'to', message }]);
  if (from >= to) throw refuse('The window must end after it begins', 'after `from`');
  if (to.getTime() - from.getTime() > MAX_WINDOW_DAYS * 86_400_000)
    throw refuse(`At most ${MAX_WINDOW_DAYS} days at once`, 'nearer to `from`');
}

/** A calculation that needs more steps than the budget has is asked for in parts. */
function withinBudget<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'nearer to `from`';
    throw invalid('This schedule changes hands too often for such a long window', 'people.window', [
      { path: 'to', message },
    ]);
  }
}

/** The final shifts of a schedule in a window of at most 400 days. Throws 404; 422 for a window that cannot be. */
export async function shiftsBetween(ctx: Ctx, id: string, from: Date, to: Date) {
  requireWindow(from, to);
  const schedule = await loadSchedule(ctx, id, from);
  const everybody = await crowd(ctx);
  const shifts = withinBudget(() => finalShifts(planOf(schedule, activeIn(everybody)), from, to));
  return {
    zone: schedule.zone,
    shifts: shifts.map((shift) => shiftView(everybody, shift)),
  };
}

/** A stretch of a loaded (or only imagined) schedule, layer by layer, with the result under them. */
export async function timelineOf(ctx: Ctx, schedule: LoadedSchedule, from: Date, to: Date) {
  requireWindow(from, to);
  const everybody = await crowd(ctx);
  const plan = planOf(schedule, activeIn(everybody));
  const [layers, result] = withinBudget(() => [layerShifts(plan, from, to), finalShifts(plan, from, to)] as const);
  const show = (shifts: Shift[]) => shifts.map((shift) => shiftView(everybody, shift));
  return {
    zone: schedule.zone,
    from: iso(from),
    to: iso(to),
    layers: schedule.layers.map(({ id, name, zone }, i) => ({ id, name, zone, shifts: show(layers[i] ?? []) })),
    result: show(result),
    notes: clockNotes(schedule, from, to),
  };
}

/** Who is on call in one schedule at an instant; undefined when nobody is. */
export async function whoIsOnCall(ctx: Ctx, scheduleId: string, at: Date): Promise<string | undefined> {
  const [schedule] = await loadSchedules(ctx.db, at, [scheduleId]);
  if (!schedule) return undefined;
  return onCallAt(planOf(schedule, activeIn(await crowd(ctx))), at).userId ?? undefined;
}

/** Every schedule: who is on call now, who is next, and the gaps of the next 14 days. Gaps in the past are nobody's business now. */
export async function onCallNow(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const schedules = await loadSchedules(ctx.db, ctx.now);
  return schedules.map((schedule) => {
    const { id, name, zone, teamId } = schedule;
    const plan = planOf(schedule, activeIn(everybody));
    const { now, next } = nowAndNext(plan, ctx.now);
    const soon = finalShifts(plan, ctx.now, addMs(ctx.now, GAP_WINDOW_MS));
    return {
      schedule: { id, name, zone, teamId },
      now: shiftView(everybody, now),
      next: next && shiftView(everybody, next),
      gaps: gapsOf(soon).map((shift) => shiftView(everybody, shift)),
    };
  });
}
