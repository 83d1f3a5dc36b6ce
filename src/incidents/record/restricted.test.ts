/** A restricted incident: for whoever is not on its list it does not exist, anywhere; who is, is noted at every look. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '#catalog';
import { sql } from '#kernel';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

const SECRET = 'Zanzibar';

let house: House;
let rui: WebClient;
let ada: WebClient;
let outsiders: { name: string; web: WebClient }[];
let key: string;
let id: string;
let open: { key: string; id: string };

beforeAll(async () => {
  house = await openHouse();
  rui = await house.signIn('responder');
  ada = await house.signIn('admin');
  outsiders = await Promise.all(
    (['admin', 'manager', 'viewer', 'auditor'] as const).map(async (role) => ({
      name: role,
      web: await house.signIn(role),
    })),
  );
  const service = await createService(await house.ctx('admin'), {
    name: 'Payments vault',
    slug: 'vault',
    tier: 1,
    description: '',
  } as never);
  const declare = async (title: string, over: object) =>
    (await rui.post('/api/v1/incidents', { title, severity: 1, serviceIds: [service.id], ...over })).body;
  open = await declare('Checkout is slow', {});
  const made = await declare(`${SECRET}: keys were copied`, {
    restricted: { people: [] },
    kind: 'security',
    summary: `${SECRET} summary`,
  });
  [key, id] = [made.key, made.id];
  await rui.post(`/api/v1/incidents/${key}/timeline`, { text: `${SECRET} note` });
  await rui.post(`/api/v1/incidents/${key}/hypotheses`, { text: `${SECRET} hypothesis` });
  await rui.post(`/api/v1/incidents/${key}/tasks`, { text: `${SECRET} task` });
  await rui.post(`/api/v1/incidents/${key}/decisions`, {
    question: `${SECRET} question`,
    choice: 'rotate',
    needsApproval: true,
  });
  await house.settle();
});
afterAll(() => house.close());

/** Every GET of the product that takes no id, and every one about an incident. */
function everyRead(): string[] {
  const paths: string[] = [];
  for (const route of house.core.modules.flatMap((module) => module.routes)) {
    if (route.kind === 'raw' || route.endpoint.method !== 'GET') continue;
    const { path } = route.endpoint;
    if (!path.includes(':')) {
      paths.push(path, `${path}?incidentId=${id}`, `${path}?incident=${id}`, `${path}?q=${SECRET}`);
    } else if (/^\/api\/v1\/incidents\/:\w+[^:]*$/.test(path)) {
      paths.push(path.replace(/:\w+/, key), path.replace(/:\w+/, id));
    }
  }
  return paths;
}

describe('a restricted incident stays invisible', () => {
  it('in every list, search, export and screen of the API, for every role that is not on its list', async () => {
    const paths = everyRead();
    expect(paths.length).toBeGreaterThan(150);
    const seen: string[] = [];
    for (const { name, web } of outsiders) {
      for (const path of paths) {
        const { text, status } = await web.get(path);
        if (status >= 500) seen.push(`${name} ${path} answered ${status}`);
        if (
          text.includes(SECRET) ||
          (text.includes(key) && !path.includes(key)) ||
          (text.includes(id) && !path.includes(id))
        )
          seen.push(`${name} ${path}`);
        if (path.includes(`/incidents/${key}`) && status !== 404 && status !== 403)
          seen.push(`${name} ${path} answered ${status}`);
      }
    }
    expect(seen).toEqual([]);
  }, 120_000);

  it('is there for who declared it, with its mark', async () => {
    const { body } = await rui.get('/api/v1/incidents');
    expect(body.items).toContainEqual(expect.objectContaining({ key, restricted: true }));
    expect(body.items).toContainEqual(expect.objectContaining({ key: open.key, restricted: false }));
    expect((await rui.get(`/api/v1/incidents/${key}/access`)).body).toEqual({
      restricted: true,
      people: [{ id: await house.userId('responder'), name: expect.any(String) }],
    });
  });

  it('no command reaches it from outside, by key, by id or by what belongs to it', async () => {
    const { body } = await rui.get(`/api/v1/incidents/${key}`);
    const tries: [string, object][] = [
      [`/api/v1/incidents/${key}/timeline`, { text: 'x' }],
      [`/api/v1/incidents/${id}/roles`, { role: 'incident_commander' }],
      [`/api/v1/incidents/${open.key}/merged`, { into: key, reason: 'x' }],
      [`/api/v1/incident-tasks/${body.tasks[0].id}`, { claim: true }],
      [`/api/v1/incident-hypotheses/${body.hypotheses[0].id}`, { state: 'refuted', evidence: 'x' }],
      [`/api/v1/incident-approvals/${body.approvals[0].id}`, { verdict: 'granted' }],
      [`/api/v1/incidents`, { title: 'Again', recursOf: key }],
    ];
    for (const [path, input] of tries) {
      const answer = await ada.post(path, input);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.text).not.toContain(SECRET);
    }
  });

  it('nothing of it goes over the live stream to others, and everything to its people', async () => {
    const listen = async (role: 'responder' | 'manager') => {
      const answer = await fetch(`${house.url}/api/v1/stream`, {
        headers: { cookie: `evenkeel=${await house.sessionToken(role)}` },
      });
      const reader = answer.body!.getReader();
      let text = '';
      void (async () => {
        for (;;) {
          const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
          if (done) return;
          text += new TextDecoder().decode(value);
        }
      })();
      return { text: () => text, close: () => reader.cancel() };
    };
    const [inside, outside] = await Promise.all([listen('responder'), listen('manager')]);
    await rui.post(`/api/v1/incidents/${key}/timeline`, { text: 'one more' });
    await rui.post(`/api/v1/incidents/${open.key}/timeline`, { text: 'one more' });
    await expect.poll(() => outside.text(), { timeout: 20_000 }).toContain(open.id);
    await expect.poll(() => inside.text(), { timeout: 20_000 }).toContain(id);
    expect(outside.text()).not.toContain(id);
    await Promise.all([inside.close(), outside.close()]);
  });

  it('is neither paged about by policy nor named in any message that leaves', async () => {
    const pages = await sql<{ text: string }>`select title || body as text from people.pages`.execute(house.core.db);
    expect(pages.rows.filter(({ text }) => text.includes(SECRET))).toEqual([]);
    expect(JSON.stringify(house.smtp.messages)).not.toContain(SECRET);
    expect(JSON.stringify(house.sink.requests)).not.toContain(SECRET);
  });

  it('each look of its people is in the audit log, also their looks at lists', async () => {
    await rui.get(`/api/v1/incidents/${key}/timeline`);
    const looks = await house.core.db
      .selectFrom('security.audit')
      .select(['actorId', 'after'])
      .where('action', '=', 'incidents.noteRead')
      .where('subject', '=', id)
      .orderBy('seq', 'desc')
      .execute();
    expect(looks[0]).toEqual({ actorId: await house.userId('responder'), after: { read: 'incidents.timeline' } });
    expect(looks.map((look) => (look.after as { read: string }).read)).toContain('incidents.list');
  });

  it('who gets a role, or is put on the list, comes in; who leaves the list is out again', async () => {
    const mina = await house.signIn('manager');
    const list = (people: string[]) =>
      rui.put(`/api/v1/incidents/${key}/access`, { restricted: true, people, reason: 'for the investigation' });
    expect((await list([await house.userId('manager')])).status).toBe(200);
    expect((await mina.get(`/api/v1/incidents/${key}`)).status).toBe(200);
    expect((await list([])).status).toBe(200);
    expect((await mina.get(`/api/v1/incidents/${key}`)).status).toBe(404);
    await rui.post(`/api/v1/incidents/${key}/roles`, { role: 'scribe', userId: await house.userId('manager') });
    expect((await mina.get(`/api/v1/incidents/${key}`)).status).toBe(200);
    // A holder of a role cannot be put outside by leaving the name out.
    await list([]);
    expect((await mina.get(`/api/v1/incidents/${key}`)).status).toBe(200);
  });

  it('opened again, everybody sees it, and the record says who opened it and why', async () => {
    await rui.put(`/api/v1/incidents/${key}/access`, { restricted: false, reason: 'told to customers today' });
    const viewer = await house.signIn('viewer');
    expect((await viewer.get(`/api/v1/incidents/${key}`)).status).toBe(200);
    const { body } = await viewer.get(`/api/v1/incidents/${key}/timeline?limit=5`);
    expect(body.items[0].text).toBe('No longer restricted: told to customers today');
  });
});
