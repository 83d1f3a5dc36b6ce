/** Keeping chat rooms in step with the record: one job per incident that may fail and come back, and a net below it. */
import { z } from 'zod';
import { slackSetting } from '#channels';
import { addMs, type Ctx, defineJob, enqueue, readSetting } from '#kernel';
import { readIncident } from '../store.ts';
import { bringSlackUp, ChatFailed } from './slack-room.ts';
import { type ChatRoom, roomsBehind, roomsOf, saveRoom, takeRoom } from './store.ts';
import { bringTeamsUp } from './teams-room.ts';

const timer = (incidentId: string) => `incidents.chat:${incidentId}`;

/** Brings the rooms of an incident up to date soon. */
export const syncSoon = (ctx: Ctx, incidentId: string, runAt?: Date): Promise<unknown> =>
  enqueue(ctx, syncChat, { incidentId }, { key: timer(incidentId), ...(runAt ? { runAt } : {}) });

const LONGEST_WAIT_MS = 5 * 60_000;
/** A chat that has not come back for so long will not: the record stands in the war room. */
const GIVE_UP_MS = 7 * 86_400_000;

/** 5 s, 10 s, 20 s … 5 min; Slack's own wish when it has one. */
const waitMs = (attempts: number, wishSeconds: number | undefined): number =>
  wishSeconds ? Math.min(wishSeconds * 1000, LONGEST_WAIT_MS) : Math.min(5000 * 2 ** attempts, LONGEST_WAIT_MS);

export const syncChat = defineJob(
  'incidents.syncChat',
  z.object({ incidentId: z.string() }),
  async (ctx, { incidentId }) => {
    for (const { provider } of await roomsOf(ctx, incidentId)) await syncRoom(ctx, { incidentId, provider });
  },
);

async function syncRoom(ctx: Ctx, key: Pick<ChatRoom, 'incidentId' | 'provider'>): Promise<void> {
  const room = await takeRoom(ctx, key);
  if (!room) return;
  const incident = await readIncident(ctx, key.incidentId);
  const inside = { ...ctx, exercise: incident.exercise };
  try {
    if (room.provider === 'teams') await bringTeamsUp({ ctx: inside, incident, room });
    else {
      const app = await readSetting(ctx, slackSetting);
      if (app === null) throw new ChatFailed({ ok: false, error: 'it is not configured', final: true }, 'Slack');
      await bringSlackUp({ ctx: inside, app, incident, room });
    }
    await saveRoom(ctx, key, { leaseUntil: null, error: null, attempts: 0 });
  } catch (error) {
    if (!(error instanceof ChatFailed)) {
      await saveRoom(ctx, key, { leaseUntil: null, error: 'an error of our own', attempts: room.attempts + 1 });
      throw error;
    }
    const over = ctx.now.getTime() - room.wantedAt.getTime() > GIVE_UP_MS;
    await saveRoom(ctx, key, {
      leaseUntil: null,
      error: error.message.slice(0, 300),
      attempts: room.attempts + 1,
      ...(over && room.state === 'wanted' ? { state: 'given_up' as const } : {}),
    });
    ctx.log.info({ incident: incident.key, error: error.message }, 'a chat room is behind and is tried again');
    if (!over) await syncSoon(ctx, key.incidentId, addMs(ctx.now, waitMs(room.attempts, error.retryAfterSeconds)));
  }
}

/** Finds rooms whose job was lost, or that somebody else had when more was to be told. */
export const watchChat = defineJob(
  'incidents.watchChat',
  z.object({}),
  async (ctx) => {
    for (const room of await roomsBehind(ctx)) {
      // A failing room has its own timer; it is late only when that has passed by far.
      const due = addMs(room.workedAt ?? room.wantedAt, room.error ? LONGEST_WAIT_MS + 60_000 : 10_000);
      if (due <= ctx.now) await syncSoon(ctx, room.incidentId);
    }
  },
  { every: 30_000 },
);
