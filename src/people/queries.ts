/** Reads of the roster for screens and for the modules above: people, teams, policies, contact methods. */
import { type Ctx, isId, notFound } from '#kernel';
import { isAccount, methodsOf } from './contact.ts';
import { activeIn, crowd, refOf } from './crowd.ts';
import { asker } from './proving.ts';

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
  return teams.map(({ id, name, description, version }) => ({
    id,
    name,
    description,
    version,
    members: members
      .filter((member) => member.teamId === id)
      .map(({ userId, role }) => ({
        person: refOf(everybody, userId),
        role,
        active: activeIn(everybody)(userId),
      }))
      .sort((a, b) => a.role.localeCompare(b.role) || a.person.name.localeCompare(b.person.name)),
  }));
}

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
