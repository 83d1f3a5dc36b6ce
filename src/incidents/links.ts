/** Joining an incident to the alert groups below it. */
import { type Ctx, conflict, emit, isId, notFound } from '#kernel';
import { personRefs } from '#security';
import { type groupById, linkGroupToIncident } from '#signals';
import { groupLinked, incidentAcknowledged } from './events.ts';
import { isActive } from './lifecycle/model.ts';
import { write } from './record/write.ts';
import { insertGroupLink } from './gate-store.ts';
import { saveIncident } from './store.ts';
import type { IncidentRow } from './tables.ts';

/** An alert group as signals tells it. */
export type AlertGroup = NonNullable<Awaited<ReturnType<typeof groupById>>>;

/** The value, or 404 in its name. */
export function found<T>(what: string, id: string, value: T | undefined | null): T {
  if (value === undefined || value === null) throw notFound(what, id);
  return value;
}

/** Refuses an id that cannot be one with 404, before the database has to look at it. */
export function knownId(prefix: string, what: string, id: string): string {
  if (!isId(prefix, id)) throw notFound(what);
  return id;
}

/** The active incident a group already belongs to, if any. */
export const activeIncidentOfGroup = (ctx: Pick<Ctx, 'db'>, groupId: string): Promise<IncidentRow | undefined> =>
  ctx.db
    .selectFrom('incidents.groupLinks as l')
    .innerJoin('incidents.incidents as i', 'i.id', 'l.incidentId')
    .selectAll('i')
    .where('l.groupId', '=', groupId)
    .where('i.phase', 'in', ['detection', 'containment', 'eradication', 'recovery', 'verification', 'restored'])
    .orderBy('l.linkedAt', 'desc')
    .executeTakeFirst();

/** Links under the incident's lock. False when the group was linked before: a second click changes nothing. */
export async function linkNow(ctx: Ctx, incident: IncidentRow, group: AlertGroup): Promise<boolean> {
  if (group.exercise !== incident.exercise) {
    throw conflict('A drill and a real alert cannot share an incident', 'incidents.exercise_mixed');
  }
  const other = await activeIncidentOfGroup(ctx, group.id);
  if (other && other.id !== incident.id && isActive(other.phase)) {
    throw conflict(
      `This alert already belongs to ${other.key}`,
      'incidents.group_linked',
      `Open ${other.key} (“${other.title}”), or merge the two.`,
      {
        incident: { id: other.id, key: other.key },
      },
    );
  }
  const fresh = await insertGroupLink(ctx, incident, {
    id: group.id,
    title: group.title,
    firing: group.state !== 'resolved',
    firstAt: group.firstAt,
  });
  if (!fresh) return false;
  await linkGroupToIncident(ctx, { groupId: group.id, incidentId: incident.id, incidentKey: incident.key });
  await write(ctx, incident, {
    kind: 'signal',
    text: `Alert linked: ${group.title} (${group.severity})`,
    occurredAt: group.firstAt < ctx.now ? group.firstAt : ctx.now,
    refs: [{ kind: 'alert_group', id: group.id, label: group.title }],
  });
  // Somebody may have taken the alert before there was an incident: they have acknowledged this, too.
  if (group.acknowledgedAt && group.acknowledgedBy?.startsWith('usr_')) {
    await acknowledgeIncident(ctx, incident, group.acknowledgedBy, group.acknowledgedAt, 'took the alert');
  }
  const payload = { incidentId: incident.id, key: incident.key, groupId: group.id };
  await emit(ctx, groupLinked, payload, { subject: incident.id, incident: incident.id });
  return true;
}

/** Notes who has it, once; later ones are told of on the timeline by their pages. */
export async function acknowledgeIncident(
  ctx: Ctx,
  incident: IncidentRow,
  userId: string,
  at: Date,
  via: string,
): Promise<void> {
  if (incident.acknowledgedAt) return;
  const person = (await personRefs(ctx, [userId])).get(userId) ?? { id: userId, name: userId };
  const ackAt = at < ctx.now ? at : ctx.now;
  const responded = incident.respondedAt === null ? { respondedAt: ackAt, responseKind: 'manual' as const } : {};
  const saved = await saveIncident(ctx, incident, { acknowledgedAt: ackAt, acknowledgedBy: userId, ...responded });
  await write(ctx, saved, {
    kind: 'page',
    text: `${person.name} has acknowledged (${via})`,
    occurredAt: ackAt,
    actor: { kind: 'user', id: person.id, name: person.name },
  });
  const payload = { incidentId: incident.id, key: incident.key, userId };
  await emit(ctx, incidentAcknowledged, payload, { subject: incident.id, incident: incident.id });
}
