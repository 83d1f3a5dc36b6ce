/** The chat rooms an administrator has entered, by name; their addresses stay where they are. */
import { type Ctx, readSetting } from '#kernel';
import { discordRooms } from './discord/index.ts';
import { mattermostRooms } from './mattermost/index.ts';
import { channelByName } from './registry.ts';
import { teamsRooms } from './teams/index.ts';

const FAMILIES = [
  ['teams', teamsRooms],
  ['mattermost', mattermostRooms],
  ['discord', discordRooms],
] as const;

/** Every room with its channel's name (`mattermost`) and label (`Mattermost`). */
export async function listRooms(ctx: Ctx): Promise<{ channel: string; label: string; name: string }[]> {
  const found: { channel: string; label: string; name: string }[] = [];
  for (const [channel, setting] of FAMILIES) {
    const { rooms } = await readSetting(ctx, setting);
    const { label } = channelByName(channel);
    found.push(...rooms.map(({ name }) => ({ channel, label, name })));
  }
  return found;
}
