/**
 * Which groups have one cause upstream: decided from the map and from what is open, never from the order in which it
 * came in. Pure: no I/O, no clock, no random.
 */
import type { Topology } from '#catalog';
import type { Severity } from '../model.ts';

/** An open group, as far as this decision needs it. */
export interface Sighting {
  groupId: string;
  serviceId: string;
  /** When it began, in milliseconds: its source's own time when usable, else when it was received. */
  since: number;
  severity: Severity;
  /** Somebody was asked about it, took it, or an incident has it. */
  asked: boolean;
  /** The correlation it stands in already. */
  correlationId: string | null;
}

/** A correlation that is open already. */
export interface Known {
  id: string;
  originId: string;
  leadGroupId: string;
  silent: boolean;
  lastJoinedAt: number;
  /** Services a person took out of it. */
  separated: readonly string[];
}

export interface Limits {
  /** A group joins what began, or was joined, within this time. */
  windowMs: number;
  /** So many services must alert before an upstream that does not alert itself is held for the cause … */
  silentFrom: number;
  /** … or so many, when that upstream was changed shortly before. */
  silentFromChanged: number;
  /** And at least this share of what directly needs it must be affected. */
  silentShare: number;
}

export const LIMITS: Limits = { windowMs: 10 * 60_000, silentFrom: 3, silentFromChanged: 2, silentShare: 0.3 };

/** A change counts as “shortly before” for this long. */
export const CHANGED_WITHIN_MS = 60 * 60_000;

export interface Cluster {
  originId: string;
  /** The origin does not alert itself. */
  silent: boolean;
  lead: Sighting;
  /** Without the lead, in the order in which they began. */
  members: Sighting[];
  reasons: string[];
}

export interface Scene {
  topology: Topology;
  sightings: readonly Sighting[];
  known: readonly Known[];
  /** When a service was changed last, and what that was. */
  changes: ReadonlyMap<string, { at: number; summary: string }>;
  limits: Limits;
}

const RANK: Record<Severity, number> = { critical: 2, error: 2, warning: 1, info: 0 };
/** How urgently people are asked about it: a group is only ever held by one that asks as urgently. */
export const rankOf = (severity: Severity): number => RANK[severity];

const inOrder = (a: Sighting, b: Sighting) => a.since - b.since || (a.groupId < b.groupId ? -1 : 1);

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

type Found = Omit<Cluster, 'reasons'>;

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

function parentOf({ topology, limits }: Scene, one: Sighting, around: Around): Sighting | undefined {
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
  // Several independent ones: the one that explains most, then the earliest.
  const weight = new Map(top.map((up) => [up, explains(up.serviceId)]));
  return top.sort((a, b) => weight.get(b)! - weight.get(a)! || inOrder(a, b))[0];
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

/** What a person took out of one case is in none, as long as that case is open: they said that it has a cause of its own. */
const takenOut = (known: readonly Known[]): Set<string> => new Set(known.flatMap((one) => one.separated));

interface Silent {
  originId: string;
  tops: Sighting[];
  services: Set<string>;
  changed: boolean;
  share: number;
  distance: number;
}

/** Common upstreams that do not alert themselves, greedily: the one that explains most takes its own, then the next. */
function silentClusters(
  scene: Scene,
  free: readonly Sighting[],
  loud: ReadonlyMap<string, { lead: Sighting; members: Sighting[] }>,
): Found[] {
  const found: Found[] = [];
  let left = [...free];
  for (;;) {
    const best = bestSilent(scene, left, loud);
    if (!best) return found;
    const all = best.tops.flatMap((top) => [top, ...(loud.get(top.groupId)?.members ?? [])]).sort(inOrder);
    const lead = leadOf(scene, best.originId, best.tops);
    found.push({ originId: best.originId, silent: true, lead, members: all.filter((one) => one !== lead) });
    const gone = new Set(best.tops);
    left = left.filter((one) => !gone.has(one));
  }
}

/** Who leads under a silent origin: who leads already, else the most urgent that was asked first. */
function leadOf({ known }: Scene, originId: string, tops: readonly Sighting[]): Sighting {
  const before = known.find((one) => one.silent && one.originId === originId);
  const kept = tops.find((one) => one.groupId === before?.leadGroupId);
  const order = (a: Sighting, b: Sighting) =>
    rankOf(b.severity) - rankOf(a.severity) || Number(b.asked) - Number(a.asked) || inOrder(a, b);
  const best = [...tops].sort(order)[0]!;
  return kept && rankOf(kept.severity) >= rankOf(best.severity) ? kept : best;
}

function bestSilent(
  scene: Scene,
  left: readonly Sighting[],
  loud: ReadonlyMap<string, { lead: Sighting; members: Sighting[] }>,
): Silent | undefined {
  const below = new Map<string, Sighting[]>();
  const out = takenOut(scene.known);
  for (const one of left) {
    if (out.has(one.serviceId)) continue;
    for (const id of scene.topology.needs(one.serviceId).keys()) {
      const list = below.get(id);
      if (list) list.push(one);
      else below.set(id, [one]);
    }
  }
  let best: Silent | undefined;
  for (const [originId, list] of below) {
    for (const tops of runs(list, scene.limits.windowMs)) {
      const candidate = weighed(scene, originId, tops, loud);
      if (candidate && (!best || better(candidate, best))) best = candidate;
    }
  }
  return best;
}

const better = (a: Silent, b: Silent): boolean => {
  const order =
    b.services.size - a.services.size ||
    Number(b.changed) - Number(a.changed) ||
    a.distance - b.distance ||
    b.share - a.share;
  return order < 0 || (order === 0 && a.originId < b.originId);
};

/** Cut where nothing began for longer than the window. The list is in order. */
function runs(list: readonly Sighting[], windowMs: number): Sighting[][] {
  const cut: Sighting[][] = [];
  let last: Sighting | undefined;
  for (const one of list) {
    if (last && one.since - last.since <= windowMs) cut.at(-1)!.push(one);
    else cut.push([one]);
    last = one;
  }
  return cut;
}

function weighed(
  { topology, known, changes, limits }: Scene,
  originId: string,
  tops: Sighting[],
  loud: ReadonlyMap<string, { members: Sighting[] }>,
): Silent | undefined {
  const services = new Set<string>();
  for (const top of tops) {
    services.add(top.serviceId);
    for (const member of loud.get(top.groupId)?.members ?? []) services.add(member.serviceId);
  }
  if (tops.length < 2) return undefined;
  const change = changes.get(originId);
  const began = tops[0]!.since;
  const changed = change !== undefined && change.at <= began + 60_000 && began - change.at <= CHANGED_WITHIN_MS;
  const before = known.find((one) => one.silent && one.originId === originId);
  const kept = before !== undefined && tops.some((one) => one.groupId === before.leadGroupId);
  const needed = kept ? 2 : changed ? limits.silentFromChanged : limits.silentFrom;
  if (services.size < needed) return undefined;
  const direct = topology.directlyNeededBy(originId);
  const affected = direct.filter(
    (id) => services.has(id) || [...services].some((one) => topology.needs(one).has(id)),
  ).length;
  const share = direct.length === 0 ? 0 : affected / direct.length;
  if (share < limits.silentShare && !kept) return undefined;
  const distance = tops.reduce((sum, one) => sum + (topology.needs(one.serviceId).get(originId) ?? 0), 0);
  return { originId, tops, services, changed, share, distance };
}

/** What a person can check: how many depend on it, when it began itself, what was changed there. */
function reasonsFor(scene: Scene, { originId, silent, lead, members }: Found): string[] {
  const { topology, changes, limits, sightings } = scene;
  const name = topology.nameOf(originId);
  const began = Math.min(lead.since, ...members.map(({ since }) => since));
  const around = new Set(
    sightings.filter((one) => Math.abs(one.since - began) <= 2 * limits.windowMs).map(({ serviceId }) => serviceId),
  );
  around.delete(originId);
  const mine = new Set([lead, ...members].map(({ serviceId }) => serviceId));
  mine.delete(originId);
  for (const id of mine) around.add(id);
  const verb = mine.size === 1 ? 'depends' : 'depend';
  const reasons = [
    `${mine.size} of ${around.size} alerting ${around.size === 1 ? 'service' : 'services'} ${verb} on ${name}`,
  ];
  if (silent) reasons.push(`${name} has not alerted itself: it is concluded from what depends on it`);
  else {
    const others = members.filter(({ serviceId }) => serviceId !== originId);
    const first = Math.min(...others.map(({ since }) => since));
    const gap = Math.round((first - lead.since) / 1000);
    if (Number.isFinite(gap))
      reasons.push(
        gap > 0
          ? `it alerted ${seconds(gap)} before the first of them`
          : gap === 0
            ? 'it alerted at the same time'
            : `it alerted ${seconds(-gap)} after the first of them`,
      );
  }
  const change = changes.get(originId);
  if (change && change.at <= began + 60_000 && began - change.at <= CHANGED_WITHIN_MS)
    reasons.push(
      `${name} was changed ${seconds(Math.max(0, Math.round((began - change.at) / 1000)))} before: ${change.summary}`,
    );
  return reasons;
}

const seconds = (n: number): string => (n < 120 ? `${n} s` : `${Math.round(n / 60)} min`);
