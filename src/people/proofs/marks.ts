/** How far a watch has looked, one row each. */
import { type Ctx, type Db, sql } from '#kernel';

/** The mark of a watch; undefined before its first look. */
export const readMark = (db: Db, name: string) =>
  db.selectFrom('people.watchMarks').selectAll().where('name', '=', name).executeTakeFirst();

/** Moves a mark. */
export async function saveMark(ctx: Pick<Ctx, 'db' | 'now'>, name: string, seen: string): Promise<void> {
  await ctx.db
    .insertInto('people.watchMarks')
    .values({ name, seen, lookedAt: ctx.now })
    .onConflict((on) => on.column('name').doUpdateSet({ seen, lookedAt: ctx.now }))
    .execute();
}

/** Locks a mark for the rest of the transaction, made when it is not there. */
export async function lockMark(ctx: Pick<Ctx, 'db' | 'now'>, name: string, first: string): Promise<string> {
  await ctx.db
    .insertInto('people.watchMarks')
    .values({ name, seen: first, lookedAt: ctx.now })
    .onConflict((on) => on.column('name').doNothing())
    .execute();
  const row = await ctx.db
    .selectFrom('people.watchMarks')
    .select('seen')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row.seen;
}

/**
 * Everything that decides who is on call and how they are reached, summed up in one line: another line means that
 * something changed, whichever way. Small tables, one statement.
 */
export async function coverSum(db: Db): Promise<string> {
  const { rows } = await sql<{ sum: string }>`select concat_ws('|',
    (select concat_ws(',', count(*), sum(version)) from people.schedules),
    (select concat_ws(',', count(*), max(created_at)) from people.overrides),
    (select concat_ws(',', count(*), max(created_at)) from people.absences),
    (select concat_ws(',', (select count(*) from people.schedule_calendars), (select count(*) from people.calendar_days))),
    (select concat_ws(',', count(*), sum(version)) from people.policies),
    (select concat_ws(',', count(*), sum(version)) from people.teams),
    (select concat_ws(',', count(*), count(verified_at), max(verified_at), count(disabled_at)) from people.contact_methods),
    (select concat_ws(',', count(*), sum(version), count(*) filter (where active)) from security.users)) as sum`.execute(
    db,
  );
  return rows[0]?.sum ?? '';
}
