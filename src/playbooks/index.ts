/** Playbooks: what to do in a situation, the actions that do it, and the safeguards around them. The public face. */
import { type Ctx, defineModule } from '#kernel';
import { exportSection, situationSection } from '#incidents';
import { runAction, sweepActions, verifyAction } from './actions/engine.ts';
import { watchGuards } from './actions/guards.ts';
import { nagMeasures } from './actions/measures.ts';
import { takeStep } from './runs/take.ts';
import { automationLimits } from './settings.ts';
import { acceptSuggestion } from './commands/acceptSuggestion.ts';
import { approveAction } from './commands/approveAction.ts';
import { abortAction } from './commands/abortAction.ts';
import { dryRun } from './commands/dryRun.ts';
import { endOverride } from './commands/endOverride.ts';
import { forceAction } from './commands/forceAction.ts';
import { forgetBad } from './commands/forgetBad.ts';
import { handBackRun } from './commands/handBackRun.ts';
import { keepMeasure } from './commands/keepMeasure.ts';
import { noteReverted } from './commands/noteReverted.ts';
import { passStep } from './commands/passStep.ts';
import { recordOutside } from './commands/recordOutside.ts';
import { restoreAutonomy } from './commands/restoreAutonomy.ts';
import { secondOverride } from './commands/secondOverride.ts';
import { takeOverRun } from './commands/takeOverRun.ts';
import { tellMeasure } from './commands/tellMeasure.ts';
import { vetoAction } from './commands/vetoAction.ts';
import { approveVersion } from './commands/approveVersion.ts';
import { beginAction } from './commands/beginAction.ts';
import { beginUndo } from './commands/beginUndo.ts';
import { cancelAction } from './commands/cancelAction.ts';
import { cancelRun } from './commands/cancelRun.ts';
import { changeFlag } from './commands/changeFlag.ts';
import { completeStep } from './commands/completeStep.ts';
import { endFreeze } from './commands/endFreeze.ts';
import { expireAction } from './commands/expireAction.ts';
import { followVerdict } from './commands/followVerdict.ts';
import { holdFreeze } from './commands/holdFreeze.ts';
import { injectProbe } from './commands/injectProbe.ts';
import { loseAction } from './commands/loseAction.ts';
import { noteException } from './commands/noteException.ts';
import { noteOverdueStep } from './commands/noteOverdueStep.ts';
import { noteDone } from './commands/noteDone.ts';
import { noteShown } from './commands/noteShown.ts';
import { pauseAutomation } from './commands/pauseAutomation.ts';
import { proposeAction } from './commands/proposeAction.ts';
import { proposeStep } from './commands/proposeStep.ts';
import { recordCheck } from './commands/recordCheck.ts';
import { recordOutcome } from './commands/recordOutcome.ts';
import { refuseAction } from './commands/refuseAction.ts';
import { refuseSuggestion } from './commands/refuseSuggestion.ts';
import { releaseFreeze } from './commands/releaseFreeze.ts';
import { resumeAutomation } from './commands/resumeAutomation.ts';
import { saveFlag } from './commands/saveFlag.ts';
import { retirePlaybook } from './commands/retirePlaybook.ts';
import { savePlaybook } from './commands/savePlaybook.ts';
import { saveWebhookTarget } from './commands/saveWebhookTarget.ts';
import { setFlag } from './commands/setFlag.ts';
import { settleAction } from './commands/settleAction.ts';
import { settleReadBack } from './commands/settleReadBack.ts';
import { settleVerification } from './commands/settleVerification.ts';
import { skipStep } from './commands/skipStep.ts';
import { startFreeze } from './commands/startFreeze.ts';
import { startRun } from './commands/startRun.ts';
import { tidyFreeze } from './commands/tidyFreeze.ts';
import { undoAction } from './commands/undoAction.ts';
import { enterMode } from './commands/enterMode.ts';
import { finishRunner } from './commands/finishRunner.ts';
import { imposeFlag } from './commands/imposeFlag.ts';
import { leaveMode } from './commands/leaveMode.ts';
import { noteHealth } from './commands/noteHealth.ts';
import { pollRunner } from './commands/pollRunner.ts';
import { reconcileMode } from './commands/reconcileMode.ts';
import { removeSystem } from './commands/removeSystem.ts';
import { reportQueue } from './commands/reportQueue.ts';
import { saveSystem } from './commands/saveSystem.ts';
import { settleMode } from './commands/settleMode.ts';
import { lookAtMode, sweepModes } from './degraded/jobs.ts';
import { checkSystems } from './systems/check.ts';
import { events } from './events.ts';
import {
  onApprovalGranted,
  onApprovalRefused,
  onGroupPlaced,
  onIncidentDeclared,
  onIncidentClosed,
  onIncidentDismissed,
  onIncidentMerged,
  onIncidentRestored,
} from './reactions.ts';
import { routes } from './routes.ts';
import { sampleCheck } from './runs/check.ts';
import { timeboxOver } from './runs/jobs.ts';
import { tidyFreezes } from './safeguards/jobs.ts';

import { type ModeRow, modesOf } from './degraded/store.ts';
import { currentPause } from './safeguards/store.ts';
import { actionsInFlight, exportContainment } from './sections.ts';

export { setBehaviour } from './actions/simulation.ts';
export * from './events.ts';
export { parsePlaybook } from './format/parse.ts';
export { libraryPlaybooks } from './library.ts';
export { getUrl, type HttpAnswer } from './probes/http.ts';
export { contextOf, judge, refresh, type Scope, scopeOf } from './probes/observe.ts';
export { playbookById, readinessOf, runsOf, suggestionsFor } from './queries.ts';
export { containmentView as containmentOf } from './runs/view.ts';
export { openFreezes } from './safeguards/store.ts';

/** Why automation is paused, in words; null when it runs. */
export async function automationPause(ctx: Pick<Ctx, 'db'>): Promise<string | null> {
  const pause = await currentPause(ctx.db);
  return pause ? `${pause.pausedByName}: ${pause.reason}` : null;
}

/** The degraded modes an incident has been in. */
export const degradedModesOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<ModeRow[]> =>
  modesOf(ctx.db, incidentId);
export {
  enterMode,
  leaveMode,
  reportQueue,
  saveSystem,
  approveAction,
  approveVersion,
  completeStep,
  injectProbe,
  proposeAction,
  proposeStep,
  saveFlag,
  retirePlaybook,
  savePlaybook,
  saveWebhookTarget,
  setFlag,
  skipStep,
  startRun,
  undoAction,
};

exportSection('containment', exportContainment);
situationSection('containment', actionsInFlight);

export const module = defineModule({
  name: 'playbooks',
  settings: [automationLimits],
  commands: [
    abortAction,
    dryRun,
    endOverride,
    forceAction,
    forgetBad,
    handBackRun,
    keepMeasure,
    noteReverted,
    passStep,
    recordOutside,
    restoreAutonomy,
    secondOverride,
    takeOverRun,
    tellMeasure,
    vetoAction,
    enterMode,
    finishRunner,
    imposeFlag,
    leaveMode,
    noteHealth,
    pollRunner,
    reconcileMode,
    removeSystem,
    reportQueue,
    saveSystem,
    settleMode,
    acceptSuggestion,
    approveAction,
    approveVersion,
    beginAction,
    beginUndo,
    cancelAction,
    cancelRun,
    changeFlag,
    completeStep,
    endFreeze,
    expireAction,
    followVerdict,
    holdFreeze,
    injectProbe,
    loseAction,
    noteException,
    noteOverdueStep,
    noteDone,
    noteShown,
    pauseAutomation,
    proposeAction,
    proposeStep,
    recordCheck,
    recordOutcome,
    refuseAction,
    refuseSuggestion,
    releaseFreeze,
    resumeAutomation,
    saveFlag,
    retirePlaybook,
    savePlaybook,
    saveWebhookTarget,
    setFlag,
    settleAction,
    settleReadBack,
    settleVerification,
    skipStep,
    startFreeze,
    startRun,
    tidyFreeze,
    undoAction,
  ],
  events,
  reactions: [
    onApprovalGranted,
    onApprovalRefused,
    onGroupPlaced,
    onIncidentDeclared,
    onIncidentClosed,
    onIncidentDismissed,
    onIncidentMerged,
    onIncidentRestored,
  ],
  jobs: [
    watchGuards,
    takeStep,
    nagMeasures,
    runAction,
    verifyAction,
    sweepActions,
    sampleCheck,
    tidyFreezes,
    timeboxOver,
    lookAtMode,
    sweepModes,
    checkSystems,
  ],
  routes,
});
