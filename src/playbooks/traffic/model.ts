/** Redirecting traffic as pure rules (domain.md 4.5): what may be drained, what is left, and when the probe is to be doubted. */

export interface TrafficNode {
  name: string;
  /** Takes traffic now. */
  serving: boolean;
  /** Answers its health check. */
  healthy: boolean;
  /** What it can carry, in any unit that all nodes share; null when nobody said. */
  capacity: number | null;
  /** What it carries now, in the same unit. */
  load: number;
}

export interface TrafficRules {
  /** Most use of what stays, in per cent. */
  maxUse: number;
  /** Most nodes that change in one step, in per cent; one node may always change. */
  maxChange: number;
  minHealthy: number;
}
export const TRAFFIC_RULES: TrafficRules = { maxUse: 80, maxChange: 34, minHealthy: 1 };

export type TrafficVerdict =
  | { ok: true; use: number }
  | { ok: false; rule: 'panic' | 'capacity' | 'step' | 'min_healthy' | 'unknown'; reason: string };

/**
 * Whether these nodes may be taken out. More than half look unhealthy: then the probe is doubted, nothing moves and a
 * human is asked. Otherwise what stays, healthy and serving, must carry everything at no more than `maxUse`.
 */
export function mayDrain(nodes: TrafficNode[], drain: string[], rules: TrafficRules = TRAFFIC_RULES): TrafficVerdict {
  const sick = nodes.filter((one) => !one.healthy).length;
  if (nodes.length > 0 && sick * 2 > nodes.length)
    return {
      ok: false,
      rule: 'panic',
      reason: `${sick} of ${nodes.length} nodes look unhealthy, more than half: the probe may be wrong. Nothing is drained; a person looks`,
    };
  const changing = nodes.filter((one) => drain.includes(one.name) && one.serving);
  if (changing.length > Math.max(1, Math.floor((nodes.length * rules.maxChange) / 100)))
    return {
      ok: false,
      rule: 'step',
      reason: `${changing.length} of ${nodes.length} nodes at once is more than ${rules.maxChange} %`,
    };
  const staying = nodes.filter((one) => !drain.includes(one.name) && one.serving && one.healthy);
  if (staying.length < rules.minHealthy)
    return {
      ok: false,
      rule: 'min_healthy',
      reason: `${staying.length} healthy ${staying.length === 1 ? 'node' : 'nodes'} would be left`,
    };
  if (staying.some((one) => one.capacity === null))
    return { ok: false, rule: 'unknown', reason: 'it is not known what the nodes that stay can carry' };
  const capacity = staying.reduce((sum, one) => sum + one.capacity!, 0);
  const load = nodes.reduce((sum, one) => sum + one.load, 0);
  const use = capacity === 0 ? Number.POSITIVE_INFINITY : (load / capacity) * 100;
  if (use > rules.maxUse)
    return {
      ok: false,
      rule: 'capacity',
      reason: `what stays would be used at ${Number.isFinite(use) ? `${Math.round(use)} %` : 'more than it has'}, the limit is ${rules.maxUse} %`,
    };
  return { ok: true, use };
}

/** Who is sent away first when capacity is short; writes that were accepted are never. */
export const SHEDDING = ['batch', 'tier_3', 'tier_2', 'anonymous', 'authenticated'] as const;

/** How many classes must be shed so that what is left fits; null when even shedding all of them is not enough. */
export function shed(
  load: Partial<Record<(typeof SHEDDING)[number] | 'accepted_writes', number>>,
  capacity: number,
  maxUse = TRAFFIC_RULES.maxUse,
): string[] | null {
  const limit = (capacity * maxUse) / 100;
  let rest = Object.values(load).reduce((sum, one) => sum + (one ?? 0), 0);
  const gone: string[] = [];
  for (const kind of SHEDDING) {
    if (rest <= limit) return gone;
    rest -= load[kind] ?? 0;
    gone.push(kind);
  }
  return rest <= limit ? gone : null;
}
