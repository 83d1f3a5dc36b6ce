/** Which changes may have caused an incident: what its alerts and its affected services are about, ranked by signals. */
import type { Ctx } from '#kernel';
import { explainedBy, listGroups, suspectsFor } from '#signals';
import { affectedOf, readIncident } from './store.ts';

/** 404 for an incident that the caller may not see. */
export async function suspectsOf(ctx: Ctx, id: string) {
  const incident = await readIncident(ctx, id);
  const { items } = await listGroups(ctx, { incidentId: incident.id, limit: 200, sort: 'firstAt' });
  const alerting = await explainedBy(ctx, items);
  const affected = (await affectedOf(ctx, incident.id)).map(({ serviceId }) => serviceId);
  const began = [alerting?.since, incident.impactStartedAt, incident.detectedAt].filter((at) => at instanceof Date);
  return await suspectsFor(
    { db: ctx.db, exercise: incident.exercise },
    {
      originId: alerting?.originId ?? (affected.length === 1 ? affected[0]! : null),
      serviceIds: [...new Set([...(alerting?.serviceIds ?? []), ...affected])],
      since: new Date(Math.min(...began.map((at) => at.getTime()))),
    },
  );
}
