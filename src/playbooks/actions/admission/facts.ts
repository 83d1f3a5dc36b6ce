/** Gathers what the sixteen checks rest on. Reads only; no network: probes were read before. */
import { addMs, type Ctx, readSetting } from '#kernel';
import { seconds } from '../../format/outline.ts';
import type { Autonomy, Guardrails, RiskClass } from '../../format/schema.ts';
import type { IncidentFacts } from '../../incident.ts';
import { activeOverrides } from '../../overrides/store.ts';
import { contextOf, judge, type Scope } from '../../probes/observe.ts';
import { pauseFor } from '../../safeguards/store.ts';
import { automationLimits } from '../../settings.ts';
import { earned, isAbove, REHEARSAL } from '../autonomy.ts';
import type { ActionCall, ActionPlan } from '../contract.ts';
import { holdersOf } from '../locks.ts';
import { badOf, dropOf, lastPreview, pastRuns, sends } from '../memory.ts';
import { activeImpacts, type Impact, overLimits, sumOf } from '../radius.ts';
import { connectorOf } from '../registry.ts';
import type { Facts } from './checks.ts';

export interface Candidate {
  /** Null while it is only proposed. */
  actionRunId: string | null;
  incident: IncidentFacts;
  call: ActionCall;
  target: string;
  intentHash: string;
  simulated: boolean;
  /** The run it belongs to, for its conditions; null outside a playbook. */
  scope: Scope | null;
  /** `if` and `preconditions` of the step: every one must be true, unknown is not. */
  conditions: string[];
  wantedAutonomy: Autonomy;
  riskClass: RiskClass;
  plan: ActionPlan | null;
  impact: Impact | null;
  concurrency: { group: string; max: number; onConflict: 'refuse' | 'queue' } | null;
  /** When about to send: whether somebody with the authority has agreed, and what that lacks. Null while it is only proposed. */
  authority: { given: boolean; lacking: string | null } | null;
  /** A person saw this proposal with its warnings and agreed. */
  agreed: boolean;
  acknowledged: boolean;
}

/** What automatic actions keep to where a playbook says nothing. */
const DEFAULT_COOLDOWN = { per_target: '10m', max_runs: 3, window: '1h' };
const OSCILLATION = { windowMs: 15 * 60_000, changes: 3 };

/** Gathers; also gives the readings the conditions stood on, for the record (invariant 23). */
export async function gatherFacts(
  ctx: Ctx,
  one: Candidate,
): Promise<{ facts: Facts; inputs: Record<string, unknown> }> {
  const rails: Guardrails | null = one.scope?.playbook.spec.guardrails ?? null;
  const approach = { action: one.call.action, target: one.target };
  const automatic = isAbove(one.wantedAutonomy, 'approve');
  const pause = await pauseFor(
    ctx.db,
    one.incident.services.map((service) => service.id),
  );
  const { conditions, inputs } = await judged(ctx, one);
  const past = await pastRuns(ctx, approach, one.incident.exercise, one.actionRunId);
  const dropped = (await dropOf(ctx.db, approach, one.incident.exercise))?.reason ?? null;
  const rehearsal = rails?.rehearsal
    ? { requiredFor: rails.rehearsal.required_for, withinMs: seconds(rails.rehearsal.within) * 1000 }
    : REHEARSAL;
  const got = earned(one.wantedAutonomy, one.riskClass, { past, dropped }, ctx.now, rehearsal);
  const bad = await badOf(ctx, { ...approach, intentHash: one.intentHash }, one.incident.exercise);
  const facts: Facts = {
    pause: pause ? { by: pause.pausedByName, reason: pause.reason } : null,
    exercise: one.incident.exercise,
    simulated: one.simulated,
    liveTarget: false,
    incident: {
      active: one.incident.active,
      text: `${one.incident.key} is ${one.incident.phase}: actions belong to an active incident.`,
    },
    authority: one.authority,
    connector: await connectorFacts(ctx, one),
    conditions,
    wanted: one.plan?.noop ?? false,
    concurrency: await concurrencyFacts(ctx, one),
    ...(await pace(ctx, one, rails, automatic)),
    radius: await radiusFacts(ctx, one, rails),
    storm: isAbove(got.autonomy, 'approve') ? await stormFacts(ctx, one) : null,
    capacity: one.impact?.capacity ?? null,
    dryRun: await dryRunFacts(ctx, approach, rails),
    autonomy: { wanted: one.wantedAutonomy, got: got.autonomy, held: got.held, risk: one.riskClass },
    knownBad: bad ? { symptom: bad.symptom, acknowledged: one.acknowledged } : null,
    forced: await forcedGuards(ctx, one),
    agreed: one.agreed,
  };
  return { facts, inputs };
}

async function judged(ctx: Ctx, { scope, conditions }: Candidate) {
  const inputs: Record<string, unknown> = {};
  if (!scope || conditions.length === 0) return { conditions: [], inputs };
  const context = await contextOf(ctx, scope);
  const found: Facts['conditions'] = [];
  for (const expr of conditions) {
    const { verdict, detail, readings } = await judge(ctx, scope, expr, context);
    found.push({ expr, verdict, detail });
    for (const one of readings) inputs[one.probe] = { value: one.value, ok: one.ok, at: one.at };
  }
  return { conditions: found, inputs };
}

async function connectorFacts(ctx: Ctx, { call }: Candidate): Promise<Facts['connector']> {
  const known = connectorOf(call.action);
  if (!known) return { ok: false, detail: `No connector knows "${call.action}".`, expires: null };
  const health = await known.connector.health(ctx, call.params);
  const last = health.validUntil && health.validUntil <= addMs(ctx.now, call.timeoutMs);
  return {
    ok: health.ok,
    detail: `${known.connector.title}: ${health.detail}.`,
    expires: last ? `${known.connector.title}: its credential runs out before the call could end.` : null,
  };
}

async function concurrencyFacts(ctx: Ctx, { concurrency, actionRunId }: Candidate): Promise<Facts['concurrency']> {
  if (!concurrency) return null;
  const holders = (await holdersOf(ctx.db, concurrency.group)).filter((one) => one.actionRunId !== actionRunId);
  const holder = holders.length >= concurrency.max ? holders[0]!.actionRunId : null;
  const title = holder
    ? await ctx.db
        .selectFrom('playbooks.actionRuns')
        .select(['title', 'state'])
        .where('id', '=', holder)
        .executeTakeFirst()
    : undefined;
  return {
    group: concurrency.group,
    holder: title ? `"${title.title}" (${title.state})` : holder,
    onConflict: concurrency.onConflict,
  };
}

/** Cooldown, run limit and oscillation of the target (check 10). */
async function pace(
  ctx: Ctx,
  one: Candidate,
  rails: Guardrails | null,
  automatic: boolean,
): Promise<Pick<Facts, 'cooldown' | 'oscillation'>> {
  const rule = rails?.cooldown ?? (automatic ? DEFAULT_COOLDOWN : null);
  const [perTarget, window] = [seconds(rule?.per_target ?? '0s'), seconds(rule?.window ?? '0s')];
  const reach = Math.max(OSCILLATION.windowMs, perTarget * 1000, window * 1000);
  const before = (await sends(ctx, one.target, one.incident.exercise, addMs(ctx.now, -reach))).filter(
    (send) => send.actionRunId !== one.actionRunId,
  );
  const ageMs = (at: Date) => ctx.now.getTime() - at.getTime();
  const applied = before.filter((send) => send.direction === 'apply' && send.action === one.call.action);
  let cooldown: string | null = null;
  if (rule && applied[0] && ageMs(applied[0].sentAt) < perTarget * 1000)
    cooldown = `${one.target} was acted on ${Math.round(ageMs(applied[0].sentAt) / 1000)} s ago; the cooldown is ${rule.per_target}`;
  else if (rule && applied.filter((send) => ageMs(send.sentAt) < window * 1000).length >= rule.max_runs)
    cooldown = `${one.target} was acted on ${rule.max_runs} times within ${rule.window}, which is the limit`;
  const recent = before.filter((send) => ageMs(send.sentAt) < OSCILLATION.windowMs);
  const next = { direction: 'apply', intentHash: one.intentHash };
  const changes = directionChanges([next, ...recent]);
  const oscillation =
    automatic && changes >= OSCILLATION.changes
      ? `${one.target} would change direction for the ${changes}rd time within 15 minutes: something swings to and fro, look why`
      : null;
  return { cooldown, oscillation };
}

/** How often a target was pushed the other way: doing and undoing, or two different intents in turn. Pure. */
export function directionChanges(list: { direction: string; intentHash: string }[]): number {
  let changes = 0;
  for (let at = 1; at < list.length; at++) {
    const [one, other] = [list[at - 1]!, list[at]!];
    if (one.direction !== other.direction || one.intentHash !== other.intentHash) changes += 1;
  }
  return changes;
}

async function radiusFacts(ctx: Ctx, one: Candidate, rails: Guardrails | null): Promise<string[]> {
  if (!one.impact || !rails?.max_blast_radius) return [];
  const others = await activeImpacts(ctx, one.incident.exercise, one.actionRunId);
  return overLimits(rails.max_blast_radius, sumOf([one.impact, ...others]));
}

async function stormFacts(ctx: Ctx, one: Candidate): Promise<string | null> {
  const limits = await readSetting(ctx, automationLimits);
  const others = await activeImpacts(ctx, one.incident.exercise, one.actionRunId);
  const reach = sumOf(one.impact ? [one.impact, ...others] : others);
  const { begun } = await ctx.db
    .selectFrom('playbooks.actionRuns')
    .select((eb) => eb.fn.countAll<string>().as('begun'))
    .where('automatic', '=', true)
    .where('exercise', '=', one.incident.exercise)
    .where('approvalId', 'is', null)
    .where('startedAt', '>', addMs(ctx.now, -3_600_000))
    .executeTakeFirstOrThrow();
  if (others.length >= limits.activeActions)
    return `${others.length} actions are active, the cap for automatic ones is ${limits.activeActions}: a person decides`;
  if (Number(begun) >= limits.perHour)
    return `${begun} automatic actions began within an hour, the cap is ${limits.perHour}: a person decides`;
  if (reach.services > limits.services)
    return `together they would reach ${reach.services} services, the cap for automatic ones is ${limits.services}: a person decides`;
  return null;
}

async function dryRunFacts(
  ctx: Ctx,
  approach: { action: string; target: string },
  rails: Guardrails | null,
): Promise<Facts['dryRun']> {
  const rule = rails?.dry_run;
  if (!rule || rule.required === 'never') return null;
  const last = await lastPreview(ctx, approach);
  const age = last && (ctx.now.getTime() - last.getTime()) / 1000;
  if (age !== null && age <= seconds(rule.valid_for))
    return { valid: true, text: `tried dry ${Math.round(age)} s ago` };
  return {
    valid: false,
    text: `a dry run within ${rule.valid_for} is asked for before it runs by itself; this is its preview`,
  };
}

async function forcedGuards(ctx: Ctx, one: Candidate): Promise<string[]> {
  const forced = await activeOverrides(ctx, { incidentId: one.incident.id, kind: 'force' });
  return forced
    .filter((row) => row.action === one.call.action && row.target === one.target)
    .flatMap((row) => row.guards);
}
