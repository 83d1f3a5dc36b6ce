/** Says which service a group is about, when its source did not: its people are asked, and the map is asked again. */
import { serviceById } from '#catalog';
import { addMs, conflict, emit, enqueue, notFound } from '#kernel';
import { command } from '#security';
import { factsOf } from '../announce.ts';
import { correlateJob } from '../correlation/place.ts';
import { groupPlaced } from '../events.ts';
import type { Group } from '../model.ts';
import { pageFor, stopPaging } from '../paging.ts';
import { lockGroup, placeAlertsOf, saveGroup } from '../store.ts';

export interface AssignService {
  groupId: string;
  serviceId: string;
}

/** What opened beside this transaction is seen by then. */
const SOON_MS = 400;

/** Throws 404 for an unknown service and 409 for a group that is over. Whoever has the group keeps it. */
export const assignService = command(
  'signals.assignService',
  { allow: 'responder', subject: (input: AssignService) => input.groupId },
  async (ctx, input: AssignService): Promise<Group> => {
    const group = await lockGroup(ctx, input.groupId);
    const service = await serviceById(ctx, input.serviceId);
    if (!service) throw notFound('Service', input.serviceId);
    if (group.state === 'resolved')
      throw conflict(`“${group.title}” is resolved already`, 'signals.resolved', undefined, { state: group.state });
    if (group.serviceId === service.id) {
      ctx.audit.skip = true;
      return group;
    }
    ctx.exercise = group.exercise;
    const moved: Group = { ...group, serviceId: service.id };
    const asks = moved.state === 'open' && moved.held === null && moved.suppressedBy === null && moved.pageId !== null;
    if (asks) await stopPaging(ctx, group.id, `it is about ${service.name}`);
    const pageId = asks ? await pageFor(ctx, moved, `${ctx.actor.name}: it is about ${service.name}`, service) : null;
    const after: Group = { ...moved, pageId: pageId ?? group.pageId };
    await saveGroup(ctx, after);
    await placeAlertsOf(ctx, group.id, service.id);
    ctx.audit.incident = group.incidentId ?? undefined;
    ctx.audit.before = { serviceId: group.serviceId };
    ctx.audit.after = { serviceId: service.id };
    await emit(ctx, groupPlaced, factsOf(after), { subject: group.id, incident: group.incidentId });
    await enqueue(ctx, correlateJob, { at: ctx.now.toISOString() }, { runAt: addMs(ctx.now, SOON_MS) });
    return after;
  },
);
