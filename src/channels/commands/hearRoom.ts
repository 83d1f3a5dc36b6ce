/** Somebody did something in a chat room: counted once, and announced to the module that knows what the room is for. */
import { emit } from '#kernel';
import { command } from '#security';
import { claimCallback } from '../callbacks.ts';
import { chatHeard } from '../events.ts';
import type { RoomHeard } from '../slack/room-inbound.ts';

export interface HearRoom {
  /** Names this act; the same one again changes nothing. */
  key: string;
  heard: RoomHeard;
}

export const hearRoom = command(
  'channels.hearRoom',
  { allow: 'internal', subject: (input: HearRoom) => input.key },
  async (ctx, { key, heard }): Promise<void> => {
    ctx.audit.skip = true;
    if (!(await claimCallback(ctx, key, 'slack'))) return;
    await emit(ctx, chatHeard, { key, heard }, { subject: heard.channelId });
  },
);
