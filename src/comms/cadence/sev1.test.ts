/** A SEV1 from the first to the last word on a moved clock (M18). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completeRecovery, declareContained, eradicate, startContainment } from '#incidents';
import { anIncident, restoreAtOnce, whole } from '../../../test/harness/comms.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

it('initial due at 10 minutes, then the interval of each phase; a phase recomputes it; a longer one only once it was announced; the resolution ends it', async () => {
  const incident = await anIncident(house);
  const writer = await house.signIn('responder');
  const commander = await house.signIn('manager');
  const now = async () => (await house.ctx('system')).now;
  const clock = async () => (await writer.get(`/api/v1/incidents/${incident.id}/update-clock`)).body;
  const left = async () =>
    Math.round((new Date((await clock()).nextDueAt).getTime() - (await now()).getTime()) / 60_000);
  const offered = async () => {
    const { body } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {});
    return {
      id: body.id,
      minutes: Math.round((new Date(body.revision.fields.nextUpdateBy).getTime() - (await now()).getTime()) / 60_000),
    };
  };
  const say = async (id: string, minutes: number, more = {}) => {
    await writer.patch(`/api/v1/updates/${id}`, { fields: whole(await now(), minutes, more) });
    return commander.post(`/api/v1/updates/${id}/publish`, {});
  };
  expect(await left()).toBe(10);
  // Detection: the scope after ten minutes, then every twenty.
  let message = await offered();
  expect(message.minutes).toBeGreaterThanOrEqual(9);
  expect(message.minutes).toBeLessThanOrEqual(10);
  expect((await say(message.id, 10)).status).toBe(200);
  expect(await left()).toBe(10);
  message = await offered();
  expect((await say(message.id, 20)).status).toBe(200);
  expect(await left()).toBe(20);

  // Half an hour is refused in the first two hours, however it is announced.
  message = await offered();
  const early = await say(message.id, 40);
  expect([early.status, early.body.title]).toEqual([422, expect.stringContaining('S2')]);
  expect((await say(message.id, 20)).status).toBe(200);

  const manager = await house.ctx('manager');
  await startContainment(manager, { incidentId: incident.id, action: 'switched the second route on' });
  await declareContained(manager, { incidentId: incident.id, evidence: 'no new failed payments for five minutes' });
  await eradicate(manager, { incidentId: incident.id, waiver: { kind: 'external', reason: 'the supplier mended it' } });
  await house.settle();
  // Recovery allows thirty minutes, yet what customers were told is never moved later.
  expect(await left()).toBe(20);
  message = await offered();
  expect(message.minutes).toBeGreaterThanOrEqual(29);
  expect((await say(message.id, 30)).status).toBe(200);
  expect(await left()).toBe(30);

  // After two hours a longer interval may come, and only the message that names it brings it.
  await house.advance('125m');
  const before = (await clock()).intervalSeconds;
  message = await offered();
  expect(message.minutes).toBeLessThanOrEqual(30);
  expect((await clock()).intervalSeconds).toBe(before);
  expect((await say(message.id, 60)).status).toBe(200);
  expect(await left()).toBe(60);
  expect((await clock()).intervalSeconds).toBe(3600);

  await completeRecovery(manager, { incidentId: incident.id, note: 'all on the usual route' } as never);
  await house.settle();
  expect(await left()).toBe(60);
  await restoreAtOnce(house, incident.id);
  expect((await clock()).reason).toBe('resolution');
  expect(await left()).toBe(15);
  const end = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {
    kind: 'resolution',
    fields: {
      headline: 'Card payments work',
      impact: 'From 09:12 to 11:40 UTC 1 in 5 payments was slow.',
      customerActions: 'none',
      apology: 'We are sorry that your payments were slow.',
      dataImpact: { state: 'delayed', sentence: 'All payments are charged.' },
    },
  });
  expect((await commander.post(`/api/v1/updates/${end.body.id}/publish`, {})).status).toBe(200);
  expect(await clock()).toMatchObject({ state: 'stopped', stopped: 'resolved', nextDueAt: null });
  const waiting = await house.core.pool.query<{ n: number }>(
    `select count(*)::int as n from graphile_worker.jobs where key like 'comms.clock:' || $1 || '%'`,
    [incident.id],
  );
  expect(waiting.rows[0]?.n).toBe(0);
});
