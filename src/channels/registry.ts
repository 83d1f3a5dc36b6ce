/** The channels of this product. Adding one is a folder and a line here; nothing else asks which channel it is. */
import { Problem } from '#kernel';
import type { Channel } from './channel.ts';
import { email } from './email/index.ts';
import { webhook } from './webhook/index.ts';

export const channels: Channel[] = [email, webhook];

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
