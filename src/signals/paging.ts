/** Asking people: the only place where signals start, stop and acknowledge pages. */
import { type Service, serviceById } from '#catalog';
import { type Ctx, readSetting } from '#kernel';
import { watchdog } from './watchdog/settings.ts';
import { acknowledgeSubject, startPage, stopPages } from '#people';
import { type Group, priorityOf, urgencyOf } from './model.ts';

/** What people knows a group by. */
export const subjectOf = (groupId: string) => ({ kind: 'alert_group' as const, id: groupId });

/** Where a person reads about the group, in the console. */
export const linkOf = (groupId: string) => `/alerts/${groupId}`;

/**
 * Asks somebody, by the service's escalation policy. Without a service or a policy people falls back to the team, then to the
 * emergency contact: an unknown service is no reason to be silent. Info never pages.
 * `fresh`: the group is born in this transaction.
 * @returns the page's id, or null when nobody needs to be asked
 */
export async function pageFor(
  ctx: Ctx,
  group: Group,
  description: string,
  known?: Service,
  fresh = false,
): Promise<string | null> {
  const urgency = group.routed?.urgency ?? urgencyOf(group.severity);
  if (urgency === null || urgency === 'none') return null;
  const own = known?.id === group.serviceId ? known : undefined;
  const service = own ?? (group.serviceId ? await serviceById(ctx, group.serviceId) : undefined);
  const { pageId } = await startPage(ctx, {
    subject: subjectOf(group.id),
    title: `${group.test ? 'TEST: ' : ''}${service ? `${service.name}: ` : ''}${group.title}`.slice(0, 300),
    body: bodyOf(group, service?.name, description),
    urgency,
    priority: priorityOf(group.severity),
    policyId: group.routed?.policyId ?? service?.policyId ?? undefined,
    teamId: service?.teamId ?? undefined,
    serviceName: service?.name,
    incidentId: group.incidentId ?? undefined,
    link: linkOf(group.id),
    fresh,
    sink: ctx.synthetic ? { stepSeconds: (await readSetting(ctx, watchdog)).stepSeconds } : undefined,
  });
  return pageId;
}

function bodyOf(group: Group, service: string | undefined, description: string): string {
  const lines = [
    group.title,
    `Severity: ${group.severity}. Service: ${service ?? 'not known'}. Alerts: ${group.firingCount} firing.`,
    description.slice(0, 2000),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** Ends every page for the group. Harmless when there is none. */
export async function stopPaging(ctx: Ctx, groupId: string, reason: string): Promise<void> {
  await stopPages(ctx, { subject: subjectOf(groupId), reason });
}

/** Gives the group's pages to the person who took the group, so that nobody else is asked. */
export async function givePages(ctx: Ctx, groupId: string, userId: string, via: string): Promise<void> {
  await acknowledgeSubject(ctx, { subject: subjectOf(groupId), userId, via });
}
