/** Look-alikes: found by service, alert and words, explained, with what ended them; quick over two thousand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '#catalog';
import { sql } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { alertKey, type Fingerprint, likeness, rarity, wordsOf } from './likeness.ts';

const print = (over: Partial<Fingerprint>): Fingerprint => ({
  services: [],
  dependencies: [],
  alerts: [],
  words: [],
  ...over,
});
const evenly = () => 1;

describe('likeness', () => {
  it('weighs origin, factors, trigger, alerts and words as the domain says, by what is known of both', () => {
    const a = print({ services: ['s1'], factors: ['D3', 'H1'], trigger: 'config_push', alerts: ['x'], words: ['pay'] });
    const b = print({ services: ['s1'], factors: ['D3'], trigger: 'config_push', alerts: ['x', 'y'], words: ['pay'] });
    // 0.35·1 + 0.25·½ + 0.15·1 + 0.15·½ + 0.10·1
    expect(likeness(a, b, evenly, String)).toMatchObject({ score: 0.8, grade: 'probable' });
    const { factors: _f, trigger: _t, ...unknown } = a;
    // 0.35 + 0.075 + 0.10 of 0.60
    expect(likeness(unknown, b, evenly, String)).toMatchObject({ score: 0.88 });
  });

  it('gives its reasons, the weightiest first', () => {
    const a = print({ services: ['s1'], alerts: ['p99 above # ms'], words: ['checkout', 'slow'] });
    expect(likeness(a, a, evenly, () => 'Checkout')?.reasons).toEqual([
      'the same service: Checkout',
      'the same alert: p99 above # ms',
      'the same words: checkout, slow',
    ]);
  });

  it('an origin the other leans on counts half; nothing in common is not alike', () => {
    const a = print({ services: ['shop'], dependencies: ['db'] });
    expect(likeness(a, print({ services: ['db'] }), evenly, String)).toMatchObject({ score: 0.5, grade: 'faint' });
    expect(likeness(a, print({ services: ['mail'] }), evenly, String)).toBeUndefined();
    expect(likeness(print({}), print({}), evenly, String)).toBeUndefined();
  });

  it('takes the same word in another form, and the same alert with other numbers', () => {
    expect(wordsOf('Payments are failing')).toEqual(wordsOf('A payment failed, the payments failed'));
    expect(alertKey('p99  above 900 ms')).toBe(alertKey('p99 above 1200.5 ms'));
    const rare = rarity([['slow', 'kafka'], ['slow'], ['slow']]);
    expect(rare('kafka')).toBeGreaterThan(rare('slow'));
  });
});

describe('past incidents', () => {
  let house: House;
  let rui: WebClient;
  let service: { id: string };
  let past: { id: string; key: string };
  beforeAll(async () => {
    house = await openHouse();
    rui = await house.signIn('responder');
    service = await createService(await house.ctx('admin'), {
      name: 'Card payments',
      slug: 'cards',
      tier: 1,
      description: '',
    } as never);
    const declare = async (title: string, over: object = {}) =>
      (await rui.post('/api/v1/incidents', { title, severity: 3, ...over })).body as { id: string; key: string };
    past = await declare('Card payments time out', { serviceIds: [service.id] });
    const at = `/api/v1/incidents/${past.key}`;
    const { body: cause } = await rui.post(`${at}/hypotheses`, { text: 'The bank’s certificate expired' });
    await rui.post(`/api/v1/incident-hypotheses/${cause.id}`, { state: 'confirmed', evidence: 'openssl shows it' });
    await rui.post(`${at}/timeline`, { text: 'Switched to the second payment route', kind: 'action' });
    const db = house.core.db;
    await sql`insert into incidents.incidents (title, id, severity, phase, declared_by_kind, declared_by, declared_by_name, detected_by, detected_at, declared_at, restored_at, worst_severity)
      select 'Something about part ' || n || ' of the system', 'inc_' || lpad(n::text, 26, '0'), 3, 'closed', 'user', 'usr_x', 'X', 'person', kernel.now(), kernel.now(), kernel.now(), 3
      from generate_series(1, 2000) n`.execute(db);
    await sql`update incidents.incidents set phase = 'closed', impact_started_at = kernel.now() - interval '40 minutes', restored_at = kernel.now(), closed_at = null where id = ${past.id}`.execute(
      db,
    );
  });
  afterAll(() => house.close());

  it('like the one about to be declared are shown with reasons and with what ended them', async () => {
    const { body } = await rui.get(
      `/api/v1/incident-lookalikes?title=Payment%20by%20card%20timed%20out&serviceId=${service.id}`,
    );
    expect(body.items[0]).toMatchObject({
      incident: { key: past.key, title: 'Card payments time out' },
      grade: 'probable',
      reasons: ['the same service: Card payments', expect.stringContaining('the same words: ')],
      ended: {
        cause: 'The bank’s certificate expired',
        actions: [{ text: 'Switched to the second payment route' }],
        restoredAfterSeconds: expect.any(Number),
      },
    });
  });

  it('are found by words alone, in under 300 ms among 2,000, and not when nothing is alike', async () => {
    const started = performance.now();
    const { body } = await rui.get('/api/v1/incident-lookalikes?title=card%20payment%20times%20out');
    expect(performance.now() - started).toBeLessThan(300);
    expect(body.items.map((one: { incident: { key: string } }) => one.incident.key)).toEqual([past.key]);
    expect((await rui.get('/api/v1/incident-lookalikes?title=%27%3A%26%21%20%28')).body.items).toEqual([]);
    expect((await rui.get('/api/v1/incident-lookalikes?title=Zebra')).body.items).toEqual([]);
    // From a service's page the question comes before the first word is typed.
    expect((await rui.get('/api/v1/incident-lookalikes?serviceId=svc_0')).status).toBe(200);
  });

  it('stand in the war room of an incident under way, itself left out', async () => {
    const { body: now } = await rui.post('/api/v1/incidents', {
      title: 'Cards are refused',
      severity: 3,
      serviceIds: [service.id],
    });
    const { body } = await rui.get(`/api/v1/incidents/${now.key}/lookalikes`);
    expect(body.items.map((one: { incident: { key: string } }) => one.incident.key)).toEqual([past.key]);
  });

  it('searching text and facets over 2,000 incidents takes under 300 ms', async () => {
    const started = performance.now();
    const { body } = await rui.get(`/api/v1/incidents?q=part%201999&severity=3&phase=closed&state=ended`);
    expect(performance.now() - started).toBeLessThan(300);
    expect(body.items).toHaveLength(1);
    const faceted = await rui.get(`/api/v1/incidents?q=card&severity=3&serviceId=${service.id}&state=ended`);
    expect(faceted.body.items.map((one: { key: string }) => one.key)).toEqual([past.key]);
  });

  it('a restricted one is never among them for others', async () => {
    await rui.put(`/api/v1/incidents/${past.key}/access`, { restricted: true, people: [], reason: 'it names a bank' });
    const mina = await house.signIn('manager');
    expect((await mina.get('/api/v1/incident-lookalikes?title=card%20payment%20times%20out')).body.items).toEqual([]);
  });
});
