/** What saving a team, a schedule or a policy has in common: checks of the fields, uses elsewhere, telling the screens. */
import { type Ctx, type Db, emit, invalid, sql } from '#kernel';
import type { Person } from '#security';
import { layerWarnings, refuseTaken, requireAccepted } from './checks.ts';
import { clampDelay, type Step, type Target } from './escalation.ts';
import { rosterChanged } from './events.ts';
import { readLayers, readZone, type ScheduleFields } from './schedules/fields.ts';
import { unknownHolidays } from './schedules/incoming.ts';

export interface TeamFields {
  name: string;
  description: string;
  members: { userId: string; role: 'lead' | 'member' }[];
}

export interface PolicyFields {
  name: string;
  teamId: string | null;
  steps: Step[];
  repeat: number;
}

/** Screens that show the roster load it again. */
export const tellScreens = (ctx: Ctx, what: string, id: string) =>
  emit(ctx, rosterChanged, { what, id }, { subject: id });

/** Name free, and nobody in the team twice. */
export async function checkTeam(ctx: Ctx, input: TeamFields, own?: string): Promise<void> {
  const taken = await ctx.db
    .selectFrom('people.teams')
    .select('id')
    .where(sql<string>`lower(name)`, '=', input.name.toLowerCase())
    .executeTakeFirst();
  refuseTaken('team', input.name, taken, own);
  const seen = new Set<string>();
  const errors = input.members.flatMap(({ userId }, i) => {
    if (seen.has(userId))
      return [
        {
          path: `members.${i}.userId`,
          message: 'this person is in the team already',
        },
      ];
    seen.add(userId);
    return [];
  });
  if (errors.length > 0) throw invalid('Nobody can be in a team twice', 'people.team', errors);
}

/** Zone, layers, team and name must make sense, and warnings must be accepted. Returns what to save. */
export async function checkSchedule(ctx: Ctx, users: Map<string, Person>, input: ScheduleFields, own?: string) {
  const { name, teamId, acceptWarnings } = input;
  const place = readZone(input.zone);
  const { layers, errors } = readLayers(input);
  if (!place.ok) errors.unshift({ path: 'zone', message: place.message });
  if (teamId && !(await teamExists(ctx.db, teamId))) errors.push({ path: 'teamId', message: 'there is no such team' });
  errors.push(...(await unknownHolidays(ctx.db, input.holidays ?? [])));
  if (errors.length > 0) throw invalid('This schedule cannot be saved', 'people.schedule', errors);
  const taken = await ctx.db
    .selectFrom('people.schedules')
    .select('id')
    .where(sql<string>`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst();
  refuseTaken('schedule', name, taken, own);
  requireAccepted(await layerWarnings(ctx, users, layers), acceptWarnings);
  return { fields: { name, teamId, zone: place.zone }, layers };
}

/** The people of a schedule as they were sent, each with its field. */
export const namedIn = (input: ScheduleFields): { path: string; id: string }[] => [
  ...(input.participants ?? []).map((id, i) => ({ path: `participants.${i}`, id })),
  ...(input.layers ?? []).flatMap((layer, l) =>
    layer.participants.map((id, i) => ({ path: `layers.${l}.participants.${i}`, id })),
  ),
];

/** Targets and team must exist, the name be free; delays are clamped (bad input row 96). */
export async function checkPolicy(ctx: Ctx, input: PolicyFields, own?: string): Promise<PolicyFields> {
  const targets = input.steps.flatMap((step, s) =>
    step.targets.map((target, t) => ({
      target,
      path: `steps.${s}.targets.${t}`,
    })),
  );
  const known = await knownTargets(
    ctx.db,
    targets.map(({ target }) => target),
  );
  const errors = targets
    .filter(({ target }) => !known.has(`${target.kind}:${target.id}`))
    .map(({ target, path }) => ({
      path,
      message: `there is no such ${target.kind === 'user' ? 'active person' : target.kind}`,
    }));
  if (input.teamId && !(await teamExists(ctx.db, input.teamId)))
    errors.push({ path: 'teamId', message: 'there is no such team' });
  if (errors.length > 0) throw invalid('This policy cannot be saved', 'people.policy', errors);
  const taken = await ctx.db
    .selectFrom('people.policies')
    .select('id')
    .where(sql<string>`lower(name)`, '=', input.name.toLowerCase())
    .executeTakeFirst();
  refuseTaken('policy', input.name, taken, own);
  return {
    ...input,
    steps: input.steps.map((step) => ({
      ...step,
      delaySeconds: clampDelay(step.delaySeconds),
    })),
  };
}

const teamExists = async (db: Db, id: string) =>
  (await db.selectFrom('people.teams').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

async function knownTargets(db: Db, targets: Target[]): Promise<Set<string>> {
  const ids = (kind: Target['kind']) => [
    '',
    ...targets.filter((target) => target.kind === kind).map((target) => target.id),
  ];
  const schedules = await db.selectFrom('people.schedules').select('id').where('id', 'in', ids('schedule')).execute();
  const teams = await db.selectFrom('people.teams').select('id').where('id', 'in', ids('team')).execute();
  const users = await db
    .selectFrom('security.users')
    .select('id')
    .where('id', 'in', ids('user'))
    .where('active', '=', true)
    .execute();
  return new Set([
    ...schedules.map(({ id }) => `schedule:${id}`),
    ...teams.map(({ id }) => `team:${id}`),
    ...users.map(({ id }) => `user:${id}`),
  ]);
}

/** The policies that call this schedule, team or person, as sentences. */
export async function usesOfTarget(db: Db, kind: Target['kind'], id: string): Promise<string[]> {
  const wanted = JSON.stringify([{ targets: [{ kind, id }] }]);
  const rows = await db
    .selectFrom('people.policies')
    .select('name')
    .where(sql<boolean>`steps @> cast(${wanted} as jsonb)`)
    .orderBy('name')
    .execute();
  return rows.map((row) => `policy ${row.name}`);
}
