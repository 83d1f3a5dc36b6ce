/** Reads of the roster for screens and for the modules above: people, teams, policies, contact methods. */
import { type Ctx, isId, notFound } from '#kernel';
import { listUsers } from '#security';
import { peopleById, type Warning } from './checks.ts';
import { isAccount, methodsOf } from './contact.ts';
import { activeIn, crowd, refOf } from './crowd.ts';
import { checkResponseTeam, type TeamMember } from './duties/model.ts';
import type { Target } from './escalation.ts';
import { asker } from './proving.ts';
import type { PolicyRow } from './store.ts';
import { resolvePlan } from './who.ts';

const iso = (at: Date) => at.toISOString();

/** Everybody, and whether a page is proven to reach them. */
export async function listPeople(ctx: Ctx) {
  const { users, proven } = await crowd(ctx);
  return [...users.values()].map(({ id, name, email, roles, active, timeZone }) => ({
    id,
    name,
    email,
    roles,
    active,
    timeZone,
    reach: proven.has(id) ? ('verified' as const) : ('unproven' as const),
  }));
}

// ---------------------------------------------------------------- teams

/** All teams with their members. */
export async function listTeams(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const teams = await ctx.db.selectFrom('people.teams').selectAll().orderBy('name').execute();
  const members = await ctx.db.selectFrom('people.teamMembers').selectAll().execute();
  const isActive = activeIn(everybody);
  return teams.map(({ createdAt: _, ...team }) => {
    const own = members.filter(({ teamId }) => teamId === team.id);
    return {
      ...team,
      members: own
        .map(({ userId, role, functions }) => ({
          person: refOf(everybody, userId),
          role,
          functions,
          active: isActive(userId),
        }))
        .sort((a, b) => rankOf(a.role) - rankOf(b.role) || a.person.name.localeCompare(b.person.name)),
      warnings: team.response ? teamWarnings(own.filter(({ userId }) => isActive(userId))) : [],
    };
  });
}

const rankOf = (role: string) => ['lead', 'member', 'alternate'].indexOf(role);

/** What a response team lacks now: it was whole when it was saved, but people leave. */
function teamWarnings(members: TeamMember[]): Warning[] {
  const { errors, warnings } = checkResponseTeam(members);
  return [
    ...errors.map(({ message }) => ({ rule: 'people.team.response', message: sentenceOf(message) })),
    ...warnings,
  ];
}

const sentenceOf = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** One team. Throws 404. */
export async function teamView(ctx: Ctx, id: string) {
  const team = isId('tem', id) ? (await listTeams(ctx)).find((other) => other.id === id) : undefined;
  if (!team) throw notFound('Team', id);
  return team;
}

/** A team, or undefined; for modules above. */
export async function teamById(ctx: Pick<Ctx, 'db'>, id: string): Promise<{ id: string; name: string } | undefined> {
  return ctx.db.selectFrom('people.teams').select(['id', 'name']).where('id', '=', id).executeTakeFirst();
}

/** An escalation policy's name and version, or undefined; for modules above. */
export async function policyById(
  ctx: Pick<Ctx, 'db'>,
  id: string,
): Promise<{ id: string; name: string; version: number } | undefined> {
  return ctx.db.selectFrom('people.policies').select(['id', 'name', 'version']).where('id', '=', id).executeTakeFirst();
}

// ---------------------------------------------------------------- policies

async function policyView(ctx: Ctx, row: PolicyRow) {
  const plan = {
    policyId: row.id,
    version: row.version,
    name: row.name,
    teamId: row.teamId,
    steps: row.steps,
    repeat: row.repeatCount,
  };
  const resolved = await resolvePlan(ctx, plan, false);
  const users = await peopleById(ctx);
  const names = await targetNames(
    ctx,
    row.steps.flatMap((step) => step.targets),
  );
  const warnings: Warning[] = [];
  const steps = row.steps.map((step, i) => {
    const now = [...new Set((resolved.steps[i] ?? []).map((called) => called.userId))].map((id) => ({
      id,
      name: users.get(id)?.name ?? id,
    }));
    if (now.length === 0)
      warnings.push({
        rule: 'people.policy.nobody',
        message: `Step ${i + 1} has nobody on call now: a page passes over it at once.`,
      });
    return {
      delaySeconds: step.delaySeconds,
      targets: step.targets.map((target) => ({
        ...target,
        name: names.get(`${target.kind}:${target.id}`) ?? 'something that no longer exists',
      })),
      now,
    };
  });
  return {
    id: row.id,
    name: row.name,
    teamId: row.teamId,
    steps,
    repeat: row.repeatCount,
    version: row.version,
    warnings,
  };
}

async function targetNames(ctx: Ctx, targets: Target[]): Promise<Map<string, string>> {
  const ids = ['', ...targets.map((target) => target.id)];
  const schedules = await ctx.db.selectFrom('people.schedules').select(['id', 'name']).where('id', 'in', ids).execute();
  const teams = await ctx.db.selectFrom('people.teams').select(['id', 'name']).where('id', 'in', ids).execute();
  const users = await listUsers(ctx);
  return new Map([
    ...schedules.map(({ id, name }) => [`schedule:${id}`, name] as const),
    ...teams.map(({ id, name }) => [`team:${id}`, name] as const),
    ...users.map(({ id, name }) => [`user:${id}`, name] as const),
  ]);
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

// ---------------------------------------------------------------- contact methods

/** How pages reach the asking person; the sign-in address is always among them. */
export async function ownContactMethods(ctx: Ctx) {
  const person = await asker(ctx);
  const methods = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
  const challenges = await ctx.db
    .selectFrom('people.contactChallenges')
    .select(['methodId', 'expiresAt'])
    .where('methodId', 'in', ['', ...methods.map((method) => method.id)])
    .where('expiresAt', '>', ctx.now)
    .where('tries', '<', 5)
    .execute();
  const until = new Map(challenges.map((row) => [row.methodId, iso(row.expiresAt)]));
  const shown = methods.map(({ id, kind, value, label, verifiedAt, highAfter, lowAfter, disabledReason }) => ({
    id,
    kind,
    value,
    label,
    verified: verifiedAt !== null,
    codeUntil: until.get(id) ?? null,
    highAfter,
    lowAfter,
    disabledReason,
  }));
  if (methods.some((method) => isAccount(person, method))) return shown;
  const account = {
    id: 'account',
    kind: 'email' as const,
    value: person.email,
    label: 'Sign-in address',
    verified: false,
    codeUntil: null,
    highAfter: 0,
    lowAfter: 0,
    disabledReason: null,
  };
  return [account, ...shown];
}

/** One of the asker's own, after a change. Throws 404. */
export async function ownContactMethod(ctx: Ctx, id: string) {
  const method = (await ownContactMethods(ctx)).find((other) => other.id === id);
  if (!method) throw notFound('Contact method', id);
  return method;
}
