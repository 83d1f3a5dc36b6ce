/**
 * Which groups have one cause upstream: decided from the map and from what is open, never from the order in which it
 * came in. Pure: no I/O, no clock, no random.
 */
import type { Topology } from '#catalog';
import { reasonsFor } from './reasons.ts';
import {
  changedBefore,
  type Cluster,
  type Found,
  inOrder,
  type Known,
  rankOf,
  type Scene,
  type Sighting,
  takenOut,
} from './scene.ts';
import { silentClusters } from './silent.ts';

export * from './scene.ts';

/**
 * Every cluster there is. First each group looks for an alerting upstream (the one furthest up); what finds none is
 * looked at together: a common upstream that is silent itself is the probable cause when enough of its dependants alert.
 */
export function correlate(scene: Scene): Cluster[] {
  const sightings = [...scene.sightings].sort(inOrder);
  const byService = Map.groupBy(sightings, (one) => one.serviceId);
  const rootOf = roots(scene, byService);
  const clusters = new Map<string, { lead: Sighting; members: Sighting[] }>();
  for (const one of sightings) {
    const root = rootOf(one);
    if (root === one) continue;
    const cluster = clusters.get(root.groupId);
    if (cluster) cluster.members.push(one);
    else clusters.set(root.groupId, { lead: root, members: [one] });
  }
  const taken = new Set([...clusters.values()].flatMap(({ members }) => members.map(({ groupId }) => groupId)));
  const free = sightings.filter((one) => !taken.has(one.groupId) && rankOf(one.severity) > 0);
  const silent = silentClusters(scene, free, clusters);
  const folded = new Set(silent.flatMap(({ lead, members }) => [lead, ...members].map(({ groupId }) => groupId)));
  const loud = [...clusters.values()]
    .filter(({ lead }) => !folded.has(lead.groupId))
    .map(({ lead, members }) => ({ originId: lead.serviceId, silent: false, lead, members, reasons: [] }));
  return [...loud, ...silent].map((cluster) => ({ ...cluster, reasons: reasonsFor(scene, cluster) }));
}

/**
 * Where these new groups belong. In a storm the scene holds only what is upstream of them: then an alerting upstream and
 * a silent one that is held for the cause already are found at once, and a new silent one a moment later.
 */
export function placeNew(scene: Scene, fresh: readonly Sighting[], storm: boolean): Cluster[] {
  if (!storm) {
    const ids = new Set(fresh.map(({ groupId }) => groupId));
    return correlate(scene).filter(({ lead, members }) => [lead, ...members].some(({ groupId }) => ids.has(groupId)));
  }
  const sightings = [...scene.sightings].sort(inOrder);
  const rootOf = roots(
    scene,
    Map.groupBy(sightings, (one) => one.serviceId),
  );
  const found = new Map<string, Found>();
  for (const one of fresh) {
    const root = rootOf(one);
    const silent = root === one ? knownSilentFor(scene, one) : undefined;
    const lead = silent ? sightings.find(({ groupId }) => groupId === silent.leadGroupId) : root;
    if (!lead || lead === one) continue;
    const originId = silent?.originId ?? lead.serviceId;
    const cluster = found.get(originId) ?? { originId, silent: silent !== undefined, lead, members: [] };
    cluster.members.push(one);
    found.set(originId, cluster);
  }
  return [...found.values()].map((cluster) => ({ ...cluster, reasons: reasonsFor(scene, cluster) }));
}

const knownSilentFor = ({ topology, known, limits }: Scene, one: Sighting): Known | undefined =>
  known.find(
    (each) =>
      each.silent &&
      topology.needs(one.serviceId).has(each.originId) &&
      !takenOut(known).has(one.serviceId) &&
      one.since - each.lastJoinedAt <= limits.windowMs,
  );

/** The origin of each sighting: itself, or the alerting upstream at the top of its chain. */
function roots(scene: Scene, byService: ReadonlyMap<string, Sighting[]>): (one: Sighting) => Sighting {
  const lastJoined = new Map<string, number>();
  for (const known of scene.known) if (!known.silent) lastJoined.set(known.leadGroupId, known.lastJoinedAt);
  const counts = new Map<string, number>();
  const explains = (id: string) => {
    let n = counts.get(id);
    if (n === undefined) counts.set(id, (n = alertingAmong(scene.topology.neededBy(id), byService).length));
    return n;
  };
  const around: Around = { byService, lastJoined, out: takenOut(scene.known), explains };
  const parents = new Map<Sighting, Sighting | undefined>();
  const parent = (one: Sighting) => {
    if (!parents.has(one)) parents.set(one, parentOf(scene, one, around));
    return parents.get(one);
  };
  return (one) => {
    const seen = new Set<Sighting>();
    let here = one;
    for (let next = parent(here); next && !seen.has(next); next = parent(here)) {
      seen.add(here);
      here = next;
    }
    return here;
  };
}

interface Around {
  byService: ReadonlyMap<string, Sighting[]>;
  /** When the last one joined what this group leads. */
  lastJoined: ReadonlyMap<string, number>;
  out: ReadonlySet<string>;
  /** How many alerting services do not work without this one. */
  explains: (serviceId: string) => number;
}

function parentOf(scene: Scene, one: Sighting, around: Around): Sighting | undefined {
  const { topology, limits } = scene;
  const { byService, lastJoined, out, explains } = around;
  const near = (up: Sighting) => {
    if (rankOf(up.severity) < rankOf(one.severity)) return false;
    const joined = lastJoined.get(up.groupId);
    return (
      Math.abs(one.since - up.since) <= limits.windowMs ||
      (joined !== undefined && one.since >= up.since && one.since - joined <= limits.windowMs)
    );
  };
  if (out.has(one.serviceId)) return undefined;
  const candidates: Sighting[] = [];
  for (const id of alertingAmong(topology.needs(one.serviceId), byService)) {
    const mutual = topology.needs(id).has(one.serviceId);
    // Two that need each other: the one that began first is above the other.
    const up = byService.get(id)?.find((other) => near(other) && (!mutual || inOrder(other, one) < 0));
    if (up) candidates.push(up);
  }
  // A second group of a service stands under its first as soon as there is anything beneath that at all.
  const own = byService.get(one.serviceId)!;
  if (candidates.length === 0 && own[0] !== one && hasDependants(topology, one.serviceId, byService)) {
    const first = own.find((other) => other !== one && inOrder(other, one) < 0 && near(other));
    if (first) return first;
  }
  const top = candidates.filter(
    (up) =>
      !candidates.some(
        (other) =>
          other !== up &&
          topology.needs(up.serviceId).has(other.serviceId) &&
          (!topology.needs(other.serviceId).has(up.serviceId) || inOrder(other, up) < 0),
      ),
  );
  if (top.length < 2) return top[0];
  // Several independent ones: the one that explains most, then one that was changed, then the earliest.
  const weight = new Map(top.map((up) => [up, explains(up.serviceId)]));
  const changed = (up: Sighting) => Number(changedBefore(scene, up.serviceId, up.since) !== undefined);
  return top.sort((a, b) => weight.get(b)! - weight.get(a)! || changed(b) - changed(a) || inOrder(a, b))[0];
}

/** Of a reach, what alerts; asked from the smaller side. */
function alertingAmong(reach: ReadonlyMap<string, number>, byService: ReadonlyMap<string, unknown>): string[] {
  const [small, large] = reach.size < byService.size ? [reach, byService] : [byService, reach];
  const found: string[] = [];
  for (const id of small.keys()) if (large.has(id)) found.push(id);
  return found;
}

const hasDependants = (topology: Topology, id: string, byService: ReadonlyMap<string, unknown>) =>
  alertingAmong(topology.neededBy(id), byService).length > 0;
