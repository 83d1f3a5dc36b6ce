/** Reads the whole map and what follows from it: what to protect first, and where there is one of something only. */
import { type Graph, protectFirst, singlePoints, structuralPoints, unknownPoints } from '#contract/catalog-graph';
import type { Ctx } from '#kernel';
import { fallbacksOf, thirdParties } from './parts.ts';
import { allEdges } from './queries.ts';

type Reader = Pick<Ctx, 'db' | 'now'>;

async function nodes(ctx: Reader) {
  return await ctx.db
    .selectFrom('catalog.services as s')
    .leftJoin('people.teams as t', 't.id', 's.teamId')
    .leftJoin('catalog.stores as d', 'd.serviceId', 's.id')
    .select(['s.id', 's.slug', 's.name', 's.kind', 's.tier', 's.redundancy', 't.name as teamName', 'd.replicas'])
    .orderBy('s.name')
    .orderBy('s.id')
    .execute();
}

/** The graph as the arithmetic takes it. A store's replicas say whether there is one only, when nobody said otherwise. */
export async function readGraph(ctx: Reader) {
  const services = (await nodes(ctx)).map(({ replicas, ...row }) => ({
    ...row,
    redundancy:
      row.redundancy === 'unknown' && replicas !== null
        ? replicas === 0
          ? ('single' as const)
          : ('several' as const)
        : row.redundancy,
  }));
  const fallbacks = (await fallbacksOf(ctx)).map((row) => ({
    of: row.ofId,
    for: row.forId,
    to: row.toId,
    tested: row.testedAt !== null,
  }));
  return { services, edges: await allEdges(ctx), fallbacks };
}

const asGraph = ({ services, edges, fallbacks }: Awaited<ReturnType<typeof readGraph>>): Graph => ({
  nodes: services,
  edges,
  fallbacks,
});

/** Nodes, edges, fallbacks, and the three lists computed from them. */
export async function serviceMap(ctx: Reader) {
  const read = await readGraph(ctx);
  const graph = asGraph(read);
  return {
    services: read.services,
    dependencies: read.edges,
    fallbacks: read.fallbacks,
    protectFirst: protectFirst(graph),
    singlePoints: singlePoints(graph),
    unknownPoints: unknownPoints(graph),
    overdueReviews: (await thirdParties(ctx)).filter((party) => party.overdue).map(({ id }) => id),
  };
}

/** Parts of which there is one in a tier-1 journey, with the state of their contingency (readiness G3). */
export const structuralPointsNow = async (ctx: Reader) => structuralPoints(asGraph(await readGraph(ctx)));
