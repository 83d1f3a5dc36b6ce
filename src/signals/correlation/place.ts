/** A new group's place, in the transaction that opens it: beneath an upstream whose people were asked, or on its own. */
import { type Topology, topologyNow } from '#catalog';
import { type Ctx, enqueue, defineJob, addMs } from '#kernel';
import { z } from 'zod';
import type { Books, Page } from '../books.ts';
import { urgencyOf } from '../model.ts';
import { correlateOpen } from './evaluate.ts';
import { heldBy, newestOf } from './hold.ts';
import { type Cluster, placeNew, rankOf, type Sighting } from './model.ts';
import {
  type OpenCorrelation,
  correlationFor,
  knownOf,
  latestChanges,
  limitsNow,
  openCorrelations,
  type OpenGroup,
  openGroups,
  reportedNow,
  sightingOf,
} from './store.ts';

/** Looks at everything that is open, a moment after a group was opened that has neighbours on the map. */
export const correlateJob = defineJob('signals.correlate', z.object({ at: z.string() }), async (ctx, { at }) => {
  // In a storm: once more a moment later, for all that came meanwhile.
  if (!(await correlateOpen(ctx, new Date(at))))
    await enqueue(
      ctx,
      correlateJob,
      { at: ctx.now.toISOString() },
      { runAt: addMs(ctx.now, 700), key: 'signals.correlate:again' },
    );
});

/** By then the transactions that ran beside this one have ended. */
const SOON_MS = 400;

/** Groups of these books that open or come back now, of a service that is known. */
const opening = (books: Books): Page[] =>
  [...books.groups.values()].filter(
    ({ before, now }) =>
      (before === undefined || before.state === 'resolved') &&
      now.firingCount > 0 &&
      now.serviceId !== null &&
      !now.test,
  );

/** With more open than this, only what the new groups need is read. */
const FEW = 60;
const WINDOW_MS = 20 * 60_000;

/**
 * Marks the pages of groups that belong beneath another, so that nobody is asked about them. A service without neighbours on
 * the map costs nothing, others cost one round trip; nothing here waits for a lock that another transaction may hold for long.
 */
export async function placeOpening(ctx: Ctx, books: Books): Promise<void> {
  const fresh = opening(books);
  if (fresh.length === 0 || ctx.synthetic) return;
  const [topology, limits] = await Promise.all([topologyNow(ctx), limitsNow(ctx)]);
  if (!limits.on) return;
  const mapped = fresh.filter(
    ({ now: { serviceId } }) => topology.needs(serviceId!).size > 0 || topology.neededBy(serviceId!).size > 0,
  );
  if (mapped.length === 0) return;
  const [few, knownFew] = await Promise.all([
    openGroups(ctx, { windowMs: WINDOW_MS, limit: FEW }),
    openCorrelations(ctx, { limit: FEW }),
  ]);
  // What opened beside this transaction is not seen by it.
  await enqueue(ctx, correlateJob, { at: ctx.now.toISOString() }, { runAt: addMs(ctx.now, SOON_MS) });
  const storm = few.length >= FEW || knownFew.length >= FEW;
  const [others, known] = storm ? await upstreamOf(ctx, topology, mapped) : [few, knownFew];
  const here = new Map(others.filter(({ id }) => !books.groups.has(id)).map((group) => [group.id, sightingOf(group)]));
  for (const page of books.groups.values())
    if (page.now.serviceId && page.now.firingCount > 0) here.set(page.now.id, willBe(page));
  if (here.size < 2) return;
  const [changes, reports] = storm
    ? [new Map(), new Map()]
    : await Promise.all([latestChanges(ctx, limits.windowMs), reportedNow(ctx)]);
  const scene = { topology, limits, known: known.map(knownOf), changes, reports, sightings: [...here.values()] };
  const clusters = placeNew(
    scene,
    mapped.map(({ now }) => here.get(now.id)!),
    storm,
  );
  for (const cluster of clusters.sort((a, b) => (a.originId < b.originId ? -1 : 1))) await fold(ctx, books, cluster);
}

/** In a storm: what the new groups do not work without, and nothing else. */
function upstreamOf(ctx: Ctx, topology: Topology, mapped: Page[]): Promise<[OpenGroup[], OpenCorrelation[]]> {
  const ids = [...new Set(mapped.flatMap(({ now }) => [now.serviceId!, ...topology.needs(now.serviceId!).keys()]))];
  return Promise.all([
    openGroups(ctx, { windowMs: WINDOW_MS, serviceIds: ids }),
    openCorrelations(ctx, { originIds: ids }),
  ]);
}

/** A group of this transaction as it will stand: somebody is asked about it unless a silence hides it. */
function willBe({ now, before, mayPage, loud, hold }: Page): Sighting {
  const sighting = sightingOf(now);
  const asks = before === undefined || before.state === 'resolved';
  return {
    ...sighting,
    asked: sighting.asked || (asks && mayPage && loud && !hold && urgencyOf(now.severity) !== null),
  };
}

async function fold(ctx: Ctx, books: Books, { originId, silent, lead, members, reasons }: Cluster): Promise<void> {
  const mine = members
    .flatMap((member) => books.groups.get(member.groupId) ?? [])
    .filter(({ now }) => now.held === null);
  if (mine.length === 0 && !books.groups.has(lead.groupId)) return;
  const { row } = await correlationFor(ctx, {
    originId,
    silent,
    leadGroupId: lead.groupId,
    reasons,
    lastJoinedAt: newestOf(members),
  });
  for (const page of mine) {
    page.now = { ...page.now, correlationId: row.id };
    if (!lead.asked || rankOf(lead.severity) < rankOf(page.now.severity) || page.hold) continue;
    page.hold = heldBy(ctx, row.id, lead, reasons);
  }
  const own = books.groups.get(lead.groupId);
  if (own) own.now = { ...own.now, correlationId: row.id };
}
