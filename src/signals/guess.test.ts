/** What is decided before the database has answered holds only when the answer is as presumed; else it is decided again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../test/harness/house.ts';
import { createPolicy } from '#people';
import { createService } from '#catalog';
import { command } from '#security';
import { isGuessing, openStanding, sha256hex, sql, withCommitHooks } from '#kernel';
import { createIntegration } from './commands/createIntegration.ts';

let house: House;
let key: string;
const runs: boolean[] = [];
const note = command(
  'signals.guessTest',
  { allow: 'internal', standing: true, foresee: async () => true },
  async (ctx, { name }: { name: string }) => {
    ctx.audit.skip = true;
    runs.push(isGuessing(ctx.db));
    await sql`insert into signals.guess_test values (${name})`.execute(ctx.db);
    return ctx.now;
  },
);
const rows = async <T>(text: string) => (await sql.raw<T>(text).execute(house.core.db)).rows;

beforeAll(async () => {
  house = await openHouse();
  const admin = await house.ctx('admin');
  await rows('create table signals.guess_test (name text)');
  const steps = [{ delaySeconds: 300, targets: [{ kind: 'user' as const, id: admin.actor.id }] }];
  const policy = await createPolicy(admin, { name: 'One', teamId: null, steps, repeat: 0 });
  for (const n of [1, 2, 3, 4, 5])
    await createService(admin, { name: `Guess ${n}`, slug: `guess-${n}`, policyId: policy.id });
  ({ key } = await createIntegration(admin, { kind: 'pagerduty', name: 'Guess' }));
});
afterAll(() => house.close());

const post = (dedupKey: string, service: string) =>
  house.anonymous.post('/v2/enqueue', {
    routing_key: key,
    event_action: 'trigger',
    dedup_key: dedupKey,
    payload: { summary: dedupKey, source: 'test', severity: 'error', custom_details: { service } },
  });
const hear = () => withCommitHooks(house.core.hot, (db) => openStanding(db));

test('a command that presumes runs once when time and stamp are as presumed, and again without when one of them is not', async () => {
  const ctx = { ...(await house.ctx('system')), db: house.core.hot };
  await hear();
  await note(ctx, { name: 'right' });
  expect(runs.splice(0).at(-1)).toBeTypeOf('boolean');
  await rows(`update people.policies set name = 'Two' where name = 'One'`);
  await note(ctx, { name: 'other stamp' });
  expect(runs.splice(0)).toEqual([true, false]);
  await hear();
  await house.advance('1h');
  const at = await note(ctx, { name: 'other time' });
  expect(runs.splice(0).at(-1)).toBe(false);
  const [clock] = await rows<{ now: Date }>('select kernel.now() as now');
  expect(Math.abs(at.getTime() - clock!.now.getTime())).toBeLessThan(60_000);
  // What a wrong guess wrote is not there twice.
  expect(await rows('select name, count(*)::int as n from signals.guess_test group by name order by name')).toEqual([
    { name: 'other stamp', n: 1 },
    { name: 'other time', n: 1 },
    { name: 'right', n: 1 },
  ]);
});

test('an alert that another node has taken already is counted there, not opened again', async () => {
  expect((await post('first', 'guess-1')).status).toBe(202);
  // As if another node had taken it under this name.
  await rows(`update signals.alerts set dedup_key = 'elsewhere', fingerprint = '${sha256hex('elsewhere')}'`);
  const pages = await rows('select id from people.pages');
  expect((await post('elsewhere', 'guess-2')).status).toBe(202);
  expect(await rows('select dedup_key, count from signals.alerts')).toEqual([{ dedupKey: 'elsewhere', count: 2 }]);
  expect(await rows('select id from people.pages')).toEqual(pages);
  expect(await rows('select state from signals.signals')).toHaveLength(2);
});

test('a key that was revoked a moment ago opens nothing, whatever is kept of it', async () => {
  await post('third', 'guess-3');
  await rows(`update signals.integration_keys set revoked_at = kernel.now()`);
  expect((await post('fourth', 'guess-4')).status).toBe(401);
  expect(await rows(`select id from signals.alerts where dedup_key = 'fourth'`)).toEqual([]);
  await rows(`update signals.integration_keys set revoked_at = null`);
  expect((await post('fourth', 'guess-4')).status).toBe(202);
  expect(await rows(`select id from signals.alerts where dedup_key = 'fourth'`)).toHaveLength(1);
});
