/** Catalogue types and graph calculations. Pure. */

export type Tier = 1 | 2 | 3;
export type Strength = 'hard' | 'soft';
export type ChangeKind = 'deploy' | 'config' | 'flag' | 'migration' | 'infra' | 'data' | 'vendor';

export interface Service {
  id: string;
  slug: string;
  name: string;
  tier: Tier;
  description: string;
  /** Owning team (`people.teams`). */
  teamId: string | null;
  /** Escalation policy (`people.policies`); without one people falls back to the team, then the emergency contact. */
  policyId: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface Edge {
  from: string;
  to: string;
  strength: Strength;
}

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

/**
 * Everything a service needs, directly or through others, nearest first. A cycle is followed once.
 * @param strength only edges of this strength; `hard` gives the critical path of domain M5
 */
export function closure(edges: readonly Edge[], start: string, strength?: Strength): string[] {
  const out = new Map<string, string[]>();
  for (const edge of edges) {
    if (strength && edge.strength !== strength) continue;
    const list = out.get(edge.from);
    if (list) list.push(edge.to);
    else out.set(edge.from, [edge.to]);
  }
  const seen = new Set([start]);
  const queue = [start];
  for (const id of queue) {
    for (const to of out.get(id) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return queue.slice(1);
}

/** The same graph seen from the other end: who depends on `start`. */
export function dependants(edges: readonly Edge[], start: string, strength?: Strength): string[] {
  return closure(
    edges.map((edge) => ({ from: edge.to, to: edge.from, strength: edge.strength })),
    start,
    strength,
  );
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
