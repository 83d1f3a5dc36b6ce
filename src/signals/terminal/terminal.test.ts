/** Every accepted event comes to an end; what does not is named, and somebody is called. Real rows, real jobs, lost on purpose. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { sweep } from '../jobs.ts';
import { watchEnds } from './jobs.ts';

let house: House;
let responder: WebClient;
let door: string;
const system = () => house.ctx('system');
const ends = async () => (await responder.get('/api/v1/ends')).body;
const look = async () => {
  await watchEnds.run(await system(), {});
  await house.settle();
};
const raised = () => house.smtp.messages.filter(({ subject }) => / stuck$/.test(subject));
beforeAll(async () => {
  house = await openHouse();
  responder = await house.signIn('responder');
  const made = await (
    await house.signIn('manager')
  ).post('/api/v1/integrations', { kind: 'alertmanager', name: 'Prometheus' });
  door = `/integrations/v1/alertmanager/${made.body.key}`;
});
afterAll(() => house.close());
beforeEach(() => house.smtp.clear());

const alert = (name: string) => ({
  ...{
    version: '4',
    groupKey: name,
    status: 'firing',
    receiver: 'x',
    commonLabels: {},
    commonAnnotations: {},
    externalURL: '',
  },
  alerts: [
    {
      ...{ status: 'firing', labels: { alertname: name, severity: 'info' }, annotations: {} },
      ...{ startsAt: '2026-11-23T10:00:00Z', endsAt: '0001-01-01T00:00:00Z', fingerprint: name },
    },
  ],
});
/** Every signal fails to be processed until this is taken back. */
async function sabotage(): Promise<() => Promise<unknown>> {
  await sql`create function public.broken() returns trigger language plpgsql as $$ begin raise exception 'sabotage'; end $$`.execute(
    house.core.db,
  );
  await sql`create trigger broken before insert on signals.occurrences for each row execute function public.broken()`.execute(
    house.core.db,
  );
  return () => sql`drop function public.broken() cascade`.execute(house.core.db);
}

describe('every accepted event', () => {
  test('ends processed, rejected or given up on, is found by its id, and then nothing is stuck', async () => {
    const answer = await house.anonymous.post(door, alert('one'));
    expect(answer.status).toBe(202);
    expect((await house.anonymous.post(door, { nonsense: true })).status).toBe(400);
    await look();
    expect((await responder.get(`/api/v1/signals/${answer.body.signal}`)).body).toMatchObject({ state: 'processed' });
    expect(await ends()).toMatchObject({
      nothingIsStuck: true,
      stuck: [],
      signals: { accepted: 2, processed: 1, rejected: 1, waiting: 0 },
    });
    expect(raised()).toEqual([]);
  });

  test('a signal whose job is lost and that nobody takes up is named by its id after two minutes, and the emergency contact is paged once', async () => {
    const repair = await sabotage();
    const answer = await house.anonymous.post(door, alert('two'));
    expect(answer.status).toBe(202);
    const { signal } = answer.body;
    await sql`select graphile_worker.remove_job(${`signals.process:${signal}`})`.execute(house.core.db);
    await repair();
    await look();
    expect(await ends()).toMatchObject({ nothingIsStuck: true, signals: { waiting: 1 } });
    await house.advance('2m5s');
    await look();
    await look();
    expect(await ends()).toMatchObject({ nothingIsStuck: false, stuck: [{ kind: 'signal', id: signal }] });
    expect(raised().map(({ to }) => to[0])).toEqual(['admin@orchardline.example']);
    expect(raised()[0]?.text).toContain(signal);
    // The sweep takes it up; the alarm ends by itself.
    await sweep.run(await system(), {});
    await house.settle();
    await look();
    expect(await ends()).toMatchObject({ nothingIsStuck: true });
    const { items } = (await responder.get('/api/v1/pages?state=all')).body;
    expect(items[0]).toMatchObject({ state: 'stopped', endReason: 'nothing is stuck any more' });
  });

  test('a signal that fails three times is given up on in the open: listed, with a plain alert in its place', async () => {
    const before = await ends();
    await sql`create function public.broken() returns trigger language plpgsql as $$ begin
      if new.dedup_key not like 'unprocessed:%' then raise exception 'sabotage'; end if; return new; end $$`.execute(
      house.core.db,
    );
    await sql`create trigger broken before insert on signals.occurrences for each row execute function public.broken()`.execute(
      house.core.db,
    );
    const { signal } = (await house.anonymous.post(door, alert('three'))).body;
    await house.advance('5m');
    await sql`drop function public.broken() cascade`.execute(house.core.db);
    house.expectJobErrors();
    const after = await ends();
    expect(before.quarantined).toEqual([]);
    expect(after.quarantined).toMatchObject([{ id: signal, integration: 'Prometheus' }]);
    expect(after.nothingIsStuck).toBe(true);
  });

  test('a message whose timer and whose watch are both gone is named, one whose carrier is silent is listed and calls nobody', async () => {
    const delivery = async (state: string, minutes: number) => {
      const id = newId('dlv');
      await sql`insert into channels.deliveries (id, key, channel, recipient, purpose, ref, subject, sealed_message, state, next_attempt_at, sent_at)
        values (${id}, ${id}, 'sms', '+4915', 'page', ${newId('pag')}, 'Orders', '', ${state},
          kernel.now() - make_interval(mins => ${minutes}::int), kernel.now() - make_interval(mins => ${minutes}::int))`.execute(
        house.core.db,
      );
      return id;
    };
    const silent = await delivery('sent', 31);
    await delivery('sent', 3);
    await look();
    expect((await ends()).stuck).toMatchObject([{ kind: 'receipt', id: silent }]);
    expect(raised()).toEqual([]);
    const late = await delivery('queued', 2);
    await look();
    expect((await ends()).stuck.map(({ id }: { id: string }) => id)).toContain(late);
    expect(raised()).toHaveLength(1);
    await sql`delete from channels.deliveries where recipient = '+4915'`.execute(house.core.db);
    await look();
    expect((await ends()).nothingIsStuck).toBe(true);
  });
});
