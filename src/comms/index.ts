/** Comms: what customers are told. Messages, their lint and their clock, the public status page, subscribers. */

import { exportSection, incidentById } from '#incidents';
import { type Ctx, defineModule, type House } from '#kernel';
import { showClock } from './cadence/show.ts';
import { readClock } from './cadence/store.ts';
import { addCopy } from './commands/addCopy.ts';
import { pushCopy } from './commands/pushCopy.ts';
import { removeCopy } from './commands/removeCopy.ts';
import { notePush } from './commands/notePush.ts';
import { noteReading } from './commands/noteReading.ts';
import { createPage } from './commands/createPage.ts';
import { savePage } from './commands/savePage.ts';
import { removePage } from './commands/removePage.ts';
import { announceMaintenance } from './commands/announceMaintenance.ts';
import { endMaintenance } from './commands/endMaintenance.ts';
import { stepMaintenance } from './commands/stepMaintenance.ts';
import { approve } from './commands/approve.ts';
import { archiveComponent } from './commands/archiveComponent.ts';
import { askApproval } from './commands/askApproval.ts';
import { climbLadder } from './commands/climbLadder.ts';
import { confirmSubscription } from './commands/confirmSubscription.ts';
import { createComponent } from './commands/createComponent.ts';
import { createEmergencyKey } from './commands/createEmergencyKey.ts';
import { discardDraft } from './commands/discardDraft.ts';
import { endNotice } from './commands/endNotice.ts';
import { handOver } from './commands/handOver.ts';
import { mergeNotice } from './commands/mergeNotice.ts';
import { moveClock } from './commands/moveClock.ts';
import { noteBounce } from './commands/noteBounce.ts';
import { noteApproval } from './commands/noteApproval.ts';
import { publish } from './commands/publish.ts';
import { publishHolding } from './commands/publishHolding.ts';
import { removeSubscriber } from './commands/removeSubscriber.ts';
import { revokeEmergencyKey } from './commands/revokeEmergencyKey.ts';
import { saveComponent } from './commands/saveComponent.ts';
import { saveDraft } from './commands/saveDraft.ts';
import { setComponentState } from './commands/setComponentState.ts';
import { settleMailing } from './commands/settleMailing.ts';
import { spreadRevision } from './commands/spreadRevision.ts';
import { startCorrection } from './commands/startCorrection.ts';
import { startDraft } from './commands/startDraft.ts';
import { subscribe } from './commands/subscribe.ts';
import { sweepAttempts } from './commands/sweepAttempts.ts';
import { clear } from './commands/clear.ts';
import { confirmRecurrence } from './commands/confirmRecurrence.ts';
import { giveFeedback } from './commands/giveFeedback.ts';
import { noteContainment } from './commands/noteContainment.ts';
import { noteRecovery } from './commands/noteRecovery.ts';
import { noteReadBack } from './commands/noteReadBack.ts';
import { reportBounce } from './commands/reportBounce.ts';
import { retract } from './commands/retract.ts';
import { scoreCommitment } from './commands/scoreCommitment.ts';
import { setSegments } from './commands/setSegments.ts';
import { settlePost } from './commands/settlePost.ts';
import { tellCritical } from './commands/tellCritical.ts';
import { waiveDraft } from './commands/waiveDraft.ts';
import { unsubscribe } from './commands/unsubscribe.ts';
import { waivePublicMessage } from './commands/waivePublicMessage.ts';
import { events } from './events.ts';
import { jobs } from './jobs.ts';
import { showMessages } from './messages/show.ts';
import { reactions } from './reactions.ts';
import { routes } from './routes.ts';
import { briefs, cadence, holding, lists, page, social, subscriptions } from './settings.ts';
import { prefixOfHost } from './pages/site.ts';
import { keepSite, renderNow } from './statuspage/jobs.ts';

export { createComponent } from './commands/createComponent.ts';
export { saveComponent } from './commands/saveComponent.ts';
export { listComponents } from './components/store.ts';
export { publish } from './commands/publish.ts';
export { saveDraft } from './commands/saveDraft.ts';
export { setComponentState } from './commands/setComponentState.ts';
export { startDraft } from './commands/startDraft.ts';
export { componentChanged, updateDue, updateOverdue, updatePublished } from './events.ts';
export { changesFrom } from './messages/known.ts';
export { lintText, type UpdateFields } from './lint/index.ts';

/** Messages of an incident, newest first, a draft on top. */
export const updatesOf = async (ctx: Ctx, incidentId: string) => showMessages(ctx, await incidentById(ctx, incidentId));
/** The clock of an incident's updates. */
export const clockOf = async (ctx: Ctx, incidentId: string) =>
  showClock(incidentId, await readClock(ctx, incidentId), ctx.now);

// Everything customers were told, in the incident's export (M1b).
exportSection('messages', updatesOf);

export const module = defineModule({
  name: 'comms',
  commands: [
    addCopy,
    announceMaintenance,
    endMaintenance,
    stepMaintenance,
    createPage,
    savePage,
    removePage,
    notePush,
    noteReading,
    pushCopy,
    removeCopy,
    approve,
    archiveComponent,
    askApproval,
    climbLadder,
    confirmSubscription,
    createComponent,
    createEmergencyKey,
    discardDraft,
    endNotice,
    handOver,
    mergeNotice,
    moveClock,
    noteApproval,
    noteBounce,
    publish,
    publishHolding,
    removeSubscriber,
    revokeEmergencyKey,
    saveComponent,
    saveDraft,
    setComponentState,
    settleMailing,
    spreadRevision,
    startCorrection,
    startDraft,
    subscribe,
    sweepAttempts,
    unsubscribe,
    waivePublicMessage,
    clear,
    confirmRecurrence,
    giveFeedback,
    noteContainment,
    noteRecovery,
    noteReadBack,
    reportBounce,
    retract,
    scoreCommitment,
    setSegments,
    settlePost,
    tellCritical,
    waiveDraft,
  ],
  events,
  reactions,
  jobs,
  settings: [briefs, cadence, holding, lists, page, social, subscriptions],
  routes,
  // The page stands before the first request, and again after an update of the product.
  onStart: async (house: House) => {
    house.prefixOfHost = prefixOfHost;
    const ctx = await house.ctx(house.system('comms.renderStatusPage'));
    // A full disk must not keep the product from starting; the page says its age by itself.
    await renderNow(ctx).catch((error: Error) =>
      ctx.log.error({ error: error.message }, 'the status page could not be written'),
    );
  },
  keepDoing: (house: House) => Promise.resolve(keepSite(house)),
});
