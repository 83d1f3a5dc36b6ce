/** What Slack says about a channel of an incident: a command, a button, a pin, an emoji. Read here, understood by the module that knows incidents. */
import { z } from 'zod';

const where = { userId: z.string(), channelId: z.string() };

/** One thing that a person did in a chat room. */
export const roomHeard = z.discriminatedUnion('what', [
  z.object({ what: z.literal('command'), ...where, command: z.string(), text: z.string(), responseUrl: z.string() }),
  z.object({ what: z.literal('button'), ...where, action: z.string(), value: z.string(), responseUrl: z.string() }),
  z.object({
    what: z.literal('pin'),
    ...where,
    ts: z.string(),
    authorId: z.string(),
    text: z.string(),
    link: z.string(),
  }),
  z.object({ what: z.literal('emoji'), ...where, ts: z.string(), authorId: z.string(), emoji: z.string() }),
]);
export type RoomHeard = z.infer<typeof roomHeard>;

/** Longer than any message of Slack's. */
const text = (value: unknown, max = 10_000): string => (typeof value === 'string' ? value.slice(0, max) : '');

/** A slash command, form-encoded; undefined when the form is none. `key` names this use of it. */
export function readCommand(form: URLSearchParams): { key: string; heard: RoomHeard } | undefined {
  const command = form.get('command');
  if (!command?.startsWith('/')) return undefined;
  return {
    key: `slack:command:${text(form.get('trigger_id'), 200)}`,
    heard: {
      what: 'command',
      userId: text(form.get('user_id'), 40),
      channelId: text(form.get('channel_id'), 40),
      command: text(command, 40),
      text: text(form.get('text')),
      responseUrl: text(form.get('response_url'), 1000),
    },
  };
}

/** The buttons that belong to an incident's channel begin so; those of a page are others. */
export const ROOM_ACTION = 'evenkeel.room.';

interface Pressed {
  user?: { id?: string };
  channel?: { id?: string };
  response_url?: string;
  actions?: { action_id?: string; value?: string; action_ts?: string }[];
}

export function readRoomButton(body: Pressed): { key: string; heard: RoomHeard } | undefined {
  const action = body.actions?.find((one) => one.action_id?.startsWith(ROOM_ACTION));
  if (!action) return undefined;
  const userId = text(body.user?.id, 40);
  return {
    key: `slack:room:${userId}:${text(action.action_id, 60)}:${text(action.action_ts, 40)}`,
    heard: {
      what: 'button',
      userId,
      channelId: text(body.channel?.id, 40),
      action: text(action.action_id, 60).slice(ROOM_ACTION.length),
      value: text(action.value, 100),
      responseUrl: text(body.response_url, 1000),
    },
  };
}

interface RoomEvent {
  event_id?: string;
  event?: {
    type?: string;
    user?: string;
    channel_id?: string;
    reaction?: string;
    item_user?: string;
    item?: {
      type?: string;
      channel?: string;
      ts?: string;
      message?: { user?: string; text?: string; ts?: string; permalink?: string; bot_id?: string };
    };
  };
}

/** A message was pinned, or somebody put an emoji on it. What the app itself wrote stands in the record already. */
export function readRoomEvent({ event_id, event }: RoomEvent): { key: string; heard: RoomHeard } | undefined {
  if (!event_id || !event?.item) return undefined;
  const { item } = event;
  const base = { userId: text(event.user, 40), channelId: text(event.channel_id ?? item.channel, 40) };
  const key = `slack:event:${event_id}`;
  if (event.type === 'pin_added' && item.message && item.message.bot_id === undefined) {
    const { message } = item;
    const said = { ts: text(message.ts, 40), authorId: text(message.user, 40), text: text(message.text) };
    return { key, heard: { what: 'pin', ...base, ...said, link: text(message.permalink, 500) } };
  }
  if (event.type === 'reaction_added' && item.type === 'message') {
    const said = { ts: text(item.ts, 40), authorId: text(event.item_user, 40), emoji: text(event.reaction, 60) };
    return { key, heard: { what: 'emoji', ...base, ...said } };
  }
  return undefined;
}
