/** Names an affected service, or changes how it is affected. */
import { type Ctx, emit } from '#kernel';
import { serviceById } from '#catalog';
import { command } from '#security';
import { servicesChanged } from '../events.ts';
import { isActive, isBefore, isStep, type Step } from '../lifecycle/model.ts';
import { found, knownId } from '../links.ts';
import type { Effect } from '../measures.ts';
import { write } from '../record/write.ts';
import { affectedOf, enterPhase, lockIncident, problemOf, saveAffected } from '../store.ts';
import type { AffectedRow, IncidentRow } from '../tables.ts';

export interface SetServiceInput {
  incidentId: string;
  serviceId: string;
  effect?: Effect | undefined;
}

export const setService = command(
  'incidents.setService',
  { allow: 'responder' },
  async (ctx, input: SetServiceInput): Promise<AffectedRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (!isActive(incident.phase)) {
      throw problemOf({
        status: 409,
        rule: 'incidents.phase.ended',
        title: `${incident.key} is ${incident.phase}: what it affected is settled`,
      });
    }
    const service = found(
      'Service',
      input.serviceId,
      await serviceById(ctx, knownId('svc', 'Service', input.serviceId)),
    );
    return addAffected(ctx, incident, service, { effect: input.effect });
  },
);

/**
 * Adds or changes under the incident's lock. A service that joins late starts at the incident's phase, so that the
 * incident does not fall back; whoever finds it worse moves the incident back and says why.
 */
export async function addAffected(
  ctx: Ctx,
  incident: IncidentRow,
  service: { id: string; name: string; tier: number | null },
  { effect, stated }: { effect?: Effect | undefined; stated?: Date | null },
): Promise<AffectedRow> {
  const before = (await affectedOf(ctx, incident.id)).find((row) => row.serviceId === service.id);
  const said = effect !== undefined && stated !== null;
  if (before && (effect === undefined || (before.effect === effect && (!said || before.effectStatedAt)))) return before;
  const phase: Step = before?.phase ?? joining(incident);
  const row: AffectedRow = {
    incidentId: incident.id,
    serviceId: service.id,
    name: service.name,
    tier: service.tier,
    phase,
    effect: effect ?? 'partial',
    effectStatedAt: effect === undefined ? (before?.effectStatedAt ?? null) : stated === undefined ? ctx.now : stated,
    addedAt: before?.addedAt ?? ctx.now,
    exercise: incident.exercise,
  };
  await saveAffected(ctx, row);
  if (!before) await enterPhase(ctx, incident, service.id, phase, {});
  const words = row.effect.replace('_', ' ');
  await write(ctx, incident, {
    kind: 'impact',
    text: before
      ? before.effect === row.effect
        ? `${service.name}: ${words}, confirmed`
        : `${service.name}: ${before.effect.replace('_', ' ')} → ${words}`
      : `Affected: ${service.name} (${words})`,
    refs: [{ kind: 'service', id: service.id, label: service.name }],
  });
  const payload = { incidentId: incident.id, key: incident.key, serviceIds: [service.id] };
  await emit(ctx, servicesChanged, payload, { subject: incident.id, incident: incident.id });
  return row;
}

const joining = ({ phase }: IncidentRow): Step => (isStep(phase) && isBefore(phase, 'restored') ? phase : 'detection');
