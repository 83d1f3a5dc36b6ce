/** Reads for planning duty: swaps, absences, who could cover, and how duty is spread. */
import { addMs, type Ctx, notFound, personOf } from '#kernel';
import { activeIn, crowd, refOf } from '../crowd.ts';
import { dutiesBetween } from './duty.ts';
import { BENCH, candidates, loads, REST_MS, TOO_MUCH } from './fairness.ts';
import { loadSchedule, requireWindow } from './queries.ts';
import { loadAbsences, participantsOf, type SwapRow } from './store.ts';

const DAY = 86_400_000;
/** Thirteen weeks. */
const QUARTER_MS = 91 * DAY;
const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Swaps that wait for an answer and are not over yet; soonest first. */
export async function openSwaps(ctx: Ctx, scheduleId?: string) {
  const rows = await ctx.db
    .selectFrom('people.swaps')
    .selectAll()
    .where('state', '=', 'offered')
    .where('toAt', '>', ctx.now)
    .$if(scheduleId !== undefined, (query) => query.where('scheduleId', '=', scheduleId ?? ''))
    .orderBy('fromAt')
    .limit(200)
    .execute();
  return swapViews(ctx, rows);
}

/** Swaps as they cross the wire. */
export async function swapViews(ctx: Ctx, rows: SwapRow[]) {
  const everybody = await crowd(ctx);
  const ids = ['', ...rows.map((row) => row.scheduleId)];
  const names = await ctx.db.selectFrom('people.schedules').select(['id', 'name']).where('id', 'in', ids).execute();
  const me = personOf(ctx.actor);
  return rows.map((row) => ({
    id: row.id,
    schedule: { id: row.scheduleId, name: names.find(({ id }) => id === row.scheduleId)?.name ?? '' },
    from: refOf(everybody, row.fromUserId),
    to: row.toUserId ? refOf(everybody, row.toUserId) : null,
    asked: row.asked.map((id) => refOf(everybody, id)),
    fromAt: row.fromAt.toISOString(),
    toAt: row.toAt.toISOString(),
    inReturn:
      row.returnFromAt && row.returnToAt
        ? { from: row.returnFromAt.toISOString(), to: row.returnToAt.toISOString() }
        : null,
    note: row.note,
    state: row.state,
    mine: row.fromUserId === me ? ('offered' as const) : row.asked.includes(me ?? '') ? ('asked' as const) : null,
  }));
}

/** Everybody's absences that have not ended. */
export async function listAbsences(ctx: Ctx) {
  const calendars = await ctx.db.selectFrom('people.calendars').select(['id', 'name']).execute();
  const everybody = await crowd(ctx);
  return (await loadAbsences(ctx.db, ctx.now)).map((row) => ({
    id: row.id,
    person: refOf(everybody, row.userId),
    from: row.fromAt.toISOString(),
    to: row.toAt.toISOString(),
    note: row.note,
    calendar: calendars.find(({ id }) => id === row.calendarId) ?? null,
  }));
}

/** Who could take a stretch of a schedule: its people and its team, least recent duty first. Throws 404, 422. */
export async function coverFor(ctx: Ctx, id: string, from: Date, to: Date) {
  requireWindow(from, to);
  const schedule = await loadSchedule(ctx, id, from);
  const everybody = await crowd(ctx);
  const team = await ctx.db
    .selectFrom('people.teamMembers')
    .select('userId')
    .where('teamId', '=', schedule.teamId ?? '')
    .execute();
  const people = [...new Set([...participantsOf(schedule), ...team.map(({ userId }) => userId)])].filter(
    activeIn(everybody),
  );
  const duties = await dutiesBetween(ctx, undefined, addMs(from, -QUARTER_MS), addMs(to, REST_MS));
  const absences = schedule.absences.map((row) => ({ userId: row.userId, from: row.fromAt, to: row.toAt }));
  return candidates(people, { from, to }, duties, absences).map(({ userId, lastDuty, hindrance }) => ({
    person: refOf(everybody, userId),
    lastDuty: iso(lastDuty),
    hindrance,
    reachable: everybody.proven.has(userId),
  }));
}

/** How the duty of a schedule is spread over its people in the last or next thirteen weeks. Throws 404. */
export async function fairnessOf(ctx: Ctx, id: string, which: 'last' | 'next') {
  const schedule = await loadSchedule(ctx, id, ctx.now);
  const everybody = await crowd(ctx);
  const [from, to] = which === 'last' ? [addMs(ctx.now, -QUARTER_MS), ctx.now] : [ctx.now, addMs(ctx.now, QUARTER_MS)];
  const duties = await dutiesBetween(ctx, [id], from, to);
  const people = participantsOf(schedule);
  const all = loads(people, duties, (userId) => everybody.users.get(userId)?.timeZone ?? schedule.zone);
  const items = all
    .map(({ userId, ...load }) => ({ person: refOf(everybody, userId), ...load, tooMuch: load.share > TOO_MUCH }))
    .toSorted((a, b) => b.hours - a.hours || a.person.name.localeCompare(b.person.name));
  const hints: string[] = [];
  // Two people cannot share without one of them holding half: the bench is what is to be mended first.
  const bench = people.filter(activeIn(everybody)).length;
  if (bench < BENCH)
    hints.push(
      `Only ${bench} ${bench === 1 ? 'person shares' : 'people share'} this schedule; with three or more everybody can rest.`,
    );
  for (const { person, share, tooMuch } of items)
    if (tooMuch) hints.push(`${person.name} carries ${Math.round(share * 100)} % of the duty: plan others in.`);
  return { from: from.toISOString(), to: to.toISOString(), items, hints };
}

/** One swap, after a change. Throws 404. */
export async function swapById(ctx: Ctx, id: string) {
  const rows = await ctx.db.selectFrom('people.swaps').selectAll().where('id', '=', id).execute();
  const [view] = await swapViews(ctx, rows);
  if (!view) throw notFound('Swap', id);
  return view;
}

/** The asker's own calendar addresses that still work. */
export async function listCalendarFeeds(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('people.calendarFeeds as f')
    .leftJoin('people.schedules as s', 's.id', 'f.scheduleId')
    .select(['f.id', 'f.kind', 'f.scheduleId', 's.name', 'f.createdAt', 'f.lastUsedAt'])
    .where('f.userId', '=', personOf(ctx.actor) ?? '')
    .where('f.revokedAt', 'is', null)
    .orderBy('f.createdAt')
    .execute();
  return rows.map(({ scheduleId, name, createdAt, lastUsedAt, ...row }) => ({
    ...row,
    schedule: scheduleId ? { id: scheduleId, name: name ?? '' } : null,
    createdAt: createdAt.toISOString(),
    lastUsedAt: iso(lastUsedAt),
  }));
}
