/** Links an alert group to an incident; its service becomes an affected one. */
import { command } from '#security';
import { serviceById } from '#catalog';
import { groupById } from '#signals';
import { isEnded } from '../lifecycle/model.ts';
import { found, knownId, linkNow } from '../links.ts';
import { lockIncident, problemOf } from '../store.ts';
import { addAffected } from './setService.ts';

export interface LinkGroupInput {
  incidentId: string;
  groupId: string;
}

export const linkGroup = command('incidents.linkGroup', { allow: 'responder' }, async (ctx, input: LinkGroupInput) => {
  const incident = await lockIncident(ctx, input.incidentId);
  if (isEnded(incident.phase)) {
    throw problemOf({
      status: 409,
      rule: 'incidents.phase.ended',
      title: `${incident.key} has ended: declare a new incident that refers to it`,
    });
  }
  const group = found('Alert group', input.groupId, await groupById(ctx, knownId('grp', 'Alert group', input.groupId)));
  const fresh = await linkNow(ctx, incident, group);
  const service = group.serviceId ? await serviceById(ctx, group.serviceId) : undefined;
  if (fresh && service) await addAffected(ctx, incident, service, {});
  ctx.audit.after = { groupId: group.id };
  return ctx.db
    .selectFrom('incidents.groupLinks')
    .select(['groupId', 'title', 'state', 'firstAt', 'linkedAt'])
    .where('incidentId', '=', incident.id)
    .where('groupId', '=', group.id)
    .executeTakeFirstOrThrow();
});
