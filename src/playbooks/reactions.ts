/** What this module does when modules below announce something. */

import {
  approvalGranted,
  approvalRefused,
  incidentClosed,
  incidentDeclared,
  incidentDismissed,
  incidentMerged,
  incidentRestored,
} from '#incidents';
import { type Ctx, reaction } from '#kernel';
import { groupPlaced } from '#signals';
import { followVerdict } from './commands/followVerdict.ts';
import { releaseFreeze } from './commands/releaseFreeze.ts';
import { runsOf } from './queries.ts';
import { stopClocks } from './runs/timebox.ts';
import { noteDone } from './commands/noteDone.ts';
import { openFreezes } from './safeguards/store.ts';

/** Restored (or ended otherwise): what the incident froze is free again (invariant 24). */
const lift = async (ctx: Ctx, incidentId: string, reason: string): Promise<void> => {
  for (const one of await openFreezes(ctx, { incidentId })) await releaseFreeze(ctx, { freezeId: one.id, reason });
  // A step nobody finished is no longer asked for; the run still shows it as open.
  for (const { run } of await runsOf(ctx, incidentId)) await stopClocks(ctx, run, 'all');
};
export const onIncidentRestored = reaction(
  'playbooks.onIncidentRestored',
  incidentRestored,
  (ctx, { incidentId, key }) => lift(ctx, incidentId, `${key} is restored`),
);
export const onIncidentClosed = reaction('playbooks.onIncidentClosed', incidentClosed, (ctx, { incidentId, key }) =>
  lift(ctx, incidentId, `${key} is closed`),
);
export const onIncidentDismissed = reaction(
  'playbooks.onIncidentDismissed',
  incidentDismissed,
  (ctx, { incidentId, key }) => lift(ctx, incidentId, `${key} was a false alarm`),
);
export const onIncidentMerged = reaction('playbooks.onIncidentMerged', incidentMerged, (ctx, { incidentId, key }) =>
  lift(ctx, incidentId, `${key} was merged`),
);

const follow = async (ctx: Ctx, subject: { kind: string; id: string }, granted: boolean): Promise<void> => {
  if (subject.kind === 'action') await followVerdict(ctx, { actionRunId: subject.id, granted });
};
export const onApprovalGranted = reaction('playbooks.onApprovalGranted', approvalGranted, (ctx, { subject }) =>
  follow(ctx, subject, true),
);
export const onApprovalRefused = reaction('playbooks.onApprovalRefused', approvalRefused, (ctx, { subject }) =>
  follow(ctx, subject, false),
);

/** Declared by hand from a group: what was suggested was taken, or passed over for another severity. */
export const onIncidentDeclared = reaction('playbooks.onIncidentDeclared', incidentDeclared, (ctx, payload) =>
  noteDone(ctx, { groupIds: payload.groupIds ?? [], kind: 'severity', value: String(payload.severity) }),
);
export const onGroupPlaced = reaction('playbooks.onGroupPlaced', groupPlaced, async (ctx, { groupId, serviceId }) => {
  if (serviceId) await noteDone(ctx, { groupIds: [groupId], kind: 'service', value: serviceId });
});
