/** The map in memory, for questions that cannot wait for SQL: what a node needs, and what needs it. One copy per node, thrown away when the map changes. */
import { ahead, type Ctx, sent, standing } from '#kernel';
import type { Edge, NodeKind } from './model.ts';

interface MapTokenTable {
  one: boolean;
  token: string;
  changedBy: string;
}
declare module '#kernel' {
  interface Database {
    'catalog.mapToken': MapTokenTable;
  }
}

/** Distances over hard dependencies: 1 = directly. */
export type Reach = ReadonlyMap<string, number>;

export interface Topology {
  /** How many nodes there are. */
  size: number;
  nameOf(id: string): string;
  slugOf(id: string): string;
  /** Somebody else runs it. */
  isSupplier(id: string): boolean;
  /** Everything the node does not work without, directly or through others, nearest first. */
  needs(id: string): Reach;
  /** Everything that does not work without the node, nearest first. */
  neededBy(id: string): Reach;
  /** What needs the node (hard) without anything in between. */
  directlyNeededBy(id: string): readonly string[];
  /** What the node works worse without, directly. */
  prefers(id: string): readonly string[];
}

const NONE: readonly string[] = [];

/** Reads a graph into what can be asked of it. Closures are worked out when first asked for. */
export function topologyFrom(
  nodes: readonly { id: string; name: string; slug: string; kind?: NodeKind }[],
  edges: readonly Edge[],
): Topology {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const [up, down, soft] = [new Map<string, string[]>(), new Map<string, string[]>(), new Map<string, string[]>()];
  const add = (map: Map<string, string[]>, from: string, to: string) => {
    const list = map.get(from);
    if (list) list.push(to);
    else map.set(from, [to]);
  };
  for (const { from, to, strength } of edges) {
    if (strength !== 'hard') add(soft, from, to);
    else {
      add(up, from, to);
      add(down, to, from);
    }
  }
  const needs = remembered((id) => reach(up, id));
  const neededBy = remembered((id) => reach(down, id));
  return {
    size: nodes.length,
    nameOf: (id) => known.get(id)?.name ?? id,
    slugOf: (id) => known.get(id)?.slug ?? id,
    isSupplier: (id) => known.get(id)?.kind === 'third_party',
    needs,
    neededBy,
    directlyNeededBy: (id) => down.get(id) ?? NONE,
    prefers: (id) => soft.get(id) ?? NONE,
  };
}

/** Breadth first, so that the distance is the shortest; a cycle is followed once. */
function reach(next: ReadonlyMap<string, readonly string[]>, start: string): Reach {
  const found = new Map<string, number>([[start, 0]]);
  for (const [id, distance] of found)
    for (const to of next.get(id) ?? NONE) if (!found.has(to)) found.set(to, distance + 1);
  found.delete(start);
  return found;
}

function remembered(work: (id: string) => Reach): (id: string) => Reach {
  const known = new Map<string, Reach>();
  return (id) => {
    let answer = known.get(id);
    if (answer === undefined) known.set(id, (answer = work(id)));
    return answer;
  };
}

/** Copies held, by the word under which they were read. More than one only where one process has several databases. */
const held = new Map<string, Topology>();
const MOST_HELD = 4;

/**
 * The map as it is now. The word that changes with the map is read in the caller's transaction, so no copy is ever older
 * than what the caller can see; the map itself is read again only when the word has changed.
 */
export async function topologyNow(ctx: Pick<Ctx, 'db'>): Promise<Topology> {
  const ask = () => sent(ctx.db.selectFrom('catalog.mapToken').select('token').modifyEnd(ahead));
  const rows = await standing(ctx.db, 'map token', ask);
  const token = rows[0]?.token ?? '';
  const copy = held.get(token);
  if (copy) return copy;
  const [nodes, edges] = [
    await ctx.db.selectFrom('catalog.services').select(['id', 'name', 'slug', 'kind']).execute(),
    await ctx.db.selectFrom('catalog.dependencies').select(['fromId', 'toId', 'strength']).execute(),
  ];
  const fresh = topologyFrom(
    nodes,
    edges.map(({ fromId, toId, strength }) => ({ from: fromId, to: toId, strength })),
  );
  if (held.size >= MOST_HELD) held.delete(held.keys().next().value!);
  held.set(token, fresh);
  return fresh;
}
