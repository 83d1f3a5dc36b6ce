/** What incidents do when modules below announce something; each only passes on to a command that is safe to run twice. */
import { reaction } from '#kernel';
import { pageAcknowledged, pageEscalated, pageUnanswered } from '#people';
import {
  groupFolded,
  groupOpened,
  groupPlaced,
  groupReopened,
  groupResolved,
  groupWorsened,
  servicesNeeding,
  supplierReported,
} from '#signals';
import { answerRole } from './commands/answerRole.ts';
import { callPeople } from './commands/callPeople.ts';
import { considerGroup } from './commands/considerGroup.ts';
import { fillRoles } from './commands/fillRoles.ts';
import { notePage } from './commands/notePage.ts';
import { noteSignal } from './commands/noteSignal.ts';
import { noteSuppliers } from './commands/noteSuppliers.ts';
import { incidentDeclared, severityChanged } from './events.ts';
import { activeIncidentsForService } from './queries.ts';

const consider = (ctx: Parameters<typeof considerGroup>[0], { groupId }: { groupId: string }) =>
  considerGroup(ctx, { groupId });

export const onGroupOpened = reaction('incidents.onGroupOpened', groupOpened, consider);
export const onGroupReopened = reaction('incidents.onGroupReopened', groupReopened, consider);
export const onGroupPlaced = reaction('incidents.onGroupPlaced', groupPlaced, consider);
export const onGroupWorsened = reaction('incidents.onGroupWorsened', groupWorsened, consider);
export const onGroupFolded = reaction('incidents.onGroupFolded', groupFolded, consider);
export const onGroupResolved = reaction('incidents.onGroupResolved', groupResolved, (ctx, { groupId }) =>
  noteSignal(ctx, { groupId }),
);

export const onPageAcknowledged = reaction(
  'incidents.onPageAcknowledged',
  pageAcknowledged,
  async (ctx, { pageId, subject, userId, at, via }) => {
    if (subject.kind === 'incident_role') await answerRole(ctx, { assignmentId: subject.id, userId, via });
    else await notePage(ctx, { pageId, subject, what: 'acknowledged', userId, at: new Date(at), via, turn: userId });
  },
);
export const onPageEscalated = reaction(
  'incidents.onPageEscalated',
  pageEscalated,
  (ctx, { pageId, subject, text, stage, step, round, turn }) =>
    notePage(ctx, { pageId, subject, what: 'escalated', text, turn: `${stage} ${round}.${step}, turn ${turn}` }),
);
export const onPageUnanswered = reaction('incidents.onPageUnanswered', pageUnanswered, (ctx, { pageId, subject }) =>
  notePage(ctx, { pageId, subject, what: 'unanswered', turn: '' }),
);

/** Calling people is its own step after declaring, so that declaring never waits for it (M3c). */
export const onDeclared = reaction('incidents.onDeclared', incidentDeclared, async (ctx, { incidentId }) => {
  // Of a drill, drills knows who takes part; nobody is called by rota before that is known.
  if (!ctx.exercise) await fillRoles(ctx, { incidentId });
  await callPeople(ctx, { incidentId });
});
export const onSeverityChanged = reaction(
  'incidents.onSeverityChanged',
  severityChanged,
  async (ctx, { incidentId, from, to }) => {
    if (to >= from) return;
    if (!ctx.exercise) await fillRoles(ctx, { incidentId });
    await callPeople(ctx, { incidentId });
  },
);

/** A supplier of something that an incident is about says something new. */
export const onSupplierReported = reaction(
  'incidents.onSupplierReported',
  supplierReported,
  async (ctx, { serviceId }) => {
    const concerned = new Set<string>();
    for (const id of await servicesNeeding(ctx, serviceId))
      for (const incident of await activeIncidentsForService(ctx, id)) concerned.add(incident.id);
    for (const incidentId of concerned) await noteSuppliers(ctx, { incidentId });
  },
);
/** What suppliers had said before it was declared. */
export const onDeclaredNoteSuppliers = reaction(
  'incidents.onDeclaredNoteSuppliers',
  incidentDeclared,
  (ctx, { incidentId }) => noteSuppliers(ctx, { incidentId }),
);

export const reactions = [
  onSupplierReported,
  onDeclaredNoteSuppliers,
  onGroupOpened,
  onGroupPlaced,
  onGroupReopened,
  onGroupWorsened,
  onGroupFolded,
  onGroupResolved,
  onPageAcknowledged,
  onPageEscalated,
  onPageUnanswered,
  onDeclared,
  onSeverityChanged,
];
