/** How far an action reaches: services, journeys, customers and capacity, for itself and summed over everything active (checks 11 and 12). */
import { servicesByIds, topologyNow } from '#catalog';
import { ACTIVE_PHASES } from '#incidents';
import type { Ctx } from '#kernel';
import type { Guardrails } from '../format/schema.ts';
import type { ActionPlan } from './contract.ts';

export interface Impact {
  services: { id: string; name: string; tier: number }[];
  /** What cannot work without them. */
  dependants: { id: string; name: string; tier: number }[];
  journeys: { id: string; name: string }[];
  tier1: number;
  /** Null: nobody has measured it. */
  customersPct: number | null;
  customers: number | null;
  regions: string[];
  nodesPct: number | null;
  capacity: { useAfterPct: number | null; limitPct: number; text: string } | null;
}

/** Predicted use that what stays may reach (4.5). */
export const CAPACITY_LIMIT_PCT = 80;

/** What an action would reach, from its plan, the map and the incident's last measured impact. */
export async function impactOf(
  ctx: Ctx,
  incident: { id: string; services: { id: string }[] },
  plan: ActionPlan,
): Promise<Impact> {
  const ids = plan.serviceIds ?? incident.services.map((one) => one.id);
  const map = await topologyNow(ctx);
  const reached = [...new Set(ids.flatMap((id) => [...map.neededBy(id).keys()]))].filter((id) => !ids.includes(id));
  const known = await servicesByIds(ctx, [...ids, ...reached]);
  const view = (id: string) => {
    const service = known.get(id);
    return { id, name: service?.name ?? id, tier: service?.tier ?? 3 };
  };
  const kindOf = (id: string) => known.get(id)?.kind;
  const measured = await lastImpact(ctx, incident.id);
  return {
    services: ids.filter((id) => known.has(id)).map(view),
    dependants: reached.filter((id) => known.has(id) && kindOf(id) !== 'journey').map(view),
    journeys: [...ids, ...reached].filter((id) => kindOf(id) === 'journey').map((id) => ({ id, name: view(id).name })),
    tier1: ids.filter((id) => known.get(id)?.tier === 1).length,
    customersPct: plan.customersPct ?? measured?.pctRequests ?? null,
    customers: measured?.customers ?? null,
    regions: plan.regions ?? [],
    nodesPct: plan.nodesPct ?? null,
    capacity: plan.capacity
      ? {
          useAfterPct: plan.capacity.useAfterPct,
          limitPct: plan.capacity.limitPct ?? CAPACITY_LIMIT_PCT,
          text: plan.capacity.text ?? '',
        }
      : null,
  };
}

async function lastImpact(ctx: Ctx, incidentId: string) {
  const row = await ctx.db
    .selectFrom('incidents.impactSamples')
    .select(['customers', 'pctRequests'])
    .where('incidentId', '=', incidentId)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { customers: row.customers, pctRequests: row.pctRequests === null ? null : Number(row.pctRequests) };
}

export interface Reach {
  services: number;
  tier1Services: number;
  customersPct: number | null;
  regions: number;
  nodesPct: number;
  /** How many actions the sum counts, with the one asked about. */
  actions: number;
}

/** The sum over several actions: services once each, shares at their most, since they may be the same customers or not. Pure. */
export function sumOf(all: Impact[]): Reach {
  const services = new Map(all.flatMap((one) => one.services.map((service) => [service.id, service.tier] as const)));
  const shares = all.map((one) => one.customersPct).filter((one) => one !== null);
  return {
    services: services.size,
    tier1Services: [...services.values()].filter((tier) => tier === 1).length,
    customersPct: shares.length === 0 ? null : Math.min(100, Math.max(...shares)),
    regions: new Set(all.flatMap((one) => one.regions)).size,
    nodesPct: Math.min(
      100,
      all.reduce((sum, one) => sum + (one.nodesPct ?? 0), 0),
    ),
    actions: all.length,
  };
}

/** Every limit that a reach goes over, in words. Customers nobody has counted are over any limit below 100 %. Pure. */
export function overLimits(limits: NonNullable<Guardrails['max_blast_radius']>, reach: Reach): string[] {
  const over: string[] = [];
  const check = (name: string, value: number, limit: number | undefined) => {
    if (limit !== undefined && value > limit) over.push(`${name}: ${value}, allowed ${limit}`);
  };
  check('services', reach.services, limits.services);
  check('tier-1 services', reach.tier1Services, limits.tier1_services);
  check('regions', reach.regions, limits.regions);
  check('nodes in per cent', reach.nodesPct, limits.nodes_pct);
  if (limits.customers_pct !== undefined && limits.customers_pct < 100) {
    if (reach.customersPct === null) over.push(`customers: not measured, allowed ${limits.customers_pct} %`);
    else check('customers in per cent', reach.customersPct, limits.customers_pct);
  }
  return over;
}

/** Reach of every other action that has begun and is not taken back, over all active incidents, drills apart. */
export async function activeImpacts(ctx: Ctx, exercise: boolean, except: string | null): Promise<Impact[]> {
  const rows = await ctx.db
    .selectFrom('playbooks.actionRuns as a')
    .innerJoin('incidents.incidents as i', 'i.id', 'a.incidentId')
    .select(['a.id', 'a.impact'])
    .where('a.state', 'in', ['running', 'verifying', 'unknown', 'effective', 'aborted', 'undoing', 'needs_human'])
    .where('a.exercise', '=', exercise)
    .where('a.noop', '=', false)
    .where('i.phase', 'in', [...ACTIVE_PHASES])
    .execute();
  return rows.filter((row) => row.id !== except && row.impact !== null).map((row) => row.impact!);
}
