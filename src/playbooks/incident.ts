/** What this module needs to know of an incident, in one place. */
import { servicesByIds } from '#catalog';
import { incidentById } from '#incidents';
import type { Ctx } from '#kernel';

export interface IncidentFacts {
  id: string;
  key: string;
  title: string;
  severity: number;
  phase: string;
  /** Somebody still has to bring the service back. */
  active: boolean;
  exercise: boolean;
  declaredAt: Date;
  services: { id: string; slug: string; name: string }[];
}

/** An incident by id or key. Throws 404. */
export async function incidentFacts(ctx: Ctx, idOrKey: string): Promise<IncidentFacts> {
  const incident = await incidentById(ctx, idOrKey);
  const services = await servicesByIds(ctx, incident.serviceIds);
  return {
    id: incident.id,
    key: incident.key,
    title: incident.title,
    severity: incident.severity,
    phase: incident.phase,
    active: incident.active,
    exercise: incident.exercise,
    declaredAt: incident.declaredAt,
    services: [...services.values()].map(({ id, slug, name }) => ({
      id,
      slug,
      name,
    })),
  };
}
