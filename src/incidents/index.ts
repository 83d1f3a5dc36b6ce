/** Incidents: the record of what disrupts a service, its life from detection to closed, who leads and who decides. */
import { defineModule } from '#kernel';
import { syncChat, watchChat } from './chat/jobs.ts';
import { chatReactions } from './chat/reactions.ts';
import { chatRoutes } from './chat/routes.ts';
import { acceptHandover } from './commands/acceptHandover.ts';
import { addHypothesis } from './commands/addHypothesis.ts';
import { addTask } from './commands/addTask.ts';
import { answerRole } from './commands/answerRole.ts';
import { appendEntry, appendTimeline } from './commands/appendEntry.ts';
import { assignRole } from './commands/assignRole.ts';
import { callPeople } from './commands/callPeople.ts';
import { changeSeverity } from './commands/changeSeverity.ts';
import { close } from './commands/close.ts';
import { completeRecovery } from './commands/completeRecovery.ts';
import { considerGroup } from './commands/considerGroup.ts';
import { correctEntry } from './commands/correctEntry.ts';
import { decideApproval } from './commands/decideApproval.ts';
import { declare } from './commands/declare.ts';
import { declareContained } from './commands/declareContained.ts';
import { dismiss } from './commands/dismiss.ts';
import { edit } from './commands/edit.ts';
import { endHandover } from './commands/endHandover.ts';
import { eradicate } from './commands/eradicate.ts';
import { fillRoles } from './commands/fillRoles.ts';
import { flagUnfilled } from './commands/flagUnfilled.ts';
import { importBundle } from './commands/importBundle.ts';
import { linkGroup } from './commands/linkGroup.ts';
import { markContainmentStarted } from './commands/markContainmentStarted.ts';
import { merge } from './commands/merge.ts';
import { moveBack } from './commands/moveBack.ts';
import { noteExport } from './commands/noteExport.ts';
import { noteLongDuty } from './commands/noteLongDuty.ts';
import { notePage } from './commands/notePage.ts';
import { noteRead } from './commands/noteRead.ts';
import { noteSignal } from './commands/noteSignal.ts';
import { noteSuppliers } from './commands/noteSuppliers.ts';
import { offerHandover } from './commands/offerHandover.ts';
import { openGate } from './commands/openGate.ts';
import { postEntry } from './commands/postEntry.ts';
import { recordDecision } from './commands/recordDecision.ts';
import { recordImpact } from './commands/recordImpact.ts';
import { relapse } from './commands/relapse.ts';
import { requestApproval } from './commands/requestApproval.ts';
import { restore } from './commands/restore.ts';
import { setAccess } from './commands/setAccess.ts';
import { setDue } from './commands/setDue.ts';
import { setGate } from './commands/setGate.ts';
import { setHypothesis } from './commands/setHypothesis.ts';
import { setRaci } from './commands/setRaci.ts';
import { setService } from './commands/setService.ts';
import { setTask } from './commands/setTask.ts';
import { startContainment } from './commands/startContainment.ts';
import { waiveGate } from './commands/waiveGate.ts';
import { withdrawApproval } from './commands/withdrawApproval.ts';
import './record/attached.ts';
import './record/chains.ts';
import { askQuestion } from './commands/askQuestion.ts';
import { attachFile } from './commands/attachFile.ts';
import { openDecision } from './commands/openDecision.ts';
import { readRestricted } from './commands/readRestricted.ts';
import { shareRestricted } from './commands/shareRestricted.ts';
import { setLane } from './commands/setLane.ts';
import { setLaneItem } from './commands/setLaneItem.ts';
import { setQuestion } from './commands/setQuestion.ts';
import { withdrawDecision } from './commands/withdrawDecision.ts';
import { events } from './events.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { joinExports } from './room/leaves.ts';
import { routes } from './routes.ts';
import { settings } from './settings.ts';

export {
  acceptHandover,
  addHypothesis,
  addTask,
  appendEntry,
  appendTimeline,
  assignRole,
  askQuestion,
  attachFile,
  changeSeverity,
  close,
  completeRecovery,
  correctEntry,
  decideApproval,
  declare,
  declareContained,
  dismiss,
  edit,
  endHandover,
  eradicate,
  fillRoles,
  linkGroup,
  markContainmentStarted,
  merge,
  moveBack,
  offerHandover,
  openDecision,
  openGate,
  postEntry,
  recordDecision,
  recordImpact,
  relapse,
  requestApproval,
  restore,
  setAccess,
  setDue,
  setGate,
  setHypothesis,
  setLane,
  setLaneItem,
  setQuestion,
  setRaci,
  setService,
  setTask,
  startContainment,
  waiveGate,
  withdrawApproval,
  withdrawDecision,
};
export type { DeclareInput, Declared } from './commands/declare.ts';
export type { RequestApprovalInput } from './commands/requestApproval.ts';
export { chatCommand, refusalText } from './chat/hear.ts';
export { conferenceOf } from './chat/conference.ts';
export { approvalById, pendingApprovals } from './decisions/queries.ts';
export { type Detail, detailOf } from './detail.ts';
export * from './events.ts';
export { exportOf } from './export.ts';
export {
  ACTIVE_PHASES,
  type Kind,
  type Phase,
  PHASES,
  type Severity,
  type Step,
  isActive,
  isEnded,
} from './lifecycle/model.ts';
export { type Durations, durations, type Times } from './lifecycle/times.ts';
export { EFFECT_WEIGHT, type Effect } from './measures.ts';
export { nextOf } from './next.ts';
export {
  activeIncidentsForService,
  authorityOf,
  currentRoles,
  type IncidentFacts,
  type IncidentSummary,
  incidentById,
  listIncidents,
} from './queries.ts';
export { bundleFiles, bundleOf } from './record/bundle.ts';
export { alertKey, wordsOf } from './record/likeness.ts';
export { learnedFrom, lookalikesOf, lookalikesOfIncident } from './record/lookalikes.ts';
export { proposedSeverity } from './lifecycle/severity.ts';
export type { Classification, EntryKind, Ref } from './record/model.ts';
export { allEntries, timelineOf, type ToldEntry, verifyTimeline } from './record/queries.ts';
export type { NewEntry } from './record/store.ts';
export { AUTHORITY_TOKENS, type AuthorityToken, type RoleName } from './roles/model.ts';
export { dutiesFor } from './roles/mine.ts';
export { openFlags } from './roles/unfilled.ts';
export { exportSection, situationSection } from './sections.ts';
export { commandOf, questionsOf } from './command.ts';
export { lanesOf } from './lanes/store.ts';
export { attachmentById, attachmentsOf } from './room/store.ts';
export { matrixProposal, severityHistory } from './severity-log.ts';
export { situationOf } from './situation.ts';
export type { IncidentRow } from './tables.ts';

joinExports();

export const module = defineModule({
  name: 'incidents',
  commands: [
    acceptHandover,
    addHypothesis,
    addTask,
    answerRole,
    appendEntry,
    askQuestion,
    assignRole,
    attachFile,
    callPeople,
    changeSeverity,
    close,
    completeRecovery,
    considerGroup,
    correctEntry,
    decideApproval,
    declare,
    declareContained,
    dismiss,
    edit,
    endHandover,
    eradicate,
    fillRoles,
    flagUnfilled,
    importBundle,
    linkGroup,
    markContainmentStarted,
    merge,
    moveBack,
    noteExport,
    noteLongDuty,
    notePage,
    noteRead,
    noteSignal,
    noteSuppliers,
    offerHandover,
    openDecision,
    openGate,
    postEntry,
    readRestricted,
    recordDecision,
    recordImpact,
    relapse,
    requestApproval,
    restore,
    setAccess,
    setDue,
    setGate,
    setHypothesis,
    setLane,
    setLaneItem,
    setQuestion,
    setRaci,
    setService,
    setTask,
    shareRestricted,
    startContainment,
    waiveGate,
    withdrawApproval,
    withdrawDecision,
  ],
  events,
  reactions: [...reactions, ...chatReactions],
  jobs: [...jobs, syncChat, watchChat],
  settings,
  routes: [...routes, ...chatRoutes],
});
