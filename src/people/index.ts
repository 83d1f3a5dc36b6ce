/** People: teams, who is on call, how to reach them, and paging until somebody answers. The face of this module. */
import { defineModule } from '#kernel';
import { acknowledge } from './commands/acknowledge.ts';
import { acknowledgeSubject } from './commands/acknowledgeSubject.ts';
import { addContactMethod } from './commands/addContactMethod.ts';
import { addResponders } from './commands/addResponders.ts';
import { callNext } from './commands/callNext.ts';
import { createPageWebhook } from './commands/createPageWebhook.ts';
import { deletePageWebhook } from './commands/deletePageWebhook.ts';
import { enrolPlayers } from './commands/enrolPlayers.ts';
import { releasePlayers } from './commands/releasePlayers.ts';
import { endSnooze } from './commands/endSnooze.ts';
import { reassign } from './commands/reassign.ts';
import { setAckTimeout } from './commands/setAckTimeout.ts';
import { snooze } from './commands/snooze.ts';
import { carryContactMethod } from './commands/carryContactMethod.ts';
import { acceptSwap } from './schedules/commands/acceptSwap.ts';
import { addAbsence } from './schedules/commands/addAbsence.ts';
import { addCalendar } from './schedules/commands/addCalendar.ts';
import { keepReading } from './schedules/commands/keepReading.ts';
import { refreshCalendar } from './schedules/commands/refreshCalendar.ts';
import { removeCalendar } from './schedules/commands/removeCalendar.ts';
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
import { certify } from './duties/commands/certify.ts';
import { createRole } from './duties/commands/createRole.ts';
import { notePractice } from './duties/commands/notePractice.ts';
import { recordPractice } from './duties/commands/recordPractice.ts';
import { retireRole } from './duties/commands/retireRole.ts';
import { updateRole } from './duties/commands/updateRole.ts';
import { watchBench } from './duties/commands/watchBench.ts';
import { withdrawCertification } from './duties/commands/withdrawCertification.ts';
import { escalatePage } from './commands/escalatePage.ts';
import { noteHolders } from './commands/noteHolders.ts';
import { tiePages } from './commands/tiePages.ts';
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
import { foreseePages } from './foresight.ts';
import { stopPages } from './commands/stopPages.ts';
import { switchOffGone } from './commands/switchOffGone.ts';
import { testContactMethod } from './commands/testContactMethod.ts';
import { updatePolicy } from './commands/updatePolicy.ts';
import { updateSchedule } from './schedules/commands/updateSchedule.ts';
import { updateTeam } from './commands/updateTeam.ts';
import { verifyByLink } from './commands/verifyByLink.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { refreshBenchLater, watchBenchDaily } from './duties/jobs.ts';
import {
  benchAlarmRaised,
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
import { proofCommands } from './proofs/commands.ts';
import { onRosterChanged, proofJobs } from './proofs/jobs.ts';
import { shiftWarnings, testPages } from './proofs/settings.ts';
import { routes } from './routes.ts';
import { clockWentBack } from './waking.ts';
import { keepDutyDaily, readCalendarLater, readCalendars } from './schedules/jobs.ts';
import { emergencyContact } from './settings.ts';

export { chatIdsOf, userOfChatId } from './chat-people.ts';
export { stuckPages } from './proofs/auditor.ts';
export { forgetSunkPage } from './proofs/commands/forgetSunkPage.ts';
export { guardians } from './proofs/callable.ts';
export { mail } from './proofs/telling.ts';
export type { StartPage } from './commands/startPage.ts';
export { listPages, openPages, type PageTimes, type PageView, pageById, pageTimes } from './page-queries.ts';
export { AUTHORITY_TOKENS, type AuthorityToken } from './duties/authority.ts';
export { COMMANDER } from './duties/model.ts';
export { benchAlarms, currencyFor, rotasNow, teamAuthorityOf } from './duties/queries.ts';
export { allRoles, roleByKey, type RoleRow } from './duties/store.ts';
export { listPolicies, policyById } from './policy-queries.ts';
export { listPeople, listTeams, teamById } from './queries.ts';
export { onCallNow, whoIsOnCall } from './schedules/queries.ts';
// For moving from another pager: the pure calculators, and what makes and changes the roster.
export { type LayerFields, readLayers } from './schedules/fields.ts';
export { type Layer, turnAt } from './schedules/layer.ts';
export { finalShifts } from './schedules/model.ts';
export { placeOfWindowsZone } from './schedules/reading/windows-zones.ts';
export { clampDelay, type When } from './plan.ts';
export {
  acknowledge,
  acceptSwap,
  acknowledgeSubject,
  addAbsence,
  addCalendar,
  addOverride,
  carryContactMethod,
  createPolicy,
  createSchedule,
  createTeam,
  certify,
  createRole,
  emergencyContact,
  noteHolders,
  notePractice,
  offerSwap,
  pageAcknowledged,
  pageEscalated,
  pageNotified,
  enrolPlayers,
  pageReopened,
  pageStarted,
  pageUnanswered,
  releasePlayers,
  foreseePages,
  reassign,
  recordPractice,
  removeOverride,
  snooze,
  tiePages,
  startPage,
  stopPages,
  updatePolicy,
  updateRole,
  updateSchedule,
  updateTeam,
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
    enrolPlayers,
    releasePlayers,
    reassign,
    setAckTimeout,
    snooze,
    addOverride,
    carryContactMethod,
    withdrawSwap,
    revokeCalendarFeed,
    removeAbsence,
    recordDuty,
    publishCalendar,
    offerSwap,
    declineSwap,
    createCalendarFeed,
    addAbsence,
    addCalendar,
    keepReading,
    refreshCalendar,
    removeCalendar,
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
    tiePages,
    updatePolicy,
    updateSchedule,
    updateTeam,
    verifyByLink,
    verifyContactMethod,
    certify,
    createRole,
    noteHolders,
    notePractice,
    recordPractice,
    retireRole,
    updateRole,
    watchBench,
    withdrawCertification,
    ...proofCommands,
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
    benchAlarmRaised,
  ],
  reactions: [onDeliverySettled, onRecipientGone, onRosterChanged],
  jobs: [
    escalateLater,
    keepDutyDaily,
    readCalendarLater,
    readCalendars,
    refreshBenchLater,
    sendLater,
    watchBenchDaily,
    watchPages,
    ...proofJobs,
  ],
  settings: [emergencyContact, shiftWarnings, testPages],
  routes,
  clockWentBack,
});
