/** Roles of one's own, practice and certificates, the bench and its alarms, response teams: over HTTP, with a moved clock. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMs, newId, type Ctx } from '#kernel';
import { insertUser } from '#security';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { notePractice } from './commands/notePractice.ts';
import { refreshBench } from './bench.ts';
import { watchBench } from './commands/watchBench.ts';

let house: House;
let web: WebClient;
let responder: WebClient;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  web = await house.signIn('manager');
  responder = await house.signIn('responder');
  house.smtp.clear();
});

const DAY = 86_400_000;
const system = () => house.ctx('system');
const person = async (name: string) =>
  insertUser(await system(), { email: `${newId('x')}@orchardline.example`, name, roles: ['responder'] });
const titled = (words: string) => `${words} ${newId('x').slice(-8)}`;
const newRole = async (more: object = {}) =>
  (await web.post('/api/v1/incident-roles', { title: titled('Customer voice'), ...more })).body;
const rota = async (participants: string[], more: object = {}) =>
  (
    await web.post('/api/v1/schedules', {
      name: titled('Rota'),
      zone: 'UTC',
      handoverWeekday: 1,
      handoverTime: '09:00',
      startsOn: '2026-01-05',
      participants,
      acceptWarnings: true,
      ...more,
    })
  ).body;
const bench = async (key: string) =>
  (await web.get('/api/v1/bench')).body.roles.find((one: { key: string }) => one.key === key);
/** So long that sessions end on the way. */
const advance = async (duration: string) => {
  await house.advance(duration);
  web = await house.signIn('manager');
};
const certify = (key: string, userId: string) =>
  web.post(`/api/v1/incident-roles/${key}/certifications`, { userId, note: 'seen' });

describe('incident roles', () => {
  test('come with duties, first steps, hand-over and authority, in the order in which one thinks of them', async () => {
    const { body } = await responder.get('/api/v1/incident-roles');
    expect(body.items.slice(0, 6).map((role: { key: string }) => role.key)).toEqual([
      'incident_commander',
      'deputy',
      'operations_lead',
      'communications_lead',
      'technical_liaison',
      'scribe',
    ]);
    for (const role of body.items.slice(0, 8))
      expect([role.key, role.firstSteps.length > 20, role.duties.length > 20, role.handover.length > 20]).toEqual([
        role.key,
        true,
        true,
        true,
      ]);
  });

  test('can be added, edited and taken out of use; the key stays, an older version is refused', async () => {
    const made = await web.post('/api/v1/incident-roles', {
      title: titled('Partner liaison'),
      duties: 'Tell the partners.',
      authority: ['publish_internal'],
      requiredFor: [2, 1, 1],
    });
    expect(made.status).toBe(201);
    expect(made.body.requiredFor).toEqual([1, 2]);
    const at = `/api/v1/incident-roles/${made.body.key}`;
    const { key: _, rota: __, onCall: ___, current: ____, builtIn: _____, retired: ______, ...fields } = made.body;
    const saved = await web.put(at, { ...fields, title: titled('Partners'), scheduleId: null });
    expect([saved.status, saved.body.key, saved.body.version]).toEqual([200, made.body.key, 2]);
    expect((await web.put(at, { ...fields, scheduleId: null })).status).toBe(412);
    expect((await web.delete(at)).status).toBe(200);
    expect((await web.get(at)).body).toMatchObject({ retired: true, requiredFor: [] });
  });

  test('what cannot be undone is never given in advance, and the commander’s role keeps what makes it one', async () => {
    const risky = await web.post('/api/v1/incident-roles', {
      title: titled('Hero'),
      authority: ['approve_irreversible'],
    });
    expect([risky.status, risky.body.errors[0].path]).toEqual([422, 'authority.0']);
    const { body: lead } = await web.get('/api/v1/incident-roles/incident_commander');
    const { key: _, rota: __, onCall: ___, current: ____, builtIn: _____, retired: ______, ...fields } = lead;
    const weaker = await web.put('/api/v1/incident-roles/incident_commander', {
      ...fields,
      scheduleId: null,
      authority: ['declare'],
      shared: true,
    });
    expect(weaker.status).toBe(422);
    expect((await web.delete('/api/v1/incident-roles/incident_commander')).status).toBe(409);
    expect((await responder.post('/api/v1/incident-roles', { title: 'No' })).status).toBe(403);
  });

  test('a schedule that is the rota of a role says who is on it now, and cannot be deleted under it', async () => {
    const lena = await person('Lena');
    const schedule = await rota([lena]);
    const role = await newRole({ scheduleId: schedule.id });
    expect(role).toMatchObject({ rota: { id: schedule.id }, onCall: { id: lena } });
    expect((await web.delete(`/api/v1/schedules/${schedule.id}`)).status).toBe(409);
    await web.delete(`/api/v1/incident-roles/${role.key}`);
    expect((await web.delete(`/api/v1/schedules/${schedule.id}`)).status).toBe(200);
  });
});

describe('practice', () => {
  test('is written down by oneself or a manager, never in advance, and never for others by a colleague', async () => {
    const role = await newRole();
    const body = { roleKey: role.key, kind: 'shadow', note: 'beside Ada' };
    expect((await responder.post('/api/v1/practices', body)).status).toBe(201);
    const other = await responder.post('/api/v1/practices', { ...body, userId: await house.userId('manager') });
    expect([other.status, other.body.rule]).toEqual([403, 'people.practice.other']);
    const later = new Date(addMs((await system()).now, DAY)).toISOString();
    expect((await responder.post('/api/v1/practices', { ...body, at: later })).status).toBe(422);
    const { items } = (await responder.get('/api/v1/practices')).body;
    expect(items[0]).toMatchObject({ role: { key: role.key }, kind: 'shadow', by: 'Rui Responder' });
  });

  test('a role held in an incident counts once as duty, in a drill as a drill', async () => {
    const role = await newRole();
    const userId = await person('Duty Dan');
    const practised = { userId, roleKey: role.key, note: 'INC-1' };
    await notePractice(await system(), { ...practised, ref: 'inc_a' });
    await notePractice(await system(), { ...practised, ref: 'inc_a' });
    await notePractice(await house.ctx('system', { exercise: true }), { ...practised, ref: 'inc_b' });
    const { items } = (await web.get(`/api/v1/practices?userId=${userId}`)).body;
    expect(items.map((one: { kind: string }) => one.kind).toSorted()).toEqual(['drill', 'duty']);
  });

  test('a certificate is current for 180 days after the last practice; then the person is told, and readiness falls', async () => {
    const role = await newRole();
    const userId = await person('Cora Certified');
    for (const id of [userId, await person('Cert Two'), await person('Cert Three')]) await certify(role.key, id);
    expect(await bench(role.key)).toMatchObject({ current: 3, alarms: [] });
    const before = (await web.get('/api/v1/bench')).body.readiness;
    await advance('170d');
    for (const { person: one } of (await bench(role.key)).people)
      if (one.id !== userId)
        await web.post('/api/v1/practices', { roleKey: role.key, userId: one.id, kind: 'drill', note: '' });
    await advance('9d');
    expect(
      (await bench(role.key)).people.find((one: { person: { id: string } }) => one.person.id === userId),
    ).toMatchObject({ state: 'current', endsSoon: true });
    await advance('1d');
    await watchBench(await system(), {});
    await house.settle();
    const lapsed = await bench(role.key);
    expect(lapsed.people.find((one: { person: { id: string } }) => one.person.id === userId).state).toBe('expired');
    expect(lapsed.alarms.map((one: { kind: string }) => one.kind).toSorted()).toEqual(['expired', 'thin']);
    expect(house.smtp.messages.map(({ text }) => text).join()).toContain(
      'the certification of Cora Certified ended on',
    );
    expect((await web.get('/api/v1/bench')).body.readiness).toBeLessThan(before);
    await web.post('/api/v1/practices', { roleKey: role.key, userId, kind: 'training', note: '' });
    expect(await bench(role.key)).toMatchObject({ current: 3, alarms: [] });
  });
});

describe('the bench', () => {
  test('says so when one person holds over 40 % of a role’s duty in a quarter, and when fewer than three are current', async () => {
    const people = [await person('Alwin'), await person('Berta'), await person('Carl')];
    // Alwin has every other week.
    const schedule = await rota([people[0]!, people[1]!, people[0]!, people[2]!]);
    const role = await newRole({ scheduleId: schedule.id });
    expect((await bench(role.key)).alarms.map((one: { kind: string }) => one.kind)).toEqual(['thin', 'concentrated']);
    await advance('91d');
    for (const id of people) await certify(role.key, id);
    const { alarms, current, people: shown } = await bench(role.key);
    expect(current).toBe(3);
    expect(alarms).toMatchObject([{ kind: 'concentrated', person: { id: people[0] } }]);
    expect(alarms[0].text).toMatch(/Alwin holds (4|5)\d % of this quarter’s duty/);
    expect(shown.find((one: { person: { id: string } }) => one.person.id === people[0]).share).toBeGreaterThan(0.4);
    // Raised once, however often one looks.
    const ctx: Ctx = await system();
    expect(await refreshBench(ctx)).toMatchObject({ raised: 0 });
  });

  test('a suggestion for a shift names who is certified and practised longest ago, with rest kept', async () => {
    const [anna, bert] = [await person('Anna'), await person('Bert')];
    const role = await newRole();
    for (const id of [anna, bert]) await certify(role.key, id);
    await advance('10d');
    await web.post('/api/v1/practices', { roleKey: role.key, userId: anna, kind: 'drill', note: '' });
    const now = (await system()).now;
    const [from, to] = [addMs(now, DAY).toISOString(), addMs(now, 2 * DAY).toISOString()];
    const first = async () =>
      (await web.get(`/api/v1/incident-roles/${role.key}/suggestion?from=${from}&to=${to}`)).body.items;
    expect((await first()).map((one: { person: { name: string } }) => one.person.name)).toEqual(['Bert', 'Anna']);
    // Another rota of Bert's ends an hour before: he would have no rest.
    await rota([bert]);
    expect((await first())[0]).toMatchObject({ person: { name: 'Anna' }, hindrance: null });
  });

  test('lists who is on a rota and has had neither drill nor duty in two quarters', async () => {
    const [asleep, awake] = [await person('Asleep'), await person('Awake')];
    const schedule = await rota([asleep, awake]);
    const role = await newRole();
    await notePractice(await house.ctx('system', { exercise: true }), {
      userId: awake,
      roleKey: role.key,
      ref: newId('inc'),
      note: '',
    });
    const listed = async () =>
      (await web.get('/api/v1/bench')).body.unpractised.map((one: { person: { id: string } }) => one.person.id);
    expect(await listed()).toContain(asleep);
    expect(await listed()).not.toContain(awake);
    await advance('183d');
    expect(await listed()).toEqual(expect.arrayContaining([asleep, awake]));
    const all = (await web.get('/api/v1/bench')).body.unpractised;
    expect(all.find((one: { person: { id: string } }) => one.person.id === asleep).schedules).toEqual([schedule.name]);
  });
});

describe('a response team', () => {
  const members = async (functions: string[], alternate = true) => [
    { userId: await house.userId('manager'), role: 'lead', functions },
    { userId: await person('One'), role: 'member', functions: [] },
    { userId: await person('Two'), role: 'member', functions: [] },
    { userId: await person('Three'), role: 'member', functions: [] },
    ...(alternate ? [{ userId: await person('Stand-in'), role: 'alternate', functions: [] }] : []),
  ];
  const three = ['engineering', 'operations', 'support'];
  const save = async (list: object[], more: object = {}) =>
    web.post('/api/v1/teams', { name: titled('Response'), members: list, response: true, ...more });

  test('without three functions or without alternates it is refused; size and span of control are warnings', async () => {
    const two = await save(await members(['engineering', 'operations']));
    expect([two.status, two.body.rule]).toEqual([422, 'people.team.response']);
    expect((await save(await members(three, false))).status).toBe(422);
    const whole = await save(await members(three), { authority: ['approve_reversible'] });
    expect([whole.status, whole.body.warnings]).toEqual([201, []]);
    const many = await Promise.all(
      Array.from({ length: 7 }, async (_, i) => ({ userId: await person(`P${i}`), role: 'member' })),
    );
    const crowd = await save([...(await members(three)), ...many]);
    expect(crowd.body.warnings.map((one: { rule: string }) => one.rule)).toEqual([
      'people.team.size',
      'people.team.span',
    ]);
    expect(crowd.body.warnings[1].message).toContain('form sub-teams');
  });

  test('an ordinary team needs none of it, and holds no authority', async () => {
    const plain = await save([], { response: false });
    expect([plain.status, plain.body.warnings]).toEqual([201, []]);
    const bold = await save([], { response: false, authority: ['close'] });
    expect([bold.status, bold.body.rule]).toEqual([422, 'people.team.authority']);
    const risky = await save(await members(three), { authority: ['approve_irreversible'] });
    expect(risky.status).toBe(422);
  });
});
