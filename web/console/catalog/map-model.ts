/** What the map shows of each node now: its health from open alerts and incidents, and what is lit. Pure. */
import type { Graph } from '#contract/catalog-graph';
import { blastRadius, closure } from '#contract/catalog-graph';
import type { ServiceMap } from '#contract/catalog';
import type { Tone } from '../../kit/index.ts';

export type MapService = ServiceMap['services'][number];

export interface Health {
  tone: Tone;
  /** "INC-12 · SEV2", "3 open alerts". */
  words: string;
}
interface OpenGroup {
  service: { id: string } | null;
  severity: string;
  /** The case it stands in: where it probably comes from. */
  correlation?: { state: string; origin: { id: string; name: string }; alerts: number } | null;
}
interface ActiveIncident {
  key: string;
  severity: number;
  services: { id: string }[];
}

/** Health by node: an incident counts more than alerts; a node that is not in it has nothing open. */
export function healthOf(groups: readonly OpenGroup[], incidents: readonly ActiveIncident[]): Map<string, Health> {
  const health = new Map<string, Health>();
  for (const [id, list] of Map.groupBy(groups, (group) => group.service?.id ?? '')) {
    if (id === '') continue;
    const bad = list.some(({ severity }) => severity === 'critical' || severity === 'error');
    health.set(id, {
      tone: bad ? 'danger' : 'warn',
      words: `${list.length} open ${list.length === 1 ? 'alert' : 'alerts'}`,
    });
  }
  for (const incident of incidents.toSorted((a, b) => b.severity - a.severity))
    for (const { id } of incident.services)
      health.set(id, {
        tone: incident.severity <= 2 ? 'danger' : 'warn',
        words: `${incident.key} · SEV${incident.severity}`,
      });
  explained(groups, health);
  return health;
}

/** Of an open case the origin stands out, alerting itself or not; what only follows from it steps back. */
function explained(groups: readonly OpenGroup[], health: Map<string, Health>): void {
  for (const { service, correlation } of groups) {
    if (!service || correlation?.state !== 'open') continue;
    const { origin, alerts } = correlation;
    health.set(origin.id, { tone: 'danger', words: `Probable origin · ${alerts} alerts` });
    if (service.id !== origin.id) health.set(service.id, { tone: 'warn', words: `Follows from ${origin.name}` });
  }
}

export const graphOf = (map: ServiceMap): Graph => ({
  nodes: map.services,
  edges: map.dependencies,
  fallbacks: map.fallbacks,
});

/** How a node stands out: it is the one looked at, it goes down or gets worse with it, it lies on the path, or it steps back. */
export type Light = 'focus' | 'down' | 'worse' | 'path' | 'dim' | 'plain';

/** The light of every node when one looks at `focus`: a journey lights what it needs, everything else its blast radius. */
export function lights(graph: Graph, focus: string | null): Map<string, Light> {
  const light = new Map<string, Light>();
  const node = graph.nodes.find(({ id }) => id === focus);
  if (!node) return light;
  for (const { id } of graph.nodes) light.set(id, 'dim');
  if (node.kind === 'journey') for (const id of closure(graph.edges, node.id, 'hard')) light.set(id, 'path');
  else {
    const { down, worse } = blastRadius(graph, node.id);
    for (const id of down) light.set(id, 'down');
    for (const id of worse) light.set(id, 'worse');
  }
  light.set(node.id, 'focus');
  return light;
}

export const kindWords = {
  service: 'Service',
  store: 'Store',
  third_party: 'Third party',
  journey: 'Journey',
} as const;

export const fallbackWords = {
  none: 'no fallback',
  documented: 'fallback untested',
  tested: 'fallback tested',
} as const;

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
