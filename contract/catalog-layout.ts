/** Where the nodes of the map stand: in columns from journeys to suppliers, with few crossings. Pure. */
import type { MapEdge, MapNode } from './catalog-graph.ts';

export interface Placed {
  id: string;
  /** Column from the left, row from the top; rows may be halves. */
  column: number;
  row: number;
}

/** With this many dependants a node is a hub: its lines are drawn when one looks at it, or they hide everything else. */
export const HUB = 12;

export const hubs = (edges: readonly MapEdge[]): Set<string> =>
  new Set([...Map.groupBy(edges, (edge) => edge.to)].filter(([, list]) => list.length >= HUB).map(([id]) => id));

/** The edges without those that close a cycle, found by walking in depth; without recursion, for long chains. */
function withoutCycles(ids: readonly string[], out: Map<string, string[]>): Map<string, string[]> {
  const kept = new Map<string, string[]>();
  const state = new Map<string, 'open' | 'done'>();
  for (const start of ids) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    const stack = [{ id: start, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = out.get(top.id)?.[top.next++];
      if (to === undefined) {
        state.set(top.id, 'done');
        stack.pop();
        continue;
      }
      if (state.get(to) === 'open') continue;
      kept.set(top.id, [...(kept.get(top.id) ?? []), to]);
      if (!state.has(to)) {
        state.set(to, 'open');
        stack.push({ id: to, next: 0 });
      }
    }
  }
  return kept;
}

/** Column of each node: one more than the furthest of those that need it. */
function columnsOf(ids: readonly string[], out: Map<string, string[]>): Map<string, number> {
  const waits = new Map(ids.map((id) => [id, 0]));
  for (const list of out.values()) for (const to of list) waits.set(to, (waits.get(to) ?? 0) + 1);
  const column = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waits.get(id) === 0);
  for (const id of ready)
    for (const to of out.get(id) ?? []) {
      column.set(to, Math.max(column.get(to) ?? 0, (column.get(id) ?? 0) + 1));
      const left = (waits.get(to) ?? 1) - 1;
      waits.set(to, left);
      if (left === 0) ready.push(to);
    }
  return column;
}

const average = (list: readonly number[], otherwise: number): number =>
  list.length === 0 ? otherwise : list.reduce((sum, one) => sum + one, 0) / list.length;

/** Puts the nodes of each column near what they are joined to, forth and back a few times (barycentre). */
function order(columns: string[][], near: Map<string, string[]>): void {
  const row = new Map<string, number>();
  const number = (column: string[]) => column.forEach((id, n) => row.set(id, n - (column.length - 1) / 2));
  for (const column of columns) number(column);
  for (let sweep = 0; sweep < 8; sweep++) {
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      const place = new Map(
        column.map((id) => [
          id,
          average(
            (near.get(id) ?? []).map((one) => row.get(one) ?? 0),
            row.get(id) ?? 0,
          ),
        ]),
      );
      column.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
      number(column);
    }
  }
}

/**
 * Places every node. What is joined to nothing (but hubs) stands in lines below the rest.
 * The same input gives the same picture.
 */
export function layout(nodes: readonly Pick<MapNode, 'id' | 'kind'>[], edges: readonly MapEdge[]): Placed[] {
  const far = hubs(edges);
  const drawn = edges.filter((edge) => !far.has(edge.to));
  const joined = new Set(drawn.flatMap((edge) => [edge.from, edge.to]));
  const main = nodes.filter(({ id }) => joined.has(id));
  const rank = { journey: 0, service: 1, store: 2, third_party: 3 };
  const ids = main.toSorted((a, b) => rank[a.kind] - rank[b.kind]).map(({ id }) => id);
  const out = new Map([...Map.groupBy(drawn, (edge) => edge.from)].map(([id, list]) => [id, list.map(({ to }) => to)]));
  const column = columnsOf(ids, withoutCycles(ids, out));
  const last = Math.max(0, ...column.values());
  const columns: string[][] = Array.from({ length: last + 1 }, () => []);
  for (const id of ids) columns[column.get(id) ?? 0]?.push(id);
  const near = new Map<string, string[]>();
  for (const { from, to } of drawn) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  order(columns, near);
  const tallest = Math.max(0, ...columns.map((list) => list.length));
  const placed = columns.flatMap((list, at) =>
    list.map((id, n) => ({ id, column: at, row: n + (tallest - list.length) / 2 })),
  );
  const across = Math.max(6, last + 1);
  const rest = nodes.filter(({ id }) => !joined.has(id));
  return [
    ...placed,
    ...rest.map(({ id }, n) => ({ id, column: n % across, row: tallest + 1 + Math.floor(n / across) })),
  ];
}
