/** Calendars to subscribe to: which shifts a feed holds, what it has said before, and what changes with this reading. */
import { addMs, type Ctx, type Instant, keyedHash, type Selectable, sha256hex, type StampedAt } from '#kernel';
import { activeIn, crowd, refOf } from '../crowd.ts';
import type { CalendarEvent } from './ical.ts';
import { finalShifts } from './model.ts';
import { loadSchedules, participantsOf, planOf } from './store.ts';

export interface CalendarFeedsTable {
  id: string;
  tokenHash: string;
  userId: string;
  kind: 'mine' | 'everyone';
  scheduleId: string | null;
  createdAt: StampedAt;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}
export interface CalendarEventsTable {
  feedId: string;
  uid: string;
  fromAt: Instant;
  toAt: Instant;
  summary: string;
  sequence: number;
  changedAt: Instant;
  cancelledAt: Date | null;
}
export type FeedRow = Selectable<CalendarFeedsTable>;
export type EventRow = Selectable<CalendarEventsTable>;
declare module '#kernel' {
  interface Database {
    'people.calendarFeeds': CalendarFeedsTable;
    'people.calendarEvents': CalendarEventsTable;
  }
}

const DAY = 86_400_000;
/** A feed nobody has read for so long ends. */
export const UNUSED_MS = 180 * DAY;
/** Only keyed hashes of tokens are stored. */
export const hashOfToken = (token: string) => keyedHash('people.calendar', token);

/** The feed behind a token; undefined when it is unknown, taken back, or unused for half a year. */
export async function feedByToken(ctx: Ctx, token: string): Promise<FeedRow | undefined> {
  const row = await ctx.db
    .selectFrom('people.calendarFeeds')
    .selectAll()
    .where('tokenHash', '=', hashOfToken(token))
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  if (!row || (row.lastUsedAt ?? row.createdAt) < addMs(ctx.now, -UNUSED_MS)) return undefined;
  return row;
}

interface Wanted {
  uid: string;
  from: Date;
  to: Date;
  summary: string;
}

/** Whole months around now, so that a shift cut by the edge does not change with every reading. */
function edges(now: Date): [Date, Date] {
  const month = (at: Date, more: number) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more, 1));
  return [month(addMs(now, -14 * DAY), 0), month(addMs(now, 90 * DAY), 1)];
}

/** The shifts a feed should hold now. The person's name is in the summary only where there are several people. */
export async function wantedEvents(ctx: Ctx, feed: FeedRow): Promise<{ name: string; events: Wanted[] }> {
  const [from, to] = edges(ctx.now);
  const everybody = await crowd(ctx);
  const schedules = await loadSchedules(ctx.db, from, feed.scheduleId ? [feed.scheduleId] : undefined);
  const events = schedules.flatMap((schedule) => {
    const people = new Set([...participantsOf(schedule), ...schedule.overrides.map((row) => row.userId)]);
    if (feed.kind === 'mine' && !people.has(feed.userId)) return [];
    return finalShifts(planOf(schedule, activeIn(everybody)), from, to)
      .filter((shift) => shift.userId && (feed.kind === 'everyone' || shift.userId === feed.userId))
      .map((shift) => {
        const who = refOf(everybody, shift.userId ?? '').name;
        const forWhom = shift.replaces ? ` (for ${refOf(everybody, shift.replaces).name})` : '';
        return {
          uid: `${sha256hex(`${shift.userId} ${schedule.id} ${shift.to.toISOString()}`).slice(0, 32)}@evenkeel`,
          from: shift.from,
          to: shift.to,
          summary:
            feed.kind === 'everyone' ? `${who}: ${schedule.name}${forWhom}` : `On call: ${schedule.name}${forWhom}`,
        };
      });
  });
  const one = schedules[0]?.name;
  const name =
    feed.kind === 'everyone'
      ? `On call: ${one ?? 'schedule'}`
      : feed.scheduleId
        ? `My shifts: ${one ?? ''}`
        : 'My shifts';
  return { name, events };
}

/** What a feed has said until now. */
export const saidEvents = (ctx: Ctx, feedId: string): Promise<EventRow[]> =>
  ctx.db.selectFrom('people.calendarEvents').selectAll().where('feedId', '=', feedId).execute();

/** How long a cancelled shift stays in the feed, so that every reader hears of it. */
const TELL_CANCELLED_MS = 30 * DAY;

/** The rows as they should be after this reading, and those of them that changed. Pure but for its inputs. */
export function mergeEvents(
  feedId: string,
  said: EventRow[],
  wanted: Wanted[],
  now: Date,
): { rows: EventRow[]; changed: EventRow[] } {
  const before = new Map(said.map((row) => [row.uid, row]));
  const changed: EventRow[] = [];
  const rows = wanted.map((event) => {
    const row = before.get(event.uid);
    before.delete(event.uid);
    const same =
      row &&
      !row.cancelledAt &&
      row.fromAt.getTime() === event.from.getTime() &&
      row.toAt.getTime() === event.to.getTime() &&
      row.summary === event.summary;
    if (same) return row;
    const next: EventRow = {
      feedId,
      uid: event.uid,
      fromAt: event.from,
      toAt: event.to,
      summary: event.summary,
      sequence: row ? row.sequence + 1 : 0,
      changedAt: now,
      cancelledAt: null,
    };
    changed.push(next);
    return next;
  });
  // What is over stays as it was said; what was still to come and is gone is cancelled.
  for (const row of before.values()) {
    if (row.cancelledAt) {
      if (row.cancelledAt > addMs(now, -TELL_CANCELLED_MS)) rows.push(row);
    } else if (row.toAt > now) {
      const next = { ...row, sequence: row.sequence + 1, changedAt: now, cancelledAt: now };
      changed.push(next);
      rows.push(next);
    }
  }
  return { rows, changed };
}

/** Rows as calendar entries, in order. */
export const asEvents = (rows: EventRow[]): CalendarEvent[] =>
  rows
    .toSorted((a, b) => a.fromAt.getTime() - b.fromAt.getTime() || a.uid.localeCompare(b.uid))
    .map((row) => ({
      uid: row.uid,
      from: row.fromAt,
      to: row.toAt,
      summary: row.summary,
      description: '',
      sequence: row.sequence,
      changedAt: row.changedAt,
      cancelled: row.cancelledAt !== null,
    }));
