/** From a restored incident to a finished improvement, through the product's own face. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { declared, restored, type Walked } from '../../test/harness/incident.ts';
import { whole } from '../../test/harness/comms.ts';
import { sweepOverdue } from './jobs.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

const reviewOf = async (incident: Walked) => {
  const { body } = await web.get(`/api/v1/learning/reviews?show=all&incidentId=${incident.id}`);
  return body.items[0];
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function restoredIncident(severity: number, title = 'Card payments slow'): Promise<Walked> {
  const incident = await declared(web, { title, severity });
  await house.advance('10m');
  await restored(web, incident);
  await house.settle();
  return incident;
}

describe('a review', () => {
  test('opens by itself when a SEV1 is restored, owned by its commander and due in three calendar days', async () => {
    const incident = await restoredIncident(1);
    const review = await reviewOf(incident);
    expect(review).toMatchObject({ state: 'scheduled', form: 'full', owner: { id: await house.userId('responder') } });
    const { body } = await web.get(`/api/v1/incidents/${incident.id}`);
    expect(Date.parse(review.dueAt) - Date.parse(body.times.restoredAt)).toBe(3 * 86_400_000);
  });

  test('is filled from the record: figures, hypotheses with the refuted ones, roles and phases', async () => {
    const incident = await declared(web, { title: 'Order list slow', severity: 2, summary: 'The list took 20 s.' });
    for (const [text, state] of [
      ['The search release', 'confirmed'],
      ['The database', 'refuted'],
    ]) {
      const { body } = await web.post(`/api/v1/incidents/${incident.id}/hypotheses`, { text });
      await web.post(`/api/v1/incident-hypotheses/${body.id}`, { state, evidence: 'seen in the traces' });
    }
    const ask = (text: string) => web.post(`/api/v1/incidents/${incident.id}/questions`, { text });
    const { body: asked } = await ask('Did anybody lose an order?');
    await ask('Why did no alert fire?');
    await web.post(`/api/v1/incident-questions/${asked.id}`, { answer: 'No' });
    await web.post(`/api/v1/incidents/${incident.id}/timeline`, { text: 'Lists come back' });
    const writer = await house.signIn('manager');
    const fields = whole((await house.ctx('system')).now, 20);
    const { body: message } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, { fields });
    const sent = await web.post(`/api/v1/updates/${message.id}/publish`, {});
    expect(sent.status, sent.text).toBe(200);
    await house.advance('20m');
    await restored(web, incident);
    await house.settle();
    const { body: review } = await web.get(`/api/v1/learning/reviews/${(await reviewOf(incident)).id}`);
    expect(review.sections.summary).toBe('The list took 20 s.');
    expect(review.sections.understanding).toMatch(/confirmed: The search release[\s\S]*refuted: The database/);
    expect(review.sections.containment).toContain('Sent half of the payments over the second route (by hand)');
    expect(review.record.phases.map((phase: { phase: string }) => phase.phase)).toEqual([
      ...['detection', 'containment', 'eradication', 'recovery', 'verification', 'restored'],
    ]);
    expect(review.record.timeline.map(({ text }: { text: string }) => text)).toEqual(
      expect.arrayContaining(['Hypothesis: The search release', 'Lists come back']),
    );
    expect(review.record.questions).toMatchObject([{ text: 'Why did no alert fire?' }]);
    expect(review.record.messages).toMatchObject([{ headline: fields.headline, audience: 'customers' }]);
    expect(review.record.roles).toMatchObject([{ role: 'incident commander', person: { name: 'Rui Responder' } }]);
    const measure = (id: string) => review.measures.find((one: { id: string }) => one.id === id);
    expect(measure('ttr').minutes).toBeGreaterThanOrEqual(20);
    expect(measure('tta')).toMatchObject({ minutes: null, absent: 'nobody was paged' });
    expect(measure('containment').minutes).not.toBeNull();
  });

  test('of a SEV2 is due in five business days; a SEV3 has none until somebody asks for one', async () => {
    const second = await reviewOf(await restoredIncident(2, 'Prices late'));
    const days = (Date.parse(second.dueAt) - Date.parse(second.openedAt)) / 86_400_000;
    expect(days).toBeGreaterThan(5.9);
    const third = await restoredIncident(3, 'Map tiles missing');
    expect(await reviewOf(third)).toBeUndefined();
    const asked = await web.post('/api/v1/learning/reviews', { incidentId: third.key, because: 'it surprised us' });
    expect(asked.status).toBe(201);
    expect(await reviewOf(third)).toMatchObject({ form: 'light', state: 'scheduled' });
    expect((await web.post('/api/v1/learning/reviews', { incidentId: third.key, because: 'twice' })).status).toBe(409);
  });

  test('holds the closing of its incident until it is scheduled, and then no more', async () => {
    const incident = await declared(web, { title: 'Log-in e-mails missing', severity: 1 });
    const gate = async () => {
      const { body } = await web.get(`/api/v1/incidents/${incident.id}`);
      return body.gates.find((one: { kind: string }) => one.kind === 'learning.review');
    };
    expect(await gate()).toMatchObject({ holds: 'close', state: 'open' });
    await restored(web, incident);
    const refused = await web.post(`/api/v1/incidents/${incident.id}/closed`, {});
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('learning.review');
    await house.settle();
    expect(await gate()).toMatchObject({ state: 'closed' });
  });

  test('tells two who write at once: the second is refused and loses nothing', async () => {
    const { id } = await reviewOf(await restoredIncident(2, 'Two writers'));
    const { body } = await web.get(`/api/v1/learning/reviews/${id}`);
    const write = (summary: string) =>
      web.patch(`/api/v1/learning/reviews/${id}`, { version: body.version, sections: { summary } });
    expect((await write('first')).status).toBe(200);
    const second = await write('second');
    expect(second).toMatchObject({ status: 412, body: { rule: 'learning.review.version' } });
    expect((await web.get(`/api/v1/learning/reviews/${id}`)).body.sections.summary).toBe('first');
  });

  test('points at words that look for a guilty person', async () => {
    const { id } = await reviewOf(await restoredIncident(2, 'Blame'));
    const { body } = await web.get(`/api/v1/learning/reviews/${id}`);
    const sections = { summary: 'Human error: an engineer accidentally deleted the table. He should have checked.' };
    const { body: saved } = await web.patch(`/api/v1/learning/reviews/${id}`, { version: body.version, sections });
    const hints = saved.blame.filter((hint: { path: string }) => hint.path === 'sections.summary');
    expect(hints.map((hint: { rule: string }) => hint.rule)).toEqual(expect.arrayContaining(['B1', 'B2', 'B3']));
  });

  test('can not be finished without trigger, factor and a verdict on each proposed action', async () => {
    const { id } = await reviewOf(await restoredIncident(2, 'Unfinished'));
    const proposed = await web.post('/api/v1/learning/actions', { reviewId: id, title: 'Cap the retries' });
    const refused = await web.post(`/api/v1/learning/reviews/${id}/finish`, {});
    expect(refused).toMatchObject({ status: 409, body: { rule: 'learning.finish' } });
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toEqual([
      ...['trigger', 'factors', `actions.${proposed.body.key}`],
    ]);
  });
});

describe('an improvement', () => {
  test('is confirmed with one owner, a day and a type, or not at all', async () => {
    const { body: action } = await web.post('/api/v1/learning/actions', { title: 'Second card route' });
    const confirm = (body: object) => web.post(`/api/v1/learning/actions/${action.id}/confirm`, body);
    const ownerId = await house.userId('manager');
    const whole = { ownerId, dueOn: inDays(20), type: 'supplier' };
    for (const path of ['ownerId', 'dueOn', 'type']) {
      const refused = await confirm({ ...whole, [path]: undefined });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    }
    expect((await confirm({ ...whole, dueOn: '2026-02-30' })).status).toBe(422);
    expect((await confirm({ ...whole, dueOn: inDays(-2) })).status).toBe(422);
    expect((await confirm(whole)).body).toMatchObject({ state: 'confirmed', owner: { id: ownerId } });
    await house.settle();
    expect(house.smtp.messages.at(-1)).toMatchObject({ subject: expect.stringContaining('Second card route') });
  });

  test('without owner, day and type is refused by the database as well', async () => {
    const { body: action } = await web.post('/api/v1/learning/actions', { title: 'By the back door' });
    const forced = house.core.db
      .updateTable('learning.actions')
      .set({ state: 'confirmed' })
      .where('id', '=', action.id)
      .execute();
    await expect(forced).rejects.toThrow('violates check constraint');
  });

  test('that is done as the last one ends the loop of its review', async () => {
    const incident = await restoredIncident(1, 'Loop');
    const { id } = await reviewOf(incident);
    const { body } = await web.get(`/api/v1/learning/reviews/${id}`);
    const { body: action } = await web.post('/api/v1/learning/actions', { reviewId: id, title: 'Cap the retries' });
    const ownerId = await house.userId('responder');
    await web.post(`/api/v1/learning/actions/${action.id}/confirm`, { ownerId, dueOn: inDays(10), type: 'code' });
    await web.patch(`/api/v1/learning/reviews/${id}`, {
      version: body.version,
      trigger: 'service_provider_change',
      factors: [{ code: 'D5', note: 'Eight times the usual number of retries' }],
    });
    expect((await web.post(`/api/v1/learning/reviews/${id}/finish`, {})).body).toMatchObject({ state: 'reviewed' });
    await web.post(`/api/v1/learning/actions/${action.id}/start`, {});
    await web.post(`/api/v1/learning/actions/${action.id}/complete`, { note: 'At most one retry' });
    const after = (await web.get(`/api/v1/learning/reviews/${id}`)).body;
    expect(after).toMatchObject({ state: 'closed', loopClosedAt: expect.any(String) });
    const { body: timeline } = await web.get(`/api/v1/incidents/${incident.id}/timeline?limit=5`);
    expect(timeline.items[0].text).toContain('The loop is closed');
  });

  test('that is late is noted once, and its owner is told', async () => {
    const { body: action } = await web.post('/api/v1/learning/actions', { title: 'Watch certificates' });
    const ownerId = await house.userId('responder');
    const promise = { ownerId, dueOn: inDays(1), type: 'tooling' };
    await web.post(`/api/v1/learning/actions/${action.id}/confirm`, promise);
    await house.advance('3d');
    for (let round = 0; round < 2; round++) await sweepOverdue.run(await house.ctx('system'), {});
    await house.settle();
    const board = await web.get('/api/v1/learning/actions?show=overdue');
    expect(board.body.items).toMatchObject([{ id: action.id, overdue: true }]);
    const told = house.smtp.messages.filter(
      ({ subject }) => subject.startsWith('Overdue') && subject.includes('Watch'),
    );
    expect(told).toHaveLength(1);
  });

  test('stands on the board for everybody signed in, without a responder’s role', async () => {
    const viewer = await house.signIn('viewer');
    expect((await viewer.get('/api/v1/learning/actions?show=all')).body.items.length).toBeGreaterThan(0);
    const refused = await viewer.post('/api/v1/learning/actions', { title: 'x' });
    expect(refused.status).toBe(403);
  });

  test('moves its promised day only with a reason, and keeps the first', async () => {
    const { body: action } = await web.post('/api/v1/learning/actions', { title: 'Practise the switch' });
    const ownerId = await house.userId('responder');
    const dueOn = inDays(20);
    await web.post(`/api/v1/learning/actions/${action.id}/confirm`, { ownerId, dueOn, type: 'training' });
    const amend = (body: object) => web.patch(`/api/v1/learning/actions/${action.id}`, body);
    expect((await amend({ dueOn: inDays(40) })).status).toBe(422);
    const moved = await amend({ dueOn: inDays(40), reason: 'The room is taken' });
    expect(moved.body).toMatchObject({ dueOn: inDays(40), originalDueOn: dueOn });
  });
});

describe('the figures', () => {
  test('count what happened, and leave out a false alarm with its reason', async () => {
    const incident = await declared(web, { title: 'Nothing at all', severity: 3 });
    await web.post(`/api/v1/incidents/${incident.id}/dismissed`, { reason: 'a test', noCustomerImpact: true });
    await house.settle();
    const { body } = await web.get('/api/v1/learning/metrics');
    expect(body.notCounted).toContainEqual({ incidentId: incident.id, key: incident.key, reason: 'false alarm' });
    const ttr = body.measures.find((measure: { id: string }) => measure.id === 'ttr');
    expect(ttr.dots.map((dot: { key: string }) => dot.key)).not.toContain(incident.key);
    expect(ttr.summary.n).toBeGreaterThanOrEqual(5);
    expect(ttr.summary.median).not.toBeNull();
  });

  test('under five cases are dots without a median', async () => {
    const { body } = await web.get('/api/v1/learning/metrics?severity=3');
    const ttr = body.measures.find((measure: { id: string }) => measure.id === 'ttr');
    expect(ttr.summary).toMatchObject({ n: 1, median: null, p75: null });
    expect(ttr.dots).toHaveLength(1);
  });

  test('know no person: neither in what they answer nor in what one may ask', async () => {
    const { text } = await web.get('/api/v1/learning/metrics');
    expect(text).not.toMatch(/usr_|Rui|responder/i);
    for (const name of ['person', 'userId', 'ownerId', 'commander']) {
      expect((await web.get(`/api/v1/learning/metrics?${name}=${await house.userId('responder')}`)).status).toBe(400);
    }
  });

  test('refuse an exercise: the database does not let it in', async () => {
    const ctx = await house.ctx('system');
    const row = { key: 'INC-0', title: 'x', severity: 1, serviceIds: [], computedAt: ctx.now };
    const insert = (incidentId: string, exercise: boolean) =>
      ctx.db
        .insertInto('learning.cases')
        .values({ incidentId, exercise, ...row })
        .execute();
    await expect(insert('inc_any', true)).rejects.toThrow('cases_exercise_check');
    await expect(insert('inc_any', false)).rejects.toThrow('foreign key');
  });
});
