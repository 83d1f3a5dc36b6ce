/** SQL on the rooms incidents have in chats. */
import { addMs, type Ctx, type Generated, type Instant } from '#kernel';
import type { Selectable } from '#kernel';
import type { IncidentRow } from '../tables.ts';

interface ChatRoomsTable {
  incidentId: string;
  provider: 'slack' | 'teams';
  state: Generated<'wanted' | 'open' | 'archived' | 'given_up'>;
  channelId: string | null;
  channelName: string | null;
  topic: string | null;
  bookmarked: Generated<string[]>;
  invited: Generated<string[]>;
  toldSeq: Generated<number>;
  error: string | null;
  attempts: Generated<number>;
  wantedAt: Instant;
  workedAt: Date | null;
  leaseUntil: Date | null;
  exercise: boolean;
}
export type ChatRoom = Selectable<ChatRoomsTable>;
declare module '#kernel' {
  interface Database {
    'incidents.chatRooms': ChatRoomsTable;
  }
}

type Reader = Pick<Ctx, 'db'>;

/** Wants a room; false when there is one. */
export async function wantRoom(
  ctx: Pick<Ctx, 'db' | 'now'>,
  incident: Pick<IncidentRow, 'id' | 'exercise'>,
  room: Pick<ChatRoom, 'provider'> & Partial<Pick<ChatRoom, 'channelName' | 'channelId' | 'state'>>,
): Promise<boolean> {
  const row = await ctx.db
    .insertInto('incidents.chatRooms')
    .values({ incidentId: incident.id, exercise: incident.exercise, wantedAt: ctx.now, ...room })
    .onConflict((on) => on.columns(['incidentId', 'provider']).doNothing())
    .returning('incidentId')
    .executeTakeFirst();
  return row !== undefined;
}

export const roomsOf = (ctx: Reader, incidentId: string): Promise<ChatRoom[]> =>
  ctx.db
    .selectFrom('incidents.chatRooms')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('provider')
    .execute();

/** The incident of a channel. */
export const incidentOfChannel = (ctx: Reader, channelId: string): Promise<IncidentRow | undefined> =>
  ctx.db
    .selectFrom('incidents.chatRooms as r')
    .innerJoin('incidents.incidents as i', 'i.id', 'r.incidentId')
    .selectAll('i')
    .where('r.provider', '=', 'slack')
    .where('r.channelId', '=', channelId)
    .executeTakeFirst();

/** How long one worker has a room to itself. */
const LEASE_MS = 120_000;

/** Takes a room for this worker; undefined while another has it, or when there is nothing more to do with it. */
export const takeRoom = (ctx: Pick<Ctx, 'db' | 'now'>, key: Pick<ChatRoom, 'incidentId' | 'provider'>) =>
  ctx.db
    .updateTable('incidents.chatRooms')
    .set({ leaseUntil: addMs(ctx.now, LEASE_MS), workedAt: ctx.now })
    .where('incidentId', '=', key.incidentId)
    .where('provider', '=', key.provider)
    .where('state', 'in', ['wanted', 'open'])
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', ctx.now)]))
    .returningAll()
    .executeTakeFirst();

export const saveRoom = (
  ctx: Reader,
  room: Pick<ChatRoom, 'incidentId' | 'provider'>,
  change: Partial<Omit<ChatRoom, 'incidentId' | 'provider' | 'exercise'>>,
): Promise<unknown> =>
  ctx.db
    .updateTable('incidents.chatRooms')
    .set(change)
    .where('incidentId', '=', room.incidentId)
    .where('provider', '=', room.provider)
    .execute();

/** Rooms with something left to tell or to do, for the net and for the health shown in the settings. */
export const roomsBehind = (ctx: Reader): Promise<(ChatRoom & { key: string; headSeq: number })[]> =>
  ctx.db
    .selectFrom('incidents.chatRooms as r')
    .innerJoin('incidents.incidents as i', 'i.id', 'r.incidentId')
    .innerJoin('incidents.timelineHeads as h', 'h.incidentId', 'r.incidentId')
    .selectAll('r')
    .select(['i.key', 'h.seq as headSeq'])
    .where('r.state', 'in', ['wanted', 'open'])
    .where((eb) =>
      eb.or([
        eb('r.state', '=', 'wanted'),
        eb('r.error', 'is not', null),
        eb('r.toldSeq', '<', eb.ref('h.seq')),
        eb('i.phase', 'in', ['closed', 'false_alarm', 'merged']),
      ]),
    )
    .orderBy('r.wantedAt')
    .limit(200)
    .execute();
