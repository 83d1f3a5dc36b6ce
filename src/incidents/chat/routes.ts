/** HTTP of chat rooms: those of an incident, their health, and a test of Slack's app. */
import { listRooms, slackSetting } from '#channels';
import { config, readSetting, route } from '#kernel';
import { chatEndpoints as at, SLACK_SCOPES } from '#contract/incidents-chat';
import { headOf } from '../record/queries.ts';
import { readIncident } from '../store.ts';
import { conferenceOf } from './conference.ts';
import { testSlack } from './hear.ts';
import { chatSetting } from './settings.ts';
import { type ChatRoom, roomsBehind, roomsOf } from './store.ts';

const shown = (room: ChatRoom, headSeq: number) => ({
  provider: room.provider,
  state: room.state,
  name: room.channelName,
  url: room.provider === 'slack' && room.channelId ? `https://slack.com/app_redirect?channel=${room.channelId}` : null,
  error: room.error,
  behind: room.state === 'archived' ? 0 : Math.max(0, headSeq - room.toldSeq),
});

export const chatRoutes = [
  route(at.chat, async ({ ctx, params }) => {
    const incident = await readIncident(ctx, params.id);
    const [rooms, head] = await Promise.all([roomsOf(ctx, incident.id), headOf(ctx, incident.id)]);
    return { conference: await conferenceOf(ctx, incident.key), items: rooms.map((room) => shown(room, head.seq)) };
  }),
  route(at.chatHealth, async ({ ctx }) => {
    const [app, chat, rooms, behind] = await Promise.all([
      readSetting(ctx, slackSetting),
      readSetting(ctx, chatSetting),
      listRooms(ctx),
      roomsBehind(ctx),
    ]);
    return {
      slack: { configured: app !== null, on: chat.slack },
      teams: { rooms: rooms.filter((room) => room.channel === 'teams').map(({ name }) => name), room: chat.teamsRoom },
      requestUrl: new URL('/answers/slack', config.publicUrl).href,
      behind: behind
        .filter((room) => room.error !== null || room.state === 'wanted')
        .map((room) => ({
          ...shown(room, room.headSeq),
          incidentKey: room.key,
          since: room.wantedAt.toISOString(),
          attempts: room.attempts,
        })),
    };
  }),
  route(at.testSlack, async ({ ctx }) => {
    const found = await testSlack(ctx);
    const granted = found.granted;
    return {
      ok: found.ok,
      error: found.error ?? null,
      team: found.team ?? '',
      user: found.user ?? '',
      missing: granted ? SLACK_SCOPES.filter((scope) => !granted.includes(scope)) : [],
    };
  }),
];
