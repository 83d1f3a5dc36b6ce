/** Command under pressure, told through real browsers and the API: a SEV1 of 40 minutes with five people, and what must never happen in it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createService } from '#catalog';
import { insertUser, openSession } from '#security';
import { axeCheck, closeBrowser, type OpenedPage, openPage } from '../harness/browser.ts';
import { client, type WebClient } from '../harness/client.ts';
import { type House, openHouse } from '../harness/house.ts';
import { signLanes } from '../harness/incident.ts';

let house: House;
let serviceId: string;

interface Person {
  id: string;
  name: string;
  cookie: string;
  web: WebClient;
}

/** A responder with a session of their own. */
async function person(name: string, roles: ('responder' | 'manager')[] = ['responder']): Promise<Person> {
  const ctx = await house.ctx('system');
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@orchardline.example`;
  const id = await insertUser(ctx, { email, name, roles });
  const cookie = `evenkeel=${(await openSession(ctx, id)).token}`;
  return { id, name, cookie, web: client(house.url, { cookie, 'x-evenkeel': '1' }) };
}

beforeAll(async () => {
  house = await openHouse();
  serviceId = (await createService(await house.ctx('manager'), { name: 'Checkout', tier: 1 })).id;
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

const at = (key: string, path: string) => `/api/v1/incidents/${key}${path}`;
const room = async (who: Person, key: string, width?: number): Promise<OpenedPage> => {
  const opened = await openPage(house.url, { signedInAs: { cookie: who.cookie }, path: `/incidents/${key}`, width });
  opened.page.setDefaultTimeout(12_000);
  return opened;
};
const ok = async (answer: Promise<{ status: number; text: string; body: any }>) => {
  const { status, text, body } = await answer;
  expect(status, text).toBeLessThan(300);
  return body;
};
const write = async (page: Page, text: string) => {
  const line = page.getByLabel('Write into the record');
  await line.fill(text);
  await line.press('Enter');
  await expect.poll(() => line.inputValue(), { timeout: 12_000 }).toBe('');
};
const entries = (page: Page) => page.getByRole('region', { name: 'Entries' });
const detail = async (who: Person, key: string) => (await who.web.get(at(key, ''))).body;

describe('a SEV1 of forty minutes', () => {
  test('five people in three browsers carry it; one is offline for ten minutes and comes back to what changed', async () => {
    const [ines, tomas, lena, mei, sam] = await Promise.all(
      ['Ines Varga', 'Tomas Lind', 'Lena Weiss', 'Mei Tan', 'Sam Otieno'].map((name) => person(name)),
    );
    // Minute 0: Ines declares, and everybody is in the room within seconds.
    const { key } = await ok(
      ines!.web.post('/api/v1/incidents', { title: 'Nobody can pay', severity: 1, serviceIds: [serviceId] }),
    );
    const [a, b, c] = [await room(ines!, key), await room(tomas!, key), await room(lena!, key, 390)];
    await a.page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Take command' }).click();
    await b.page.getByText('Ines Varga leads').waitFor();
    await b.page.getByLabel(/Here with you: .*Ines Varga/).waitFor();
    // Roles are given by a line, to a person by name; Mei and Sam work from their own tools.
    await write(a.page, '/role ol @tomas');
    await write(a.page, '/role cl @lena');
    await entries(c.page).getByText('Lena Weiss is Communications lead').waitFor();
    await ok(mei!.web.post(at(key, '/roles'), { role: 'subject_matter_expert' }));
    await ok(sam!.web.post(at(key, '/roles'), { role: 'security_officer' }));
    await house.advance('3m');

    await write(b.page, '/hyp the release of 12:04 broke the payment client');
    await write(b.page, '/question Are refunds affected? @mei 20m');
    await ok(mei!.web.post(at(key, '/impact'), { customers: 4200, pctRequests: 61, method: 'gateway' }));
    await ok(
      mei!.web.post(at(key, '/lanes/engineering'), { conditions: 'Every payment fails', actions: 'Rolling back' }),
    );

    // Minute 5: Lena's train goes into a tunnel.
    const look = await c.page.evaluate<number>('document.querySelectorAll(\'li[id^="entry-"]\').length');
    expect(look).toBeGreaterThan(3);
    await c.page.context().setOffline(true);
    await house.advance('5m');
    await write(b.page, '/did rolled the release back');
    await write(a.page, '/decide Tell customers before it is confirmed? > yes, what we know');
    await ok(mei!.web.post(at(key, '/impact'), { customers: 900, pctRequests: 12, method: 'gateway' }));
    // More is written than one page of the timeline holds.
    await Promise.all(
      Array.from({ length: 70 }, (_, i) => ok(mei!.web.post(at(key, '/timeline'), { text: `rate ${i}` }))),
    );
    await ok(ines!.web.post(at(key, '/contained'), { evidence: 'Payments go through again' }));
    await house.advance('5m');

    // Minute 15: she is back. Nothing is missing between what she had read and what is new.
    await c.page.context().setOffline(false);
    await entries(c.page).getByText('Contained: Payments go through again').waitFor({ timeout: 25_000 });
    const list = c.page.locator('#timeline li[id^="entry-"]');
    for (let i = 0; i < 30 && (await entries(c.page).getByText('Declared SEV1').count()) === 0; i++) {
      await list.last().scrollIntoViewIfNeeded();
      await c.page.waitForTimeout(50);
    }
    const seqs = await c.page.evaluate<number[]>(
      '[...document.querySelectorAll(\'#timeline li[id^="entry-"]\')].map((li) => Number(li.id.slice(6)))',
    );
    const { total } = (await lena!.web.get(at(key, '/timeline?limit=1'))).body;
    expect(seqs).toEqual(Array.from({ length: total }, (_, i) => total - i));

    // The question is answered, the second reader of the room is told by the line, and it goes on to restored.
    const [asked] = (await mei!.web.get(at(key, '/command'))).body.questions;
    expect(asked).toMatchObject({ owner: { name: 'Mei Tan' }, state: 'open' });
    await ok(
      mei!.web.post(`/api/v1/incident-questions/${asked.id}`, { answer: 'No, they run elsewhere', plain: true }),
    );
    await a.page.getByText('No, they run elsewhere').first().waitFor();
    expect(await axeCheck(a.page)).toEqual([]);
    await ok(ines!.web.post(at(key, '/eradicated'), { evidence: 'The release is withdrawn' }));
    await house.advance('10m');
    await ok(tomas!.web.post(at(key, '/recovered'), { note: 'All payments on the usual route' }));
    await ok(
      ines!.web.post(at(key, '/gates/recovery.readiness/waived'), { reason: 'watched by hand for ten minutes' }),
    );
    await house.advance('15m');
    await ok(ines!.web.post(at(key, '/restored'), { note: 'Stable' }));
    await signLanes(sam!.web, { id: key });
    const { impact, roles, times, durations } = await detail(ines!, key);
    expect(impact).toMatchObject({ peakCustomers: 4200, atContainment: { customers: 900, pctRequests: 12 } });
    expect(roles.map(({ role }: { role: string }) => role).toSorted()).toEqual([
      'communications_lead',
      'incident_commander',
      'operations_lead',
      'security_officer',
      'subject_matter_expert',
    ]);
    const minutes = (Date.parse(times.restoredAt) - Date.parse(times.declaredAt)) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(38);
    expect(durations.containment).toBeLessThan(600);
    for (const { close } of [a, b, c])
      await close().catch((error: Error) => {
        // A page that was offline says so in its own console; nothing else may be wrong.
        if (!/ERR_INTERNET_DISCONNECTED|cannot be reached|Failed to fetch/.test(error.message)) throw error;
      });
  }, 150_000);

  test('who comes back after a while is told what changed, in a few lines', async () => {
    const [ana, ben] = await Promise.all([person('Ana Sol'), person('Ben Ito')]);
    const { key } = await ok(
      ana.web.post('/api/v1/incidents', { title: 'Search is slow', severity: 3, serviceIds: [serviceId] }),
    );
    const first = await room(ben, key);
    await entries(first.page).getByText('Declared SEV3').waitFor();
    await first.goto('/incidents');
    await expect.poll(async () => (await ben.web.get(at(key, '/news'))).body.since?.seq ?? 0).toBeGreaterThan(0);
    for (let i = 0; i < 12; i++) await ok(ana.web.post(at(key, '/timeline'), { text: `note ${i}` }));
    await ok(ana.web.post(at(key, '/severity'), { severity: 1, reason: 'every region' }));
    await ok(ana.web.post(at(key, '/roles'), { role: 'incident_commander' }));
    await first.goto(`/incidents/${key}`);
    const news = first.page.getByRole('region', { name: 'Since you last looked' });
    await news.getByText('SEV3 → SEV1: every region').waitFor();
    await news.getByText('Ana Sol takes Incident commander').waitFor();
    expect(await axeCheck(first.page)).toEqual([]);
    await news.getByRole('button', { name: 'Got it' }).click();
    await news.waitFor({ state: 'detached' });
    await first.close();
  });
});

describe('two at once', () => {
  test('two people claim one task: the second is told who has it', async () => {
    const [ana, ben] = await Promise.all([person('Ana Claim'), person('Ben Claim')]);
    const { key } = await ok(ana.web.post('/api/v1/incidents', { title: 'Mail is late', severity: 3 }));
    const task = await ok(ana.web.post(at(key, '/tasks'), { text: 'Call the carrier' }));
    const claim = (who: Person) => who.web.post(`/api/v1/incident-tasks/${task.id}`, { claim: true });
    const answers = await Promise.all([claim(ana), claim(ben)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409)!;
    const [holder] = (await detail(ana, key)).tasks;
    expect(lost.body).toMatchObject({
      rule: 'incidents.tasks.claimed',
      title: `${holder.person.name} has this task already`,
    });
  });

  test('two people decide one question on the table: the second is told what was decided', async () => {
    const [ana, ben] = await Promise.all([person('Ana Table'), person('Ben Table')]);
    const { key } = await ok(ana.web.post('/api/v1/incidents', { title: 'Queue grows', severity: 3 }));
    const options = [{ text: 'Drain' }, { text: 'Wait' }];
    const { points } = await ok(ana.web.post(at(key, '/decision-points'), { question: 'Drain it?', options }));
    const decide = (who: Person, choice: string) =>
      who.web.post(at(key, '/decisions'), { question: 'Drain it?', choice, pointId: points[0].id });
    const answers = await Promise.all([decide(ana, 'Drain'), decide(ben, 'Wait')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect((await detail(ana, key)).decisions).toHaveLength(1);
  });
});

describe('authority is that of now', () => {
  test('a past commander’s approval is refused, and the present one’s counts', async () => {
    const [ana, ben, cem] = await Promise.all([person('Ana Past'), person('Ben Now'), person('Cem Asks')]);
    const { key } = await ok(ana.web.post('/api/v1/incidents', { title: 'Ledger is behind', severity: 2 }));
    await ok(ana.web.post(at(key, '/roles'), { role: 'incident_commander' }));
    const asked = await ok(
      cem.web.post(at(key, '/decisions'), { question: 'Replay the ledger?', choice: 'yes', needsApproval: true }),
    );
    const offer = await ok(
      ana.web.post(at(key, '/handovers'), {
        role: 'incident_commander',
        toUserId: ben.id,
        brief: 'replay is asked for',
      }),
    );
    await ok(ben.web.post(`/api/v1/incident-handovers/${offer.id}/accepted`, {}));
    const decide = (who: Person) =>
      who.web.post(`/api/v1/incident-approvals/${asked.approval.id}`, { verdict: 'granted' });
    expect(await decide(ana)).toMatchObject({ status: 403, body: { rule: 'incidents.authority.approve_compensable' } });
    expect((await decide(cem)).status).toBe(403);
    expect(await decide(ben)).toMatchObject({ status: 200, body: { state: 'granted' } });
  });
});

describe('it comes back', () => {
  test('a SEV2 relapses within 72 hours: the same incident, in containment, with its times kept and its signatures asked again', async () => {
    const [ana] = [await person('Ana Again')];
    const { key, id } = await ok(
      ana!.web.post('/api/v1/incidents', { title: 'Orders stall', severity: 2, serviceIds: [serviceId] }),
    );
    await ok(ana!.web.post(at(key, '/roles'), { role: 'incident_commander' }));
    await ok(ana!.web.post(at(key, '/containment'), { action: 'Half of the traffic away' }));
    await house.advance('10m');
    await ok(ana!.web.post(at(key, '/contained'), { evidence: 'stable' }));
    await ok(ana!.web.post(at(key, '/eradicated'), { evidence: 'index rebuilt' }));
    await ok(ana!.web.post(at(key, '/recovered'), {}));
    await ok(ana!.web.post(at(key, '/gates/recovery.readiness/waived'), { reason: 'watched' }));
    await ok(ana!.web.post(at(key, '/restored'), {}));
    await signLanes(ana!.web, { id });
    const before = await detail(ana!, key);
    await house.advance('3h');
    await ok(ana!.web.post(at(key, '/relapsed'), { reason: 'the same stall' }));
    const after = await detail(ana!, key);
    expect(after).toMatchObject({ phase: 'containment', severity: 2, active: true });
    expect(after.times).toMatchObject({
      declaredAt: before.times.declaredAt,
      containmentStartedAt: before.times.containmentStartedAt,
      restoredAt: null,
      impactEndedAt: null,
    });
    const open = after.gates.filter(({ state }: { state: string }) => state === 'open');
    expect(open.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['recovery.readiness', 'incidents.lanes']),
    );
    expect((await ana!.web.get(at(key, '/next'))).body.id).toBe('incidents.next.due.comms.update');
    // After 72 hours (life.test.ts counts them) it is a new one that refers to this one.
    const next = await ok(ana!.web.post('/api/v1/incidents', { title: 'Orders stall', severity: 2, recursOf: key }));
    expect((await detail(ana!, next.key)).recursOf).toEqual({ id, key });
  });
});
