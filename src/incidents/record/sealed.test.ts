/** Restricted entries of an open incident: their words are nowhere but behind one door, and the door keeps a book. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, sha256hex, sql } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

const SECRET = 'Zanzibar';

let house: House;
let rui: WebClient;
let mina: WebClient;
let ada: WebClient;
let id: string;
let key: string;
let seq: number;

beforeAll(async () => {
  house = await openHouse();
  [rui, mina, ada] = await Promise.all([house.signIn('responder'), house.signIn('manager'), house.signIn('admin')]);
  const { body } = await ada.post('/api/v1/incidents', { title: 'Exports are slow', severity: 2 });
  ({ id, key } = body);
  await ada.post(`/api/v1/incidents/${id}/roles`, { role: 'incident_commander' });
  const posted = await rui.post(`/api/v1/incidents/${id}/timeline`, {
    text: `${SECRET}: the copied table is of one customer`,
    classification: 'restricted',
    readers: [],
  });
  expect(posted.status).toBe(201);
  seq = posted.body.seq;
  await rui.post(`/api/v1/incidents/${id}/timeline/${seq}/corrections`, { text: `${SECRET}: of two customers` });
  await house.settle();
});
afterAll(() => house.close());

const read = (web: WebClient, n = seq) => web.post(`/api/v1/incidents/${id}/timeline/${n}/words`);

/** Every GET about an incident, and every one that takes no id. */
function everyRead(): string[] {
  const paths: string[] = [];
  for (const route of house.core.modules.flatMap((module) => module.routes)) {
    if (route.kind === 'raw' || route.endpoint.method !== 'GET') continue;
    const { path } = route.endpoint;
    if (!path.includes(':')) paths.push(path);
    else if (/^[^:]*:(id|incidentId)(\/[^:]*)?$/.test(path) && path.includes('incident'))
      paths.push(path.replace(/:\w+/, id));
  }
  return paths;
}

describe('a restricted entry in an incident that everybody may read', () => {
  it('shows nowhere what it says: no screen, search, export, bundle or table has its words, also for who may read them', async () => {
    const paths = [...everyRead(), `/api/v1/incidents/${id}/timeline?q=${SECRET}`];
    expect(paths.length).toBeGreaterThan(60);
    for (const path of paths)
      for (const web of [ada, mina]) expect((await web.get(path)).text, path).not.toContain(SECRET);
    const { body } = await mina.get(`/api/v1/incidents/${id}/timeline`);
    const entry = body.items.find((one: { seq: number }) => one.seq === seq);
    expect(entry).toMatchObject({ classification: 'restricted', kind: 'note', refs: [{ kind: 'sealed' }] });
    expect(entry.text).toContain('Restricted entry');
    const { rows } = await sql<{ name: string }>`select table_schema || '.' || table_name as name
      from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
      house.core.db,
    );
    for (const { name } of rows) {
      const found = await sql<{
        n: number;
      }>`select count(*)::int as n from ${sql.table(name)} t where t::text like ${`%${SECRET}%`}`.execute(
        house.core.db,
      );
      expect(found.rows[0]?.n, name).toBe(0);
    }
  });

  it('is read by its author, the commander of now and who is named, each time written down; others are refused, and that too', async () => {
    const words = await read(rui);
    expect(words.body.text).toContain(SECRET);
    expect((await read(ada)).body.text).toContain(SECRET);
    const refused = await read(mina);
    expect([refused.status, refused.body.rule]).toEqual([403, 'incidents.entry.restricted']);
    expect(refused.text).not.toContain(SECRET);
    expect(
      (await mina.post(`/api/v1/incidents/${id}/timeline/${seq}/readers`, { people: [await house.userId('manager')] }))
        .status,
    ).toBe(403);
    const shared = await rui.post(`/api/v1/incidents/${id}/timeline/${seq}/readers`, {
      people: [await house.userId('manager')],
    });
    expect(shared.status).toBe(204);
    expect((await read(mina)).status).toBe(200);
    const { body: log } = await ada.get(`/api/v1/audit?action=incidents.readRestricted&incident=${id}`);
    const told = log.items.map((one: { actor: { name: string }; after: object }) => [one.actor.name, one.after]);
    expect(told).toHaveLength(4);
    expect(told[0]).toEqual([expect.any(String), { read: 'a restricted entry', seq }]);
    expect(told[1][1]).toMatchObject({ refused: 'incidents.entry.restricted' });
    expect(JSON.stringify(log)).not.toContain(SECRET);
  });

  it('is closed again to a commander who handed over, and to every token', async () => {
    const { body: offer } = await ada.post(`/api/v1/incidents/${id}/handovers`, {
      role: 'incident_commander',
      toUserId: await house.userId('responder'),
      brief: 'Yours',
    });
    await rui.post(`/api/v1/incident-handovers/${offer.id}/accepted`, {});
    expect((await read(ada)).status).toBe(403);
    const made = await rui.post('/api/v1/tokens', { name: 'all', scopes: ['*'] });
    const bearer = { authorization: `Bearer ${made.body.secret}` };
    expect(
      (await house.anonymous.post(`/api/v1/incidents/${id}/timeline/${seq}/words`, undefined, bearer)).status,
    ).toBe(403);
  });

  it('its correction is as restricted as itself', async () => {
    const { body } = await mina.get(`/api/v1/incidents/${id}/timeline`);
    const correction = body.items.find((one: { corrects: number | null }) => one.corrects === seq);
    expect(correction).toMatchObject({ classification: 'restricted', refs: [{ kind: 'sealed' }] });
    expect((await read(rui, correction.seq)).body.text).toContain('two customers');
    const foreign = await mina.post(`/api/v1/incidents/${id}/timeline/${correction.seq}/corrections`, { text: 'no' });
    expect(foreign.body.rule).toBe('incidents.entry.restricted');
  });

  it('stands in the chain by its fingerprint: whoever is shown the words can check them against the record', async () => {
    expect((await mina.get(`/api/v1/incidents/${id}/timeline/verification`)).body.ok).toBe(true);
    const { text, refs, salt, fingerprint } = (await read(rui)).body;
    expect(sha256hex(canonicalJson({ salt, text, refs }))).toBe(fingerprint);
    const { body } = await mina.get(`/api/v1/incidents/${id}/timeline`);
    expect(body.items.find((one: { seq: number }) => one.seq === seq).refs).toEqual([
      { kind: 'sealed', id: fingerprint },
    ]);
    const bundle = await mina.get(`/api/v1/incidents/${id}/bundle`);
    expect(bundle.text).toContain(fingerprint);
    expect(bundle.text).not.toContain(SECRET);
    expect(key).toMatch(/^INC-/);
  });
});
