/** The demo company: loads once into an empty installation, with valid chains, exact figures and nothing sent to anybody. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '#kernel';
import { userActor, verifyAudit } from '#security';
import { client, type WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { verifyTimeline } from '#incidents';
import { openSession } from '../../security/store.ts';
import { pastIncidents } from './data/incidents.ts';
import { loadDemo } from './index.ts';

let house: House;
let said: string[];
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  expect(await loadDemo(house.core)).toEqual(['This installation is in use, so the demo company was left out.']);
  await house.core.db.deleteFrom('security.users').execute();
  said = await loadDemo(house.core);
  await house.settle();
  const ines = await house.core.db
    .selectFrom('security.users')
    .selectAll()
    .where('name', '=', 'Ines Varga')
    .executeTakeFirstOrThrow();
  const ctx = await house.core.ctx(userActor(ines));
  const session = await openSession(ctx, ines.id);
  web = client(house.url, { cookie: `evenkeel=${session.token}`, 'x-evenkeel': '1' });
}, 120_000);
afterAll(() => house.close());

const figures = async () => (await web.get('/api/v1/learning/metrics')).body;

describe('the demo company', () => {
  test('is announced with a sign-in link that works once', () => {
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/^Sign in as Ines Varga, its administrator \(works once\): http:\/\/\S+\/join\?token=\S+$/);
  });

  test('has a series that is watched, with one odd hour found and nobody called for it', async () => {
    const { items } = (await web.get('/api/v1/metric-series')).body;
    expect(items).toMatchObject([{ state: 'usual', watch: { name: 'Orders a minute' } }]);
    const { anomalies } = (await web.get(`/api/v1/metric-series/${items[0].id}`)).body;
    expect(anomalies.length).toBeGreaterThan(0);
    expect(anomalies.every((one: { told: boolean }) => !one.told)).toBe(true);
  });

  test('is loaded once: a second time changes nothing', async () => {
    const count = async () => (await web.get('/api/v1/incidents?limit=200')).body.items.length;
    const before = await count();
    expect(before).toBe(pastIncidents.length);
    await loadDemo(house.core);
    expect(await count()).toBe(before);
  });

  test('its map has the single points of the story, and names the suppliers nobody has reviewed in time', async () => {
    const { services, singlePoints, unknownPoints, overdueReviews, protectFirst } = (
      await web.get('/api/v1/service-map')
    ).body;
    const nameOf = (id: string) => services.find((one: { id: string }) => one.id === id).name;
    expect(
      singlePoints.map(({ id, fallback }: { id: string; fallback: string }) => `${nameOf(id)}: ${fallback}`).sort(),
    ).toEqual(['CloudNorth eu-west: documented', 'Identity database: none', 'SignPort: none']);
    expect(unknownPoints).toEqual([]);
    expect(overdueReviews.map(nameOf).sort()).toEqual(['Mapstead', 'SignPort']);
    expect(protectFirst.slice(0, 2).map(({ id }: { id: string }) => nameOf(id))).toEqual([
      'CloudNorth eu-west',
      'Identity API',
    ]);
    const count = (kind: string) => services.filter((one: { kind: string }) => one.kind === kind).length;
    expect(['service', 'store', 'third_party', 'journey'].map(count)).toEqual([25, 7, 6, 5]);
  });

  test('sends nothing to anybody, and leaves no page or job behind', async () => {
    expect(house.smtp.messages).toEqual([]);
    expect((await web.get('/api/v1/pages?state=open')).body.items).toEqual([]);
    const { rows } = await sql<{
      n: number;
      keys: string | null;
    }>`select count(*)::int as n, string_agg(coalesce(key, 'none'), ', ') as keys from graphile_worker._private_jobs
      where key is null or key not like 'every:%' and key not like 'recovery-closing:%'`.execute(house.core.db);
    // A first look at what each restored incident left over comes some seconds after; and the end of the planned maintenance, which is still to come.
    expect(rows[0]).toEqual({ n: 1, keys: expect.stringMatching(/^signals\.lift:/) });
  });

  test('shows a pager in use: rotas of roles with certified people, a policy that goes round and calls a role, a swap taken and one offered, leave, holidays, monitors, a window', async () => {
    const get = async (path: string) => (await web.get(`/api/v1/${path}`)).body;
    const roles: { key: string; onCall: object | null; current: number }[] = (await get('incident-roles')).items;
    for (const key of ['incident_commander', 'communications_lead'])
      expect(roles.find((role) => role.key === key)).toMatchObject({ onCall: { name: expect.any(String) } });
    expect(roles.find(({ key }) => key === 'incident_commander')!.current).toBeGreaterThanOrEqual(4);
    const policies: { name: string; steps: object[]; warnings: object[] }[] = (await get('escalation-policies')).items;
    expect(policies.find(({ name }) => name.startsWith('Payments'))!.steps).toMatchObject([
      { targets: [{ kind: 'team_on_call' }] },
      { call: 'round_robin' },
      { targets: [{ kind: 'role', name: 'Incident commander' }], when: { priorities: [1, 2] } },
    ]);
    const states = await house.core.db.selectFrom('people.swaps').select('state').orderBy('state').execute();
    expect(states.map(({ state }) => state)).toEqual(['accepted', 'offered']);
    expect(await house.core.db.selectFrom('people.absences').select('id').execute()).toHaveLength(2);
    expect((await get('calendars')).items).toMatchObject([{ covers: 'days', problem: null }]);
    expect((await get('monitors')).items).toHaveLength(3);
    const windows = await house.core.db.selectFrom('signals.silences').select('name').execute();
    expect(windows).toEqual([{ name: 'Event log moves to new disks' }]);
    expect((await get('people')).items.filter(({ reach }: { reach: string }) => reach === 'verified')).toHaveLength(20);
  });

  test('has hash chains that hold: every timeline and the audit log', async () => {
    const { items } = (await web.get('/api/v1/incidents?limit=200')).body;
    for (const { id, key } of items) {
      expect({ key, ...(await verifyTimeline(house.core, id)) }).toMatchObject({ key, ok: true });
    }
    expect(await verifyAudit(house.core.db)).toMatchObject({ ok: true });
  });

  test.each([
    ['ttd', 13, 5, 22, 78.6],
    ['tta', 13, 2, 6, 8.6],
    ['ttc', 13, 31, 47, 67.4],
    ['ttm', 13, 43, 94, 174.6],
    ['ttr', 13, 96, 160, 205.4],
    ['ttn', 13, 18, 23, 34.4],
  ])('shows the figures written down by hand through its own face: %s', async (id, n, median, p75, p90) => {
    const measure = (await figures()).measures.find((one: { id: string }) => one.id === id);
    expect(measure.summary).toEqual({ n, median, p75, p90, p95: null });
  });

  test('says of the time to recover that there is no reliable change, although it looks shorter', async () => {
    const { change } = (await figures()).measures.find((one: { id: string }) => one.id === 'ttr');
    expect(change).toMatchObject({ before: { n: 6, median: 131 }, after: { n: 7, median: 88 }, difference: -43 });
    expect(change.verdict).toBe('no reliable change');
  });

  test('leaves out the false alarm, the merged one and the internal one, and says so', async () => {
    const { notCounted } = await figures();
    expect(notCounted.map((one: { reason: string }) => one.reason).sort()).toEqual([
      ...['SEV4', 'false alarm', 'merged into another'],
    ]);
  });

  test('has 18 improvements to do, 4 of them late, and one review still to write', async () => {
    expect((await figures()).actions).toMatchObject({ open: 18, overdue: 4, done: 11 });
    const { body } = await web.get('/api/v1/learning/reviews?show=open');
    expect(body.items).toMatchObject([{ incident: { title: 'Order service release raises errors' }, overdue: false }]);
  });

  test('greets its administrator with what is hers', async () => {
    const { body } = await web.get('/api/v1/home');
    // Mail works in this house; without it, that would be the one step left.
    expect(body.setup).toBeNull();
    expect(body.needs.map((need: { kind: string }) => need.kind)).toContain('review');
    expect(body.numbers).toMatchObject({ services: 32, activeIncidents: 0, openGroups: 1 });
  });

  test('shows customers a year of honest history', async () => {
    const { status, text } = await house.anonymous.get('/status/history');
    expect(status).toBe(200);
    expect(text).toContain('Card payments work as usual');
  });
});
