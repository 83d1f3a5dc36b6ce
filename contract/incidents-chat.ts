/** What crosses the wire about the rooms incidents have in chats, and about their conference. */
import { z } from 'zod';
import { endpoint, instant } from './core.ts';

/** Scopes the app of Slack needs so that incidents have channels. */
export const SLACK_SCOPES = [
  'chat:write',
  'im:write',
  'im:history',
  'channels:manage',
  'channels:read',
  'channels:history',
  'channels:join',
  'bookmarks:write',
  'pins:read',
  'reactions:read',
  'users:read',
  'users:read.email',
  'commands',
] as const;

/** Commands of the app: the words of the war room. */
export const SLACK_COMMANDS = ['incident', 'sev', 'role', 'task', 'hyp', 'did', 'note', 'decide', 'update'] as const;

const room = z.object({
  provider: z.enum(['slack', 'teams']),
  state: z.enum(['wanted', 'open', 'archived', 'given_up']),
  name: z.string().nullable(),
  /** Leads to the channel; null while there is none. */
  url: z.string().nullable(),
  /** Why the last try failed; what is behind is told when the chat is back. */
  error: z.string().nullable(),
  /** Entries of the record not told yet. */
  behind: z.number(),
});

export const chatEndpoints = {
  chat: endpoint({
    id: 'incidents.chat',
    method: 'GET',
    path: '/api/v1/incidents/:id/chat',
    summary: 'The rooms of an incident in chats, how far they are told, and its conference link',
    access: 'read',
    params: z.strictObject({ id: z.string() }),
    response: z.object({ conference: z.string().nullable(), items: z.array(room) }),
  }),
  chatHealth: endpoint({
    id: 'incidents.chatHealth',
    method: 'GET',
    path: '/api/v1/chat-health',
    summary: 'Whether chats are set up, and which rooms are behind',
    access: 'settings.read',
    response: z.object({
      slack: z.object({ configured: z.boolean(), on: z.boolean() }),
      teams: z.object({ rooms: z.array(z.string()), room: z.string() }),
      requestUrl: z.string(),
      behind: z.array(room.extend({ incidentKey: z.string(), since: instant, attempts: z.number() })),
    }),
  }),
  testSlack: endpoint({
    id: 'incidents.testSlack',
    method: 'POST',
    path: '/api/v1/chat-health/slack',
    summary: 'Ask Slack who our app is, and which scopes it lacks. Nothing is posted',
    access: 'settings.read',
    response: z.object({
      ok: z.boolean(),
      error: z.string().nullable(),
      team: z.string(),
      user: z.string(),
      missing: z.array(z.string()),
    }),
  }),
};
