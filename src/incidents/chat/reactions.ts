/** What chat rooms do when something happens: an incident gets its room, an entry is told, and what is said in the room is heard. */
import { chatHeard } from '#channels';
import { type Ctx, reaction, readSetting } from '#kernel';
import { incidentDeclared, roleAssigned, roleHandedOver, severityChanged, timelineAppended } from '../events.ts';
import { readIncident } from '../store.ts';
import { hear } from './hear.ts';
import { syncSoon } from './jobs.ts';
import { chatSetting } from './settings.ts';
import { toldKind } from './shapes.ts';
import { roomsOf, wantRoom } from './store.ts';

/** Rooms for an incident that should have them and has none. A restricted incident has no place in a room others can see. */
export async function openRooms(ctx: Ctx, { incidentId }: { incidentId: string }): Promise<void> {
  const chat = await readSetting(ctx, chatSetting);
  if (!chat.slack && !chat.teamsRoom) return;
  const incident = await readIncident(ctx, incidentId);
  if (incident.restricted || incident.severity > chat.upToSeverity || (incident.exercise && !chat.exercises)) return;
  if (chat.slack) await wantRoom(ctx, incident, { provider: 'slack' });
  if (chat.teamsRoom)
    await wantRoom(ctx, incident, {
      provider: 'teams',
      state: 'open',
      channelId: chat.teamsRoom,
      channelName: chat.teamsRoom,
    });
  await syncSoon(ctx, incidentId);
}

async function tellSoon(ctx: Ctx, { incidentId }: { incidentId: string }): Promise<void> {
  const rooms = await roomsOf(ctx, incidentId);
  if (rooms.some((room) => room.state === 'wanted' || room.state === 'open')) await syncSoon(ctx, incidentId);
}

export const chatReactions = [
  reaction('incidents.openRooms', incidentDeclared, openRooms),
  reaction('incidents.openRoomsWhenWorse', severityChanged, openRooms),
  reaction('incidents.tellSoon', timelineAppended, tellSoon, { when: ({ kind }) => toldKind(kind) }),
  reaction('incidents.bringIn', roleAssigned, tellSoon),
  reaction('incidents.bringInNext', roleHandedOver, tellSoon),
  reaction('incidents.hearChat', chatHeard, (ctx, { key, heard }) => hear(ctx, key, heard)),
];
