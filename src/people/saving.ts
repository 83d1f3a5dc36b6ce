/** What saving a team or a schedule has in common: checks of the fields, telling the screens. */
import { type Ctx, emit, invalid, sql } from '#kernel';
import type { Person } from '#security';
import { layerWarnings, refuseTaken, requireAccepted } from './checks.ts';
import { rosterChanged } from './events.ts';
import { teamExists } from './policies.ts';
import { readLayers, readZone, type ScheduleFields } from './schedules/fields.ts';

export interface TeamFields {
  name: string;
  description: string;
  members: { userId: string; role: 'lead' | 'member' }[];
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
