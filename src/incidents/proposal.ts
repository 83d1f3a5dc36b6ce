/** What the declare dialog starts from, so that declaring takes two inputs at most. */
import type { Ctx } from '#kernel';
import { type Service, serviceById } from '#catalog';
import { groupById } from '#signals';
import { proposeFor } from './commands/declare.ts';
import { activeIncidentOfGroup, found, knownId } from './links.ts';
import { activeIncidentsForService } from './queries.ts';

/** Title and worst plausible severity for an alert group, a service, or nothing yet. Throws 404 for what does not exist. */
export async function proposal(ctx: Ctx, about: { groupId?: string | undefined; serviceId?: string | undefined }) {
  const group = about.groupId
    ? found('Alert group', about.groupId, await groupById(ctx, knownId('grp', 'Alert group', about.groupId)))
    : undefined;
  const serviceId = about.serviceId ?? group?.serviceId ?? undefined;
  const service = serviceId
    ? found('Service', serviceId, await serviceById(ctx, knownId('svc', 'Service', serviceId)))
    : undefined;
  const severity = proposeFor(group ? [group] : [], service ? [service] : []);
  const active = group ? await activeIncidentOfGroup(ctx, group.id) : undefined;
  const same = active ?? (service ? (await activeIncidentsForService(ctx, service.id))[0] : undefined);
  return {
    title: group?.title ?? (service ? `${service.name} is impaired` : ''),
    severity,
    reason: because(group?.severity, service),
    serviceIds: service ? [service.id] : [],
    activeIncident: same ? { id: same.id, key: same.key, title: same.title } : null,
  };
}

function because(alert: string | undefined, service: Service | undefined): string {
  if (alert && service) return `${alert} alert on ${service.name}, tier ${service.tier}`;
  if (alert) return `${alert} alert, service unknown: the worst that is plausible`;
  return service ? `${service.name} is tier ${service.tier}` : 'people are called at SEV2, and nothing is known yet';
}
