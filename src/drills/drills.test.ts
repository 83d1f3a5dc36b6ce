/** An exercise over the real path: the mark on every row, nothing outside, a clean end, real before practice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { watchedService } from '../../test/harness/watched.ts';
import { sql } from '#kernel';

let house: House;
let web: WebClient;
let serviceId: string;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  ({ serviceId } = await watchedService(house, 'Card payments'));
});
afterAll(() => house.close());

async function start(body: object = {}) {
  const answer = await web.post('/api/v1/drills/exercises', { scenario: 'card-payments-slow', serviceId, ...body });
  if (answer.status !== 201) throw new Error(answer.text);
  await house.settle();
  return answer.body as { id: string; key: string };
}
const look = async (id: string) => (await web.get(`/api/v1/drills/exercises/${id}`)).body;
const end = async (id: string) => {
  const answer = await web.post(`/api/v1/drills/exercises/${id}/end`, {});
  await house.settle();
  return answer;
};

/** Every table of the product that has an `exercise` column, with how many rows of each kind it holds. */
async function marks() {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.columns
    where column_name = 'exercise' and table_schema not in ('pg_catalog', 'information_schema')`.execute(house.core.db);
  const counts: Record<string, { real: number; drill: number }> = {};
  for (const { schema, name } of tables) {
    const table = sql.table(`${schema}.${name}`);
    const { rows } = await sql<{ real: number; drill: number }>`
      select count(*) filter (where not exercise)::int as real, count(*) filter (where exercise)::int as drill
      from ${table}`.execute(house.core.db);
    counts[`${schema}.${name}`] = rows[0]!;
  }
  return counts;
}

describe('a synthetic alert', () => {
  test('goes through ingest, group, page and incident, and every row that follows carries the mark', async () => {
    const before = await marks();
    const mails = house.smtp.messages.length;
    const exercise = await start();
    const seen = await look(exercise.id);
    expect(seen.group).toMatchObject({ state: 'open' });
    expect(seen.incident).toMatchObject({ phase: 'detection' });
    const paged = seen.observed.find((moment: { what: string }) => moment.what === 'paged');
    expect(paged.minutes).toBeLessThan(1);
    const after = await marks();
    for (const [table, { real }] of Object.entries(after)) {
      // Practice writes no unmarked row anywhere; only the audit log's entry of starting it may count as real.
      if (table !== 'security.audit') expect({ table, real }).toEqual({ table, real: before[table]!.real });
    }
    for (const table of [
      'signals.signals',
      'signals.groups',
      'people.pages',
      'incidents.incidents',
      'channels.deliveries',
    ]) {
      expect({ table, grew: after[table]!.drill > before[table]!.drill }).toEqual({ table, grew: true });
    }
    const sent = house.smtp.messages.slice(mails);
    expect(sent.length).toBeGreaterThan(0);
    for (const mail of sent) {
      expect(mail.subject).toMatch(/^EXERCISE EXERCISE EXERCISE/);
      expect(mail.text.trim()).toMatch(/^EXERCISE EXERCISE EXERCISE[\s\S]*EXERCISE EXERCISE EXERCISE$/);
    }
    await end(exercise.id);
  });

  test('never folds into the real alert of the same service that already stands', async () => {
    const { body: made } = await (
      await house.signIn('admin')
    ).post('/api/v1/integrations', {
      kind: 'pagerduty',
      name: 'Monitoring',
      serviceId,
    });
    const real = { routing_key: made.key, event_action: 'trigger', dedup_key: 'checkout-latency' };
    const payload = { summary: 'Card payments are slow', severity: 'warning', source: 'probe' };
    const sent = await house.anonymous.post('/v2/enqueue', { ...real, payload });
    expect(sent.status).toBe(202);
    await house.settle();
    const exercise = await start();
    const { group } = await look(exercise.id);
    const { body } = await web.get('/api/v1/alert-groups?limit=50');
    const standing = body.items.filter((one: { state: string }) => one.state !== 'resolved');
    expect(standing.map((one: { exercise: boolean }) => one.exercise).sort()).toEqual([false, true]);
    expect(standing.find((one: { id: string }) => one.id === group.id)).toMatchObject({ exercise: true });
    await end(exercise.id);
    const { body: after } = await web.get('/api/v1/alert-groups?limit=50');
    const left = after.items.filter((one: { state: string }) => one.state !== 'resolved');
    expect(left).toMatchObject([{ exercise: false, title: 'Card payments are slow' }]);
  });
});

describe('an exercise', () => {
  test('delivers its injects by the clock and ends itself when the agreed time is over', async () => {
    const exercise = await start({ minutes: 10 });
    await house.advance('5m');
    const half = await look(exercise.id);
    expect(half.injects.map((inject: { state: string }) => inject.state)).toEqual([
      'delivered',
      'delivered',
      'planned',
    ]);
    await house.advance('6m');
    await house.settle();
    expect(await look(exercise.id)).toMatchObject({ state: 'ended', endedBecause: 'the agreed time is over' });
  });

  test('that ends leaves nothing standing: no alert, no page, no incident', async () => {
    const exercise = await start();
    await house.advance('5m');
    await end(exercise.id);
    const over = await look(exercise.id);
    expect(over).toMatchObject({ state: 'ended', group: { state: 'resolved' }, sweep: { clean: true } });
    expect(over.injects.every((inject: { state: string }) => inject.state !== 'planned')).toBe(true);
    expect(['closed', 'false_alarm']).toContain(over.incident.phase);
    const { body: pages } = await web.get('/api/v1/pages?state=open');
    expect(pages.items.filter((page: { exercise: boolean }) => page.exercise)).toEqual([]);
  });

  test('whose players are in the middle of it is ended with what was not done waived in the record', async () => {
    const exercise = await start();
    const { incident } = await look(exercise.id);
    await web.post(`/api/v1/incidents/${incident.id}/roles`, { role: 'incident_commander' });
    await web.post(`/api/v1/incidents/${incident.id}/containment`, { action: 'Cap the retries' });
    await end(exercise.id);
    const { body } = await web.get(`/api/v1/incidents/${incident.id}`);
    expect(body).toMatchObject({ phase: 'closed', exercise: true });
    const waivers = body.phases.flatMap((phase: { waiver: { reason: string } | null }) => phase.waiver?.reason ?? []);
    expect(waivers).toContain(`${exercise.key} is over`);
    expect((await look(exercise.id)).sweep.clean).toBe(true);
    // It was stopped, so it teaches through its own lessons; no review is owed.
    expect((await web.get(`/api/v1/learning/reviews?show=all&incidentId=${incident.id}`)).body.items).toEqual([]);
  });

  test('is not closed without a lesson or the reason why there is none', async () => {
    const exercise = await start();
    const close = (body: object) => web.post(`/api/v1/drills/exercises/${exercise.id}/close`, body);
    expect(await close({})).toMatchObject({ status: 409, body: { rule: 'drills.close.running' } });
    await end(exercise.id);
    expect(await close({})).toMatchObject({ status: 422, body: { rule: 'drills.lessons' } });
    expect((await close({ noneBecause: 'Stopped after a minute' })).body).toMatchObject({ state: 'closed' });
  });

  test('turns a lesson about what to change into a proposed improvement', async () => {
    const exercise = await start();
    await end(exercise.id);
    const lesson = { kind: 'change', text: 'Put the supplier’s phone number into the playbook' };
    expect((await web.post(`/api/v1/drills/exercises/${exercise.id}/lessons`, lesson)).status).toBe(201);
    expect((await web.post(`/api/v1/drills/exercises/${exercise.id}/close`, {})).body.state).toBe('closed');
    const { body } = await web.get('/api/v1/learning/actions?show=proposed');
    expect(body.items).toContainEqual(expect.objectContaining({ title: lesson.text, exercise: true }));
  });

  test('runs alone on its service', async () => {
    const exercise = await start();
    const second = await web.post('/api/v1/drills/exercises', { scenario: 'half-of-requests-fail', serviceId });
    expect(second).toMatchObject({ status: 409, body: { rule: 'drills.start.running' } });
    await end(exercise.id);
  });
});

describe('real beats exercise', () => {
  test('a real SEV1 stops every exercise at once, and nobody starts one while it is open', async () => {
    const exercise = await start();
    const real = await web.post('/api/v1/incidents', { title: 'Sign-in is down', severity: 1 });
    await house.settle();
    const stopped = await look(exercise.id);
    expect(stopped).toMatchObject({ state: 'aborted', aborted: true, sweep: { clean: true } });
    expect(stopped.endedBecause).toBe(`${real.body.key} (SEV1) is real`);
    const refused = await web.post('/api/v1/drills/exercises', { scenario: 'card-payments-slow', serviceId });
    expect(refused).toMatchObject({ status: 409, body: { rule: 'drills.start.real' } });
    const { body } = await web.get(`/api/v1/incidents/${real.body.id}`);
    expect(body.exercise).toBe(false);
    await web.post(`/api/v1/incidents/${real.body.id}/roles`, { role: 'incident_commander' });
    await web.post(`/api/v1/incidents/${real.body.id}/dismissed`, { reason: 'a test', noCustomerImpact: true });
    await house.settle();
  });

  test('a real SEV3 lets the players go on, until it becomes a SEV2', async () => {
    const exercise = await start();
    const real = await web.post('/api/v1/incidents', { title: 'Map tiles missing', severity: 3 });
    await house.settle();
    expect(await look(exercise.id)).toMatchObject({ state: 'running' });
    await web.post(`/api/v1/incidents/${real.body.id}/severity`, { severity: 2, reason: 'drivers are stuck' });
    await house.settle();
    expect(await look(exercise.id)).toMatchObject({ state: 'aborted' });
    await web.post(`/api/v1/incidents/${real.body.id}/roles`, { role: 'incident_commander' });
    await web.post(`/api/v1/incidents/${real.body.id}/dismissed`, { reason: 'a test', noCustomerImpact: true });
    await house.settle();
  });

  test('a drill’s own SEV1 stops nothing', async () => {
    const exercise = await start();
    const { incident } = await look(exercise.id);
    await web.post(`/api/v1/incidents/${incident.id}/severity`, { severity: 1 });
    await house.settle();
    expect(await look(exercise.id)).toMatchObject({ state: 'running' });
    await end(exercise.id);
  });
});

describe('the figures', () => {
  test('never count an exercise, and the database refuses the row', async () => {
    const { body } = await web.get('/api/v1/learning/metrics');
    const { rows } = await sql<{ key: string }>`select key from incidents.incidents where exercise`.execute(
      house.core.db,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { key } of rows) expect(JSON.stringify(body)).not.toContain(`"${key}"`);
    const drill = await sql<{ id: string }>`select id from incidents.incidents where exercise limit 1`.execute(
      house.core.db,
    );
    const insert = (exercise: boolean) =>
      sql`
      insert into learning.cases (incident_id, exercise, key, title, severity)
      values (${drill.rows[0]!.id}, ${exercise}, 'INC-1', 'x', 1)`.execute(house.core.db);
    await expect(insert(true)).rejects.toThrow('cases_exercise_check');
    // Claiming that it was real does not help: the incident it points to is a drill.
    await expect(insert(false)).rejects.toThrow('foreign key');
  });

  test('an exercise can not be made real afterwards', async () => {
    const update = sql`update incidents.incidents set exercise = false where exercise`.execute(house.core.db);
    await expect(update).rejects.toThrow('exercise');
    const row = sql`update drills.exercises set exercise = false`.execute(house.core.db);
    await expect(row).rejects.toThrow('exercise');
  });
});
