/** What the map computes: what a journey needs, how far a failure reaches, what to protect first, single points. Pure; shared with the console. */

export type NodeKind = 'service' | 'store' | 'third_party' | 'journey';
export type Strength = 'hard' | 'soft';
/** One copy, several, or nobody has said. A third party always counts as one. */
export type Redundancy = 'single' | 'several' | 'unknown';
/** What there is for the case that a node is gone. Only a tested one counts as a way round. */
export type FallbackState = 'none' | 'documented' | 'tested';

export interface MapNode {
  id: string;
  name: string;
  kind: NodeKind;
  tier: 1 | 2 | 3;
  redundancy: Redundancy;
}
export interface MapEdge {
  from: string;
  to: string;
  strength: Strength;
}
export interface MapFallback {
  /** The node that may be gone. */
  of: string;
  /** Whom it helps; null = everything that needs the node. */
  for: string | null;
  /** What takes over, when that is a node itself; it only helps while it stands. */
  to: string | null;
  tested: boolean;
}
export interface Graph {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  fallbacks: readonly MapFallback[];
}

/**
 * Everything a node needs, directly or through others, nearest first. A cycle is followed once.
 * @param strength only edges of this strength; `hard` gives the critical path of domain M5
 */
export function closure(edges: readonly MapEdge[], start: string, strength?: Strength): string[] {
  const out = Map.groupBy(
    edges.filter((edge) => !strength || edge.strength === strength),
    (edge) => edge.from,
  );
  const seen = new Set([start]);
  for (const id of seen) for (const { to } of out.get(id) ?? []) seen.add(to);
  seen.delete(start);
  return [...seen];
}

/** The same graph seen from the other end: who depends on `start`. */
export const dependants = (edges: readonly MapEdge[], start: string, strength?: Strength): string[] =>
  closure(
    edges.map((edge) => ({ from: edge.to, to: edge.from, strength: edge.strength })),
    start,
    strength,
  );

const helps = (fallback: MapFallback, edge: MapEdge): boolean =>
  fallback.of === edge.to && (fallback.for === null || fallback.for === edge.from);

/** What takes over must not itself need what it stands in for; such a fallback is none. */
const sound = (edges: readonly MapEdge[], { of, to }: MapFallback): boolean =>
  to === null || !closure(edges, to, 'hard').includes(of);

/**
 * What no longer works when `gone` is gone: hard edges carry the failure on, unless a tested fallback helps that edge
 * and what takes over still stands itself. `gone` is part of the answer.
 */
export function broken({ edges, fallbacks }: Graph, gone: string): Set<string> {
  const tested = Map.groupBy(
    fallbacks.filter((fallback) => fallback.tested && sound(edges, fallback)),
    (fallback) => fallback.of,
  );
  const hard = edges.filter((edge) => edge.strength === 'hard');
  const down = new Set([gone]);
  // Repeated until nothing changes, because what takes over may go down later than what it stands in for.
  for (let before = 0; before !== down.size;) {
    before = down.size;
    for (const edge of hard) {
      if (!down.has(edge.to) || down.has(edge.from)) continue;
      const saved = tested.get(edge.to)?.some((one) => helps(one, edge) && !(one.to && down.has(one.to)));
      if (!saved) down.add(edge.from);
    }
  }
  return down;
}

/** How far the failure of a node reaches: `down` no longer works, `worse` works on over a soft edge or a tested fallback. */
export function blastRadius(graph: Graph, id: string): { down: Set<string>; worse: Set<string> } {
  const down = broken(graph, id);
  const reached = [...down].flatMap((one) => dependants(graph.edges, one));
  down.delete(id);
  return { down, worse: new Set(reached.filter((one) => one !== id && !down.has(one))) };
}

/** The weakest state among those that need the node (hard): a way round for one of two is not a way round. */
export function fallbackState({ edges, fallbacks }: Graph, id: string): FallbackState {
  const own = fallbacks.filter((fallback) => fallback.of === id && sound(edges, fallback));
  const best = (list: readonly MapFallback[]): FallbackState =>
    list.some((one) => one.tested) ? 'tested' : list.length > 0 ? 'documented' : 'none';
  const needed = edges.filter((edge) => edge.to === id && edge.strength === 'hard');
  if (needed.length === 0) return best(own);
  const states = needed.map((edge) => best(own.filter((one) => helps(one, edge))));
  return states.includes('none') ? 'none' : states.includes('documented') ? 'documented' : 'tested';
}

/** Which journeys need each node (hard, through others); a node that none needs is not in the map. */
export function journeysThrough({ nodes, edges }: Graph): Map<string, MapNode[]> {
  const through = new Map<string, MapNode[]>();
  for (const journey of nodes.filter((node) => node.kind === 'journey'))
    for (const id of closure(edges, journey.id, 'hard')) through.set(id, [...(through.get(id) ?? []), journey]);
  return through;
}

/** A third party, or something of which there is one only: it can be gone as a whole. */
const alone = (node: MapNode): boolean =>
  node.kind === 'third_party' || (node.kind !== 'journey' && node.redundancy === 'single');

export interface SinglePoint {
  id: string;
  /** Journeys that break without it; for a point with a tested fallback those that would without that fallback. */
  journeys: string[];
  fallback: FallbackState;
}

const pointsAmong = (graph: Graph, may: (node: MapNode) => boolean): SinglePoint[] => {
  const journeys = graph.nodes.filter((node) => node.kind === 'journey');
  return graph.nodes.filter(may).flatMap((node) => {
    const down = broken(graph, node.id);
    const breaks = journeys.filter(({ id }) => down.has(id)).map(({ id }) => id);
    return breaks.length === 0 ? [] : [{ id: node.id, journeys: breaks, fallback: fallbackState(graph, node.id) }];
  });
};

/** Single points of failure: nodes of which there is one, whose removal breaks a journey with no tested fallback (M73a). */
export const singlePoints = (graph: Graph): SinglePoint[] => pointsAmong(graph, alone);

/** Parts that would be single points if there is one of them only, which nobody has said. */
export const unknownPoints = (graph: Graph): SinglePoint[] =>
  pointsAmong(graph, (node) => node.redundancy === 'unknown' && (node.kind === 'service' || node.kind === 'store'));

/** Parts of which there is one in the hard closure of a tier-1 journey, whatever fallbacks there are (readiness G3). */
export function structuralPoints(graph: Graph): SinglePoint[] {
  const through = journeysThrough(graph);
  return graph.nodes.filter(alone).flatMap((node) => {
    const journeys = (through.get(node.id) ?? []).filter(({ tier }) => tier === 1).map(({ id }) => id);
    return journeys.length === 0 ? [] : [{ id: node.id, journeys, fallback: fallbackState(graph, node.id) }];
  });
}

export interface Protect {
  id: string;
  /** From 1; what stands first is protected first. */
  place: number;
  /** The three numbers of the order, as they were compared. */
  tier: 1 | 2 | 3;
  tier1Journeys: string[];
  fallback: FallbackState;
}

const absence: Record<FallbackState, number> = { none: 0, documented: 1, tested: 2 };

/** What to protect first: by tier, then by how many tier-1 journeys run through it, then what has no fallback; then by name (M5c). */
export function protectFirst(graph: Graph): Protect[] {
  const through = journeysThrough(graph);
  return graph.nodes
    .filter((node) => node.kind !== 'journey')
    .map((node) => ({
      node,
      journeys: (through.get(node.id) ?? []).filter(({ tier }) => tier === 1).map(({ id }) => id),
      fallback: fallbackState(graph, node.id),
    }))
    .sort(
      (a, b) =>
        a.node.tier - b.node.tier ||
        b.journeys.length - a.journeys.length ||
        absence[a.fallback] - absence[b.fallback] ||
        (a.node.name < b.node.name ? -1 : 1),
    )
    .map(({ node, journeys, fallback }, n) => ({
      id: node.id,
      place: n + 1,
      tier: node.tier,
      tier1Journeys: journeys,
      fallback,
    }));
}
