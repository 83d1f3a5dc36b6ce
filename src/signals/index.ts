/** The public face of signals: what comes in, what it becomes, and who is asked. */
import { defineModule } from '#kernel';
import { foldGroups } from './correlation/commands/foldGroups.ts';
import { rejoinService } from './correlation/commands/rejoinService.ts';
import { releaseGroups } from './correlation/commands/releaseGroups.ts';
import { separateService } from './correlation/commands/separateService.ts';
import { undoCorrelation } from './correlation/commands/undoCorrelation.ts';
import { watchCorrelations } from './correlation/jobs.ts';
import { correlateJob } from './correlation/place.ts';
import { acknowledgeGroup } from './commands/acknowledgeGroup.ts';
import { assignService } from './commands/assignService.ts';
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
  groupFolded,
  groupOpened,
  groupPlaced,
  groupReopened,
  groupResolved,
  groupWorsened,
  integrationGarbage,
  monitorTurned,
  supplierReported,
} from './events.ts';
import { sendHiddenDigest } from './hidden/commands/sendHiddenDigest.ts';
import { digestHidden } from './hidden/jobs.ts';
import { keepMailDoor, keepMailWithoutDatabase } from './ingest/email/smtp.ts';
import { families } from './ingest/families.ts';
import { keepIntake, takeWithoutDatabase } from './intake/keep.ts';
import { missHeartbeat } from './monitors/heartbeats/commands/missHeartbeat.ts';
import { pingHeartbeat } from './monitors/heartbeats/commands/pingHeartbeat.ts';
import { removeHeartbeat } from './monitors/heartbeats/commands/removeHeartbeat.ts';
import { saveHeartbeat } from './monitors/heartbeats/commands/saveHeartbeat.ts';
import { checkHeartbeat } from './monitors/heartbeats/timer.ts';
import { createMetricWatch } from './metrics/commands/createMetricWatch.ts';
import { endSilent } from './metrics/commands/endSilent.ts';
import { feedMetrics } from './metrics/commands/feedMetrics.ts';
import { judgeAnomaly } from './metrics/commands/judgeAnomaly.ts';
import { removeMetricWatch } from './metrics/commands/removeMetricWatch.ts';
import { updateMetricWatch } from './metrics/commands/updateMetricWatch.ts';
import { tidyMetrics, watchMetrics } from './metrics/jobs.ts';
import { metricLimits } from './metrics/settings.ts';
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
import { orderRules } from './rules/commands/orderRules.ts';
import { removeRule } from './rules/commands/removeRule.ts';
import { saveRule } from './rules/commands/saveRule.ts';
import { releaseHeld } from './rules/commands/releaseHeld.ts';
import { createSilence } from './silences/commands/createSilence.ts';
import { expireSilence } from './silences/commands/expireSilence.ts';
import { liftSilence } from './silences/commands/liftSilence.ts';
import { planMaintenance } from './silences/commands/planMaintenance.ts';
import { expire, forget, sweep, takeOver } from './jobs.ts';
import { processSignalJob } from './process-job.ts';
import { onPageAcknowledged, onPageReopened } from './reactions.ts';
import { routes } from './routes.ts';
import { correlation, intakeLimits, retention } from './settings.ts';
import { raiseStuck } from './terminal/commands/raiseStuck.ts';
import { watchEnds } from './terminal/jobs.ts';
import { watchdogCommands } from './watchdog/commands.ts';
import { watchdogJobs } from './watchdog/jobs.ts';
import { watchdog } from './watchdog/settings.ts';
import { settleGroupJob, stopPagesJob } from './timers.ts';

export {
  acknowledgeGroup,
  expireSilence,
  assignService,
  createIntegration,
  createMetricWatch,
  createMonitor,
  planMaintenance,
  createSlo,
  feedMetrics,
  linkGroupToIncident,
  receiveExercise,
  resolveGroup,
  saveHeartbeat,
  saveRule,
  updateIntegration,
};
export {
  groupAcknowledged,
  groupChanged,
  groupFolded,
  groupOpened,
  groupPlaced,
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
export { casesOf, explainedBy, leadOf, suspectsFor } from './correlation/queries.ts';
export { type GroupRow, groupById, groupOfSignal, listAlerts, listGroups } from './queries.ts';

export const module = defineModule({
  name: 'signals',
  commands: [
    acknowledgeGroup,
    assignService,
    attachReports,
    configureIntegration,
    countSlo,
    createIntegration,
    createMetricWatch,
    createMonitor,
    createProbe,
    createSilence,
    createSlo,
    drainSpool,
    endSilent,
    expireAlerts,
    expireSilence,
    foldGroups,
    feedMetrics,
    hearProbe,
    importSlos,
    judgeAnomaly,
    liftSilence,
    linkGroupToIncident,
    missHeartbeat,
    noteAcknowledged,
    noteReopened,
    noteSupplier,
    orderRules,
    pingHeartbeat,
    planMaintenance,
    processBlocks,
    processSignal,
    quarantineSignal,
    readSupplier,
    receive,
    receiveAll,
    receiveExercise,
    rejoinService,
    releaseGroups,
    releaseHeld,
    removeHeartbeat,
    removeIntegration,
    removeMetricWatch,
    removeMonitor,
    removeProbe,
    removeRule,
    removeSlo,
    renewProbe,
    reportGarbage,
    resolveGroup,
    revealKey,
    rotateKey,
    saveHeartbeat,
    saveRule,
    sendHiddenDigest,
    separateService,
    setAsideBlock,
    settleGroup,
    stopPagesOf,
    takeResults,
    tellProbe,
    testIntegration,
    tryMonitor,
    turnMonitor,
    turnSlo,
    undoCorrelation,
    updateIntegration,
    updateMetricWatch,
    updateMonitor,
    updateSlo,
    raiseStuck,
    ...watchdogCommands,
  ],
  events: [
    groupAcknowledged,
    groupChanged,
    groupFolded,
    groupOpened,
    groupPlaced,
    groupReopened,
    groupResolved,
    groupWorsened,
    integrationGarbage,
    monitorTurned,
    supplierReported,
  ],
  reactions: [onPageAcknowledged, onPageReopened],
  jobs: [
    digestHidden,
    checkHeartbeat,
    correlateJob,
    expire,
    forget,
    liftSilences,
    processSignalJob,
    settleGroupJob,
    stopPagesJob,
    sweep,
    takeOver,
    watchCorrelations,
    watchEnds,
    ...watchdogJobs,
    tidyMetrics,
    tidyMonitors,
    watchMetrics,
    watchMonitors,
    watchSlos,
    readOne,
    watchSuppliers,
    ...families.flatMap((family) => family.jobs ?? []),
  ],
  settings: [retention, correlation, intakeLimits, metricLimits, supplierFeeds, watchdog],
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
