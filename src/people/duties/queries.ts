/** Reads of roles for screens and for the modules above: what a role is, who is on its rota, who is current. */
import { addMs, type Ctx, personOf } from '#kernel';
import { activeIn, type Crowd, crowd, refOf } from '../crowd.ts';
import { dutiesBetween } from '../schedules/duty.ts';
import { REST_MS } from '../schedules/fairness.ts';
import { onCallAt } from '../schedules/model.ts';
import { requireWindow } from '../schedules/queries.ts';
import { loadAbsences, loadSchedules, participantsOf, planOf } from '../schedules/store.ts';
import { gatherBench } from './bench.ts';
import {
  type Currency,
  currencyOf,
  currencyWarning,
  QUARTER_MS,
  readinessOf,
  SOON_MS,
  suggest,
  UNPRACTISED_MS,
} from './model.ts';
import { allRoles, openAlarms, roleByKey, type RoleRow, standingOf, standings } from './store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;
const said = ({ state, lastPracticeAt, expiresAt }: Currency) => ({
  state,
  lastPracticeAt: iso(lastPracticeAt),
  expiresAt: iso(expiresAt),
});

/** Who is on the rota of each role at this moment; `userId` null when its rota has nobody. Roles without rota are not in it. */
export async function rotasNow(ctx: Ctx): Promise<Map<string, { scheduleId: string; userId: string | null }>> {
  const roles = (await allRoles(ctx)).filter(({ scheduleId }) => scheduleId !== null);
  if (roles.length === 0) return new Map();
  const isActive = activeIn(await crowd(ctx));
  const schedules = await loadSchedules(
    ctx.db,
    ctx.now,
    roles.flatMap(({ scheduleId }) => scheduleId ?? []),
  );
  return new Map(
    roles.flatMap(({ key, scheduleId }) => {
      const schedule = schedules.find(({ id }) => id === scheduleId);
      return schedule
        ? [[key, { scheduleId: schedule.id, userId: onCallAt(planOf(schedule, isActive), ctx.now).userId ?? null }]]
        : [];
    }),
  );
}

async function viewsOf(ctx: Ctx, everybody: Crowd, rows: RoleRow[]) {
  const rotas = await rotasNow(ctx);
  const ids = ['', ...rows.flatMap(({ scheduleId }) => scheduleId ?? [])];
  const names = await ctx.db.selectFrom('people.schedules').select(['id', 'name']).where('id', 'in', ids).execute();
  const known = await standings(ctx);
  return rows.map(({ position: _, scheduleId, createdAt: __, retiredAt, ...row }) => {
    const onCall = rotas.get(row.key)?.userId;
    const current = known.filter(({ roleKey, currency }) => roleKey === row.key && currency.state === 'current');
    return {
      ...row,
      rota: names.find(({ id }) => id === scheduleId) ?? null,
      onCall: onCall ? refOf(everybody, onCall) : null,
      current: current.filter(({ userId }) => everybody.users.get(userId)?.active).length,
      retired: retiredAt !== null,
    };
  });
}

/** Every role that can be given, with its card and who is on its rota now; at the end those taken out of use. */
export async function listRoles(ctx: Ctx) {
  const rows = await allRoles(ctx, { retired: true });
  return viewsOf(
    ctx,
    await crowd(ctx),
    rows.toSorted((a, b) => Number(a.retiredAt !== null) - Number(b.retiredAt !== null)),
  );
}

/** One role. Throws 404. */
export async function roleView(ctx: Ctx, key: string) {
  const [view] = await viewsOf(ctx, await crowd(ctx), [await roleByKey(ctx, key)]);
  return view!;
}

/** What to say when this person takes this role, and whether it is refused without a reason (role asks for a certificate). */
export async function currencyFor(
  ctx: Pick<Ctx, 'db' | 'now'>,
  person: { id: string; name: string },
  role: Pick<RoleRow, 'key' | 'title' | 'certification'>,
): Promise<{ state: Currency['state']; warning: string | null; refused: boolean }> {
  if (role.certification === 'none') return { state: 'none', warning: null, refused: false };
  const currency = await standingOf(ctx, person.id, role.key);
  return {
    state: currency.state,
    warning: currencyWarning(person.name, role.title, currency),
    refused: role.certification === 'required' && currency.state !== 'current',
  };
}

/** The bench: per role who is current, how duty was spread, what is lacking; readiness of the whole; who never practises. */
export async function benchOf(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const roles = await gatherBench(ctx, everybody);
  const alarms = await openAlarms(ctx);
  return {
    readiness: readinessOf(roles),
    roles: roles.map((role) => ({
      key: role.key,
      title: role.title,
      needed: role.needed,
      rota: role.row.scheduleId,
      current: role.people.filter(({ currency }) => currency.state === 'current').length,
      people: role.people.map(({ userId, currency }) => ({
        person: refOf(everybody, userId),
        ...said(currency),
        endsSoon:
          currency.state === 'current' && currency.expiresAt !== null && currency.expiresAt < addMs(ctx.now, SOON_MS),
        onRota: role.onRota.has(userId),
        hours: role.hours.get(userId) ?? 0,
        share: role.shares.find((one) => one.userId === userId)?.share ?? 0,
      })),
      alarms: alarms
        .filter(({ roleKey }) => roleKey === role.key)
        .map(({ id, kind, userId, text, raisedAt }) => ({
          id,
          kind,
          person: userId ? refOf(everybody, userId) : null,
          text,
          raisedAt: raisedAt.toISOString(),
        })),
    })),
    unpractised: await unpractised(ctx, everybody),
  };
}

/** Everybody on any rota who has neither drilled nor had duty in two quarters (M15b): no role held, no page answered. */
async function unpractised(ctx: Ctx, everybody: Crowd) {
  const since = addMs(ctx.now, -UNPRACTISED_MS);
  const practised = await ctx.db
    .selectFrom('people.practices')
    .select('userId')
    .distinct()
    .where('at', '>', since)
    .where('kind', 'in', ['drill', 'duty'])
    .execute();
  const answered = await ctx.db
    .selectFrom('people.pages')
    .select('acknowledgedBy')
    .distinct()
    .where('acknowledgedAt', '>', since)
    .where('acknowledgedBy', 'is not', null)
    .execute();
  const seen = new Set([...practised.map(({ userId }) => userId), ...answered.map((row) => row.acknowledgedBy)]);
  const rotas = new Map<string, string[]>();
  for (const schedule of await loadSchedules(ctx.db, ctx.now))
    for (const userId of participantsOf(schedule))
      if (!seen.has(userId) && everybody.users.get(userId)?.active)
        rotas.set(userId, [...(rotas.get(userId) ?? []), schedule.name]);
  return [...rotas]
    .map(([userId, schedules]) => ({ person: refOf(everybody, userId), schedules }))
    .toSorted((a, b) => a.person.name.localeCompare(b.person.name));
}

/** Who should take a stretch of a role's rota: least recent practice first, rest kept (M34a). Throws 404, 422. */
export async function suggestionFor(ctx: Ctx, key: string, from: Date, to: Date) {
  requireWindow(from, to);
  const role = await roleByKey(ctx, key);
  const everybody = await crowd(ctx);
  const isActive = activeIn(everybody);
  const known = new Map((await standings(ctx, { roleKey: role.key })).map((one) => [one.userId, one.currency]));
  const schedules = await loadSchedules(ctx.db, from, role.scheduleId ? [role.scheduleId] : []);
  const nothing = currencyOf(null, [], ctx.now);
  const people = [...new Set([...known.keys(), ...schedules.flatMap(participantsOf)])]
    .filter(isActive)
    .map((userId) => ({ userId, currency: known.get(userId) ?? nothing }));
  const duties = await dutiesBetween(ctx, undefined, addMs(from, -QUARTER_MS), addMs(to, REST_MS));
  const absences = (await loadAbsences(ctx.db, from)).map((row) => ({
    userId: row.userId,
    from: row.fromAt,
    to: row.toAt,
  }));
  return suggest(people, { from, to }, duties, absences).map((one) => ({
    person: refOf(everybody, one.userId),
    lastPracticeAt: iso(one.lastPracticeAt),
    lastDuty: iso(one.lastDuty),
    hindrance: one.hindrance,
    reachable: everybody.proven.has(one.userId),
  }));
}

/** What one person practised, newest first; without `userId` the asker's own. */
export async function practicesOf(ctx: Ctx, filter: { userId?: string | undefined; roleKey?: string | undefined }) {
  const userId = filter.userId ?? personOf(ctx.actor) ?? '';
  const everybody = await crowd(ctx);
  const rows = await ctx.db
    .selectFrom('people.practices as p')
    .innerJoin('people.roles as r', 'r.key', 'p.roleKey')
    .select(['p.id', 'p.roleKey', 'r.title', 'p.kind', 'p.at', 'p.note', 'p.ref', 'p.recordedBy', 'p.exercise'])
    .where('p.userId', '=', userId)
    .$if(filter.roleKey !== undefined, (query) => query.where('p.roleKey', '=', filter.roleKey ?? ''))
    .orderBy('p.at', 'desc')
    .orderBy('p.id', 'desc')
    .limit(200)
    .execute();
  return rows.map(({ roleKey, title, at, recordedBy, ...row }) => ({
    ...row,
    role: { key: roleKey, title },
    at: at.toISOString(),
    by: recordedBy.startsWith('system:') ? 'Evenkeel' : refOf(everybody, recordedBy).name,
  }));
}

/** What the bench lacks now, for the home of those who plan. */
export const benchAlarms = async (ctx: Ctx) =>
  (await openAlarms(ctx)).map(({ id, roleKey, kind, userId, text, raisedAt }) => ({
    id,
    role: roleKey,
    kind,
    userId,
    text,
    raisedAt,
  }));

/**
 * Written authority a person has by a response team (M6b): of teams that answer everywhere, and of those that own one of
 * these teams' services. Alternates hold it too: they stand in without asking first.
 */
export async function teamAuthorityOf(
  ctx: Pick<Ctx, 'db'>,
  userId: string,
  owners: readonly string[],
): Promise<{ team: string; authority: string[] }[]> {
  const rows = await ctx.db
    .selectFrom('people.teams as t')
    .innerJoin('people.teamMembers as m', 'm.teamId', 't.id')
    .select(['t.id', 't.name', 't.authority', 't.authorityScope'])
    .where('m.userId', '=', userId)
    .where('t.response', '=', true)
    .execute();
  return rows
    .filter((team) => team.authorityScope === 'everywhere' || owners.includes(team.id))
    .map(({ name, authority }) => ({ team: name, authority }));
}
