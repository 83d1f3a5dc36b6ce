/** Policy: what an alert group means for incidents: nothing, more of one that is active, or a new one. */
import { type Ctx, readSetting } from '#kernel';
import { serviceById } from '#catalog';
import { command } from '#security';
import { groupById, leadOf } from '#signals';
import type { Severity } from '../lifecycle/model.ts';
import { declaredSeverity } from '../lifecycle/severity.ts';
import { type AlertGroup, activeIncidentOfGroup } from '../links.ts';
import { activeIncidentsForService, recentlyRestored } from '../queries.ts';
import { declarePolicy } from '../settings.ts';
import { setGroupState } from '../gate-store.ts';
import { hold, readIncident } from '../store.ts';
import { write } from '../record/write.ts';
import type { IncidentRow } from '../tables.ts';
import { changeSeverity } from './changeSeverity.ts';
import { declare } from './declare.ts';
import { linkGroup } from './linkGroup.ts';

/** Why policy did what it did; the reason is the record. */
export interface Considered {
  did: 'declared' | 'linked' | 'linked_before' | 'stays_alert';
  why: string;
  incidentId?: string;
}

export const considerGroup = command(
  'incidents.considerGroup',
  { allow: 'internal', subject: (input: { groupId: string }) => input.groupId },
  async (ctx, { groupId }: { groupId: string }): Promise<Considered> => {
    const considered = await consider(ctx, groupId);
    ctx.audit.after = considered;
    if (considered.incidentId) ctx.audit.incident = considered.incidentId;
    return considered;
  },
);

async function consider(ctx: Ctx, groupId: string): Promise<Considered> {
  const group = await groupById(ctx, groupId);
  if (!group) return { did: 'stays_alert', why: 'the group is gone' };
  ctx.exercise = group.exercise;
  if (group.test) return { did: 'stays_alert', why: 'sent by the test button' };
  const service = group.serviceId ? await serviceById(ctx, group.serviceId) : undefined;
  const { rules } = await readSetting(ctx, declarePolicy);
  const byRule = (group.routed?.declare ?? null) as Severity | null;
  const severity = byRule ?? (service ? declaredSeverity(rules, group.severity, service.tier) : null);

  const known = await activeIncidentOfGroup(ctx, group.id);
  if (known) {
    await firesAgain(ctx, known, group);
    await raise(ctx, known, severity, group);
    return { did: 'linked_before', why: `it belongs to ${known.key}`, incidentId: known.id };
  }
  if (group.state === 'resolved') return { did: 'stays_alert', why: 'it has resolved meanwhile' };
  if (group.held?.kind === 'correlation') return await withLead(ctx, group);
  if (group.held) return { did: 'stays_alert', why: group.held.why };
  if (!service && byRule === null) return { did: 'stays_alert', why: 'no service is known for it' };
  if (!service) return await declareByRule(ctx, group, byRule!);
  // Two alerts of one service in the same second are decided one after the other.
  await hold(ctx, `service:${service.id}`);
  const active = (await activeIncidentsForService(ctx, service.id)).find((one) => one.exercise === group.exercise);
  if (active && group.severity !== 'info') {
    await linkGroup(ctx, { incidentId: active.id, groupId: group.id });
    await raise(ctx, await readIncident(ctx, active.id), severity, group);
    return { did: 'linked', why: `${active.key} is active for ${service.name}`, incidentId: active.id };
  }
  if (severity === null)
    return { did: 'stays_alert', why: `policy declares nothing for ${group.severity} on tier ${service.tier}` };
  const earlier = (await recentlyRestored(ctx, service.id, ctx.now)).find((one) => one.exercise === group.exercise);
  const declared = await declare(ctx, { title: group.title, severity, groupIds: [group.id], recursOf: earlier?.id });
  return {
    did: 'declared',
    why: byRule
      ? `rule “${group.routed?.rule}” says that it is SEV${byRule}`
      : `policy: ${group.severity} on tier ${service.tier} is SEV${severity}`,
    incidentId: declared.id,
  };
}

async function declareByRule(ctx: Ctx, group: AlertGroup, severity: Severity): Promise<Considered> {
  const declared = await declare(ctx, { title: group.title, severity, groupIds: [group.id] });
  const why = `rule “${group.routed?.rule}” says that it is SEV${severity}`;
  return { did: 'declared', why, incidentId: declared.id };
}

/** Held beneath another group: its incident is this one's too, and without one there is none to declare for it. */
async function withLead(ctx: Ctx, group: AlertGroup): Promise<Considered> {
  const leadId = await leadOf(ctx, group);
  const active = leadId ? await activeIncidentOfGroup(ctx, leadId) : undefined;
  if (!active) return { did: 'stays_alert', why: `it stands beneath another: ${group.held?.why}` };
  await linkGroup(ctx, { incidentId: active.id, groupId: group.id });
  return { did: 'linked', why: `its probable cause is part of ${active.key}`, incidentId: active.id };
}

async function firesAgain(ctx: Ctx, incident: IncidentRow, group: AlertGroup): Promise<void> {
  if (group.state === 'resolved') return;
  const changed = await setGroupState(ctx, group.id, 'firing');
  if (changed.some((link) => link.incidentId === incident.id)) {
    await write(ctx, incident, {
      kind: 'signal',
      text: `Firing again: ${group.title}`,
      refs: [{ kind: 'alert_group', id: group.id }],
    });
  }
}

/** Highest plausible first: an alert that would have declared a worse incident makes this one worse. */
async function raise(ctx: Ctx, incident: IncidentRow, severity: Severity | null, group: AlertGroup): Promise<void> {
  if (severity === null || severity >= incident.severity || incident.phase === 'restored') return;
  await changeSeverity(ctx, { incidentId: incident.id, severity, reason: `policy, because of “${group.title}”` });
}
