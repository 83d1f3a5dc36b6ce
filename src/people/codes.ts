/** The reply codes of pages: `1a` for one person's first page, `2a` for the next, around at 99. */
import type { Db } from '#kernel';

/** The code under which this person can take this page by SMS. The caller holds the person's lock. */
export async function replyCode(db: Db, userId: string, pageId: string, at: Date): Promise<string> {
  const codes = await db
    .selectFrom('people.replyCodes')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('number', 'desc')
    .execute();
  const known = codes.find((code) => code.pageId === pageId);
  if (known) return `${known.number}a`;
  const number = ((codes[0]?.number ?? 0) % 99) + 1;
  await db
    .insertInto('people.replyCodes')
    .values({ userId, number, pageId, createdAt: at })
    .onConflict((on) => on.columns(['userId', 'number']).doUpdateSet({ pageId, createdAt: at }))
    .execute();
  return `${number}a`;
}

/** The page behind a code of one of these people. */
export async function pageOfCode(db: Db, userIds: string[], number: number) {
  return db
    .selectFrom('people.replyCodes')
    .select(['userId', 'pageId'])
    .where('userId', 'in', ['', ...userIds])
    .where('number', '=', number)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
}

/** Open pages that called one of these people. */
export async function openFor(db: Db, userIds: string[]) {
  return db
    .selectFrom('people.pageTargets as t')
    .innerJoin('people.pages as p', 'p.id', 't.pageId')
    .select(['t.userId', 't.pageId'])
    .where('t.userId', 'in', ['', ...userIds])
    .where('p.state', 'in', ['paging', 'unanswered'])
    .orderBy('p.id', 'desc')
    .limit(10)
    .execute();
}
