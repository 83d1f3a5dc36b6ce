/**
 * Common upstreams that do not alert themselves, concluded from what depends on them. Pure. What alerts, was changed or
 * reports trouble itself is believed before what is silent, and a silent supplier last of all: everything needs its cloud.
 */
import { changedBefore, type Found, inOrder, rankOf, type Scene, type Sighting, takenOut } from './scene.ts';

interface Silent {
  originId: string;
  tops: Sighting[];
  services: Set<string>;
  /** What of its own speaks for it: a change, a report, a milder alert. */
  sign: boolean;
  supplier: boolean;
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
  const candidates: Silent[] = [];
  for (const [originId, list] of below)
    for (const tops of runs(list, scene.limits.windowMs)) {
      const candidate = weighed(scene, originId, tops, loud);
      if (candidate) candidates.push(candidate);
    }
  const most = Math.max(0, ...candidates.map(({ services }) => services.size));
  return candidates.sort((a, b) => compare(a, b, most))[0];
}

/** What speaks for it weighs as much as explaining half of everything; to be a supplier without any sign costs a quarter. */
const SIGN = 0.5;
const SILENT_SUPPLIER = 0.25;
const strength = ({ services, sign, supplier }: Silent, most: number) =>
  services.size / most + (sign ? SIGN : supplier ? -SILENT_SUPPLIER : 0);

const compare = (a: Silent, b: Silent, most: number): number =>
  strength(b, most) - strength(a, most) ||
  Number(a.supplier) - Number(b.supplier) ||
  a.distance - b.distance ||
  b.share - a.share ||
  (a.originId < b.originId ? -1 : 1);

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
  scene: Scene,
  originId: string,
  all: Sighting[],
  loud: ReadonlyMap<string, { members: Sighting[] }>,
): Silent | undefined {
  const { topology, known, limits, reports } = scene;
  const beneath = (top: Sighting) => loud.get(top.groupId)?.members ?? [];
  const before = known.find((one) => one.silent && one.originId === originId);
  const kept = before !== undefined && all.some((one) => one.groupId === before.leadGroupId);
  const began = all[0]!.since;
  const milder = scene.sightings.some(
    (one) => one.serviceId === originId && Math.abs(one.since - began) <= limits.windowMs,
  );
  const sign = changedBefore(scene, originId, began) !== undefined || reports?.has(originId) === true || milder;
  const tops = sign || kept ? all : all.filter((top) => !explainsMost(top, all, beneath));
  // Each of them is one sign, however much stands beneath it: what an alerting upstream explains needs no other cause.
  if (tops.length < 2 || new Set(tops.map(({ serviceId }) => serviceId)).size < needed(limits, kept, sign))
    return undefined;
  const services = new Set(tops.flatMap((top) => [top, ...beneath(top)]).map(({ serviceId }) => serviceId));
  const direct = topology.directlyNeededBy(originId);
  const affected = direct.filter(
    (id) => services.has(id) || [...services].some((one) => topology.needs(one).has(id)),
  ).length;
  const share = direct.length === 0 ? 0 : affected / direct.length;
  if (share < limits.silentShare && !kept) return undefined;
  const distance = tops.reduce((sum, one) => sum + (topology.needs(one.serviceId).get(originId) ?? 0), 0);
  return { originId, tops, services, sign, supplier: topology.isSupplier(originId), share, distance };
}

const needed = ({ silentFrom, silentFromChanged }: Scene['limits'], kept: boolean, sign: boolean): number =>
  kept ? 2 : sign ? silentFromChanged : silentFrom;

/** An alerting upstream that explains more than half of what alerts here: it stays the origin of its own. */
function explainsMost(top: Sighting, all: Sighting[], beneath: (top: Sighting) => Sighting[]): boolean {
  const mine = new Set(beneath(top).map(({ serviceId }) => serviceId));
  mine.delete(top.serviceId);
  if (mine.size === 0) return false;
  const whole = new Set(all.flatMap((one) => [one, ...beneath(one)]).map(({ serviceId }) => serviceId));
  return mine.size + 1 > whole.size / 2;
}
