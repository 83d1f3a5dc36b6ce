/** Escalation policies as screens show them: whom each step would call at this moment, and what is wrong with them. */
import { type Ctx, isId, notFound } from '#kernel';
import { listRooms } from '#channels';
import { listUsers, type Person } from '#security';
import { peopleById, type Warning } from './checks.ts';
import { gateOf, type Gate } from './conditions.ts';
import type { Called, StepNow } from './escalation.ts';
import { leadsToPeople, type PageFacts, type Step, type Target } from './plan.ts';
import { ordersOf, whoseTurn } from './rounds.ts';
import type { PolicyRow } from './store.ts';
import { webhookNames } from './webhooks.ts';
import { resolvePlan } from './who.ts';

/** An escalation policy's name and version, or undefined; for modules above. */
export async function policyById(
  ctx: Pick<Ctx, 'db'>,
  id: string,
): Promise<{ id: string; name: string; version: number } | undefined> {
  return ctx.db.selectFrom('people.policies').select(['id', 'name', 'version']).where('id', '=', id).executeTakeFirst();
}

/** All escalation policies, with who each step would call now. */
export async function listPolicies(ctx: Ctx) {
  const rows = await ctx.db.selectFrom('people.policies').selectAll().orderBy('name').execute();
  return Promise.all(rows.map((row) => policyView(ctx, row)));
}

/** One policy. Throws 404. */
export async function policyViewById(ctx: Ctx, id: string) {
  const row = isId('pol', id)
    ? await ctx.db.selectFrom('people.policies').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Policy', id);
  return policyView(ctx, row);
}

/** The rooms that steps can tell. */
export async function listPageRooms(ctx: Ctx) {
  return (await listRooms(ctx)).map(({ channel, label, name }) => ({
    id: `${channel}:${name}`,
    name,
    channel: label,
  }));
}

/** The page that is thought of when a policy is looked at. */
const URGENT: PageFacts = { urgency: 'high', priority: null };

async function policyView(ctx: Ctx, row: PolicyRow) {
  const plan = {
    policyId: row.id,
    version: row.version,
    name: row.name,
    teamId: row.teamId,
    steps: row.steps,
    repeat: row.repeatCount,
  };
  const resolved = await resolvePlan(ctx, plan, false, URGENT);
  const users = await peopleById(ctx);
  const targets = row.steps.flatMap((step) => step.targets);
  const [names, orders] = [await targetNames(ctx, targets), await ordersOf(ctx.db, row.id)];
  return {
    id: row.id,
    name: row.name,
    teamId: row.teamId,
    steps: row.steps.map((step, i) => stepView(step, resolved.steps[i]?.people ?? [], names, users)),
    stepsNow: row.steps.map(({ call, when }, i) => {
      const next = call === 'round_robin' ? whoseTurn(resolved.steps[i]?.people ?? [], orders.get(i) ?? []) : undefined;
      return {
        nextInRound: next ? { id: next.userId, name: users.get(next.userId)?.name ?? next.userId } : null,
        // A condition of urgency is no reason to call a step closed while nobody is being paged.
        gate: sayGate(gateOf(when?.hours ? { hours: when.hours } : undefined, URGENT, ctx.now)),
      };
    }),
    repeat: row.repeatCount,
    ackTimeoutMinutes: row.ackTimeoutMinutes,
    version: row.version,
    warnings: warningsOf(row.steps, resolved.steps),
  };
}

function stepView(
  { delaySeconds, targets, call = 'all', when }: Step,
  people: Called[],
  names: Map<string, string>,
  users: Map<string, Person>,
) {
  return {
    delaySeconds,
    targets: targets.map((target) => ({
      ...target,
      name: names.get(`${target.kind}:${target.id}`) ?? 'something that no longer exists',
    })),
    call,
    when: when ?? null,
    now: [...new Set(people.map(({ userId }) => userId))].map((id) => ({ id, name: users.get(id)?.name ?? id })),
  };
}

const sayGate = (gate: Gate) => ({
  state: gate.state,
  why: gate.state === 'open' ? null : gate.why,
  until: gate.state === 'later' ? gate.until.toISOString() : null,
});

function warningsOf(steps: Step[], now: StepNow[]): Warning[] {
  const warnings: Warning[] = [];
  steps.forEach((step, i) => {
    const there = now[i];
    if (there?.wantsPeople && there.people.length === 0)
      warnings.push({
        rule: 'people.policy.nobody',
        message: `Step ${i + 1} has nobody on call now: a page passes over it at once.`,
      });
    if (step.when?.hours?.outside === 'wait' && step.when.urgency !== 'low')
      warnings.push({
        rule: 'people.policy.waits',
        message: `Step ${i + 1} waits for its hours: an urgent page that gets there at another time calls nobody until then.`,
      });
  });
  if (!steps.some((step) => step.targets.some(leadsToPeople)))
    warnings.push({
      rule: 'people.policy.nobody',
      message: 'No step calls a person: after the last one the team’s leads or the emergency contact are called.',
    });
  return warnings;
}

async function targetNames(ctx: Ctx, targets: Target[]): Promise<Map<string, string>> {
  const ids = ['', ...targets.map((target) => target.id)];
  const schedules = await ctx.db.selectFrom('people.schedules').select(['id', 'name']).where('id', 'in', ids).execute();
  const teams = await ctx.db.selectFrom('people.teams').select(['id', 'name']).where('id', 'in', ids).execute();
  const roles = await ctx.db.selectFrom('people.roles').select(['key', 'title']).where('key', 'in', ids).execute();
  const users = await listUsers(ctx);
  const webhooks = await webhookNames(ctx.db, ids);
  return new Map([
    ...schedules.map(({ id, name }) => [`schedule:${id}`, name] as const),
    ...teams.flatMap(({ id, name }) => [[`team:${id}`, name] as const, [`team_on_call:${id}`, name] as const]),
    ...users.map(({ id, name }) => [`user:${id}`, name] as const),
    ...roles.map(({ key, title }) => [`role:${key}`, title] as const),
    ...[...webhooks].map(([id, name]) => [`webhook:${id}`, name] as const),
    ...targets.flatMap(({ kind, id }) =>
      kind === 'room' ? [[`room:${id}`, id.slice(id.indexOf(':') + 1)] as const] : [],
    ),
  ]);
}
