/** What an operator may change about chat rooms and conferences of incidents. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

interface ChatSetting {
  slack: boolean;
  teamsRoom: string;
  upToSeverity: number;
  exercises: boolean;
  emoji: string;
}

export const chatSetting = defineSetting<ChatSetting>({
  key: 'incidents.chat',
  schema: z.strictObject({
    slack: z
      .boolean()
      .describe('On: every incident gets a channel in Slack. The app itself is set up under channels.slack.'),
    teamsRoom: z
      .string()
      .trim()
      .max(60)
      .describe('The room of Microsoft Teams (from channels.teams) that gets a card for each step; empty: none.'),
    upToSeverity: z
      .number()
      .int()
      .min(1)
      .max(4)
      .describe('Incidents up to this severity: 3 means SEV1, SEV2 and SEV3.'),
    exercises: z
      .boolean()
      .describe(
        'On: drills get a channel as well, named exercise-… and with the mark in every message. Off: drills stay out of chat.',
      ),
    emoji: z
      .string()
      .trim()
      .regex(/^[a-z0-9_+-]{0,60}$/, 'the name of an emoji without colons')
      .describe('A message that gets this emoji is kept in the record, as one that is pinned. Empty: pins only.'),
  }),
  default: { slack: false, teamsRoom: '', upToSeverity: 3, exercises: false, emoji: 'memo' },
  help: 'Where people already talk: rooms for incidents in Slack and Microsoft Teams. Restricted incidents get none. Nothing waits for a chat; what it missed is told when it is back.',
});

export const conferenceSetting = defineSetting<{ template: string }>({
  key: 'incidents.conference',
  schema: z.strictObject({
    template: z
      .string()
      .trim()
      .max(500)
      .refine(
        (text) => text === '' || conferenceFault(text) === null,
        'an https address with {key} in its path or query',
      )
      .describe(
        'Address of the call for an incident, with {key} where its key goes: https://meet.jit.si/acme-{key}. A fixed room (Zoom, Meet) works as well: https://acme.zoom.us/j/123?incident={key}. Empty: none.',
      ),
  }),
  default: { template: '' },
  help: 'The conference link of an incident, shown in the war room, in chat and in pages. Nothing is created anywhere: the address is made from a template.',
});

/** Why a template cannot be used, or null. Only https, no name and password, and the key never in the host. */
export function conferenceFault(template: string): string | null {
  if (!template.includes('{key}')) return 'it has no {key}';
  let url: URL;
  try {
    url = new URL(template.replaceAll('{key}', 'inc-1'));
  } catch {
    return 'it is no address';
  }
  if (url.protocol !== 'https:') return 'it is not https';
  if (url.username || url.password) return 'it carries a password';
  return url.host.includes('inc-1') ? 'the key may not stand in the host' : null;
}
