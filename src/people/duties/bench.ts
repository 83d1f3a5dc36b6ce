/** Who can hold which role: gathers practice and duty, and keeps the alarms of what the bench lacks. */
import { addMs, type Ctx, emit, newId } from '#kernel';
import { type Crowd, crowd, refOf } from '../crowd.ts';
import { benchAlarmRaised } from '../events.ts';
import { dutiesBetween } from '../schedules/duty.ts';
import { loads } from '../schedules/fairness.ts';
import { tell } from '../schedules/telling.ts';
import { loadSchedules, participantsOf } from '../schedules/store.ts';
import { type Alarm, alarmsOf, type BenchRole, currencyOf, QUARTER_MS } from './model.ts';
import { allRoles, openAlarms, type RoleRow, standings } from './store.ts';

export interface GatheredRole extends BenchRole {
  row: RoleRow;
  /** Hours of its rota in the quarter, by person. */
  hours: Map<string, number>;
  onRota: Set<string>;
}

/** Every role with its people: who practised, who is certified, who is on its rota. Those who left are left out. */
export async function gatherBench(ctx: Ctx, everybody: Crowd): Promise<GatheredRole[]> {
  const roles = await allRoles(ctx);
  const all = await standings(ctx);
  const ids = roles.flatMap(({ scheduleId }) => scheduleId ?? []);
  const schedules = await loadSchedules(ctx.db, ctx.now, ids);
  const duties = (await Promise.all(schedules.map((schedule) => quarterOf(ctx, schedule)))).flat();
  const here = (userId: string) => everybody.users.get(userId)?.active === true;
  return roles.map((row) => {
    const rota = schedules.find(({ id }) => id === row.scheduleId);
    const onRota = new Set(rota ? participantsOf(rota) : []);
    const known = new Map(
      all.filter(({ roleKey }) => roleKey === row.key).map(({ userId, currency }) => [userId, currency]),
    );
    const nothing = currencyOf(null, [], ctx.now);
    const people = [...new Set([...known.keys(), ...onRota])]
      .filter(here)
      .map((userId) => ({ userId, name: refOf(everybody, userId).name, currency: known.get(userId) ?? nothing }));
    const spread = loads(
      [],
      duties.filter(({ scheduleId }) => scheduleId === row.scheduleId),
      (userId) => everybody.users.get(userId)?.timeZone ?? 'UTC',
    ).filter(({ userId }) => here(userId));
    return {
      row,
      key: row.key,
      title: row.title,
      needed: row.scheduleId !== null || people.some(({ currency }) => currency.expiresAt !== null),
      people: people.toSorted((a, b) => a.name.localeCompare(b.name)),
      shares: spread.map(({ userId, share }) => ({ userId, name: refOf(everybody, userId).name, share })),
      hours: new Map(spread.map(({ userId, hours }) => [userId, hours])),
      onRota,
    };
  });
}

/** Thirteen weeks of a rota's duty: the last ones, or for a younger rota those it has had and the next it plans. */
function quarterOf(ctx: Ctx, { id, createdAt }: { id: string; createdAt: Date }) {
  const last = addMs(ctx.now, -QUARTER_MS);
  const from = createdAt > last ? createdAt : last;
  return dutiesBetween(ctx, [id], from, addMs(from, QUARTER_MS));
}

/** Raises what is newly lacking, clears what is mended. Safe to run as often as one likes. */
export async function refreshBench(ctx: Ctx): Promise<{ raised: number; cleared: number }> {
  const everybody = await crowd(ctx);
  const roles = await gatherBench(ctx, everybody);
  const open = await openAlarms(ctx);
  const wanted = roles.flatMap((role) => alarmsOf(role).map((alarm) => ({ role, alarm })));
  const same = (key: string, alarm: Alarm) => (row: (typeof open)[number]) =>
    row.roleKey === key && row.kind === alarm.kind && row.userId === alarm.userId;
  const gone = open.filter((row) => !wanted.some(({ role, alarm }) => same(role.key, alarm)(row)));
  if (gone.length > 0)
    await ctx.db
      .updateTable('people.benchAlarms')
      .set({ clearedAt: ctx.now })
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute();
  let raised = 0;
  for (const { role, alarm } of wanted) {
    const known = open.find(same(role.key, alarm));
    if (known) await sayAgain(ctx, known, alarm.text);
    else if (await raise(ctx, everybody, role, alarm)) raised += 1;
  }
  return { raised, cleared: gone.length };
}

async function sayAgain(ctx: Ctx, row: { id: string; text: string }, text: string): Promise<void> {
  if (row.text !== text)
    await ctx.db.updateTable('people.benchAlarms').set({ text }).where('id', '=', row.id).execute();
}

async function raise(ctx: Ctx, everybody: Crowd, { row }: GatheredRole, alarm: Alarm): Promise<boolean> {
  const id = newId('bal');
  const added = await ctx.db
    .insertInto('people.benchAlarms')
    .values({ id, roleKey: row.key, kind: alarm.kind, userId: alarm.userId, text: alarm.text, raisedAt: ctx.now })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) return false;
  await emit(
    ctx,
    benchAlarmRaised,
    { alarmId: id, role: row.key, kind: alarm.kind, text: alarm.text },
    { subject: id },
  );
  // A drill's practice may clear an alarm; a mail it would send leaves as part of the drill, so it stays quiet.
  if (ctx.exercise) return true;
  for (const userId of await whoToTell(ctx, row, alarm))
    await tell(ctx, everybody.users.get(userId), id, `Rota of ${row.title}: something to mend`, [alarm.text]);
  return true;
}

/** Whose practice is too old is told; what a rota lacks, the leads of its team. */
async function whoToTell(ctx: Ctx, role: RoleRow, alarm: Alarm): Promise<string[]> {
  if (alarm.kind === 'expired' && alarm.userId) return [alarm.userId];
  const leads = await ctx.db
    .selectFrom('people.schedules as s')
    .innerJoin('people.teamMembers as m', 'm.teamId', 's.teamId')
    .select('m.userId')
    .where('s.id', '=', role.scheduleId ?? '')
    .where('m.role', '=', 'lead')
    .execute();
  return leads.map(({ userId }) => userId);
}
