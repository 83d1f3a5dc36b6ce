/** Channels: how a message leaves the house and what became of it. The face of this module. */
import { defineModule } from '#kernel';
import { claimCallback, forgetCallbacks, noteCallback } from './callbacks.ts';
import { carrierByName, carriersSetting, twilioSetting, vonageSetting } from './carriers/index.ts';
import { forgetSunk } from './commands/forgetSunk.ts';
import { recordReceipt } from './commands/recordReceipt.ts';
import { registerEndpoint } from './commands/registerEndpoint.ts';
import { removeEndpoint } from './commands/removeEndpoint.ts';
import { send } from './commands/send.ts';
import { sendAll } from './commands/sendAll.ts';
import { test } from './commands/test.ts';
import { withdraw } from './commands/withdraw.ts';
import { deliverySettled } from './events.ts';
import { replaceSlackButton, resumeDeliveries } from './jobs.ts';
import { deliver } from './timers.ts';
import { routes } from './routes.ts';
import { discordRooms } from './discord/index.ts';
import { mattermostRooms } from './mattermost/index.ts';
import { ntfySetting } from './ntfy/index.ts';
import { slackSetting } from './slack/index.ts';
import { smtp } from './settings.ts';
import { teamsRooms } from './teams/index.ts';

export type { Callback } from './carriers/carrier.ts';
export { channelByName } from './registry.ts';
export { listRooms } from './room-list.ts';
export { readSlack } from './slack/inbound.ts';
export { carrierByName, claimCallback, noteCallback, recordReceipt, replaceSlackButton };
export type { SendInput } from './commands/send.ts';
export type { Message, Purpose } from './model.ts';
export { addressFault, headerText } from './model.ts';
export { channelStates, deliveryById, deliveryStates, listDeliveries } from './queries.ts';
export { deliverySettled, forgetSunk, registerEndpoint, removeEndpoint, send, sendAll, smtp, withdraw };

export const module = defineModule({
  name: 'channels',
  commands: [send, sendAll, withdraw, forgetSunk, recordReceipt, registerEndpoint, removeEndpoint, test],
  events: [deliverySettled],
  reactions: [],
  jobs: [deliver, resumeDeliveries, replaceSlackButton, forgetCallbacks],
  settings: [
    smtp,
    ntfySetting,
    slackSetting,
    teamsRooms,
    mattermostRooms,
    discordRooms,
    carriersSetting,
    twilioSetting,
    vonageSetting,
  ],
  routes,
});
