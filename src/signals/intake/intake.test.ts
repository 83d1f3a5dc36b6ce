/** Posts that come together, a node that dies in between, one bad post among good ones, and posts that had to wait on the disk. */
import { copyFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertmanager, type Sender } from '../../../test/harness/alerts.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { newId, sql } from '../../kernel/index.ts';
import { alertmanager as family } from '../ingest/alertmanager/index.ts';
import { readBody } from '../ingest/body.ts';
import { takeOver } from '../jobs.ts';
import type { Arrival } from './arrival.ts';
import { openAside } from './aside.ts';
import { saveKeys } from './away.ts';
import { storeBlocks } from './blocks.ts';
import { spoolDir } from './spool.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const body = (key: string, status = 'firing') => ({
  groupKey: `g:${key}`,
  status,
  alerts: [{ status, fingerprint: key, labels: { alertname: key, severity: 'info' } }],
});
const arrival = (sender: Sender, key: string, status?: string): Arrival => {
  const bytes = Buffer.from(JSON.stringify(body(key, status)));
  return {
    id: newId('sig'),
    family,
    purpose: 'alerts',
    contentType: 'application/json',
    headers: {},
    bytes,
    body: readBody('application/json', bytes),
    key: sender.key,
    wire: { door: '/integrations/v1/alertmanager', params: {}, query: {}, headers: {} },
    requestId: 'test',
    ip: '127.0.0.1',
  };
};
const count = async (query: ReturnType<typeof sql<{ n: number }>>) =>
  Number((await query.execute(house.core.db)).rows[0]?.n);
const alertsOf = async (sender: Sender) => {
  const web = await house.signIn('viewer');
  const { items } = (await web.get(`/api/v1/alerts?limit=200&integrationId=${sender.id}`)).body;
  return items as { title: string; count: number; state: string; dedupKey: string; marks: string[] }[];
};

it('many at once share a commit: counts are exact, repeats cost no row each, and each is found by its id', async () => {
  const sender = await alertmanager(house);
  const answers = await Promise.all(Array.from({ length: 90 }, (_, n) => sender.post(body(`many-${n % 3}`))));
  expect(answers.every((answer) => answer.status === 202)).toBe(true);
  await house.settle();
  expect((await alertsOf(sender)).map((alert) => alert.count)).toEqual([30, 30, 30]);
  const of = sql`integration_id = ${sender.id}`;
  const alone = await count(sql`select count(*) n from signals.signals where ${of} and block_id is null`);
  const rows = await count(sql`select count(*) n from signals.signals where ${of} and block_id is not null`);
  const posts = await count(sql`select coalesce(sum(posts), 0) n from signals.blocks where ${of}`);
  expect(alone + posts).toBe(90);
  expect(posts).toBeGreaterThan(20);
  // Of a block only what opened an alert has a row.
  expect(rows).toBeLessThanOrEqual(3);
  const web = await house.signIn('viewer');
  for (const { body: said } of answers) {
    const signal = (await web.get(`/api/v1/signals/${said.signal}`)).body;
    expect(signal).toMatchObject({ id: said.signal, state: 'processed', integration: { id: sender.id } });
    expect(signal.body).toContain('many-');
  }
  expect((await web.get(`/api/v1/signals/${newId('sig')}`)).status).toBe(404);
  const manager = await house.signIn('manager');
  const item = (await manager.get(`/api/v1/integrations/${sender.id}`)).body;
  expect(item.signalsLastDay).toBe(90);
});

it('one bad post among many is quarantined for itself, and the others are processed', async () => {
  const sender = await alertmanager(house);
  await sql`create function signals.fail_on_bad() returns trigger language plpgsql as $$ begin if new.title like 'bad%' then raise exception 'a rule failed'; end if; return new; end $$`.execute(
    house.core.db,
  );
  await sql`create trigger bad before insert on signals.alerts for each row execute function signals.fail_on_bad()`.execute(
    house.core.db,
  );
  const keys = Array.from({ length: 60 }, (_, n) => (n === 30 ? 'bad-one' : `good-${n}`));
  const answers = await Promise.all(keys.map((key) => sender.post(body(key))));
  expect(answers.every((answer) => answer.status === 202)).toBe(true);
  await house.settle();
  await house.advance('5m');
  house.expectJobErrors();
  const alerts = await alertsOf(sender);
  expect(alerts.filter((alert) => alert.dedupKey.startsWith('good-'))).toHaveLength(59);
  expect(alerts.filter((alert) => alert.marks.includes('quarantined'))).toHaveLength(1);
  await sql`drop trigger bad on signals.alerts`.execute(house.core.db);
});

it('a block whose node died before it processed it is taken over, once', async () => {
  const sender = await alertmanager(house);
  const posts = [arrival(sender, 'left'), arrival(sender, 'left'), arrival(sender, 'other')];
  const { answers } = await storeBlocks(house.core, posts);
  expect(answers.map((answer) => answer?.status)).toEqual([202, 202, 202]);
  await takeOver.run(await house.ctx('system'), {});
  expect(await alertsOf(sender)).toHaveLength(0);
  await house.advance('10s');
  for (let n = 0; n < 2; n++) await takeOver.run(await house.ctx('system'), {});
  const counts = (await alertsOf(sender)).map((alert) => [alert.dedupKey, alert.count]).sort();
  expect(counts).toEqual([
    ['left', 2],
    ['other', 1],
  ]);
});

it('what had to wait on the disk comes back in its order, each once, also when its segment is read twice or was cut', async () => {
  const sender = await alertmanager(house);
  await saveKeys(house.core);
  const aside = openAside(house.core, (why) => {
    throw why;
  });
  const words = ['firing', 'resolved', 'firing', 'resolved', 'firing'];
  const answers = [];
  for (const word of words) answers.push(...(await aside.put([arrival(sender, 'spooled', word)], false)));
  answers.push(...(await aside.put([arrival(sender, 'last')], false)));
  expect(answers.map((answer) => (answer.body as { durability: string }).durability)).toEqual(Array(6).fill('spooled'));
  expect(answers[0]?.headers).toMatchObject({ 'x-evenkeel-durability': 'spooled' });
  expect(aside.mustWait(arrival(sender, 'spooled'))).toBe(true);
  expect(aside.mustWait(arrival(sender, 'somebody else'))).toBe(false);

  const segment = readdirSync(spoolDir()).find((name) => name.endsWith('.spool'))!;
  const copy = join(spoolDir(), segment.replace('000001', '000002'));
  copyFileSync(join(spoolDir(), segment), copy);
  truncateSync(copy, 1500);
  aside.drain();
  await aside.idle();
  expect(readdirSync(spoolDir()).filter((name) => name.includes('.spool'))).toEqual([]);
  expect(aside.mustWait(arrival(sender, 'spooled'))).toBe(false);
  const alerts = await alertsOf(sender);
  expect(alerts.map((alert) => [alert.dedupKey, alert.state, alert.count]).sort()).toEqual([
    ['last', 'firing', 1],
    ['spooled', 'firing', 3],
  ]);
});

it('without a database an unknown key is told to come again: it may be a new one', async () => {
  const aside = openAside(house.core, () => {});
  const [answer] = await aside.put([{ ...arrival({ key: 'x'.repeat(32) } as Sender, 'nobody') }], false);
  expect(answer?.status).toBe(503);
  expect(answer?.headers?.['retry-after']).toBe('5');
});
