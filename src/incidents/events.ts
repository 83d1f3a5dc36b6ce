/** What incidents announce to the modules above and to every open screen. */
import { z } from 'zod';
import { defineEvent } from '#kernel';

const about = { incidentId: z.string(), key: z.string() };
const severity = z.number().int().min(1).max(4);
const STREAM_ONLY = { unheard: 'keeps open screens fresh through the live stream' };

export const incidentDeclared = defineEvent(
  'incident.declared',
  z.object({
    ...about,
    title: z.string(),
    severity,
    serviceIds: z.array(z.string()),
    groupIds: z.array(z.string()).default([]),
  }),
);
export const incidentAcknowledged = defineEvent(
  'incident.acknowledged',
  z.object({ ...about, userId: z.string() }),
  STREAM_ONLY,
);
export const incidentEdited = defineEvent('incident.edited', z.object(about), STREAM_ONLY);
export const severityChanged = defineEvent(
  'incident.severity_changed',
  z.object({ ...about, from: severity, to: severity, reason: z.string() }),
);
/** Every entry into a phase, forward or back, of the incident as a whole. */
export const phaseChanged = defineEvent('phase.changed', z.object({ ...about, from: z.string(), to: z.string() }));
export const incidentContained = defineEvent('incident.contained', z.object(about));
export const incidentEradicated = defineEvent('incident.eradicated', z.object(about), STREAM_ONLY);
export const incidentRestored = defineEvent('incident.restored', z.object(about));
export const incidentRelapsed = defineEvent('incident.relapsed', z.object({ ...about, reason: z.string() }));
export const incidentClosed = defineEvent('incident.closed', z.object(about));
export const incidentDismissed = defineEvent('incident.dismissed', z.object({ ...about, reason: z.string() }));
export const incidentMerged = defineEvent('incident.merged', z.object({ ...about, into: z.string() }));

export const servicesChanged = defineEvent(
  'incident.services_changed',
  z.object({ ...about, serviceIds: z.array(z.string()) }),
  STREAM_ONLY,
);
export const groupLinked = defineEvent(
  'incident.group_linked',
  z.object({ ...about, groupId: z.string() }),
  STREAM_ONLY,
);
export const impactSampled = defineEvent('impact.sampled', z.object(about), STREAM_ONLY);

export const roleAssigned = defineEvent(
  'role.assigned',
  z.object({ ...about, role: z.string(), userId: z.string(), previousUserId: z.string().nullable() }),
);
/** A role that must be held is not, and whoever leads is told. */
export const roleUnfilled = defineEvent(
  'role.unfilled',
  z.object({ ...about, role: z.string(), why: z.string(), toUserId: z.string().nullable() }),
  STREAM_ONLY,
);
export const handoverOffered = defineEvent(
  'role.handover_offered',
  z.object({ ...about, handoverId: z.string(), role: z.string(), toUserId: z.string() }),
  STREAM_ONLY,
);
export const roleHandedOver = defineEvent(
  'role.handed_over',
  z.object({ ...about, role: z.string(), from: z.string(), to: z.string() }),
);

export const timelineAppended = defineEvent(
  'timeline.appended',
  z.object({ ...about, seq: z.number(), kind: z.string() }),
);
export const hypothesisChanged = defineEvent(
  'hypothesis.changed',
  z.object({ ...about, hypothesisId: z.string(), state: z.string() }),
  STREAM_ONLY,
);
export const decisionRecorded = defineEvent(
  'decision.recorded',
  z.object({ ...about, decisionId: z.string() }),
  STREAM_ONLY,
);
export const decisionRequested = defineEvent(
  'decision.requested',
  z.object({ ...about, pointId: z.string() }),
  STREAM_ONLY,
);
export const questionAsked = defineEvent('question.asked', z.object({ ...about, questionId: z.string() }), STREAM_ONLY);
/** Answered, withdrawn or passed on. */
export const questionAnswered = defineEvent(
  'question.answered',
  z.object({ ...about, questionId: z.string(), state: z.string() }),
  STREAM_ONLY,
);
export const laneChanged = defineEvent(
  'lane.changed',
  z.object({ ...about, lane: z.string(), state: z.string() }),
  STREAM_ONLY,
);
/** Somebody opened the room; leaving is seen by silence. */
export const roomEntered = defineEvent(
  'incident.room_entered',
  z.object({ ...about, userId: z.string() }),
  STREAM_ONLY,
);
export const taskChanged = defineEvent(
  'task.changed',
  z.object({ ...about, taskId: z.string(), state: z.string() }),
  STREAM_ONLY,
);
export const gateChanged = defineEvent(
  'gate.changed',
  z.object({ ...about, kind: z.string(), state: z.string() }),
  STREAM_ONLY,
);

const subject = z.object({ kind: z.string(), id: z.string() });
const approval = z.object({ ...about, approvalId: z.string(), subject });
export const approvalRequested = defineEvent('approval.requested', approval, STREAM_ONLY);
export const approvalGranted = defineEvent('approval.granted', approval);
export const approvalRefused = defineEvent('approval.refused', approval);

export const events = [
  incidentDeclared,
  incidentAcknowledged,
  incidentEdited,
  severityChanged,
  phaseChanged,
  incidentContained,
  incidentEradicated,
  incidentRestored,
  incidentRelapsed,
  incidentClosed,
  incidentDismissed,
  incidentMerged,
  servicesChanged,
  groupLinked,
  impactSampled,
  roleAssigned,
  roleUnfilled,
  handoverOffered,
  roleHandedOver,
  timelineAppended,
  hypothesisChanged,
  decisionRecorded,
  decisionRequested,
  laneChanged,
  questionAnswered,
  questionAsked,
  roomEntered,
  taskChanged,
  gateChanged,
  approvalRequested,
  approvalGranted,
  approvalRefused,
];
