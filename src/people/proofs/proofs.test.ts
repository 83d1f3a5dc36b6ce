/** Proof of page, told as stories: real mails, a fake carrier with real signatures, a clock that is moved, jobs that are lost. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ctx, newId, settingByKey, writeSetting } from '#kernel';
import { insertUser, userActor, userById } from '#security';
import { type Carrier, openCarrier } from '../../../test/fakes/carrier.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { addContactMethod } from '../commands/addContactMethod.ts';
import { removeContactMethod } from '../commands/removeContactMethod.ts';
import { verifyContactMethod } from '../commands/verifyContactMethod.ts';
import { acknowledge, createPolicy, openPages, pageTimes, startPage, stopPages } from '../index.ts';
import { pageWithLog } from '../page-view.ts';
import { stuckQuery } from './auditor.ts';
import { auditPages, runTests, watchGaps, watchHiding, watchShifts } from './jobs.ts';

const DAY = 86_400_000;
let house: House;
let carrier: Carrier;
let manager: WebClient;
let responder: WebClient;
const system = () => house.ctx('system');
const now = async () => (await system()).now.getTime();
const iso = (at: number) => new Date(at).toISOString();
const set = async (key: string, value: unknown) => writeSetting(await system(), settingByKey(key)!, value);
beforeAll(async () => {
  house = await openHouse();
  carrier = await openCarrier(async () => (await system()).now);
  await set('channels.twilio', carrier.twilio);
});
afterAll(async () => {
  await carrier.close();
  await house.close();
});
beforeEach(async () => {
  // Nothing of the test before goes on calling or is still news in this one.
  const ctx = await system();
  for (const page of await openPages(ctx)) await stopPages(ctx, { subject: page.subject, reason: 'the test is over' });
  await ctx.db.deleteFrom('people.schedules').execute();
  await sql`delete from people.proofs`.execute(ctx.db);
  await house.settle();
  await look(watchGaps, watchHiding);
  await house.settle();
  house.smtp.clear();
  house.smtp.answer();
  carrier.clear();
  manager = await house.signIn('manager');
  responder = await house.signIn('responder');
});

type Watch = typeof watchGaps;
/** Lets these periodic jobs have their turn, and everything they cause. */
async function look(...watches: Watch[]): Promise<void> {
  for (const watch of watches) await watch.run(await system(), {});
  await house.settle();
}

interface Somebody {
  id: string;
  email: string;
  ctx: () => Promise<Ctx>;
}
async function somebody(name: string, timeZone = 'Europe/Berlin'): Promise<Somebody> {
  const email = `${name.toLowerCase()}.${newId('x').slice(-8)}@orchardline.example`;
  const id = await insertUser(await system(), { email, name, roles: ['responder'], timeZone });
  const user = (await userById(await system(), id))!;
  return { id, email, ctx: async () => house.core.ctx(userActor(user)) };
}
/** Adds a method and proves it with the code that was really sent there. */
async function proven(person: Somebody, kind = 'email', value = person.email): Promise<string> {
  const { id } = await addContactMethod(await person.ctx(), { kind, value, label: '' });
  await house.settle();
  const heard =
    kind === 'email'
      ? house.smtp.messages.findLast(({ to }) => to[0] === value)!.text
      : carrier.last(kind === 'sms' ? 'sms' : 'call', value)!.text;
  const code = /(\d(?:, )?){8}/.exec(heard)![0].replaceAll(', ', '');
  expect((await verifyContactMethod(await person.ctx(), { id, code })).result).toBe('verified');
  house.smtp.clear();
  carrier.clear();
  return id;
}
/** A team with a lead, and a schedule of it in which these people change daily at midnight UTC, beginning yesterday. */
async function duty(people: Somebody[], lead?: Somebody) {
  const team = await manager.post('/api/v1/teams', {
    name: newId('team'),
    members: lead ? [{ userId: lead.id, role: 'lead' }] : [],
  });
  const layer = {
    name: 'Primary',
    unit: 'day',
    every: 1,
    startsOn: iso((await now()) - DAY).slice(0, 10),
    handoverTime: '00:00',
    participants: people.map(({ id }) => id),
  };
  const made = await manager.post('/api/v1/schedules', {
    name: newId('duty'),
    teamId: team.body.id,
    zone: 'UTC',
    layers: [layer],
    acceptWarnings: true,
  });
  expect(made.status, made.text).toBe(201);
  return made.body as { id: string; name: string; version: number; zone: string; teamId: string; layers: object[] };
}
const mailsTo = (person: Somebody) => house.smtp.messages.filter(({ to }) => to[0] === person.email);
const report = async () => (await responder.get('/api/v1/reachability')).body;
const tests = async (person: Somebody) => (await responder.get(`/api/v1/test-pages?userId=${person.id}`)).body.items;
const linkIn = (mail: { text: string }) => new URL(/https?:\/\/\S+\/proof\/\S+/.exec(mail.text)![0]).pathname;

describe('a test page', () => {
  test('is sent on every confirmed method, says that it is a test, and is proven by answering it there', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    await proven(ana, 'sms', '+491510000801');
    await proven(ana, 'voice', '+491510000802');
    const schedule = await duty([ana]);
    expect((await manager.post('/api/v1/test-pages', { userId: ana.id })).body).toMatchObject({ sent: 3, waiting: 0 });
    await house.settle();
    const [mail] = mailsTo(ana);
    expect(mail?.subject).toBe('TEST page: please answer');
    expect(mail?.text).toContain('this is a test. Nothing is wrong');
    const sms = carrier.last('sms', '+491510000801')!;
    expect(sms.text).toMatch(/TEST page[\s\S]*Reply T\d+ to take it/);
    expect((await tests(ana)).map((one: { state: string }) => one.state)).toEqual(['waiting', 'waiting', 'waiting']);

    // Looking at the link proves nothing: mail scanners do that.
    expect((await house.anonymous.get(linkIn(mail!))).text).toContain('It reached me');
    expect((await tests(ana)).filter((one: { state: string }) => one.state === 'confirmed')).toHaveLength(0);
    expect((await house.anonymous.post(linkIn(mail!))).text).toContain('Thank you');
    const code = /Reply (T\d+)/.exec(sms.text)![1]!;
    await carrier.text('twilio', house.url, '+491510000801', code.toLowerCase());
    expect((await carrier.press(carrier.last('call', '+491510000802')!, '1')).text).toContain('pages reach you here');
    const done = await tests(ana);
    expect(
      done.map((one: { state: string; confirmedVia: string }) => `${one.state} by ${one.confirmedVia}`).sort(),
    ).toEqual(['confirmed by SMS', 'confirmed by link', 'confirmed by voice call']);
    const { people, shifts } = await report();
    const seen = people.find((one: { person: { id: string } }) => one.person.id === ana.id);
    expect(seen).toMatchObject({ state: 'reachable', overdue: false });
    expect(seen.methods.map((method: { shown: string }) => method.shown)).toContain('•••801');
    expect(shifts.find((shift: { schedule: { id: string } }) => shift.schedule.id === schedule.id)).toMatchObject({
      state: 'reachable',
      warnings: [],
      now: true,
    });
  });

  test('counts in no figure of duty: there is no page, and nobody’s time is measured', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    const before = await house.core.db.selectFrom('people.pages').select('id').execute();
    await manager.post('/api/v1/test-pages', { userId: ana.id });
    await house.settle();
    expect(mailsTo(ana)).toHaveLength(1);
    await house.anonymous.post(linkIn(mailsTo(ana)[0]!));
    expect(await house.core.db.selectFrom('people.pages').select('id').execute()).toHaveLength(before.length);
    const [{ id }] = await tests(ana);
    expect((await pageTimes(await system(), [{ kind: 'alert_group', id }])).size).toBe(0);
  });

  test('that is not answered in time is missed, and makes its method doubtful', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    const schedule = await duty([ana]);
    await manager.post('/api/v1/test-pages', { userId: ana.id });
    await house.settle();
    const link = linkIn(mailsTo(ana)[0]!);
    await house.advance('25h');
    await look(runTests);
    expect(await tests(ana)).toMatchObject([{ state: 'missed' }]);
    expect((await house.anonymous.post(link)).status).toBe(410);
    expect(await tests(ana)).toMatchObject([{ state: 'missed' }]);
    const { shifts, counts } = await report();
    expect(shifts.find((shift: { schedule: { id: string } }) => shift.schedule.id === schedule.id)).toMatchObject({
      state: 'doubtful',
      warnings: ['the last test was not answered', 'only one method: when it fails there is no other'],
    });
    expect(counts.overdue).toBeGreaterThan(0);
  });

  test('that cannot be delivered has failed, and its method is dead', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    await duty([ana]);
    house.smtp.answer(() => ({ code: 550, message: 'no such user' }));
    await manager.post('/api/v1/test-pages', { userId: ana.id });
    await house.settle();
    expect(await tests(ana)).toMatchObject([{ state: 'failed', error: expect.stringContaining('no such user') }]);
    const { people } = await report();
    expect(people.find((one: { person: { id: string } }) => one.person.id === ana.id)).toMatchObject({
      state: 'unreachable',
      methods: [{ state: 'dead' }],
    });
  });

  test('goes to a whole team at once; who waits for an answer gets no second, and who has nothing is named', async () => {
    const [ana, ben, cy] = [await somebody('Ana'), await somebody('Ben'), await somebody('Cy')];
    await proven(ana);
    await proven(ben);
    const members = [ana, ben, cy].map(({ id }) => ({ userId: id, role: 'member' }));
    const team = await manager.post('/api/v1/teams', { name: newId('team'), members });
    const first = await manager.post('/api/v1/test-pages', { teamId: team.body.id });
    expect(first.body).toMatchObject({ sent: 2, waiting: 0, withoutMethod: [{ id: cy.id, name: 'Cy' }] });
    expect((await manager.post('/api/v1/test-pages', { teamId: team.body.id })).body).toMatchObject({
      sent: 0,
      waiting: 2,
    });
  });

  test('is for oneself, or for managers: a responder who asks for others is refused', async () => {
    const ana = await somebody('Ana');
    expect((await responder.post('/api/v1/test-pages', { userId: ana.id })).status).toBe(403);
    expect((await responder.post('/api/v1/test-pages', { all: true })).status).toBe(403);
    expect((await responder.post('/api/v1/test-pages', {})).status).toBe(202);
    expect((await (await house.signIn('viewer')).post('/api/v1/test-pages', {})).status).toBe(403);
    expect((await manager.post('/api/v1/test-pages', { teamId: 'tem_x' })).status).toBe(404);
  });

  test('a forged or foreign link proves nothing', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    await manager.post('/api/v1/test-pages', { userId: ana.id });
    await house.settle();
    const link = linkIn(mailsTo(ana)[0]!);
    expect((await house.anonymous.post(`${link.slice(0, -2)}xx`)).status).toBe(404);
    expect((await house.anonymous.post('/proof/prf_1.x')).status).toBe(404);
    expect(await tests(ana)).toMatchObject([{ state: 'waiting' }]);
  });

  test('comes every week at the hour of each person’s own clock, once, however often and wherever the job runs', async () => {
    const [ana, ben] = [await somebody('Ana', 'Asia/Kathmandu'), await somebody('Ben', 'America/New_York')];
    await proven(ana);
    await proven(ben);
    await duty([ana, ben]);
    const hour = async () => {
      await Promise.all([runTests.run(await system(), {}), runTests.run(await system(), {})]);
      await house.settle();
    };
    // To the next Tuesday, 04:20 UTC: 10:05 in Kathmandu, and the middle of the night in New York.
    const at = new Date(await now());
    const days = (2 - at.getUTCDay() + 7) % 7 || 7;
    const midnight = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + days);
    await house.advance(`${Math.round((midnight + 4 * 3_600_000 + 20 * 60_000 - at.getTime()) / 1000)}s`);
    await hour();
    await hour();
    expect([mailsTo(ana).length, mailsTo(ben).length]).toEqual([1, 0]);
    await house.advance('11h');
    await hour();
    expect([mailsTo(ana).length, mailsTo(ben).length]).toEqual([1, 1]);
    expect(await tests(ana)).toMatchObject([{ kind: 'scheduled', askedBy: null }]);
    await set('people.testPages', {
      on: false,
      weekday: 2,
      time: '10:00',
      answerWithinHours: 24,
      overdueAfterDays: 14,
    });
    await house.advance('7d');
    await hour();
    expect(mailsTo(ben)).toHaveLength(1);
    await house.core.db.deleteFrom('kernel.settings').where('key', '=', 'people.testPages').execute();
  });
});

describe('reachability', () => {
  test('the last real page with its receipt counts; a drill’s does not', async () => {
    const ana = await somebody('Ana');
    await proven(ana);
    await duty([ana]);
    const call = async (exercise: boolean) => {
      const { pageId } = await startPage(await house.ctx('system', { exercise }), {
        ...{ subject: { kind: 'watch', id: newId('wat') }, title: 'Orders are failing', body: '', urgency: 'high' },
        ...{ userId: ana.id, link: '/' },
      });
      await house.settle();
      await acknowledge(await ana.ctx(), { pageId });
    };
    const method = async () => {
      const { people } = await report();
      return people.find((one: { person: { id: string } }) => one.person.id === ana.id).methods[0];
    };
    await call(true);
    expect(await method()).toMatchObject({ state: 'untested', lastPage: null });
    await call(false);
    expect(await method()).toMatchObject({ state: 'proven', lastPage: { arrived: true } });
  });

  test('shows the one next step: who is on call now and not reachable comes before everything', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ben);
    const schedule = await duty([ana]);
    await duty([ben]);
    const { next, counts } = await report();
    expect(next).toMatchObject({
      title: 'Ana is on call and not proven to be reachable',
      to: `/on-call/${schedule.id}`,
      label: 'Cover the shift',
    });
    expect(counts.unreachable).toBeGreaterThan(0);
    expect((await house.anonymous.get('/api/v1/reachability')).status).toBe(401);
  });
});

describe('a shift that starts', () => {
  test('is announced a day and an hour before, once each, to its person', async () => {
    const [ana, ben, lead] = [await somebody('Ana'), await somebody('Ben'), await somebody('Lena')];
    await proven(ana);
    await proven(ben);
    // From noon, so that a day before midnight has begun and an hour before it has not.
    await house.advance(`${Math.round((DAY + DAY / 2 - ((await now()) % DAY)) / 1000)}s`);
    house.smtp.clear();
    const { name } = await duty([ana, ben], lead);
    await look(watchShifts, watchShifts);
    // A rotation of two that changes at midnight: somebody starts within a day.
    const first = [...mailsTo(ana), ...mailsTo(ben)];
    expect(first).toHaveLength(1);
    expect(first[0]?.subject).toMatch(new RegExp(`^Your shift starts .* 0[12]:00 (GMT\\+[12]|CES?T): ${name}$`));
    expect(first[0]?.text).toContain('How pages reach');
    const toMidnight = DAY - ((await now()) % DAY);
    await house.advance(`${Math.round((toMidnight - 1_800_000) / 1000)}s`);
    await look(watchShifts, watchShifts);
    const starting = first[0]?.to[0] === ana.email ? ana : ben;
    expect(mailsTo(starting).filter(({ subject }) => subject.startsWith('Your shift starts'))).toHaveLength(2);
    expect(mailsTo(lead)).toEqual([]);
  });

  test('whose person cannot be reached is told to the owner of the schedule too', async () => {
    const [ana, ben, lead] = [await somebody('Ana'), await somebody('Ben'), await somebody('Lena')];
    await proven(ana);
    await duty([ana, ben, ben], lead);
    await house.advance('24h');
    house.smtp.clear();
    await look(watchShifts);
    await house.advance('24h');
    await look(watchShifts);
    const told = mailsTo(lead).map(({ subject }) => subject);
    expect(told.some((subject) => subject.startsWith('Ben may not be reachable'))).toBe(true);
    expect(told.every((subject) => !subject.startsWith('Ana'))).toBe(true);
    expect(mailsTo(ben)[0]?.text).toContain('never confirmed');
  });
});

describe('a gap in the next 14 days', () => {
  const gapMails = (person: Somebody) =>
    mailsTo(person).filter(({ subject }) => subject.startsWith('Nobody is on call'));

  test('is told to the owner by the look after the change that made it, once, and stands on the screen', async () => {
    const [ana, lead] = [await somebody('Ana'), await somebody('Lena')];
    await proven(ana);
    const schedule = await duty([ana], lead);
    await look(watchGaps);
    expect(gapMails(lead)).toEqual([]);
    const from = (await now()) + 2 * DAY;
    const away = await manager.post('/api/v1/absences', { userId: ana.id, from: iso(from), to: iso(from + DAY) });
    expect(away.status).toBe(201);
    expect((await report()).gaps).toMatchObject([{ schedule: { id: schedule.id }, why: 'Ana is away', toldAt: null }]);
    // `watchGaps` runs every ten seconds: nothing but its turn stands between the change and the mail.
    expect(watchGaps.every).toBeLessThanOrEqual(60_000);
    await look(watchGaps);
    expect(gapMails(lead)).toHaveLength(1);
    expect(gapMails(lead)[0]?.text).toContain('Ana is away');
    await look(watchGaps, watchGaps);
    await house.advance('2d12h');
    await look(watchGaps);
    expect(gapMails(lead)).toHaveLength(1);
    expect((await report()).gaps[0].toldAt).not.toBeNull();
  });

  test('a change that nobody announced is found all the same: a person switched off in the database', async () => {
    const [ana, lead] = [await somebody('Ana'), await somebody('Lena')];
    await duty([ana], lead);
    await look(watchGaps);
    house.smtp.clear();
    await sql`alter table security.users disable trigger people_refuse_leaving_on_call`.execute(house.core.db);
    await sql`update security.users set active = false where id = ${ana.id}`.execute(house.core.db);
    await sql`alter table security.users enable trigger people_refuse_leaving_on_call`.execute(house.core.db);
    await look(watchGaps);
    expect(gapMails(lead)[0]?.text).toContain('Ana is no longer active');
  });

  test('an emptied rotation is one gap without an end, told once, also when days have passed', async () => {
    const [ana, lead] = [await somebody('Ana'), await somebody('Lena')];
    const schedule = await duty([ana], lead);
    await look(watchGaps);
    house.smtp.clear();
    const layers = schedule.layers.map((layer) => ({ ...layer, participants: [] }));
    const { name, zone, teamId, version } = schedule;
    const emptied = await manager.put(`/api/v1/schedules/${schedule.id}`, {
      ...{ name, zone, teamId, version, layers, acceptWarnings: true },
    });
    expect(emptied.status, emptied.text).toBe(200);
    await look(watchGaps);
    expect(gapMails(lead)).toHaveLength(1);
    for (let day = 0; day < 3; day++) {
      await house.advance('24h');
      await look(watchGaps);
    }
    expect(gapMails(lead)).toHaveLength(1);
  });

  test('a schedule without a team is told to those who answer for the installation', async () => {
    const ana = await somebody('Ana');
    const made = await manager.post('/api/v1/schedules', {
      ...{ name: newId('duty'), teamId: null, zone: 'UTC', acceptWarnings: true },
      ...{ handoverWeekday: 1, handoverTime: '09:00', startsOn: '2026-01-05', everyWeeks: 1, participants: [] },
    });
    expect(made.status, made.text).toBe(201);
    await look(watchGaps);
    expect(house.smtp.messages.map(({ to }) => to[0])).toEqual(['admin@orchardline.example']);
    expect(gapMails(ana)).toEqual([]);
  });
});

describe('the auditor of pages', () => {
  async function calling(): Promise<{ pageId: string; ana: Somebody; ben: Somebody }> {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    const { id: policyId } = await createPolicy(await house.ctx('manager'), {
      ...{ name: newId('pol'), teamId: null, repeat: 0 },
      steps: [ana, ben].map(({ id }) => ({ delaySeconds: 600, targets: [{ kind: 'user' as const, id }] })),
    });
    const { pageId } = await startPage(await system(), {
      ...{ subject: { kind: 'watch', id: newId('wat') }, title: 'Orders are failing', body: '', urgency: 'high' },
      ...{ policyId, link: '/' },
    });
    await house.settle();
    house.smtp.clear();
    return { pageId, ana, ben };
  }
  const loseTimer = (pageId: string) =>
    sql`select graphile_worker.remove_job(${`page:${pageId}`})`.execute(house.core.db);
  const findings = async () => (await responder.get('/api/v1/findings')).body.items;

  test('a page whose job row was deleted is found by the next look, pages the emergency contact, and goes on at its time', async () => {
    const { pageId, ben } = await calling();
    await look(auditPages);
    expect(await findings()).toEqual([]);
    await loseTimer(pageId);
    expect(auditPages.every).toBeLessThanOrEqual(60_000);
    await look(auditPages, auditPages);
    expect(await findings()).toMatchObject([{ pageId, kind: 'no_next_step' }]);
    const raised = house.smtp.messages.filter(({ subject }) => subject.includes('The pager lost a step'));
    expect(raised.map(({ to }) => to[0])).toEqual(['admin@orchardline.example']);
    const log = (await pageWithLog(await system(), pageId)).log.map(({ reason }) => reason);
    expect(log.filter((reason) => reason === 'watched')).toHaveLength(1);
    // The second person is called when the policy says so, not before and not later.
    expect(mailsTo(ben)).toEqual([]);
    await house.advance('10m1s');
    expect(mailsTo(ben)).toHaveLength(1);
  });

  test('never twice for one turn, also when two nodes look at the same moment', async () => {
    const { pageId } = await calling();
    await loseTimer(pageId);
    const before = (await findings()).length;
    await Promise.all([auditPages.run(await system(), {}), auditPages.run(await system(), {})]);
    await house.settle();
    expect((await findings()).length - before).toBe(1);
    expect(house.smtp.messages.filter(({ subject }) => subject.includes('lost a step'))).toHaveLength(1);
  });

  test('a job that has failed for the last time is no next step', async () => {
    const { pageId } = await calling();
    await sql`update graphile_worker._private_jobs set attempts = max_attempts where key = ${`page:${pageId}`}`.execute(
      house.core.db,
    );
    const before = (await findings()).length;
    await look(auditPages);
    expect((await findings()).length - before).toBe(1);
  });

  test('a page that was taken, is not urgent, or has called everybody is left alone', async () => {
    const { pageId, ana } = await calling();
    await acknowledge(await ana.ctx(), { pageId });
    await startPage(await system(), {
      ...{ subject: { kind: 'watch', id: newId('wat') }, title: 'A warning', body: '', urgency: 'low' },
      ...{ userId: ana.id, link: '/' },
    });
    const before = (await findings()).length;
    await look(auditPages);
    expect(await findings()).toHaveLength(before);
  });

  test('asks the database cheaply: 20,000 ended pages are not looked at', async () => {
    await sql`insert into people.pages (id, subject_kind, subject_id, target_key, title, body, urgency, link, plan, state)
      select 'pag_' || lpad(n::text, 26, '0'), 'watch', 'old' || n, 'nobody', 'old', '', 'high', '/', '{}', 'stopped' from generate_series(1, 20000) n`.execute(
      house.core.db,
    );
    await sql`analyze people.pages`.execute(house.core.db);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${stuckQuery(await system())}`.execute(house.core.db);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan on pages/);
    expect(plan).toContain('pages_open');
  });
});

describe('changes that can hide trouble (T2)', () => {
  test('each is told to those who answer for the installation, and listed', async () => {
    const ana = await somebody('Ana');
    const method = await proven(ana);
    const lead = await somebody('Lena');
    const schedule = await duty([ana, lead], lead);
    const policy = await manager.post('/api/v1/escalation-policies', {
      name: newId('pol'),
      steps: [
        {
          delaySeconds: 300,
          targets: [
            { kind: 'user', id: ana.id },
            { kind: 'user', id: lead.id },
          ],
        },
      ],
    });
    const integration = await manager.post('/api/v1/integrations', { kind: 'alertmanager', name: 'Prometheus' });
    expect(integration.status, integration.text).toBe(201);
    await look(watchHiding);
    house.smtp.clear();

    const soon = iso((await now()) + 3_600_000);
    const silenced = await responder.post('/api/v1/silences', {
      matchers: [{ name: 'service', value: 'orders', isEqual: true, isRegex: false }],
      endsAt: soon,
      comment: 'deploy',
    });
    expect(silenced.status, silenced.text).toBe(201);
    const off = await manager.patch(`/api/v1/integrations/${integration.body.id}`, { enabled: false });
    expect(off.status, off.text).toBe(200);
    const { name, zone, teamId, version } = schedule;
    const layers = schedule.layers.map((layer) => ({ ...layer, participants: [lead.id] }));
    await manager.put(`/api/v1/schedules/${schedule.id}`, {
      name,
      zone,
      teamId,
      version,
      layers,
      acceptWarnings: true,
    });
    const fewer = await manager.put(`/api/v1/escalation-policies/${policy.body.id}`, {
      ...{ name: policy.body.name, version: policy.body.version },
      steps: [{ delaySeconds: 300, targets: [{ kind: 'user', id: ana.id }] }],
    });
    expect(fewer.status, fewer.text).toBe(200);
    await removeContactMethod(await ana.ctx(), { id: method });

    expect(watchHiding.every).toBeLessThan(5 * 60_000);
    await look(watchHiding);
    const { items } = (await responder.get('/api/v1/hiding-changes')).body;
    expect(
      items
        .slice(0, 5)
        .map((change: { kind: string }) => change.kind)
        .sort(),
    ).toEqual(['contact', 'integration', 'policy', 'schedule', 'silence']);
    const mail = house.smtp.messages.find(({ to }) => to[0] === 'admin@orchardline.example');
    expect(mail?.subject).toBe('5 changes that can hide trouble');
    for (const words of [
      'Alerts are silenced',
      '“Prometheus” was switched off',
      'lost 1 of 2 people',
      '2 targets became 1',
    ])
      expect(mail?.text).toContain(words);
    // The lead of the team hears of their own schedule.
    expect(mailsTo(lead)[0]?.text).toContain('lost 1 of 2 people');
    house.smtp.clear();
    await look(watchHiding, watchHiding);
    expect(house.smtp.messages).toEqual([]);
  });

  test('changes that hide nothing are not told', async () => {
    const team = await manager.post('/api/v1/teams', { name: newId('team'), members: [] });
    expect(team.status).toBe(201);
    const ana = await somebody('Ana');
    await proven(ana);
    house.smtp.clear();
    await look(watchHiding);
    expect(house.smtp.messages).toEqual([]);
  });
});
