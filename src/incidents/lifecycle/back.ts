/** What going back does, by correction or by relapse: services, log, times, gates, events. */
import { type Ctx, emit } from '#kernel';
import { phaseChanged } from '../events.ts';
import { write } from '../record/write.ts';
import { affectedOf, enterPhase, saveIncident, setServicePhase } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import { type ActiveStep, isBefore } from './model.ts';
import { timesAfterGoingBack } from './times.ts';

export async function goBack(
  ctx: Ctx,
  incident: IncidentRow,
  to: ActiveStep,
  text: string,
  relapsed: boolean,
): Promise<void> {
  for (const service of await affectedOf(ctx, incident.id)) {
    if (!isBefore(to, service.phase)) continue;
    await enterPhase(ctx, incident, service.serviceId, to, { note: text });
    await setServicePhase(ctx, incident.id, service.serviceId, to);
  }
  await enterPhase(ctx, incident, null, to, { note: text });
  await saveIncident(ctx, incident, { ...timesAfterGoingBack(to, relapsed), phase: to });
  await write(ctx, incident, { kind: 'phase', text });
  ctx.audit.before = { phase: incident.phase };
  ctx.audit.after = { phase: to };
  const payload = { incidentId: incident.id, key: incident.key, from: incident.phase, to };
  await emit(ctx, phaseChanged, payload, { subject: incident.id, incident: incident.id });
}
