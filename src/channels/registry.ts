/**
 * The channels of this product. Adding one is a folder and a line here; nothing else asks which channel it is. What is
 * imported here only describes; the part that talks to the outside is loaded with the first message of that channel.
 */
import { Problem } from '#kernel';
import type { Channel } from './channel.ts';
import { discord } from './discord/index.ts';
import { email } from './email/index.ts';
import { chatHook } from './hooks/index.ts';
import { mattermost } from './mattermost/index.ts';
import { ntfy } from './ntfy/index.ts';
import { push } from './push/index.ts';
import { sink } from './sink/index.ts';
import { slack } from './slack/index.ts';
import { sms } from './sms/index.ts';
import { teams } from './teams/index.ts';
import { voice } from './voice/index.ts';
import { webhook } from './webhook/index.ts';

export const channels: Channel[] = [
  email,
  push,
  sms,
  voice,
  ntfy,
  slack,
  teams,
  mattermost,
  discord,
  webhook,
  chatHook,
  sink,
];

/** The channel of that name. Throws 422 for one we do not have. */
export function channelByName(name: string): Channel {
  const found = channels.find((channel) => channel.name === name);
  if (found) return found;
  const known = channels.map((channel) => channel.name).join(', ');
  throw new Problem(422, `There is no channel “${name.slice(0, 40)}”`, {
    rule: 'channels.unknown',
    detail: `Known: ${known}.`,
  });
}
