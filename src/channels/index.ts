/** Channels: how a message leaves the house and what became of it. The face of this module. */
import { defineModule } from '#kernel';
import { claimCallback, forgetCallbacks, noteCallback } from './callbacks.ts';
import { phoneSetting } from './carriers/cost.ts';
import { carrierByName, carriersSetting, twilioSetting, vonageSetting } from './carriers/index.ts';
import { forgetSunk } from './commands/forgetSunk.ts';
import { hearRoom } from './commands/hearRoom.ts';
import { recordReceipt } from './commands/recordReceipt.ts';
import { endBrowser } from './commands/endBrowser.ts';
import { endEndpoint } from './commands/endEndpoint.ts';
import { registerBrowser } from './commands/registerBrowser.ts';
import { registerEndpoint } from './commands/registerEndpoint.ts';
import { removeEndpoint } from './commands/removeEndpoint.ts';
import { renewBrowser } from './commands/renewBrowser.ts';
import { send } from './commands/send.ts';
import { sendAll } from './commands/sendAll.ts';
import { test } from './commands/test.ts';
import { withdraw } from './commands/withdraw.ts';
import { chatHeard, deliverySettled, recipientGone } from './events.ts';
import { replaceSlackButton, resumeDeliveries } from './jobs.ts';
import { givesReceipts, giveUp, resumeReceipts } from './receipts.ts';
import { deliver } from './timers.ts';
import { clockWentBack } from './store.ts';
import { routes } from './routes.ts';
import { discordRooms } from './discord/index.ts';
import { mattermostRooms } from './mattermost/index.ts';
import { ntfySetting } from './ntfy/index.ts';
import { pushSetting } from './push/index.ts';
import { slackSetting } from './slack/index.ts';
import { smtp } from './settings.ts';
import { teamsRooms } from './teams/index.ts';

export type { Callback } from './carriers/carrier.ts';
export { channelByName } from './registry.ts';
export { type BulkMail, bulkMail, type BulkOutcome, tryOnce } from './once.ts';
export { listRooms } from './room-list.ts';
export { readSlack } from './slack/inbound.ts';
export { escapeSlack, type SlackApp } from './slack/post.ts';
export { ROOM_ACTION, type RoomHeard } from './slack/room-inbound.ts';
export { answerInPlace, callSlack, type SlackAnswer } from './slack/web-api.ts';
export { givesReceipts };
export { carrierByName, claimCallback, noteCallback, recordReceipt, replaceSlackButton };
export type { SendInput } from './commands/send.ts';
export type { Message, Purpose } from './model.ts';
export { addressFault, headerText } from './model.ts';
export { channelStates, departures, deliveryById, deliveryStates, listDeliveries } from './queries.ts';
export {
  chatHeard,
  deliverySettled,
  forgetSunk,
  hearRoom,
  slackSetting,
  recipientGone,
  registerEndpoint,
  removeEndpoint,
  send,
  sendAll,
  smtp,
  withdraw,
};

export const module = defineModule({
  name: 'channels',
  commands: [
    send,
    sendAll,
    withdraw,
    forgetSunk,
    recordReceipt,
    registerEndpoint,
    removeEndpoint,
    registerBrowser,
    renewBrowser,
    endBrowser,
    endEndpoint,
    hearRoom,
    test,
  ],
  events: [deliverySettled, recipientGone, chatHeard],
  reactions: [],
  jobs: [deliver, resumeDeliveries, giveUp, resumeReceipts, replaceSlackButton, forgetCallbacks],
  settings: [
    smtp,
    pushSetting,
    ntfySetting,
    slackSetting,
    teamsRooms,
    mattermostRooms,
    discordRooms,
    phoneSetting,
    carriersSetting,
    twilioSetting,
    vonageSetting,
  ],
  routes,
  clockWentBack,
});
