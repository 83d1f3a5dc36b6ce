import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../test/harness/house.ts';
import {
  isStanding,
  leaveStanding,
  openStanding,
  presume,
  sql,
  standing,
  standingEach,
  withCommitHooks,
} from './index.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Asks in a transaction of its own; says what was answered and whether the database was asked. */
async function ask(name: string): Promise<{ answer: string; asked: boolean }> {
  let asked = false;
  const answer = await withCommitHooks(house.core.hot, async (db) => {
    await openStanding(db);
    return await standing(db, `test:${name}`, async () => {
      asked = true;
      const { rows } = await sql<{ name: string }>`select name from people.policies where id = ${name}`.execute(db);
      return rows[0]?.name ?? 'none';
    });
  });
  return { answer, asked };
}

const write = (text: string) => sql.raw(text).execute(house.core.db);

test('what is kept is asked again after every committed change, on any connection, and not before', async () => {
  await write(`insert into people.policies (id, name, steps) values ('pol_standing', 'First', '[]')`);
  expect(await ask('pol_standing')).toEqual({ answer: 'First', asked: true });
  expect(await ask('pol_standing')).toEqual({ answer: 'First', asked: false });
  const undone = house.core.db.transaction().execute(async (db) => {
    await sql`update people.policies set name = 'Never' where id = 'pol_standing'`.execute(db);
    throw new Error('taken back');
  });
  await expect(undone).rejects.toThrow('taken back');
  expect(await ask('pol_standing')).toEqual({ answer: 'First', asked: false });
  await write(`update people.policies set name = 'Second' where id = 'pol_standing'`);
  expect(await ask('pol_standing')).toEqual({ answer: 'Second', asked: true });
});

test('a change that is not committed yet is not believed, and is seen once it is', async () => {
  let commit = () => {};
  const open = new Promise<void>((resolve) => (commit = resolve));
  let written = () => {};
  const done = new Promise<void>((resolve) => (written = resolve));
  const change = house.core.db.transaction().execute(async (db) => {
    await sql`update people.policies set name = 'Third' where id = 'pol_standing'`.execute(db);
    written();
    await open;
  });
  await done;
  expect((await ask('pol_standing')).answer).toBe('Second');
  commit();
  await change;
  expect(await ask('pol_standing')).toEqual({ answer: 'Third', asked: true });
});

test('every table that is kept renews the stamp; being heard from does not', async () => {
  const { rows } = await sql<{ name: string }>`select tgrelid::regclass::text as name from pg_trigger
    where tgname = 'standing' order by 1`.execute(house.core.db);
  const kept = [
    'catalog.dependencies',
    'catalog.services',
    'channels.endpoints',
    'kernel.settings',
    'people.contact_methods',
    'people.policies',
    'security.users',
    'signals.integration_keys',
    'signals.integrations',
    'signals.silences',
  ];
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(kept));
  await ask('pol_standing');
  await write(`update signals.integrations set last_heard_at = kernel.now()`);
  expect((await ask('pol_standing')).asked).toBe(false);
});

test('a guess uses only what is kept, and a command that changes such rows asks the database', async () => {
  await ask('pol_standing');
  await withCommitHooks(house.core.hot, async (db) => {
    expect(presume(db)).toBeInstanceOf(Date);
    expect(await standing(db, 'test:pol_standing', async () => 'asked')).toBe('Third');
    await expect(standing(db, 'test:never', async () => 'asked')).rejects.toThrow('not known yet');
    await openStanding(db);
    expect((await standingEach(db, 'test', ['never'], async () => new Map([['never', 1]]))).get('never')).toBe(1);
    leaveStanding(db);
    expect(isStanding(db)).toBe(false);
    expect(await standing(db, 'test:pol_standing', async () => 'asked')).toBe('asked');
  });
});
