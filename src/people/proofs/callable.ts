/** Who can be called at all: people of schedules and policies, leads, emergency contacts; and who owns a schedule. Reads only. */
import { addMs, type Ctx, readSetting } from '#kernel';
import { type Person, usersAndAdmins } from '#security';
import { activeIn, type Crowd } from '../crowd.ts';
import { finalShifts, type Shift } from '../schedules/model.ts';
import { GAP_WINDOW_MS } from '../schedules/queries.ts';
import { type LoadedSchedule, loadSchedules, participantsOf, planOf } from '../schedules/store.ts';
import { emergencyContact } from '../settings.ts';
import { resolvePlan } from '../who.ts';

export interface Cover {
  schedule: LoadedSchedule;
  /** The next 14 days, touching, gaps among them. The first begins now, whenever it really began. */
  shifts: Shift[];
}

/** The next 14 days of every schedule. One that changes hands too often to be calculated has no shifts. */
export async function coverAhead(ctx: Ctx, everybody: Crowd): Promise<Cover[]> {
  const schedules = await loadSchedules(ctx.db, ctx.now);
  return schedules.map((schedule) => ({ schedule, shifts: shiftsAhead(ctx, everybody, schedule) }));
}

function shiftsAhead(ctx: Ctx, everybody: Crowd, schedule: LoadedSchedule): Shift[] {
  try {
    return finalShifts(planOf(schedule, activeIn(everybody)), ctx.now, addMs(ctx.now, GAP_WINDOW_MS));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    ctx.log.warn({ schedule: schedule.id }, 'a schedule changes hands too often for its next 14 days to be calculated');
    return [];
  }
}

/** Everybody a page may call in the next 14 days. */
export async function callablePeople(ctx: Ctx, everybody: Crowd, covers: Cover[]): Promise<Person[]> {
  const ids = new Set<string>();
  for (const { schedule, shifts } of covers) {
    for (const id of participantsOf(schedule)) ids.add(id);
    for (const { userId } of shifts) if (userId) ids.add(userId);
  }
  const policies = await ctx.db.selectFrom('people.policies').select(['steps', 'teamId']).execute();
  const targets = policies.flatMap(({ steps }) => steps.flatMap((step) => step.targets));
  for (const { kind, id } of targets) if (kind === 'user') ids.add(id);
  const teams = new Set(targets.filter(({ kind }) => kind === 'team').map(({ id }) => id));
  const members = await ctx.db.selectFrom('people.teamMembers').selectAll().execute();
  for (const { teamId, userId, role } of members) if (teams.has(teamId) || role === 'lead') ids.add(userId);
  const { userIds } = await readSetting(ctx, emergencyContact);
  const emergency = userIds.filter(activeIn(everybody));
  for (const id of emergency) ids.add(id);
  if (emergency.length === 0)
    for (const user of everybody.users.values()) if (user.roles.includes('admin')) ids.add(user.id);
  return [...everybody.users.values()].filter((user) => user.active && ids.has(user.id));
}

/** Who answers for a team's cover: its leads (all its members when it has none), else the emergency contact, else the administrators. */
export async function ownersOf(ctx: Ctx, teamId: string | null): Promise<Person[]> {
  const plan = { policyId: null, version: null, name: '', teamId, steps: [], repeat: 0 };
  const { teamLeads, emergency, people } = await resolvePlan(ctx, plan, false, { urgency: 'high', priority: null });
  const owners = teamLeads.length > 0 ? teamLeads : emergency;
  return owners.flatMap(({ userId }) => people.get(userId) ?? []);
}

/** Those who answer for the whole installation: the emergency contact and every administrator. */
export async function guardians(ctx: Ctx): Promise<Person[]> {
  const { userIds } = await readSetting(ctx, emergencyContact);
  const people = await usersAndAdmins(ctx, userIds);
  return people.filter((person) => person.active);
}
