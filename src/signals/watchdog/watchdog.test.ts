/** The watchdog, broken stage by stage: the real door over HTTP, the real queue, the sink, and an address outside that counts. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, settingByKey, steadyNow, writeSetting } from '#kernel';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { watchNodes, watchTrips } from './jobs.ts';
import { judgeTrip, missingStage, type Seen } from './model.ts';

const whole: Seen = { accepted: true, grouped: true, paged: true, turns: 2, receipts: 2, arrived: 0, failed: 0 };

describe('a trip', () => {
  test.each([
    ['nothing yet', { ...whole, accepted: false }, 'ingest'],
    ['no alert', { ...whole, grouped: false }, 'processing'],
    ['no page', { ...whole, paged: false }, 'paging'],
    ['no message', { ...whole, turns: 1, receipts: 0 }, 'sender'],
    ['no second step', { ...whole, turns: 1, receipts: 1 }, 'scheduler'],
    ['no second message', { ...whole, receipts: 1 }, 'receipt'],
    ['every real page fails', { ...whole, failed: 3 }, 'providers'],
    ['one real page arrived', { ...whole, failed: 9, arrived: 1 }, null],
    ['the whole way', whole, null],
  ] as const)('%s: the first stage that is not passed', (_name, seen, stage) => {
    expect(missingStage(seen)).toBe(stage);
  });
  test('waits until its limit and then has failed where it stands', () => {
    const seen = { ...whole, turns: 1, receipts: 1 };
    expect(judgeTrip(seen, 89_999, 90_000)).toEqual({ do: 'wait' });
    expect(judgeTrip(seen, 90_000, 90_000)).toEqual({ do: 'give_up', stage: 'scheduler' });
    expect(judgeTrip(whole, 200_000, 90_000)).toEqual({ do: 'ping' });
  });
});

let house: House;
const system = () => house.ctx('system');
const set = async (value: object | null) =>
  value === null
    ? await house.core.db.deleteFrom('kernel.settings').where('key', '=', 'signals.watchdog').execute()
    : await writeSetting(await system(), settingByKey('signals.watchdog')!, value);
const run = (text: string) => sql.raw(text).execute(house.core.db);
const pings = () => house.sink.requests.filter(({ path }) => path === '/ping').length;
const lastTrip = async () =>
  (
    await house.core.db
      .selectFrom('signals.trips')
      .selectAll()
      .orderBy('startedAt', 'desc')
      .orderBy('id', 'desc')
      .execute()
  )[0];
/** Lets the clock go on as it does with a worker: the net of looks every ten seconds, everything else at its time. */
async function pass(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 10) {
    await watchTrips.run(await system(), {});
    await house.advance(`${Math.min(10, left)}s`);
  }
}
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  await set({ url: `${house.sink.url}/ping` });
  await pass(200);
  await sql`delete from channels.deliveries`.execute(house.core.db);
  await sql`delete from signals.trips where state <> 'running'`.execute(house.core.db);
  house.expectJobErrors();
  house.sink.clear();
  house.smtp.clear();
});

/** Makes a statement on a table fail, or changes the row, until it is taken back. */
async function sabotage(table: string, when: string, body: string): Promise<() => Promise<unknown>> {
  const name = newId('broken').toLowerCase();
  await run(`create function public.${name}() returns trigger language plpgsql as $$ begin ${body} end $$`);
  await run(`create trigger ${name} ${when} on ${table} for each row execute function public.${name}()`);
  return async () => {
    await run(`drop trigger ${name} on ${table}`);
    await run(`drop function public.${name}()`);
  };
}
const FAIL = `raise exception 'sabotage';`;

describe('the watchdog', () => {
  test('calls the outside every 45 seconds, each time after a whole trip, and leaves nothing behind', async () => {
    const head = await house.core.db.selectFrom('security.auditHead').select('seq').executeTakeFirstOrThrow();
    const events = await house.core.db
      .selectFrom('kernel.events')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    await pass(300);
    expect(pings()).toBeGreaterThanOrEqual(6);
    expect(pings()).toBeLessThanOrEqual(7);
    expect(await lastTrip()).toMatchObject({ error: null });
    // Nobody was called, nothing was announced, nothing audited, no list shows it.
    expect(house.smtp.messages).toEqual([]);
    expect(await house.core.db.selectFrom('security.auditHead').select('seq').executeTakeFirstOrThrow()).toEqual(head);
    expect(
      await house.core.db
        .selectFrom('kernel.events')
        .select((eb) => eb.fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow(),
    ).toEqual(events);
    const responder = await house.signIn('responder');
    for (const path of ['/api/v1/alert-groups', '/api/v1/alerts', '/api/v1/pages?state=all'])
      expect((await responder.get(path)).body.items, path).toEqual([]);
    const left = await sql<{
      n: string;
    }>`select (select count(*) from people.pages) + (select count(*) from people.page_events)
      + (select count(*) from signals.signals) + (select count(*) from channels.deliveries) as n`.execute(
      house.core.db,
    );
    // At most the one trip that is under way.
    expect(Number(left.rows[0]?.n)).toBeLessThanOrEqual(4);
  });

  test.each([
    ['ingest', 'signals.signals', 'before insert', FAIL],
    ['processing', 'signals.groups', 'before insert', FAIL],
    ['processing', 'people.pages', 'before insert', FAIL],
    ['sender', 'channels.deliveries', 'before update', FAIL],
    [
      'scheduler',
      'graphile_worker._private_jobs',
      'before insert',
      `new.run_at := new.run_at + interval '1 hour'; return new;`,
    ],
    ['scheduler', 'people.pages', 'before update', `if old.turn > 0 then ${FAIL} end if; return new;`],
  ])(
    '%s broken (%s, %s): no call within 150 seconds, the stage is named, and calls come back with the repair',
    async (stage, table, when, body) => {
      // A scheduler that is late is late for pages; the watchdog's own looks are not what is broken here.
      const only = table.startsWith('graphile')
        ? body
            .replace('new.run_at :=', `if new.key like 'page:%' then new.run_at :=`)
            .replace('; return', '; end if; return')
        : body;
      const repair = await sabotage(table, when, only);
      try {
        // A trip that was past this stage when it broke still arrives: a trip takes 15 seconds and a little.
        await pass(20);
        const before = pings();
        // The outside waits two minutes (a period of one and a grace of one), so it knows before 150 seconds are over.
        await pass(130);
        expect(pings()).toBe(before);
        const failed = await house.core.db
          .selectFrom('signals.trips')
          .selectAll()
          .where('state', '=', 'failed')
          .orderBy('startedAt', 'desc')
          .executeTakeFirst();
        expect(failed?.stage).toBe(stage);
      } finally {
        await repair();
      }
      const before = pings();
      await pass(200);
      expect(pings()).toBeGreaterThan(before);
      house.expectJobErrors();
    },
  );

  test('real pages that all fail at their providers withhold the call; one that arrives gives it back', async () => {
    const row = async (state: string) =>
      sql`insert into channels.deliveries (id, key, channel, recipient, purpose, ref, subject, sealed_message, state)
        values (${newId('dlv')}, ${newId('key')}, 'email', 'a@b.example', 'page', ${newId('pag')}, 's', '', ${state})`.execute(
        house.core.db,
      );
    // Nothing arrives, the page about it no more than the others.
    house.smtp.answer(() => ({ code: 550, message: 'no' }));
    for (let n = 0; n < 3; n++) await row('failed');
    await pass(60);
    const before = pings();
    await pass(120);
    expect(pings()).toBe(before);
    expect(
      (await house.core.db.selectFrom('signals.trips').selectAll().where('stage', '=', 'providers').execute()).length,
    ).toBeGreaterThan(0);
    house.smtp.answer();
    await row('delivered');
    await pass(120);
    expect(pings()).toBeGreaterThan(before);
    await sql`delete from channels.deliveries`.execute(house.core.db);
  });

  test('a second failure in a row pages the emergency contact, once; a whole trip ends that page', async () => {
    const repair = await sabotage(
      'people.pages',
      'before update',
      `if new.target_key = 'sink' and old.turn > 0 then ${FAIL} end if; return new;`,
    );
    try {
      await pass(400);
      const raised = () => house.smtp.messages.filter(({ subject }) => subject.includes('The pager does not work'));
      expect(raised().map(({ to }) => to[0])).toEqual(['admin@orchardline.example']);
      expect(raised()[0]?.text).toContain('the next step of a page did not come');
    } finally {
      await repair();
    }
    await pass(300);
    const { items } = (await (await house.signIn('responder')).get('/api/v1/pages?state=all')).body;
    expect(items[0]).toMatchObject({ state: 'stopped', endReason: 'a whole trip went through again' });
    house.expectJobErrors();
  });

  test('a synthetic page calls no human, even when nobody ends it and its steps run out', async () => {
    await run(`create function public.keep() returns trigger language plpgsql as $$ begin return null; end $$`);
    await run(
      `create trigger keep before delete on people.pages for each row when (old.target_key = 'sink') execute function public.keep()`,
    );
    await pass(60);
    await set(null);
    await house.advance('2h');
    const pages = await house.core.db.selectFrom('people.pages').selectAll().where('targetKey', '=', 'sink').execute();
    expect(pages.length).toBeGreaterThan(0);
    const called = await house.core.db
      .selectFrom('people.pageTargets')
      .selectAll()
      .where(
        'pageId',
        'in',
        pages.map(({ id }) => id),
      )
      .execute();
    expect(called).toEqual([]);
    expect(house.smtp.messages).toEqual([]);
    await run('drop trigger keep on people.pages');
    house.expectJobErrors();
  });

  test('a silence over everything does not make the outside believe that the pager is dead', async () => {
    const responder = await house.signIn('responder');
    const endsAt = new Date((await system()).now.getTime() + 3_600_000).toISOString();
    const all = {
      matchers: [{ name: 'severity', value: '.+', isEqual: true, isRegex: true }],
      endsAt,
      comment: 'all of it',
    };
    const made = await responder.post('/api/v1/silences', all);
    expect(made.status, made.text).toBe(201);
    await pass(150);
    expect(pings()).toBeGreaterThan(0);
    await responder.post(`/api/v1/silences/${made.body.id}/expire`);
  });

  test('an address outside that does not answer is said so, and nothing is claimed', async () => {
    house.sink.answer(() => ({ status: 500 }));
    await pass(130);
    house.sink.answer();
    const trips = await house.core.db
      .selectFrom('signals.trips')
      .selectAll()
      .where('state', '=', 'done')
      .orderBy('startedAt', 'desc')
      .execute();
    expect(trips[0]).toMatchObject({ pingedAt: null, error: expect.stringContaining('it answered 500') });
  });

  test('without an address there are no trips', async () => {
    await set(null);
    await pass(120);
    house.sink.clear();
    const { length } = await house.core.db.selectFrom('signals.trips').selectAll().execute();
    await pass(200);
    expect(await house.core.db.selectFrom('signals.trips').selectAll().execute()).toHaveLength(length);
  });
});

describe('nodes', () => {
  test('one of three that goes silent is told once to those who answer for the installation; one that leaves in order is not', async () => {
    const beat = (node: string, seconds: number) =>
      sql`insert into kernel.workers (worker_id, node, seen_steady) values (${newId('w')}, ${node}, ${steadyNow() - seconds * 1000})`.execute(
        house.core.db,
      );
    await set(null);
    await beat('evenkeel a:1:x', 1);
    await beat('evenkeel b:2:y', 20);
    await beat('evenkeel c:3:z', 1);
    await watchNodes.run(await system(), {});
    await watchNodes.run(await system(), {});
    await house.settle();
    expect(house.smtp.messages.map(({ subject }) => subject)).toEqual(['A node has gone silent: evenkeel b:2:y']);
    expect(house.smtp.messages[0]?.text).toContain('2 nodes go on');
    await sql`delete from kernel.workers where node = 'evenkeel c:3:z'`.execute(house.core.db);
    await watchNodes.run(await system(), {});
    await house.settle();
    expect(house.smtp.messages).toHaveLength(1);
  });
});
