/** What a policy must be before it is saved: targets that exist, hours that mean something, delays that leave time to read. */
import { listRooms } from '#channels';
import { type Ctx, type Db, type FieldError, invalid, sql } from '#kernel';
import { refuseTaken } from './checks.ts';
import { clampDelay, type Step, type Target, type When } from './plan.ts';
import { checkWindow, readZone } from './schedules/fields.ts';

export interface PolicyFields {
  name: string;
  teamId: string | null;
  steps: Step[];
  repeat: number;
  /** Minutes after which a taken page asks again; nothing: never. */
  ackTimeoutMinutes?: number | null | undefined;
}

/** More than any house needs; a thousand would be a mistake (bad input row 96). */
const MOST_STEPS = 20;
const MOST_REPEATS = 10;

/**
 * Targets and team must exist, the name be free; delays are clamped (bad input row 96). A policy calls no other policy, so
 * there is no circle to go round in. Returns what to save.
 */
export async function checkPolicy(ctx: Ctx, input: PolicyFields, own?: string): Promise<PolicyFields> {
  const errors = await faultyTargets(ctx, input.steps);
  if (input.teamId && !(await teamExists(ctx.db, input.teamId)))
    errors.push({ path: 'teamId', message: 'there is no such team' });
  if (input.steps.length < 1 || input.steps.length > MOST_STEPS)
    errors.push({ path: 'steps', message: `between 1 and ${MOST_STEPS} steps` });
  if (input.repeat > MOST_REPEATS) errors.push({ path: 'repeat', message: `at most ${MOST_REPEATS} times` });
  const steps = input.steps.map((step, i) => ({
    ...step,
    delaySeconds: clampDelay(step.delaySeconds),
    ...whenOf(step.when, `steps.${i}.when`, errors),
  }));
  if (errors.length > 0) throw invalid('This policy cannot be saved', 'people.policy', errors);
  const taken = await ctx.db
    .selectFrom('people.policies')
    .select('id')
    .where(sql<string>`lower(name)`, '=', input.name.toLowerCase())
    .executeTakeFirst();
  refuseTaken('policy', input.name, taken, own);
  return { ...input, steps: steps.map(tidy), ackTimeoutMinutes: input.ackTimeoutMinutes ?? null };
}

/** The condition with its zone in the usual spelling; what says nothing is left out. */
function whenOf(when: When | null | undefined, path: string, errors: FieldError[]): { when?: When } {
  if (!when || Object.values(when).every((value) => value === undefined)) return {};
  if (!when.hours) return { when };
  const place = readZone(when.hours.zone);
  if (!place.ok) errors.push({ path: `${path}.hours.zone`, message: place.message });
  when.hours.windows.forEach((window, i) => checkWindow(window, `${path}.hours.windows.${i}.`, errors));
  return { when: { ...when, hours: { ...when.hours, zone: place.zone } } };
}

/** One form for one meaning: the same step twice is the same text, so that saving it again changes nothing. */
const tidy = ({ delaySeconds, targets, call, when }: Step): Step => ({
  delaySeconds,
  targets,
  ...(call === 'round_robin' && { call }),
  ...(when && { when }),
});

const WORDS: Record<Target['kind'], string> = {
  user: 'active person',
  schedule: 'schedule',
  team: 'team',
  team_on_call: 'team',
  role: 'incident role in use',
  webhook: 'webhook',
  room: 'room',
};

async function faultyTargets(ctx: Ctx, steps: Step[]): Promise<FieldError[]> {
  const targets = steps.flatMap((step, s) =>
    step.targets.map((target, t) => ({ target, path: `steps.${s}.targets.${t}` })),
  );
  const known = await knownTargets(
    ctx,
    targets.map(({ target }) => target),
  );
  return targets
    .filter(({ target }) => !known.has(keyOf(target)))
    .map(({ target, path }) => ({ path, message: `there is no such ${WORDS[target.kind]}` }));
}

const keyOf = ({ kind, id }: Target) => `${kind}:${kind === 'room' ? id.toLowerCase() : id}`;

export const teamExists = async (db: Db, id: string) =>
  (await db.selectFrom('people.teams').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

async function knownTargets(ctx: Ctx, targets: Target[]): Promise<Set<string>> {
  const { db } = ctx;
  const ids = (...kinds: Target['kind'][]) => [
    '',
    ...targets.filter((target) => kinds.includes(target.kind)).map((target) => target.id),
  ];
  const has = (kind: Target['kind']) => targets.some((target) => target.kind === kind);
  const schedules = await db.selectFrom('people.schedules').select('id').where('id', 'in', ids('schedule')).execute();
  const teams = await db
    .selectFrom('people.teams')
    .select('id')
    .where('id', 'in', ids('team', 'team_on_call'))
    .execute();
  const users = await db
    .selectFrom('security.users')
    .select('id')
    .where('id', 'in', ids('user'))
    .where('active', '=', true)
    .execute();
  const webhooks = has('webhook')
    ? await db
        .selectFrom('people.pageWebhooks')
        .select('endpointId')
        .where('endpointId', 'in', ids('webhook'))
        .execute()
    : [];
  const roles = has('role')
    ? await db
        .selectFrom('people.roles')
        .select('key')
        .where('key', 'in', ids('role'))
        .where('retiredAt', 'is', null)
        .execute()
    : [];
  const rooms = has('room') ? await listRooms(ctx) : [];
  return new Set([
    ...schedules.map(({ id }) => `schedule:${id}`),
    ...teams.flatMap(({ id }) => [`team:${id}`, `team_on_call:${id}`]),
    ...users.map(({ id }) => `user:${id}`),
    ...roles.map(({ key }) => `role:${key}`),
    ...webhooks.map(({ endpointId }) => `webhook:${endpointId}`),
    ...rooms.map(({ channel, name }) => `room:${channel}:${name.toLowerCase()}`),
  ]);
}

/** The policies that call or tell this target, as sentences. */
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
