/** Reasons to doubt a component that says “operational”: active incidents on its services that the page does not show. */
import type { Ctx } from '#kernel';

export interface Doubt {
  incidentId: string;
  key: string;
  severity: number;
}

/** By component id. SEV4 has no customer effect and raises no doubt. */
export async function doubtsAbout(ctx: Pick<Ctx, 'db'>): Promise<Map<string, Doubt[]>> {
  const rows = await ctx.db
    .selectFrom('comms.components as c')
    .innerJoin('comms.componentServices as s', 's.componentId', 'c.id')
    .innerJoin('incidents.affectedServices as a', 'a.serviceId', 's.serviceId')
    .innerJoin('incidents.incidents as i', 'i.id', 'a.incidentId')
    .select(['c.id as componentId', 'i.id as incidentId', 'i.key', 'i.severity'])
    .distinct()
    .where('c.state', '=', 'operational')
    .where('c.archivedAt', 'is', null)
    .where('i.exercise', '=', false)
    .where('i.severity', '<=', 3)
    .where('i.phase', 'in', ['detection', 'containment', 'eradication', 'recovery'])
    .where('a.effect', '<>', 'none')
    .orderBy('i.severity')
    .execute();
  const map = new Map<string, Doubt[]>();
  for (const { componentId, ...doubt } of rows) map.set(componentId, [...(map.get(componentId) ?? []), doubt]);
  return map;
}
