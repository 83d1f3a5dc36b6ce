/** Who would be called now: schedules, teams and people of a plan turned into persons, with the reason. Reads only. */
import { ahead, type Ctx, sent, zone } from '#kernel';
import { type Person, usersAndAdmins } from '#security';
import { gateOf } from './conditions.ts';
import type { ContactMethodRow } from './contact-store.ts';
import { methodsOf } from './contact.ts';
import type { Called, Post, Resolved, StepNow } from './escalation.ts';
import { played, playersNow } from './enrolled.ts';
import { emergencyInTransaction } from './foresight.ts';
import { leadsToPeople, type PageFacts, type Plan, type Target } from './plan.ts';
import { endOfTurn, nowAndNext } from './schedules/model.ts';
import { type LoadedSchedule, loadSchedules, participantsOf, planOf } from './schedules/store.ts';
import { type RoleNow, rolesNow } from './holders.ts';
import { postOf, webhookNames } from './webhooks.ts';

interface Roster {
  users: Map<string, Person>;
  /** Of everybody a plan names, not of the administrators that stand in for a missing emergency contact. */
  methods: Map<string, ContactMethodRow[]>;
  schedules: Map<string, LoadedSchedule>;
  members: {
    teamId: string;
    userId: string;
    role: 'lead' | 'member' | 'alternate';
    teamName: string;
  }[];
  roles: RoleNow[];
  webhooks: Map<string, string>;
  emergency: string[];
}

export interface PlanPeople extends Resolved {
  people: Map<string, Person>;
  methods: Map<string, ContactMethodRow[]>;
}

/** Looks up everybody a plan could call at this moment, who they are and how they are reached. */
export async function resolvePlan(ctx: Ctx, plan: Plan, anyoneCalled: boolean, page: PageFacts): Promise<PlanPeople> {
  const targets = plan.steps.flatMap((step) => step.targets);
  const players = ctx.exercise && !plan.sink ? await playersNow(ctx) : null;
  const roster = await loadRoster(ctx, targets, plan.teamId, page, players ?? []);
  const resolved = {
    steps: plan.steps.map((step): StepNow => ({
      people: step.targets.flatMap((target) => peopleOf(roster, target, ctx.now)),
      posts: step.targets.flatMap((target) => postsOf(roster, target)),
      wantsPeople: step.targets.some(leadsToPeople),
      gate: gateOf(step.when, page, ctx.now),
    })),
    teamLeads: plan.teamId ? leadsOf(roster, plan.teamId) : [],
    emergency: plan.sink ? [] : emergencyPeople(roster.emergency, roster.users),
    anyoneCalled,
    people: roster.users,
    methods: roster.methods,
  };
  return players ? played(resolved, players, roster.users) : resolved;
}

/** Two round trips: what the plan names, then the people behind it; one, when it names nobody but people. */
async function loadRoster(
  ctx: Ctx,
  targets: Target[],
  teamId: string | null,
  page: PageFacts,
  players: readonly string[],
): Promise<Roster> {
  const ids = (kind: Target['kind']) => targets.filter((target) => target.kind === kind).map((target) => target.id);
  const teamIds = [...ids('team'), ...(teamId ? [teamId] : [])];
  const onCallTeams = ids('team_on_call');
  const roles = await rolesNow(ctx, ids('role'), page);
  const more = [
    ...(onCallTeams.length > 0 ? await schedulesOfTeams(ctx, onCallTeams) : []),
    ...roles.flatMap(({ scheduleId }) => scheduleId ?? []),
  ];
  const [{ userIds: emergency }, schedules, members, webhooks] = await Promise.all([
    emergencyInTransaction(ctx),
    loadSchedules(ctx.db, ctx.now, [...ids('schedule'), ...more]),
    membersOf(ctx, teamIds),
    webhookNames(ctx.db, ids('webhook')),
  ]);
  const named = [
    ...players,
    ...ids('user'),
    ...emergency,
    ...roles.flatMap(({ holders }) => holders),
    ...members.map((member) => member.userId),
    ...schedules.flatMap((schedule) => [...participantsOf(schedule), ...schedule.overrides.map((row) => row.userId)]),
  ];
  const [users, methods] = await Promise.all([usersAndAdmins(ctx, named), methodsOf(ctx.db, [...new Set(named)])]);
  return {
    users: new Map(users.map((user) => [user.id, user])),
    methods,
    schedules: new Map(schedules.map((schedule) => [schedule.id, schedule])),
    members,
    roles,
    webhooks,
    emergency,
  };
}

async function membersOf(ctx: Ctx, teamIds: string[]): Promise<Roster['members']> {
  if (teamIds.length === 0) return [];
  return await sent(
    ctx.db
      .selectFrom('people.teamMembers as m')
      .innerJoin('people.teams as t', 't.id', 'm.teamId')
      .select(['m.teamId', 'm.userId', 'm.role', 't.name as teamName'])
      .where('m.teamId', 'in', teamIds)
      // Alternates stand in; they are not called with the team.
      .where('m.role', '<>', 'alternate')
      .modifyEnd(ahead),
  );
}

const schedulesOfTeams = async (ctx: Ctx, teamIds: string[]): Promise<string[]> =>
  (await ctx.db.selectFrom('people.schedules').select('id').where('teamId', 'in', teamIds).execute()).map(
    ({ id }) => id,
  );

const postsOf = (roster: Roster, target: Target): Post[] =>
  leadsToPeople(target) ? [] : [postOf(target, roster.webhooks)];

function peopleOf(roster: Roster, target: Target, now: Date): Called[] {
  const isActive = (userId: string) => roster.users.get(userId)?.active === true;
  if (target.kind === 'user') return isActive(target.id) ? [{ userId: target.id, because: 'named in the policy' }] : [];
  if (target.kind === 'team') {
    const members = roster.members.filter((member) => member.teamId === target.id && isActive(member.userId));
    return members.map((member) => ({
      userId: member.userId,
      because: `in the team ${member.teamName}`,
    }));
  }
  if (target.kind === 'team_on_call')
    return [...roster.schedules.values()]
      .filter((schedule) => schedule.teamId === target.id)
      .flatMap((schedule) => onDuty(schedule, isActive, now));
  if (target.kind === 'role') return withRole(roster, target.id, isActive, now);
  const schedule = target.kind === 'schedule' ? roster.schedules.get(target.id) : undefined;
  return schedule ? onDuty(schedule, isActive, now) : [];
}

/** Those who hold the role in the incident of the page; without, whoever is on its rota. */
function withRole(roster: Roster, key: string, isActive: (userId: string) => boolean, now: Date): Called[] {
  const role = roster.roles.find((one) => one.key === key);
  if (!role) return [];
  const holders = role.holders.filter(isActive);
  if (holders.length > 0)
    return holders.map((userId) => ({ userId, because: `has the role ${role.title} in this incident` }));
  const rota = role.scheduleId ? roster.schedules.get(role.scheduleId) : undefined;
  const duty = rota ? onDuty(rota, isActive, now) : [];
  return duty.map(({ userId, because }) => ({ userId, because: `${because}, for the role ${role.title}` }));
}

function onDuty(schedule: LoadedSchedule, isActive: (userId: string) => boolean, now: Date): Called[] {
  const duty = planOf(schedule, isActive);
  const { now: shift, next } = nowAndNext(duty, now);
  if (!shift.userId) return [];
  const until = zone.sayInstant(schedule.zone, next ? shift.to : endOfTurn(duty, now));
  return [
    {
      userId: shift.userId,
      because: `on call in ${schedule.name} until ${until}`,
    },
  ];
}

/** The active leads of a team, or all its active members when it has no lead. */
function leadsOf(roster: Roster, teamId: string): Called[] {
  const active = roster.members.filter((member) => member.teamId === teamId && roster.users.get(member.userId)?.active);
  const leads = active.filter((member) => member.role === 'lead');
  return (leads.length > 0 ? leads : active).map((member) => ({
    userId: member.userId,
    because: `leads the team ${member.teamName}`,
  }));
}

function emergencyPeople(userIds: string[], users: Map<string, Person>): Called[] {
  const chosen = userIds.filter((id) => users.get(id)?.active);
  if (chosen.length > 0)
    return chosen.map((userId) => ({
      userId,
      because: 'emergency contact of this installation',
    }));
  const admins = [...users.values()].filter((user) => user.active && user.roles.includes('admin'));
  return admins.map((user) => ({
    userId: user.id,
    because: 'administrator, as no emergency contact is set',
  }));
}
