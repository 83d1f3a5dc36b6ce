/** People: teams, who is on call, how to reach them, and paging until somebody answers. The face of this module. */
import { defineModule } from '#kernel';
import { acknowledge } from './commands/acknowledge.ts';
import { acknowledgeSubject } from './commands/acknowledgeSubject.ts';
import { addContactMethod } from './commands/addContactMethod.ts';
import { addResponders } from './commands/addResponders.ts';
import { callNext } from './commands/callNext.ts';
import { createPageWebhook } from './commands/createPageWebhook.ts';
import { deletePageWebhook } from './commands/deletePageWebhook.ts';
import { endSnooze } from './commands/endSnooze.ts';
import { reassign } from './commands/reassign.ts';
import { setAckTimeout } from './commands/setAckTimeout.ts';
import { snooze } from './commands/snooze.ts';
import { acceptSwap } from './schedules/commands/acceptSwap.ts';
import { addAbsence } from './schedules/commands/addAbsence.ts';
import { createCalendarFeed } from './schedules/commands/createCalendarFeed.ts';
import { declineSwap } from './schedules/commands/declineSwap.ts';
import { offerSwap } from './schedules/commands/offerSwap.ts';
import { publishCalendar } from './schedules/commands/publishCalendar.ts';
import { recordDuty } from './schedules/commands/recordDuty.ts';
import { removeAbsence } from './schedules/commands/removeAbsence.ts';
import { revokeCalendarFeed } from './schedules/commands/revokeCalendarFeed.ts';
import { withdrawSwap } from './schedules/commands/withdrawSwap.ts';
import { addOverride } from './schedules/commands/addOverride.ts';
import { createPolicy } from './commands/createPolicy.ts';
import { createSchedule } from './schedules/commands/createSchedule.ts';
import { createTeam } from './commands/createTeam.ts';
import { deletePolicy } from './commands/deletePolicy.ts';
import { deleteSchedule } from './schedules/commands/deleteSchedule.ts';
import { deleteTeam } from './commands/deleteTeam.ts';
import { escalatePage } from './commands/escalatePage.ts';
import { recordDelivery } from './commands/recordDelivery.ts';
import { removeContactMethod } from './commands/removeContactMethod.ts';
import { removeOverride } from './schedules/commands/removeOverride.ts';
import { receiveButton } from './commands/receiveButton.ts';
import { receivePush } from './commands/receivePush.ts';
import { receiveReply } from './commands/receiveReply.ts';
import { receiveSlackText } from './commands/receiveSlackText.ts';
import { sendWaiting } from './commands/sendWaiting.ts';
import { setContactRules } from './commands/setContactRules.ts';
import { sendCode } from './commands/sendCode.ts';
import { startPage } from './commands/startPage.ts';
import { stopPages } from './commands/stopPages.ts';
import { switchOffGone } from './commands/switchOffGone.ts';
import { testContactMethod } from './commands/testContactMethod.ts';
import { updatePolicy } from './commands/updatePolicy.ts';
import { updateSchedule } from './schedules/commands/updateSchedule.ts';
import { updateTeam } from './commands/updateTeam.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import {
  pageAcknowledged,
  pageAssigned,
  pageEscalated,
  pageNotified,
  pageReopened,
  pageStarted,
  pageStopped,
  pageUnanswered,
  rosterChanged,
} from './events.ts';
import { escalateLater, sendLater, watchPages } from './jobs.ts';
import { onDeliverySettled, onRecipientGone } from './reactions.ts';
import { routes } from './routes.ts';
import { keepDutyDaily } from './schedules/jobs.ts';
import { emergencyContact } from './settings.ts';

export type { StartPage } from './commands/startPage.ts';
export { listPages, openPages, type PageTimes, type PageView, pageById, pageTimes } from './page-queries.ts';
export { listPolicies, policyById } from './policy-queries.ts';
export { listPeople, listTeams, teamById } from './queries.ts';
export { onCallNow, whoIsOnCall } from './schedules/queries.ts';
export {
  acknowledge,
  acknowledgeSubject,
  createPolicy,
  createSchedule,
  createTeam,
  emergencyContact,
  pageAcknowledged,
  pageEscalated,
  pageNotified,
  pageReopened,
  pageStarted,
  pageUnanswered,
  reassign,
  snooze,
  startPage,
  stopPages,
};

export const module = defineModule({
  name: 'people',
  commands: [
    acknowledge,
    acknowledgeSubject,
    addContactMethod,
    addResponders,
    callNext,
    createPageWebhook,
    deletePageWebhook,
    endSnooze,
    reassign,
    setAckTimeout,
    snooze,
    addOverride,
    withdrawSwap,
    revokeCalendarFeed,
    removeAbsence,
    recordDuty,
    publishCalendar,
    offerSwap,
    declineSwap,
    createCalendarFeed,
    addAbsence,
    acceptSwap,
    createPolicy,
    createSchedule,
    createTeam,
    deletePolicy,
    deleteSchedule,
    deleteTeam,
    escalatePage,
    receiveButton,
    receivePush,
    receiveReply,
    receiveSlackText,
    recordDelivery,
    sendWaiting,
    setContactRules,
    removeContactMethod,
    removeOverride,
    sendCode,
    startPage,
    stopPages,
    switchOffGone,
    testContactMethod,
    updatePolicy,
    updateSchedule,
    updateTeam,
    verifyContactMethod,
  ],
  events: [
    pageStarted,
    pageNotified,
    pageAcknowledged,
    pageReopened,
    pageAssigned,
    pageEscalated,
    pageUnanswered,
    pageStopped,
    rosterChanged,
  ],
  reactions: [onDeliverySettled, onRecipientGone],
  jobs: [escalateLater, keepDutyDaily, sendLater, watchPages],
  settings: [emergencyContact],
  routes,
});
