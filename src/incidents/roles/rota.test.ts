/** Roles at declaration: the rota names them, a page asks them, an empty rota is flagged; a drill calls nobody who does not play. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createService } from '#catalog';
import { type Ctx, newId, sql } from '#kernel';
import { acknowledge, certify, createSchedule, notePractice, openPages, updateRole } from '#people';
import { insertUser, userActor, userById } from '#security';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { answerRole } from '../commands/answerRole.ts';
import { declare } from '../commands/declare.ts';
import { fillRoles } from '../commands/fillRoles.ts';
import { watchRoles } from '../jobs.ts';

let house: House;
let rui: WebClient;
let mina: WebClient;
let lena: string;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  [rui, mina] = await Promise.all([house.signIn('responder'), house.signIn('manager')]);
  lena = await person('Lena Lead');
  // Every test begins with empty rotas.
  for (const key of ['incident_commander', 'communications_lead', 'operations_lead', 'scribe']) await bind(key, null);
});

const person = async (name: string) =>
  insertUser(await house.ctx('system'), { email: `${newId('x')}@orchardline.example`, name, roles: ['responder'] });
const ctxOf = async (id: string): Promise<Ctx> =>
  house.core.ctx(userActor((await userById(await house.ctx('system'), id))!));

/** A weekly rota of these people. */
async function rotaOf(participants: string[], more: object = {}): Promise<string> {
  const { id } = await createSchedule(await house.ctx('manager'), {
    name: `Rota ${newId('x')}`,
    teamId: null,
    zone: 'UTC',
    handoverWeekday: 1,
    handoverTime: '09:00',
    startsOn: '2026-01-05',
    participants,
    acceptWarnings: true,
    ...more,
  } as never);
  return id;
}

/** Makes a schedule the rota of a role. */
async function bind(key: string, scheduleId: string | null, more: object = {}): Promise<void> {
  const {
    key: _,
    rota: __,
    onCall: ___,
    current: ____,
    builtIn: _____,
    retired: ______,
    ...fields
  } = (await mina.get(`/api/v1/incident-roles/${key}`)).body;
  await updateRole(await house.ctx('manager'), { ...fields, ...more, key, scheduleId });
}

const at = (id: string, path = '') => `/api/v1/incidents/${id}${path}`;
async function declared(severity: 1 | 2 | 3 = 2, over: object = {}) {
  const incident = await declare(await house.ctx('responder'), { title: 'Checkout is slow', severity, ...over });
  await house.settle();
  return incident;
}
const detail = async (id: string) => (await rui.get(at(id))).body;
const texts = async (id: string) =>
  (await rui.get(at(id, '/timeline?limit=200'))).body.items.map((entry: { text: string }) => entry.text) as string[];
const pagesOf = async (userId: string) => openPages(await house.ctx('system'), { userId });
const holder = (incident: { roles: { role: string }[] }, role: string) =>
  incident.roles.find((one) => one.role === role);

describe('at declaration', () => {
  test('whoever is on a role’s rota is assigned and paged; the answer to the page is the acceptance', async () => {
    await bind('communications_lead', await rotaOf([lena]));
    const { id } = await declared();
    expect(holder(await detail(id), 'communications_lead')).toMatchObject({
      title: 'Communications lead',
      person: { id: lena },
      accepted: false,
      byRota: true,
    });
    const [page] = await pagesOf(lena);
    expect(page).toMatchObject({ subject: { kind: 'incident_role' }, incidentId: id, urgency: 'high' });
    expect(page!.title).toContain('Communications lead of INC-');
    await acknowledge(await ctxOf(lena), { pageId: page!.id });
    await house.settle();
    const after = await detail(id);
    expect(holder(after, 'communications_lead')).toMatchObject({ person: { id: lena }, accepted: true });
    expect(after.acknowledgedBy).toMatchObject({ id: lena });
    expect(await texts(id)).toContain('Lena Lead has Communications lead (console)');
  });

  test('a commander by rota leads only when they answer: until then whoever is here first may take command', async () => {
    await bind('incident_commander', await rotaOf([lena]));
    const { id } = await declared(1);
    const before = await detail(id);
    expect(before.commander).toBeNull();
    expect(before.next).toMatchObject({ id: 'incidents.next.answer_command', for: { id: lena } });
    expect((await rui.post(at(id, '/containment'), { action: 'x' })).status).toBe(409);
    const taken = await rui.post(at(id, '/roles'), { role: 'incident_commander' });
    expect([taken.status, taken.body.changed]).toEqual([200, true]);
    expect((await detail(id)).commander).toMatchObject({ name: 'Rui Responder' });
    expect(await pagesOf(lena)).toEqual([]);
    expect((await texts(id)).some((text) => text.includes('Lena Lead, called by the rota, had not answered'))).toBe(
      true,
    );
  });

  test('the person called may also just take the role in the war room', async () => {
    await bind('incident_commander', await rotaOf([await house.userId('responder')]));
    const { id } = await declared();
    const taken = await rui.post(at(id, '/roles'), { role: 'incident_commander' });
    expect(taken.body.changed).toBe(true);
    expect((await detail(id)).commander).toMatchObject({ name: 'Rui Responder' });
    expect(await pagesOf(await house.userId('responder'))).toEqual([]);
  });

  test('whoever answers in place of the one who sleeps has the role', async () => {
    await bind('communications_lead', await rotaOf([lena]));
    const { id } = await declared();
    await house.advance('6m');
    const page = (await pagesOf(await house.userId('admin'))).find(
      ({ incidentId, subject }) => incidentId === id && subject.kind === 'incident_role',
    );
    expect(page?.title).toContain('Communications lead');
    await acknowledge(await house.ctx('admin'), { pageId: page!.id });
    await house.settle();
    expect(holder(await detail(id), 'communications_lead')).toMatchObject({
      person: { name: 'Ada Admin' },
      accepted: true,
    });
    // Told again, nothing changes.
    await answerRole(await house.ctx('system'), {
      assignmentId: page!.subject.id,
      userId: lena,
      via: 'console',
    });
    expect(holder(await detail(id), 'communications_lead')).toMatchObject({ person: { name: 'Ada Admin' } });
  });

  test('an empty rota is flagged at once with a prompt, and never holds the declaration up', async () => {
    const nobody = await rotaOf([lena], { startsOn: '2099-01-05' });
    await bind('operations_lead', nobody);
    const answer = await rui.post('/api/v1/incidents', { title: 'All is down', severity: 1 });
    expect(answer.status).toBe(201);
    await house.settle();
    const { unfilled } = await detail(answer.body.id);
    expect(unfilled).toContainEqual(
      expect.objectContaining({ role: 'operations_lead', title: 'Operations lead', why: 'nobody is on its rota now' }),
    );
  });

  test('nobody is called for a severity that does not ask for the role; raising it calls them then', async () => {
    await bind('scribe', await rotaOf([lena]));
    const { id } = await declared(2);
    expect(holder(await detail(id), 'scribe')).toBeUndefined();
    await rui.post(at(id, '/roles'), { role: 'incident_commander' });
    await rui.post(at(id, '/severity'), { severity: 1, reason: 'all regions' });
    await house.settle();
    expect(holder(await detail(id), 'scribe')).toMatchObject({ person: { id: lena }, accepted: false });
  });

  test('one person on both rotas leads, and the hands-on role is left to somebody else', async () => {
    const both = await rotaOf([lena]);
    await bind('operations_lead', both);
    await bind('incident_commander', both);
    const { id } = await declared();
    const { roles } = await detail(id);
    expect(roles.map((one: { role: string }) => one.role)).toEqual(['incident_commander']);
  });

  test('when the incident is over the call stops', async () => {
    await bind('communications_lead', await rotaOf([lena]));
    const { id } = await declared();
    await rui.post(at(id, '/roles'), { role: 'incident_commander' });
    expect((await rui.post(at(id, '/dismissed'), { reason: 'a test by mistake', noCustomerImpact: true })).status).toBe(
      200,
    );
    await house.settle();
    expect(await pagesOf(lena)).toEqual([]);
  });
});

describe('in an exercise', () => {
  test('only people who take part are called by rota; of the others the role is flagged as such', async () => {
    const ben = await person('Ben Player');
    await bind('communications_lead', await rotaOf([lena]));
    await bind('operations_lead', await rotaOf([ben]));
    const drill = await house.ctx('responder', { exercise: true });
    const { id } = await declare(drill, { title: 'EXERCISE checkout', severity: 2 });
    await house.settle();
    expect((await detail(id)).roles).toEqual([]);
    await fillRoles(await house.ctx('system', { exercise: true }), { incidentId: id, enrolled: [ben] });
    await watchRoles.run(await house.ctx('system'), {});
    const { roles, unfilled } = await detail(id);
    expect(roles.map((one: { person: { id: string } }) => one.person.id)).toEqual([ben]);
    expect(await pagesOf(lena)).toEqual([]);
    expect(unfilled).toContainEqual(
      expect.objectContaining({
        role: 'communications_lead',
        why: 'whoever is on its rota does not take part in this exercise',
      }),
    );
  });
});

describe('roles nobody holds', () => {
  test('an unfilled R or A is flagged to whoever leads within a minute, and the flag goes when it is filled', async () => {
    const { id } = await declared(1);
    await rui.post(at(id, '/roles'), { role: 'incident_commander' });
    await house.advance('30s');
    await watchRoles.run(await house.ctx('system'), {});
    const flagged = (await detail(id)).unfilled.map((one: { role: string }) => one.role);
    expect(flagged.toSorted()).toEqual(['communications_lead', 'operations_lead', 'scribe']);
    const { rows } = await house.core.pool.query(
      'select distinct told_user_id from incidents.unfilled_roles where incident_id = $1',
      [id],
    );
    expect(rows).toEqual([{ told_user_id: await house.userId('responder') }]);
    expect((await rui.get(at(id, '/duties'))).body.unfilled).toHaveLength(3);
    const home = (await rui.get('/api/v1/home')).body;
    expect(home.needs.some((need: { id: string }) => need.id === `unfilled:${id}`)).toBe(true);
    await mina.post(at(id, '/roles'), { role: 'scribe' });
    expect((await detail(id)).unfilled.map((one: { role: string }) => one.role)).not.toContain('scribe');
    // Looking again writes nothing again.
    const before = (await texts(id)).length;
    await watchRoles.run(await house.ctx('system'), {});
    expect(await texts(id)).toHaveLength(before);
  });

  test('a SEV3 asks for nobody', async () => {
    const { id } = await declared(3);
    await watchRoles.run(await house.ctx('system'), {});
    expect((await detail(id)).unfilled).toEqual([]);
  });
});

describe('the matrix', () => {
  test('is saved as a whole; a row without exactly one A and an R is refused by name, and so is an old version', async () => {
    const { body } = await mina.get('/api/v1/raci');
    const two = [{ ...body.activities[0], cells: [{ role: 'scribe', letters: ['A'] }] }];
    const refused = await mina.put('/api/v1/raci', { version: body.version, activities: two });
    expect([refused.status, refused.body.rule, refused.body.errors[0].path]).toEqual([
      422,
      'incidents.raci',
      'activities.0.cells',
    ]);
    const activities = [
      ...body.activities,
      {
        title: 'Explain to non-technical people',
        phases: [],
        severities: [3],
        cells: [{ role: 'technical_liaison', letters: ['R', 'A'] }],
      },
    ];
    const saved = await mina.put('/api/v1/raci', { version: body.version, activities });
    expect([saved.status, saved.body.version, saved.body.savedBy.name]).toEqual([
      200,
      body.version + 1,
      'Mina Manager',
    ]);
    expect((await mina.put('/api/v1/raci', { version: body.version, activities })).status).toBe(412);
    // A role that only the matrix asks for is missed as well.
    const { id } = await declared(3);
    await watchRoles.run(await house.ctx('system'), {});
    expect((await detail(id)).unfilled).toMatchObject([{ role: 'technical_liaison', why: 'it has no rota' }]);
  });

  test('your duties now: the cards of your roles, what you answer for in this phase, and your tasks', async () => {
    const { id } = await declared(1);
    await rui.post(at(id, '/roles'), { role: 'incident_commander' });
    await mina.post(at(id, '/roles'), { role: 'communications_lead' });
    await rui.post(at(id, '/tasks'), { text: 'Call the carrier', role: 'communications_lead' });
    const mine = (await mina.get(at(id, '/duties'))).body;
    expect(mine.roles).toMatchObject([{ key: 'communications_lead', accepted: true }]);
    expect(mine.roles[0].firstSteps).toContain('first update');
    expect(
      mine.activities.map(({ title, letters }: { title: string; letters: string[] }) => [title, letters.join('')]),
    ).toContainEqual(['Tell customers and executives', 'R']);
    expect(mine.tasks).toMatchObject([{ text: 'Call the carrier', claimed: false }]);
    const led = (await rui.get(at(id, '/duties'))).body;
    expect(led.activities[0].letters).toEqual(['R', 'A']);
    expect((await house.signIn('admin').then((ada) => ada.get(at(id, '/duties')))).body).toMatchObject({
      roles: [],
      activities: [],
      tasks: [],
    });
  });
});

describe('practice and certificates', () => {
  test('whoever lets practice lapse is warned of at assignment, in the answer and in the record', async () => {
    const userId = await person('Lapsed Lou');
    await certify(await house.ctx('manager'), { roleKey: 'scribe', userId, note: '' });
    await sql`update people.certifications set granted_at = kernel.now() - interval '181 days' where user_id = ${userId}`.execute(
      house.core.db,
    );
    const { id } = await declared(1);
    const assigned = await rui.post(at(id, '/roles'), { role: 'scribe', userId });
    expect(assigned.body.warnings).toEqual([
      expect.stringMatching(/^Lapsed Lou last practised Scribe on \d{4}-\d\d-\d\d: the certification ended on/),
    ]);
    expect((await texts(id)).some((text) => text.includes('the certification ended on'))).toBe(true);
    // Holding it is practice: the next time there is nothing to say.
    const next = await declared(1);
    expect((await rui.post(at(next.id, '/roles'), { role: 'scribe', userId })).body.warnings).toEqual([]);
  });

  test('where a role asks for a certificate, only a recorded reason goes round it', async () => {
    await bind('communications_lead', null, { certification: 'required' });
    const { id } = await declared(1);
    const refused = await rui.post(at(id, '/roles'), { role: 'communications_lead' });
    expect([refused.status, refused.body.rule]).toEqual([409, 'incidents.roles.certified']);
    const excused = await rui.post(at(id, '/roles'), { role: 'communications_lead', exception: 'nobody else awake' });
    expect(excused.status).toBe(200);
    expect((await texts(id)).some((text) => text.includes('Exception recorded: nobody else awake'))).toBe(true);
    await bind('communications_lead', null, { certification: 'warn' });
    await notePractice(await house.ctx('system'), {
      userId: lena,
      roleKey: 'communications_lead',
      ref: newId('inc'),
      note: '',
    });
  });
});

describe('authority in writing', () => {
  test('a role of one’s own is given like any other, with its authority', async () => {
    const { body: role } = await mina.post('/api/v1/incident-roles', {
      title: 'Release manager',
      authority: ['approve_reversible'],
      shared: true,
    });
    const { id } = await declared(1);
    await rui.post(at(id, '/roles'), { role: role.key });
    await mina.post(at(id, '/roles'), { role: role.key });
    const incident = await detail(id);
    expect(incident.roles.map((one: { title: string }) => one.title)).toEqual(['Release manager', 'Release manager']);
    expect(incident.yourAuthority).toContain('approve_reversible');
    await mina.delete(`/api/v1/incident-roles/${role.key}`);
    const late = await house.signIn('admin').then((ada) => ada.post(at(id, '/roles'), { role: role.key }));
    expect([late.status, late.body.rule]).toEqual([409, 'incidents.roles.retired']);
  });

  test('a response team holds it on incidents of its own services, and only its people', async () => {
    const team = await mina.post('/api/v1/teams', {
      name: `Payments response ${newId('x')}`,
      response: true,
      authority: ['approve_reversible'],
      members: [
        { userId: await house.userId('manager'), role: 'lead', functions: ['engineering', 'operations', 'support'] },
        { userId: await house.userId('responder'), role: 'alternate', functions: [] },
      ],
    });
    expect(team.status, team.text).toBe(201);
    const service = await createService(await house.ctx('admin'), {
      name: 'Payments',
      slug: `payments-${newId('x').slice(-6)}`,
      tier: 1,
      description: '',
      teamId: team.body.id,
      policyId: null,
    });
    const own = await declared(1, { serviceIds: [service.id] });
    const other = await declared(1);
    expect((await detail(own.id)).yourAuthority).toContain('approve_reversible');
    expect((await detail(other.id)).yourAuthority).not.toContain('approve_reversible');
    const ada = await house.signIn('admin');
    expect((await ada.get(at(own.id))).body.yourAuthority).not.toContain('approve_reversible');
  });
});
