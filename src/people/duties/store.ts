/** The rows of roles, practice, certifications and bench alarms, and the SQL that reads and writes them. */
import { type Ctx, type Generated, type Instant, newId, notFound, type Selectable, type StampedAt } from '#kernel';
import type { AuthorityToken } from './authority.ts';
import { type Alarm, type Currency, currencyOf, type PracticeKind } from './model.ts';

export interface RolesTable {
  key: string;
  title: string;
  purpose: string;
  firstSteps: string;
  duties: string;
  handover: string;
  authority: AuthorityToken[];
  handsOn: boolean;
  shared: boolean;
  requiredFor: number[];
  scheduleId: string | null;
  certification: 'none' | 'warn' | 'required';
  position: number;
  builtIn: Generated<boolean>;
  retiredAt: Date | null;
  version: Generated<number>;
  createdAt: StampedAt;
}
export type RoleRow = Selectable<RolesTable>;

interface PracticesTable {
  id: string;
  userId: string;
  roleKey: string;
  kind: PracticeKind;
  at: Instant;
  note: string;
  ref: string | null;
  recordedBy: string;
  exercise: boolean;
  createdAt: StampedAt;
}
export type PracticeRow = Selectable<PracticesTable>;

interface CertificationsTable {
  userId: string;
  roleKey: string;
  grantedAt: Instant;
  grantedBy: string;
  note: string;
}

interface BenchAlarmsTable {
  id: string;
  roleKey: string;
  kind: Alarm['kind'];
  userId: string | null;
  text: string;
  raisedAt: Instant;
  clearedAt: Date | null;
}
export type BenchAlarmRow = Selectable<BenchAlarmsTable>;

declare module '#kernel' {
  interface Database {
    'people.roles': RolesTable;
    'people.practices': PracticesTable;
    'people.certifications': CertificationsTable;
    'people.benchAlarms': BenchAlarmsTable;
  }
}

type Reader = Pick<Ctx, 'db'>;

/** Every role that can be given, in its order; with `retired` also those that no longer can. */
export const allRoles = (ctx: Reader, options: { retired?: boolean } = {}): Promise<RoleRow[]> =>
  ctx.db
    .selectFrom('people.roles')
    .selectAll()
    .$if(!options.retired, (query) => query.where('retiredAt', 'is', null))
    .orderBy('position')
    .orderBy('title')
    .execute();

/** One role, retired or not; 404 when there never was one. */
export async function roleByKey(ctx: Reader, key: string): Promise<RoleRow> {
  const row = await ctx.db.selectFrom('people.roles').selectAll().where('key', '=', key).executeTakeFirst();
  if (!row) throw notFound('Role', /^[a-z0-9_]{1,40}$/.test(key) ? key : undefined);
  return row;
}

/** Adds practice. What came of the same thing (`ref`) counts once. */
export async function addPractice(
  ctx: Ctx,
  practice: Omit<PracticeRow, 'id' | 'createdAt' | 'recordedBy' | 'exercise'>,
): Promise<PracticeRow | undefined> {
  return ctx.db
    .insertInto('people.practices')
    .values({ ...practice, id: newId('prc'), recordedBy: ctx.actor.id, exercise: ctx.exercise })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export interface Standing {
  userId: string;
  roleKey: string;
  certified: boolean;
  currency: Currency;
}

/** Where everybody stands who ever practised or was certified; of one role or one person when asked so. */
export async function standings(
  ctx: Pick<Ctx, 'db' | 'now'>,
  of: { roleKey?: string; userId?: string } = {},
): Promise<Standing[]> {
  const { roleKey, userId } = of;
  const last = await ctx.db
    .selectFrom('people.practices')
    .select((eb) => ['userId', 'roleKey', eb.fn.max('at').as('at')])
    .$if(roleKey !== undefined, (query) => query.where('roleKey', '=', roleKey ?? ''))
    .$if(userId !== undefined, (query) => query.where('userId', '=', userId ?? ''))
    .groupBy(['userId', 'roleKey'])
    .execute();
  const granted = await ctx.db
    .selectFrom('people.certifications')
    .select(['userId', 'roleKey', 'grantedAt'])
    .$if(roleKey !== undefined, (query) => query.where('roleKey', '=', roleKey ?? ''))
    .$if(userId !== undefined, (query) => query.where('userId', '=', userId ?? ''))
    .execute();
  const keyOf = (row: { userId: string; roleKey: string }) => `${row.roleKey} ${row.userId}`;
  const practised = new Map(last.map((row) => [keyOf(row), row.at]));
  const certified = new Map(granted.map((row) => [keyOf(row), row.grantedAt]));
  const everybody = new Map([...last, ...granted].map((row) => [keyOf(row), row]));
  return [...everybody].map(([key, row]) => {
    const at = practised.get(key);
    const grantedAt = certified.get(key) ?? null;
    return {
      userId: row.userId,
      roleKey: row.roleKey,
      certified: grantedAt !== null,
      currency: currencyOf(grantedAt, at ? [at] : [], ctx.now),
    };
  });
}

/** Where one person stands in one role. */
export async function standingOf(ctx: Pick<Ctx, 'db' | 'now'>, userId: string, roleKey: string): Promise<Currency> {
  const [found] = await standings(ctx, { userId, roleKey });
  return found?.currency ?? currencyOf(null, [], ctx.now);
}

export const openAlarms = (ctx: Reader): Promise<BenchAlarmRow[]> =>
  ctx.db
    .selectFrom('people.benchAlarms')
    .selectAll()
    .where('clearedAt', 'is', null)
    .orderBy('raisedAt')
    .orderBy('id')
    .execute();
