/** Common upstreams that do not alert themselves, concluded from what depends on them. Pure. */
import { CHANGED_WITHIN_MS, type Found, inOrder, rankOf, type Scene, type Sighting, takenOut } from './scene.ts';

interface Silent {
  originId: string;
  tops: Sighting[];
  services: Set<string>;
  changed: boolean;
  share: number;
  distance: number;
}

/** Common upstreams that do not alert themselves, greedily: the one that explains most takes its own, then the next. */
export function silentClusters(
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
