/** What saving a team or a schedule has in common: checks of the fields, telling the screens. */
import { type Ctx, emit, invalid, sql } from '#kernel';
import type { Person } from '#security';
import { layerWarnings, refuseTaken, requireAccepted } from './checks.ts';
import { type AuthorityToken, isAuthority, NEVER_STANDING } from './duties/authority.ts';
import { checkResponseTeam } from './duties/model.ts';
import { rosterChanged } from './events.ts';
import { teamExists } from './policies.ts';
import { readLayers, readZone, type ScheduleFields } from './schedules/fields.ts';
import { unknownHolidays } from './schedules/incoming.ts';

export interface TeamFields {
  name: string;
  description: string;
  members: { userId: string; role: 'lead' | 'member' | 'alternate'; functions?: string[] | undefined }[];
  response?: boolean | undefined;
  authority?: string[] | undefined;
  authorityScope?: 'own_services' | 'everywhere' | undefined;
}

/** Screens that show the roster load it again. */
export const tellScreens = (ctx: Ctx, what: string, id: string) =>
  emit(ctx, rosterChanged, { what, id }, { subject: id });

/** What a response team holds in writing, checked; an ordinary team holds nothing. */
function readAuthority(input: TeamFields): AuthorityToken[] {
  const tokens = [...new Set(input.authority ?? [])];
  const errors = tokens.flatMap((token, i) => {
    const path = `authority.${i}`;
    if (!isAuthority(token)) return [{ path, message: 'there is no such authority' }];
    return token === NEVER_STANDING
      ? [{ path, message: 'what cannot be undone is decided by a manager, or by two people' }]
      : [];
  });
  if (!input.response && tokens.length > 0)
    errors.push({ path: 'authority', message: 'only a response team holds authority in writing' });
  if (errors.length > 0) throw invalid('This authority cannot be given', 'people.team.authority', errors);
  return tokens.filter(isAuthority);
}

/** Name free, nobody in the team twice, a response team able to respond (M6a). Returns what to store. */
export async function checkTeam(ctx: Ctx, input: TeamFields, own?: string) {
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
  const authority = readAuthority(input);
  if (input.response) {
    const lacking = checkResponseTeam(input.members.map(({ functions = [], ...member }) => ({ ...member, functions })));
    if (lacking.errors.length > 0)
      throw invalid('This team cannot respond yet', 'people.team.response', lacking.errors);
  }
  const { name, description, response = false, authorityScope = 'own_services' as const } = input;
  return { name, description, response, authority, authorityScope };
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
