/** The public face of signals: what comes in, what it becomes, and who is asked. */
import { defineModule } from '#kernel';
import { acknowledgeGroup } from './commands/acknowledgeGroup.ts';
import { configureIntegration } from './commands/configureIntegration.ts';
import { createIntegration } from './commands/createIntegration.ts';
import { drainSpool } from './commands/drainSpool.ts';
import { expireAlerts } from './commands/expireAlerts.ts';
import { linkGroupToIncident } from './commands/linkGroupToIncident.ts';
import { noteAcknowledged } from './commands/noteAcknowledged.ts';
import { processBlocks } from './commands/processBlocks.ts';
import { noteReopened } from './commands/noteReopened.ts';
import { processSignal } from './commands/processSignal.ts';
import { setAsideBlock } from './commands/setAsideBlock.ts';
import { quarantineSignal } from './commands/quarantineSignal.ts';
import { receive } from './commands/receive.ts';
import { receiveAll } from './commands/receiveAll.ts';
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
  monitorTurned,
  supplierReported,
} from './events.ts';
import { keepMailDoor, keepMailWithoutDatabase } from './ingest/email/smtp.ts';
import { families } from './ingest/families.ts';
import { keepIntake, takeWithoutDatabase } from './intake/keep.ts';
import { missHeartbeat } from './monitors/heartbeats/commands/missHeartbeat.ts';
import { pingHeartbeat } from './monitors/heartbeats/commands/pingHeartbeat.ts';
import { removeHeartbeat } from './monitors/heartbeats/commands/removeHeartbeat.ts';
import { saveHeartbeat } from './monitors/heartbeats/commands/saveHeartbeat.ts';
import { checkHeartbeat } from './monitors/heartbeats/timer.ts';
import { createMonitor } from './monitors/commands/createMonitor.ts';
import { removeMonitor } from './monitors/commands/removeMonitor.ts';
import { takeResults } from './monitors/commands/takeResults.ts';
import { tryMonitor } from './monitors/commands/tryMonitor.ts';
import { turnMonitor } from './monitors/commands/turnMonitor.ts';
import { updateMonitor } from './monitors/commands/updateMonitor.ts';
import { openEyes } from './monitors/engine/node.ts';
import { tidyMonitors, watchMonitors } from './monitors/jobs.ts';
import { createProbe } from './monitors/probes/commands/createProbe.ts';
import { hearProbe } from './monitors/probes/commands/hearProbe.ts';
import { removeProbe } from './monitors/probes/commands/removeProbe.ts';
import { renewProbe } from './monitors/probes/commands/renewProbe.ts';
import { tellProbe } from './monitors/probes/commands/tellProbe.ts';
import { countSlo } from './monitors/slo/commands/countSlo.ts';
import { createSlo } from './monitors/slo/commands/createSlo.ts';
import { importSlos } from './monitors/slo/commands/importSlos.ts';
import { removeSlo } from './monitors/slo/commands/removeSlo.ts';
import { turnSlo } from './monitors/slo/commands/turnSlo.ts';
import { updateSlo } from './monitors/slo/commands/updateSlo.ts';
import { watchSlos } from './monitors/slo/job.ts';
import { attachReports } from './suppliers/commands/attachReports.ts';
import { noteSupplier } from './suppliers/commands/noteSupplier.ts';
import { readSupplier } from './suppliers/commands/readSupplier.ts';
import { readOne, watchSuppliers } from './suppliers/jobs.ts';
import { supplierFeeds } from './suppliers/settings.ts';
import { liftSilences } from './silences/apply.ts';
import { createSilence } from './silences/commands/createSilence.ts';
import { expireSilence } from './silences/commands/expireSilence.ts';
import { liftSilence } from './silences/commands/liftSilence.ts';
import { planMaintenance } from './silences/commands/planMaintenance.ts';
import { expire, forget, sweep, takeOver } from './jobs.ts';
import { processSignalJob } from './process-job.ts';
import { onPageAcknowledged, onPageReopened } from './reactions.ts';
import { routes } from './routes.ts';
import { intakeLimits, retention } from './settings.ts';
import { raiseStuck } from './terminal/commands/raiseStuck.ts';
import { watchEnds } from './terminal/jobs.ts';
import { watchdogCommands } from './watchdog/commands.ts';
import { watchdogJobs } from './watchdog/jobs.ts';
import { watchdog } from './watchdog/settings.ts';
import { settleGroupJob, stopPagesJob } from './timers.ts';

export {
  acknowledgeGroup,
  createIntegration,
  createMonitor,
  createSlo,
  linkGroupToIncident,
  receiveExercise,
  resolveGroup,
  saveHeartbeat,
  updateIntegration,
};
export {
  groupAcknowledged,
  groupChanged,
  groupOpened,
  groupReopened,
  groupResolved,
  groupWorsened,
  integrationGarbage,
  monitorTurned,
  supplierReported,
};
export { headline as supplierHeadline } from './suppliers/model.ts';
export { reportsForServices, servicesNeeding } from './suppliers/queries.ts';
export type { Alert, Group, GroupState, Severity } from './model.ts';
export { urgencyOf, worst } from './model.ts';
export { type GroupRow, groupById, groupOfSignal, listAlerts, listGroups } from './queries.ts';

export const module = defineModule({
  name: 'signals',
  commands: [
    acknowledgeGroup,
    attachReports,
    configureIntegration,
    countSlo,
    createIntegration,
    createMonitor,
    createProbe,
    createSilence,
    createSlo,
    drainSpool,
    expireAlerts,
    expireSilence,
    hearProbe,
    importSlos,
    liftSilence,
    linkGroupToIncident,
    missHeartbeat,
    noteAcknowledged,
    noteReopened,
    noteSupplier,
    pingHeartbeat,
    planMaintenance,
    processBlocks,
    processSignal,
    quarantineSignal,
    readSupplier,
    receive,
    receiveAll,
    receiveExercise,
    removeHeartbeat,
    removeIntegration,
    removeMonitor,
    removeProbe,
    removeSlo,
    renewProbe,
    reportGarbage,
    resolveGroup,
    revealKey,
    rotateKey,
    saveHeartbeat,
    setAsideBlock,
    settleGroup,
    stopPagesOf,
    takeResults,
    tellProbe,
    testIntegration,
    tryMonitor,
    turnMonitor,
    turnSlo,
    updateIntegration,
    updateMonitor,
    updateSlo,
    raiseStuck,
    ...watchdogCommands,
  ],
  events: [
    groupAcknowledged,
    groupChanged,
    groupOpened,
    groupReopened,
    groupResolved,
    groupWorsened,
    integrationGarbage,
    monitorTurned,
    supplierReported,
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
    takeOver,
    watchEnds,
    ...watchdogJobs,
    tidyMonitors,
    watchMonitors,
    watchSlos,
    readOne,
    watchSuppliers,
    ...families.flatMap((family) => family.jobs ?? []),
  ],
  settings: [retention, intakeLimits, supplierFeeds, watchdog],
  routes,
  withoutDatabase: (house) => {
    takeWithoutDatabase(house);
    keepMailWithoutDatabase(house);
  },
  keepDoing: async (house) => {
    const [eyes, intake] = [await openEyes(house), keepIntake(house)];
    const mail = await keepMailDoor(house);
    return { stop: async () => void (await Promise.all([eyes.stop(), intake.stop(), mail?.stop()])) };
  },
});
