/** Catalogue types and naming rules. Pure; what the graph computes is in `contract/catalog-graph.ts`, shared with the console. */
import type { MapEdge, NodeKind, Redundancy, Strength } from '#contract/catalog-graph';

export { closure, dependants } from '#contract/catalog-graph';
export type { NodeKind, Redundancy, Strength };

export type Tier = 1 | 2 | 3;
export type ChangeKind = 'deploy' | 'config' | 'flag' | 'migration' | 'infra' | 'data' | 'vendor';

export interface Service {
  id: string;
  slug: string;
  name: string;
  /** Stores, third parties and journeys are nodes of the same map, with the same owners, alerts and dependencies. */
  kind: NodeKind;
  tier: Tier;
  redundancy: Redundancy;
  description: string;
  /** Owning team (`people.teams`). */
  teamId: string | null;
  /** Escalation policy (`people.policies`); without one people falls back to the team, then the emergency contact. */
  policyId: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export type Edge = MapEdge;

/** A name as an address: `Orders API (EU)` → `orders-api-eu`. Empty when nothing usable is left. */
export function slugify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
    .replace(/-+$/, '');
}

/** Labels that name a service in the wild, most telling first. */
export const SERVICE_LABELS = [
  'service',
  'service_name',
  'service.name',
  'app',
  'app_kubernetes_io_name',
  'app.kubernetes.io/name',
  'component',
  'job',
] as const;

/** Candidate names for a service out of a hint and labels, most telling first, without repeats. */
export function serviceCandidates(hint: { service?: string | null; labels?: Record<string, string> }): string[] {
  const found = [hint.service ?? ''];
  for (const label of SERVICE_LABELS) found.push(hint.labels?.[label] ?? '');
  return [
    ...new Set(found.map((name) => name.trim().toLowerCase()).filter((name) => name !== '' && name.length <= 200)),
  ];
}
