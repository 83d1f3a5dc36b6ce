/** Discord by incoming webhook: described here, loaded with the first message. */
import { roomChannel, roomsSetting } from '../rooms.ts';

export const discordRooms = roomsSetting(
  'discord',
  'Discord',
  'Channel settings, Integrations, Webhooks, copy the address.',
);
export const discord = roomChannel({
  name: 'discord',
  label: 'Discord',
  setting: discordRooms,
  load: () => import('./post.ts'),
});
