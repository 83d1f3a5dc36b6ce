/** Mattermost by incoming webhook: described here, loaded with the first message. */
import { roomChannel, roomsSetting } from '../rooms.ts';

export const mattermostRooms = roomsSetting(
  'mattermost',
  'Mattermost',
  'Integrations, Incoming webhooks, add one for the channel, copy the address.',
);
export const mattermost = roomChannel({
  name: 'mattermost',
  label: 'Mattermost',
  setting: mattermostRooms,
  load: () => import('./post.ts'),
});
