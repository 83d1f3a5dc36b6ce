/** Reads of the roster for screens and for the modules above: people, teams, schedules, policies, contact methods. */
import { addMs, type Ctx, invalid, isId, notFound } from '#kernel';
import { listUsers, type Person } from '#security';
import { participantWarnings, peopleById, type Warning } from './checks.ts';
import { isAccount, methodsOf } from './contact.ts';
import type { Target } from './escalation.ts';
import { gapsOf, MAX_WINDOW_DAYS, type Shift } from './model.ts';
import { asker } from './proving.ts';
import { type LoadedSchedule, loadSchedules, type PolicyRow } from './store.ts';
import { resolvePlan, shiftsOf } from './who.ts';

export const GAP_WINDOW_MS = 14 * 86_400_000;
const iso = (at: Date) => at.toISOString();

interface Crowd {
  users: Map<string, Person>;
  /** Those with at least one proven contact method. */
  proven: Set<string>;
}

async function crowd(ctx: Ctx): Promise<Crowd> {
  const rows = await ctx.db
    .selectFrom('people.contactMethods')
    .select('userId')
    .distinct()
    .where('verifiedAt', 'is not', null)
    .execute();
  return {
    users: await peopleById(ctx),
    proven: new Set(rows.map((row) => row.userId)),
  };
}

const refOf = ({ users }: Crowd, id: string) => ({
  id,
  name: users.get(id)?.name ?? 'somebody who has left',
});
const activeIn =
  ({ users }: Crowd) =>
  (id: string) =>
    users.get(id)?.active === true;

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

// ---------------------------------------------------------------- schedules

const shiftView = (everybody: Crowd, shift: Shift) => ({
  from: iso(shift.from),
  to: iso(shift.to),
  person: shift.userId ? refOf(everybody, shift.userId) : null,
  source: shift.source,
  why: shift.why,
  reachable: shift.userId !== null && everybody.proven.has(shift.userId),
});

async function scheduleView(ctx: Ctx, everybody: Crowd, schedule: LoadedSchedule) {
  const { id, name, teamId, zone: place, handoverWeekday, handoverTime, startsOn, everyWeeks, version } = schedule;
  return {
    id,
    name,
    teamId,
    zone: place,
    handoverWeekday,
    handoverTime,
    startsOn,
    everyWeeks,
    version,
    participants: schedule.participants.map((userId) => refOf(everybody, userId)),
    overrides: schedule.overrides.map((row) => ({
      id: row.id,
      person: refOf(everybody, row.userId),
      from: iso(row.fromAt),
      to: iso(row.toAt),
      reason: row.reason,
    })),
    warnings: await participantWarnings(ctx, everybody.users, schedule.participants),
  };
}

/** All schedules, with the overrides that have not ended. */
export async function listSchedules(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const schedules = await loadSchedules(ctx.db, ctx.now);
  return Promise.all(schedules.map((schedule) => scheduleView(ctx, everybody, schedule)));
}

/** One schedule. Throws 404. */
export async function scheduleById(ctx: Ctx, id: string) {
  const [schedule] = isId('sch', id) ? await loadSchedules(ctx.db, ctx.now, [id]) : [];
  if (!schedule) throw notFound('Schedule', id);
  return scheduleView(ctx, await crowd(ctx), schedule);
}

/** The final shifts of a schedule in a window of at most 400 days. Throws 404; 422 for a window that cannot be. */
export async function shiftsBetween(ctx: Ctx, id: string, from: Date, to: Date) {
  if (from >= to)
    throw invalid('The window must end after it begins', 'people.window', [{ path: 'to', message: 'after `from`' }]);
  if (to.getTime() - from.getTime() > MAX_WINDOW_DAYS * 86_400_000) {
    throw invalid(`At most ${MAX_WINDOW_DAYS} days at once`, 'people.window', [
      { path: 'to', message: 'nearer to `from`' },
    ]);
  }
  const [schedule] = isId('sch', id) ? await loadSchedules(ctx.db, from, [id]) : [];
  if (!schedule) throw notFound('Schedule', id);
  const everybody = await crowd(ctx);
  const shifts = shiftsOf(schedule, from, to, activeIn(everybody));
  return {
    zone: schedule.zone,
    shifts: shifts.map((shift) => shiftView(everybody, shift)),
  };
}

/** Who is on call in one schedule at an instant; undefined when nobody is. */
export async function whoIsOnCall(ctx: Ctx, scheduleId: string, at: Date): Promise<string | undefined> {
  const [schedule] = await loadSchedules(ctx.db, at, [scheduleId]);
  if (!schedule) return undefined;
  const [shift] = shiftsOf(schedule, at, addMs(at, 1), activeIn(await crowd(ctx)));
  return shift?.userId ?? undefined;
}

/** Every schedule: who is on call now, who is next, and the gaps of the next 14 days. Gaps in the past are nobody's business now. */
export async function onCallNow(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const schedules = await loadSchedules(ctx.db, ctx.now);
  return schedules.map((schedule) => {
    const { id, name, zone: place, teamId } = schedule;
    const ahead = Math.max(GAP_WINDOW_MS, schedule.everyWeeks * 2 * 7 * 86_400_000);
    const shifts = shiftsOf(schedule, ctx.now, addMs(ctx.now, ahead), activeIn(everybody));
    const soon = shiftsOf(schedule, ctx.now, addMs(ctx.now, GAP_WINDOW_MS), activeIn(everybody));
    const [now, next] = shifts.map((shift) => shiftView(everybody, shift));
    if (!now) throw new Error(`the schedule ${id} has no shift at all`);
    return {
      schedule: { id, name, zone: place, teamId },
      now,
      next: next ?? null,
      gaps: gapsOf(soon).map((shift) => shiftView(everybody, shift)),
    };
  });
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
