/** Reads of the roster for screens and for the modules above: people, teams, policies, contact methods. */
import { type Ctx, isId, notFound } from '#kernel';
import { isAccount, methodsOf } from './contact.ts';
import { activeIn, crowd, refOf } from './crowd.ts';
import type { Warning } from './checks.ts';
import { checkResponseTeam, type TeamMember } from './duties/model.ts';
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
