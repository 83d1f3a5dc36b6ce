/** Periodic work with suppliers: reads the pages that are due, and puts what they report beside our own alerts. */
import { allEdges, dependants, type Edge, thirdParties } from '#catalog';
import { type Ctx, defineJob, readSetting } from '#kernel';
import { z } from 'zod';
import { attachReports } from './commands/attachReports.ts';
import { noteSupplier } from './commands/noteSupplier.ts';
import { attachable, servicesWithOpenGroups } from './queries.ts';
import { readSupplier } from './read.ts';
import { supplierFeeds } from './settings.ts';
import { allFeeds } from './store.ts';

/** Pages read at one time, and in one run: the rest is read in the next. */
const AT_ONCE = 4;
const MOST = 40;

type Party = Awaited<ReturnType<typeof thirdParties>>[number];

async function look(ctx: Ctx, party: Party, every: number, watched: boolean): Promise<void> {
  const statusUrl = party.statusUrl!;
  const feed = (await allFeeds(ctx)).find(({ serviceId }) => serviceId === party.id);
  const known = feed?.statusUrl === statusUrl ? feed : undefined;
  const found = await readSupplier(ctx, { statusUrl, feedUrl: known?.feedUrl ?? null, etag: known?.etag ?? null });
  await noteSupplier(ctx, { serviceId: party.id, statusUrl, found, every, watched });
}

const isWatched = (edges: Edge[], supplier: string, loud: Set<string>) =>
  loud.has(supplier) || dependants(edges, supplier).some((id) => loud.has(id));

/** Puts every report beside the groups it belongs to. */
async function attachAll(ctx: Ctx, edges: Edge[]): Promise<void> {
  for (const one of await attachable(ctx, edges)) await attachReports(ctx, one);
}

export const watchSuppliers = defineJob(
  'signals.watchSuppliers',
  z.object({}),
  async (ctx) => {
    const { read, everySeconds } = await readSetting(ctx, supplierFeeds);
    if (!read) return;
    const feeds = new Map((await allFeeds(ctx)).map((feed) => [feed.serviceId, feed]));
    const due = (await thirdParties(ctx))
      .filter(({ id, statusUrl }) => {
        const feed = feeds.get(id);
        return statusUrl !== null && !(feed && feed.statusUrl === statusUrl && feed.nextAt > ctx.now);
      })
      .slice(0, MOST);
    const edges = await allEdges(ctx);
    const loud = await servicesWithOpenGroups(ctx);
    for (let n = 0; n < due.length; n += AT_ONCE)
      await Promise.all(
        due.slice(n, n + AT_ONCE).map((party) => look(ctx, party, everySeconds, isWatched(edges, party.id, loud))),
      );
    await attachAll(ctx, edges);
  },
  { every: 30_000 },
);

/** One page, because somebody asked for it. */
export const readOne = defineJob(
  'signals.readSupplierPage',
  z.object({ serviceId: z.string() }),
  async (ctx, { serviceId }) => {
    const [party] = await thirdParties(ctx, serviceId);
    if (!party?.statusUrl) return;
    const { everySeconds } = await readSetting(ctx, supplierFeeds);
    const edges = await allEdges(ctx);
    await look(ctx, party, everySeconds, isWatched(edges, party.id, await servicesWithOpenGroups(ctx)));
    await attachAll(ctx, edges);
  },
);
