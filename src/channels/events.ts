/** What channels announces: how a message fared in the end, and that a recipient is gone. */
import { z } from 'zod';
import { defineEvent } from '#kernel';
import { roomHeard } from './slack/room-inbound.ts';

export const deliverySettled = defineEvent(
  'delivery.settled',
  z.object({
    deliveryId: z.string(),
    ref: z.string(),
    purpose: z.enum(['page', 'security', 'internal', 'subscriber', 'public']),
    channel: z.string(),
    /** `unconfirmed`: the carrier took it, and no receipt came in time; one that comes later is announced again. */
    state: z.enum(['delivered', 'failed', 'unconfirmed']),
    error: z.string().optional(),
  }),
);

/** A recipient is no more, whoever was going to be reached there: a browser that no longer takes push. */
export const recipientGone = defineEvent(
  'recipient.gone',
  z.object({ channel: z.string(), recipient: z.string(), reason: z.string() }),
);

/** Somebody did something in a chat room: typed a command, pressed a button, pinned a message. */
export const chatHeard = defineEvent('chat.heard', z.object({ key: z.string(), heard: roomHeard }));
