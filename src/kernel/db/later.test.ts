/** Statements that are not waited for keep their order, and their failure reaches the caller as itself. Against a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { afterCommit, type Db, later, sql, withCommitHooks } from '../index.ts';

let house: House;
let db: Db;
beforeAll(async () => {
  house = await openHouse();
  db = (await house.ctx('system')).db;
  await sql`create table kernel.later_test (id int primary key)`.execute(db);
});
afterAll(() => house.close());

const insert = (to: Db, id: number) => sql`insert into kernel.later_test values (${id}) ${later}`.execute(to);
const ids = async () =>
  (await sql<{ id: number }>`select id from kernel.later_test order by id`.execute(db)).rows.map((row) => row.id);

test('what was sent without waiting is seen by the next statement and is there after the commit', async () => {
  await db.transaction().execute(async (to) => {
    await insert(to, 1);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.later_test`.execute(to);
    expect(rows[0]?.n).toBe(1);
    await insert(to, 2);
  });
  expect(await ids()).toEqual([1, 2]);
});

test('its failure fails the commit with its own error, and nothing of the transaction stays', async () => {
  const run = db.transaction().execute(async (to) => {
    await insert(to, 3);
    await insert(to, 1);
  });
  await expect(run).rejects.toMatchObject({ code: '23505' });
  expect(await ids()).toEqual([1, 2]);
});

test('a statement after the failure fails with the reason, not with “the transaction is aborted”', async () => {
  const run = db.transaction().execute(async (to) => {
    await insert(to, 1);
    await sql`select 1`.execute(to);
  });
  await expect(run).rejects.toMatchObject({ code: '23505' });
  await db.transaction().execute((to) => insert(to, 4));
  expect(await ids()).toEqual([1, 2, 4]);
});

test('what is to follow a commit follows it, and never follows a failure', async () => {
  const seen: string[] = [];
  await withCommitHooks(db, async (to) => {
    expect(afterCommit(to, () => seen.push('committed'))).toBe(true);
    expect(seen).toEqual([]);
  });
  await expect(
    withCommitHooks(db, async (to) => {
      afterCommit(to, () => seen.push('never'));
      await insert(to, 1);
    }),
  ).rejects.toMatchObject({ code: '23505' });
  expect(seen).toEqual(['committed']);
  expect(afterCommit(db, () => seen.push('no transaction'))).toBe(false);
});
