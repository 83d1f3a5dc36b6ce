/** The public face of signals: what comes in, what it becomes, and who is asked. */
import { defineModule } from '#kernel';
import { acknowledgeGroup } from './commands/acknowledgeGroup.ts';
import { configureIntegration } from './commands/configureIntegration.ts';
import { createIntegration } from './commands/createIntegration.ts';
import { expireAlerts } from './commands/expireAlerts.ts';
import { linkGroupToIncident } from './commands/linkGroupToIncident.ts';
import { noteAcknowledged } from './commands/noteAcknowledged.ts';
import { noteReopened } from './commands/noteReopened.ts';
import { processSignal } from './commands/processSignal.ts';
import { quarantineSignal } from './commands/quarantineSignal.ts';
import { receive } from './commands/receive.ts';
import { receiveExercise } from './commands/receiveExercise.ts';
import { removeIntegration } from './commands/removeIntegration.ts';
import { reportGarbage } from './commands/reportGarbage.ts';
import { resolveGroup } from './commands/resolveGroup.ts';
import { revealKey } from './commands/revealKey.ts';
import { rotateKey } from './commands/rotateKey.ts';
import { settleGroup } from './commands/settleGroup.ts';
import { stopPagesOf } from './commands/stopPagesOf.ts';
import { testIntegration } from './commands/testIntegration.ts';
import { updateIntegration } from './commands/updateIntegration.ts';
import {
  groupAcknowledged,
  groupChanged,
  groupOpened,
  groupReopened,
  groupResolved,
  groupWorsened,
  integrationGarbage,
} from './events.ts';
import { families } from './ingest/families.ts';
import { missHeartbeat } from './monitors/heartbeats/commands/missHeartbeat.ts';
import { pingHeartbeat } from './monitors/heartbeats/commands/pingHeartbeat.ts';
import { removeHeartbeat } from './monitors/heartbeats/commands/removeHeartbeat.ts';
import { saveHeartbeat } from './monitors/heartbeats/commands/saveHeartbeat.ts';
import { checkHeartbeat } from './monitors/heartbeats/timer.ts';
import { liftSilences } from './silences/apply.ts';
import { createSilence } from './silences/commands/createSilence.ts';
import { expireSilence } from './silences/commands/expireSilence.ts';
import { liftSilence } from './silences/commands/liftSilence.ts';
import { expire, forget, processSignalJob, sweep } from './jobs.ts';
import { onPageAcknowledged, onPageReopened } from './reactions.ts';
import { routes } from './routes.ts';
import { retention } from './settings.ts';
import { settleGroupJob, stopPagesJob } from './timers.ts';

export { acknowledgeGroup, createIntegration, linkGroupToIncident, receiveExercise, resolveGroup };
export {
  groupAcknowledged,
  groupChanged,
  groupOpened,
  groupReopened,
  groupResolved,
  groupWorsened,
  integrationGarbage,
};
export type { Alert, Group, GroupState, Severity } from './model.ts';
export { urgencyOf, worst } from './model.ts';
export { type GroupRow, groupById, groupOfSignal, listAlerts, listGroups } from './queries.ts';

export const module = defineModule({
  name: 'signals',
  commands: [
    acknowledgeGroup,
    configureIntegration,
    createIntegration,
    createSilence,
    expireAlerts,
    expireSilence,
    liftSilence,
    linkGroupToIncident,
    missHeartbeat,
    noteAcknowledged,
    noteReopened,
    pingHeartbeat,
    processSignal,
    quarantineSignal,
    receive,
    receiveExercise,
    removeHeartbeat,
    removeIntegration,
    reportGarbage,
    resolveGroup,
    revealKey,
    rotateKey,
    saveHeartbeat,
    settleGroup,
    stopPagesOf,
    testIntegration,
    updateIntegration,
  ],
  events: [
    groupAcknowledged,
    groupChanged,
    groupOpened,
    groupReopened,
    groupResolved,
    groupWorsened,
    integrationGarbage,
  ],
  reactions: [onPageAcknowledged, onPageReopened],
  jobs: [
    checkHeartbeat,
    expire,
    forget,
    liftSilences,
    processSignalJob,
    settleGroupJob,
    stopPagesJob,
    sweep,
    ...families.flatMap((family) => family.jobs ?? []),
  ],
  settings: [retention],
  routes,
});
