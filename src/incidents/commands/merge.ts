/** Ends an incident that is the same thing as another active one; its alerts and services go there. */
import { conflict, emit } from '#kernel';
import { command } from '#security';
import { linkGroupToIncident } from '#signals';
import { incidentMerged } from '../events.ts';
import { isActive } from '../lifecycle/model.ts';
import { callOff, type Moved } from '../lifecycle/walk.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { requireAuthority } from '../roles/authority.ts';
import { endDuties } from '../roles/duties.ts';
import { insertGroupLink } from '../gate-store.ts';
import { enterPhase, lockIncident, readIncident, saveIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import { addAffected } from './setService.ts';

export interface MergeInput {
  incidentId: string;
  into: string;
  reason: string;
}

export const merge = command(
  'incidents.merge',
  { allow: 'responder' },
  async (ctx, input: MergeInput): Promise<Moved> => {
    refuseSecrets(ctx, { reason: input.reason });
    const { incident, target } = await lockBoth(ctx, input);
    if (incident.mergedInto === target.id)
      return { id: incident.id, key: incident.key, phase: 'merged', changed: false };
    if (incident.id === target.id)
      throw conflict(`${incident.key} cannot be merged into itself`, 'incidents.merge.self');
    if (!isActive(incident.phase) || !isActive(target.phase)) {
      throw conflict(
        `Only active incidents merge: ${incident.key} is ${incident.phase}, ${target.key} is ${target.phase}`,
        'incidents.merge.active',
      );
    }
    if (incident.exercise !== target.exercise)
      throw conflict('A drill and a real incident do not merge', 'incidents.exercise_mixed');
    await requireAuthority(ctx, incident, 'close');
    await enterPhase(ctx, incident, null, 'merged', { note: input.reason });
    await saveIncident(ctx, incident, { phase: 'merged', mergedInto: target.id, endedReason: input.reason });
    await moveAcross(ctx, incident, target);
    const refs = (other: IncidentRow) => [{ kind: 'incident', id: other.id, label: other.key }];
    await write(ctx, incident, {
      kind: 'phase',
      text: `Merged into ${target.key}: ${input.reason}`,
      refs: refs(target),
    });
    await write(ctx, target, {
      kind: 'phase',
      text: `${incident.key} is the same and was merged here: ${input.reason}`,
      refs: refs(incident),
    });
    ctx.audit.reason = input.reason;
    ctx.audit.after = { mergedInto: target.key };
    await emit(
      ctx,
      incidentMerged,
      { incidentId: incident.id, key: incident.key, into: target.id },
      { subject: incident.id, incident: incident.id },
    );
    await callOff(ctx, incident, `${incident.key} was merged into ${target.key}`);
    await endDuties(ctx, incident.id);
    return { id: incident.id, key: incident.key, phase: 'merged', changed: true };
  },
);

/** Both rows, locked in the order of their ids so that two merges cannot wait for each other. */
async function lockBoth(
  ctx: Parameters<typeof lockIncident>[0],
  input: MergeInput,
): Promise<{ incident: IncidentRow; target: IncidentRow }> {
  const [a, b] = await Promise.all([readIncident(ctx, input.incidentId), readIncident(ctx, input.into)]);
  const first = a.id < b.id ? a : b;
  const locked = new Map<string, IncidentRow>();
  for (const row of first === a ? [a, b] : [b, a]) locked.set(row.id, await lockIncident(ctx, row.id));
  ctx.audit.incident = a.id;
  ctx.audit.subject = a.id;
  return { incident: locked.get(a.id)!, target: locked.get(b.id)! };
}

async function moveAcross(
  ctx: Parameters<typeof lockIncident>[0],
  incident: IncidentRow,
  target: IncidentRow,
): Promise<void> {
  const links = await ctx.db
    .selectFrom('incidents.groupLinks')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .execute();
  for (const link of links) {
    await insertGroupLink(ctx, target, {
      id: link.groupId,
      title: link.title,
      firing: link.state === 'firing',
      firstAt: link.firstAt,
    });
    await linkGroupToIncident(ctx, { groupId: link.groupId, incidentId: target.id });
  }
  const services = await ctx.db
    .selectFrom('incidents.affectedServices')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .execute();
  for (const service of services) {
    await addAffected(
      ctx,
      target,
      { id: service.serviceId, name: service.name, tier: service.tier },
      { effect: service.effect, stated: service.effectStatedAt },
    );
  }
}
