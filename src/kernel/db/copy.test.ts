/** Rows copied into a table arrive as they are, in their place among the statements, or not at all. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { copyInto, type Db, jsonField, later, sql } from '../index.ts';

let house: House;
let db: Db;
beforeAll(async () => {
  house = await openHouse();
  db = (await house.ctx('system')).db;
  await sql`create table kernel.copy_test (id int primary key, text text, data jsonb, at timestamptz, on_ boolean)`.execute(
    db,
  );
});
afterAll(() => house.close());

const copy = (to: Db, rows: unknown[][]) =>
  copyInto('kernel.copy_test', ['id', 'text', 'data', 'at', 'on_'], rows).execute(to);
const all = async () => (await sql<any>`select * from kernel.copy_test order by id`.execute(db)).rows;

test('every character arrives; what PostgreSQL keeps in no text becomes U+FFFD', async () => {
  const at = new Date('2026-11-23T12:00:00.123Z');
  const ugly = 'tab\t new\nline \\N back\\slash "quotes" \r \u2028 😀 end';
  const data = { ugly, list: [1, 'a\tb'], nul: 'a\0b', half: 'x\ud800y', kept: '\\u0000', pair: '😀' };
  await db.transaction().execute((to) =>
    copy(to, [
      [1, ugly, jsonField(data), at, true],
      [2, 'a\0b \ud800 c', jsonField(null), null, false],
      [3, '', '[]', at, null],
      [4, null, jsonField(['\udc00 alone', '😀😀']), null, null],
    ]).then(() => undefined),
  );
  expect(await all()).toEqual([
    { id: 1, text: ugly, data: { ...data, nul: 'a\ufffdb', half: 'x\ufffdy' }, at, on: true },
    { id: 2, text: 'a\ufffdb \ufffd c', data: null, at: null, on: false },
    { id: 3, text: '', data: [], at, on: null },
    { id: 4, text: null, data: ['\ufffd alone', '😀😀'], at: null, on: null },
  ]);
});

test('statements before and after it keep their order, and its failure fails the commit with its own error', async () => {
  await db.transaction().execute(async (to) => {
    await sql`delete from kernel.copy_test ${later}`.execute(to);
    await copy(to, [[7, 'seven', '{}', null, null]]);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.copy_test`.execute(to);
    expect(rows[0]?.n).toBe(1);
  });
  const twice = db.transaction().execute(async (to) => {
    await copy(to, [
      [8, 'eight', '{}', null, null],
      [7, 'again', '{}', null, null],
    ]);
    await sql`insert into kernel.copy_test values (9) ${later}`.execute(to);
  });
  await expect(twice).rejects.toMatchObject({ code: '23505' });
  const wrong = db.transaction().execute(async (to) => {
    await copy(to, [['x', 'not a number', '{}', null, null]]);
    await sql`select 1`.execute(to);
  });
  await expect(wrong).rejects.toMatchObject({ code: '22P02' });
  expect((await all()).map((row: { id: number }) => row.id)).toEqual([7]);
});
