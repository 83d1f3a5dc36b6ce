/** Microsoft Teams by incoming webhook: described here, loaded with the first message. */
import { roomChannel, roomsSetting } from '../rooms.ts';

export const teamsRooms = roomsSetting(
  'teams',
  'Microsoft Teams',
  'In the channel: Workflows, “Post to a channel when a webhook request is received”, copy the address.',
);
export const teams = roomChannel({
  name: 'teams',
  label: 'Microsoft Teams',
  setting: teamsRooms,
  load: () => import('./post.ts'),
});
