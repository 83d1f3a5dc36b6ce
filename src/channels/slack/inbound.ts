/** What Slack calls with, a pressed button or an event: is it really Slack's, is it fresh, and what does it say. */
import { type Ctx, hmacSha256, readSetting, sameText } from '#kernel';
import { type Callback, header } from '../carriers/carrier.ts';
import { jsonOf } from '../http.ts';
import { slackSetting } from './index.ts';
import { readCommand, readRoomButton, readRoomEvent, type RoomHeard } from './room-inbound.ts';

/** How old or early a request may be, seconds. */
const WINDOW_S = 300;

/** Slack's signature, version 0, over the raw bytes. */
export const slackSignature = (secret: string, timestamp: string, rawBody: Buffer | string) =>
  `v0=${hmacSha256(secret, Buffer.concat([Buffer.from(`v0:${timestamp}:`), Buffer.from(rawBody)])).toString('hex')}`;

export type SlackHeard =
  | { kind: 'challenge'; challenge: string }
  | { kind: 'button'; key: string; slackUserId: string; pageId: string; at: { channel: string; ts: string } }
  /** Somebody wrote to the app in a direct message. */
  | { kind: 'text'; key: string; slackUserId: string; text: string }
  /** Something in a channel, for the module that knows what the channel is for. */
  | { kind: 'room'; key: string; heard: RoomHeard }
  | { kind: 'nothing' };

/** Undefined: not signed by Slack within five minutes (401). */
export async function readSlack(ctx: Ctx, callback: Callback): Promise<SlackHeard | undefined> {
  const app = await readSetting(ctx, slackSetting);
  const timestamp = header(callback, 'x-slack-request-timestamp');
  if (app === null || !/^\d{1,10}$/.test(timestamp)) return undefined;
  if (Math.abs(ctx.now.getTime() / 1000 - Number(timestamp)) > WINDOW_S) return undefined;
  const signature = header(callback, 'x-slack-signature');
  if (!sameText(signature, slackSignature(app.signingSecret, timestamp, callback.rawBody))) return undefined;
  const raw = callback.rawBody.toString('utf8');
  const form = raw.startsWith('{') ? undefined : new URLSearchParams(raw);
  const command = form && readCommand(form);
  if (command) return { kind: 'room', ...command };
  const body = jsonOf(form ? (form.get('payload') ?? '') : raw);
  if (body.type === 'url_verification') return { kind: 'challenge', challenge: String(body.challenge ?? '') };
  const inRoom = body.type === 'event_callback' ? readRoomEvent(body) : readRoomButton(body);
  if (inRoom) return { kind: 'room', ...inRoom };
  return body.type === 'event_callback' ? written(body) : pressed(body, signature);
}

interface EventCallback {
  event_id?: string;
  event?: { type?: string; channel_type?: string; subtype?: string; bot_id?: string; user?: string; text?: string };
}

/** Words of a person in a direct message to the app. What the app itself writes comes back as an event too, and is nothing. */
function written({ event_id, event }: EventCallback): SlackHeard {
  if (!event_id || event?.type !== 'message' || event.channel_type !== 'im') return { kind: 'nothing' };
  if (event.subtype !== undefined || event.bot_id !== undefined || !event.user) return { kind: 'nothing' };
  return { kind: 'text', key: `slack:event:${event_id}`, slackUserId: event.user, text: event.text ?? '' };
}

interface BlockActions {
  type?: string;
  user?: { id?: string };
  container?: { channel_id?: string; message_ts?: string };
  actions?: { action_id?: string; value?: string; action_ts?: string }[];
}

function pressed(body: BlockActions, signature: string): SlackHeard {
  const action = body.actions?.find((one) => one.action_id === 'evenkeel.take');
  if (body.type !== 'block_actions' || !action) return { kind: 'nothing' };
  const { channel_id = '', message_ts = '' } = body.container ?? {};
  const slackUserId = body.user?.id ?? '';
  return {
    kind: 'button',
    // Slack repeats with a new signature but the same press.
    key: `slack:${slackUserId}:${message_ts}:${action.action_ts ?? signature}`,
    slackUserId,
    pageId: action.value ?? '',
    at: { channel: channel_id, ts: message_ts },
  };
}
