/** Pages that somebody has, as stories: forgotten, put off, handed on, given back, with more people asked. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#kernel';
import { shiftClock } from '../../test/harness/clock.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { openPager, type Pager, step, user } from '../../test/harness/pager.ts';
import { addContactMethod } from './commands/addContactMethod.ts';
import { addResponders } from './commands/addResponders.ts';
import { callNext } from './commands/callNext.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { acknowledge, listPages, pageTimes, reassign, snooze, stopPages } from './index.ts';
import { watchPages } from './jobs.ts';

let house: House;
let pager: Pager;
let ana: string;
let ben: string;
let cem: string;
beforeAll(async () => {
  house = await openHouse();
  pager = await openPager(house);
});
afterAll(() => house.close());
beforeEach(async () => {
  await pager.quiet();
  [ana, ben, cem] = [await pager.person('Ana'), await pager.person('Ben'), await pager.person('Cem')];
});

const steps = () => [step([user(ana)]), step([user(ben)])];
const take = async (pageId: string, who: string) => acknowledge(await pager.as(who), { pageId });

describe('a forgotten acknowledgement', () => {
  test('asks who has it again after the time of the policy, then begins anew, and the page stays theirs', async () => {
    const id = await pager.page(await pager.policy(steps(), { ackTimeoutMinutes: 30 }));
    await take(id, ana);
    await house.advance('29m50s');
    expect(pager.mailed()).toEqual(['ana']);
    await house.advance('15s');
    expect(pager.mailed()).toEqual(['ana', 'ana']);
    expect(house.smtp.messages.at(-1)?.text).toContain('you took it 30 min ago and it is still open');
    expect(await pager.view(id)).toMatchObject({ state: 'paging', acknowledgedBy: null, assignee: { id: ana } });
    await house.advance('5m1s');
    await house.advance('61s');
    expect(pager.mailed()).toEqual(['ana', 'ana', 'ana', 'ben']);
    expect(await pager.view(id)).toMatchObject({ state: 'paging', assignee: { id: ana } });
    expect(await pager.reasons(id)).toEqual(['first', 'stopped_acknowledged', 'holder', 'escalated', 'escalated']);
    await take(id, ben);
    expect(await pager.view(id)).toMatchObject({ state: 'acknowledged', assignee: { id: ben } });
  });

  test('asks by every channel the person has, not only by the one they answered with', async () => {
    const hook = await addContactMethod(await pager.as(ana), { kind: 'webhook', value: house.sink.url, label: '' });
    await house.settle();
    const code = JSON.parse(house.sink.requests.at(-1)!.rawBody).data.code;
    await verifyContactMethod(await pager.as(ana), { id: hook.id, code });
    const mail = await addContactMethod(await pager.as(ana), {
      kind: 'email',
      value: `ana.${newId('x').slice(-8)}@private.example`,
      label: '',
    });
    await house.settle();
    const words = house.smtp.messages.findLast(({ subject }) => subject === 'Your Evenkeel code')!.text;
    await verifyContactMethod(await pager.as(ana), { id: mail.id, code: words.slice(0, 8) });
    await house.settle();
    const id = await pager.page(await pager.policy(steps(), { ackTimeoutMinutes: 5 }));
    await take(id, ana);
    house.smtp.clear();
    house.sink.clear();
    await house.advance('5m5s');
    expect(house.smtp.messages.map(({ to }) => to[0])).toEqual([expect.stringContaining('@private.example')]);
    expect(house.sink.requests.map(({ rawBody }) => JSON.parse(rawBody).type)).toEqual(['page.sent']);
  });

  test('“I am still at it” begins the time anew; taking it again does nothing else', async () => {
    const id = await pager.page(await pager.policy(steps(), { ackTimeoutMinutes: 10 }));
    await take(id, ana);
    await take(id, ana);
    await house.advance('8m');
    await take(id, ana);
    await house.advance('8m');
    expect(pager.mailed()).toEqual(['ana']);
    await house.advance('2m5s');
    expect(pager.mailed()).toEqual(['ana', 'ana']);
    expect(await pager.reasons(id)).toEqual(['first', 'stopped_acknowledged', 'still_held', 'holder']);
  });

  test('is set for one page only, and off again; who has left is not asked, the policy is', async () => {
    const id = await pager.page(await pager.policy([step([user(ben)])]));
    await take(id, ana);
    const web = await house.signIn('responder');
    const set = (minutes: number | null) => web.put(`/api/v1/pages/${id}/ack-timeout`, { minutes });
    expect((await set(1)).status).toBe(422);
    expect((await set(60)).body).toMatchObject({ ackTimeoutMinutes: 60, asksAgainWhy: 'ack_timeout' });
    expect((await set(null)).body).toMatchObject({ ackTimeoutMinutes: null, asksAgainAt: null });
    await house.advance('2h');
    expect(pager.mailed()).toEqual(['ben']);
    await set(5);
    const { db } = await house.ctx('system');
    await db.updateTable('security.users').set({ active: false }).where('id', '=', ana).execute();
    await house.advance('5m1s');
    expect(pager.mailed()).toEqual(['ben', 'ben']);
  });

  test('whose timer was lost is found by the watch; of a page that has ended it asks nobody', async () => {
    const policyId = await pager.policy(steps(), { ackTimeoutMinutes: 10 });
    const [id, over] = [await pager.page(policyId), await pager.page(policyId)];
    await take(id, ana);
    await take(over, ana);
    const system = await house.ctx('system');
    await stopPages(system, { subject: (await pager.view(over)).subject, reason: 'it was resolved' });
    const { cancelJob } = await import('#kernel');
    await cancelJob(system, `page:${id}`);
    await house.advance('11m');
    house.smtp.clear();
    await watchPages.run(await house.ctx('system'), {});
    await house.settle();
    expect(pager.mailed()).toEqual(['ana']);
    expect((await pager.view(over)).state).toBe('stopped');
  });

  test('keeps the first answer for the time to acknowledge', async () => {
    const id = await pager.page(await pager.policy(steps(), { ackTimeoutMinutes: 5 }));
    await take(id, ana);
    const { subject } = await pager.view(id);
    const times = async () => (await pageTimes(await house.ctx('system'), [subject])).get(`watch:${subject.id}`);
    const first = (await times())?.firstAcknowledgedAt;
    await house.advance('6m');
    expect((await times())?.firstAcknowledgedAt).toEqual(first);
    await take(id, ben);
    expect((await times())?.firstAcknowledgedAt).toEqual(first);
  });
});

describe('a snooze', () => {
  test('takes the page, is quiet until its time, and then asks who put it off', async () => {
    const id = await pager.page(await pager.policy(steps()));
    const until = new Date((await house.ctx('system')).now.getTime() + 2 * 3_600_000).toISOString();
    await snooze(await pager.as(ana), { pageId: id, until, note: 'after the backup' });
    expect(await pager.view(id)).toMatchObject({
      state: 'acknowledged',
      assignee: { id: ana },
      asksAgainAt: until,
      asksAgainWhy: 'snooze',
    });
    await house.advance('1h59m');
    expect(pager.mailed()).toEqual(['ana']);
    await house.advance('2m');
    expect(pager.mailed()).toEqual(['ana', 'ana']);
    expect(house.smtp.messages.at(-1)?.text).toContain('your snooze is over');
    expect((await pager.log(id)).find((line) => line.reason === 'snoozed')?.text).toMatch(
      /^Ana has put it off for 2 h, until .*: after the backup$/,
    );
  });

  test('row 97: 60 days work without anything staying awake; the past, nothing, both and 10^12 s are refused with 422', async () => {
    const id = await pager.page(await pager.policy(steps()));
    const web = await house.signIn('responder');
    const put = (body: object) => web.post(`/api/v1/pages/${id}/snooze`, body);
    const { now } = await house.ctx('system');
    const past = new Date(now.getTime() - 60_000).toISOString();
    const bad = [
      { until: past },
      { forSeconds: 1e12 },
      { forSeconds: 0 },
      { forSeconds: -5 },
      {},
      { until: past, forSeconds: 60 },
    ];
    for (const body of [...bad, { until: '9999-12-31T00:00:00.000Z' }]) {
      const answer = await put(body);
      expect([JSON.stringify(body), answer.status, answer.body.rule]).toEqual([
        JSON.stringify(body),
        422,
        'people.snooze',
      ]);
    }
    expect((await pager.view(id)).state).toBe('paging');
    expect((await put({ forSeconds: 60 * 86_400 })).body.asksAgainWhy).toBe('snooze');
    house.smtp.clear();
    await shiftClock(house.core, 59.9 * 86_400_000);
    await house.settle();
    expect(house.smtp.messages).toHaveLength(0);
    await house.advance('3h');
    expect(house.smtp.messages.length).toBeGreaterThan(0);
  });

  test('is taken back: the page stays with its holder; of another’s page it is refused with who has it', async () => {
    const id = await pager.page(await pager.policy(steps()));
    const web = await house.signIn('responder');
    await web.post(`/api/v1/pages/${id}/snooze`, { forSeconds: 3600 });
    const other = await (await house.signIn('manager')).post(`/api/v1/pages/${id}/snooze`, { forSeconds: 3600 });
    expect(other).toMatchObject({ status: 409, body: { state: 'acknowledged' } });
    expect(other.body.title).toMatch(/already has this page/);
    expect((await web.delete(`/api/v1/pages/${id}/snooze`)).body).toMatchObject({
      state: 'acknowledged',
      asksAgainAt: null,
    });
    await house.advance('2h');
    expect(pager.mailed()).toEqual(['ana']);
    expect((await web.delete(`/api/v1/pages/${id}/snooze`)).status).toBe(409);
  });
});

describe('a page that changes hands', () => {
  test('calls who gets it at once, stops calling others, and begins anew when they do not answer', async () => {
    const id = await pager.page(await pager.policy(steps(), { repeat: 1 }));
    await reassign(await pager.as(ana), { pageId: id, userId: cem, note: 'you know the queue' });
    await house.settle();
    expect(pager.mailed()).toEqual(['ana', 'cem']);
    expect(house.smtp.messages.at(-1)?.text).toContain('Ana gave it to you: you know the queue');
    await house.advance('4m');
    expect(pager.mailed()).toEqual(['ana', 'cem']);
    await house.advance('62s');
    expect(pager.mailed()).toEqual(['ana', 'cem', 'ana']);
    const page = await pager.view(id);
    expect(page).toMatchObject({ state: 'paging', assignee: { id: cem } });
    expect(page.log.find((line) => line.reason === 'reassigned')?.text).toBe(
      'Ana has given it to Cem: you know the queue',
    );
  });

  test('moves from one holder to another; taking over from somebody credits who takes over', async () => {
    const id = await pager.page(await pager.policy(steps()));
    await take(id, ana);
    await reassign(await pager.as(ben), { pageId: id, userId: ben });
    expect(await pager.view(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: ben } });
    await reassign(await pager.as(ben), { pageId: id, userId: ana });
    await house.settle();
    expect(await pager.view(id)).toMatchObject({ state: 'paging', assignee: { id: ana }, acknowledgedBy: null });
    expect(pager.mailed()).toEqual(['ana', 'ana']);
    await expect(reassign(await pager.as(ben), { pageId: id, userId: 'usr_nobody' })).rejects.toMatchObject({
      status: 422,
    });
  });

  test('R19: “mine” shows what called me or was given to me, “assigned” what is mine, through every escalation', async () => {
    const id = await pager.page(await pager.policy(steps()));
    await reassign(await pager.as(ana), { pageId: id, userId: cem });
    await house.advance('5m1s');
    await house.advance('61s');
    expect(pager.mailed()).toEqual(['ana', 'cem', 'ana', 'ben']);
    const ctx = await pager.as(cem);
    const ids = async (filter: object) =>
      (await listPages(ctx, { state: 'open', limit: 50, ...filter })).items.map((page) => page.id);
    expect(await ids({ assigneeId: cem })).toEqual([id]);
    expect(await ids({ userId: cem })).toEqual([id]);
    expect(await ids({ assigneeId: ben })).toEqual([]);
    expect(await ids({ userId: ben })).toEqual([id]);
    const web = await house.signIn('responder');
    const own = await pager.page(await pager.policy(steps()));
    await web.post(`/api/v1/pages/${own}/acknowledge`);
    const listed = await web.get('/api/v1/pages?state=all&assignee=me&limit=1');
    expect(listed.body.items.map((page: { id: string }) => page.id)).toEqual([own]);
  });

  test('is given back by who took it by mistake: the next are called at once and nobody has it', async () => {
    const id = await pager.page(await pager.policy(steps()));
    await take(id, ana);
    await expect(callNext(await pager.as(ben), { pageId: id })).rejects.toMatchObject({ status: 409 });
    await callNext(await pager.as(ana), { pageId: id, note: 'I am on a train' });
    await house.settle();
    expect(pager.mailed()).toEqual(['ana', 'ben']);
    expect(await pager.view(id)).toMatchObject({ state: 'paging', assignee: null, acknowledgedBy: null });
    expect(await pager.reasons(id)).toEqual(['first', 'stopped_acknowledged', 'given_back', 'escalated']);
  });

  test('does not wait when somebody says so: the next are called now, once, and the old timer does nothing', async () => {
    const id = await pager.page(await pager.policy([...steps(), step([user(cem)])]));
    await callNext(await pager.as(cem), { pageId: id });
    await house.settle();
    expect(pager.mailed()).toEqual(['ana', 'ben']);
    await house.advance('55s');
    expect(pager.mailed()).toEqual(['ana', 'ben']);
    await house.advance('10s');
    expect(pager.mailed()).toEqual(['ana', 'ben', 'cem']);
  });
});

describe('responders that are added', () => {
  test('are called by pages of their own about the same thing; those called already are not called twice', async () => {
    const dea = await pager.person('Dea');
    const other = await pager.policy([step([user(cem)])]);
    const mine = await pager.policy(steps());
    const id = await pager.page(mine);
    await take(id, ana);
    const ask = { pageId: id, userIds: [dea], policyIds: [other, mine], note: 'the queue is full' };
    const { added } = await addResponders(await pager.as(ana), ask);
    await house.settle();
    expect(added.map(({ isNew }) => isNew)).toEqual([true, true, false]);
    expect(pager.mailed().toSorted()).toEqual(['ana', 'cem', 'dea']);
    expect(house.smtp.messages.at(-1)?.text).toContain('Ana asks for your help: the queue is full');
    expect((await addResponders(await pager.as(ana), ask)).added.every(({ isNew }) => !isNew)).toBe(true);
    const page = await pager.view(id);
    expect(page.others.map(({ called }) => called[0]?.name).toSorted()).toEqual(['Cem', 'Dea']);
    // One that is taken leaves the others calling; the end of the thing ends all of them.
    await take(added[0]!.pageId, dea);
    expect((await pager.view(added[1]!.pageId)).state).toBe('paging');
    await stopPages(await house.ctx('system'), { subject: page.subject, reason: 'it was resolved' });
    expect((await pager.view(added[1]!.pageId)).state).toBe('stopped');
  });

  test('must exist, and nobody is asked when one of them does not', async () => {
    const id = await pager.page(await pager.policy(steps()));
    const web = await house.signIn('responder');
    const add = (body: object) => web.post(`/api/v1/pages/${id}/responders`, body);
    expect((await add({})).status).toBe(422);
    expect((await add({ userIds: [ben, 'usr_x'], teamIds: ['tem_x'] })).body.errors).toMatchObject([
      { path: 'userIds.1' },
      { path: 'teamIds.0' },
    ]);
    await house.settle();
    expect(pager.mailed()).toEqual(['ana']);
    expect(
      (await (await house.signIn('viewer')).post(`/api/v1/pages/${id}/responders`, { userIds: [ben] })).status,
    ).toBe(403);
  });
});

describe('who would have been next', () => {
  test('stands on the page with times while it calls, without them once it is taken, and is nobody when it is over', async () => {
    const rota = await pager.rota([ben]);
    const round = step([user(ana), user(cem)], { call: 'round_robin' });
    const policyId = await pager.policy([
      step([user(ana)], { delaySeconds: 300 }),
      step([{ kind: 'schedule', id: rota }], { when: { urgency: 'low' } }),
      step([{ kind: 'schedule', id: rota }]),
      round,
    ]);
    const id = await pager.page(policyId);
    const calling = await pager.view(id);
    expect(calling.upcoming.map(({ stage, step: n, people }) => [stage, n, people.map(({ name }) => name)])).toEqual([
      ['step', 3, ['Ben']],
      ['step', 4, ['Ana']],
      ['emergency', null, ['Ada Admin']],
      ['unanswered', null, []],
    ]);
    expect(calling.upcoming[0]?.at).toBe(calling.nextStepAt);
    expect(calling.upcoming[0]?.notes).toEqual(['Step 2 is passed over: only for pages of low urgency']);
    expect(calling.upcoming[0]?.people[0]?.because).toContain('on call in');
    await take(id, ana);
    const taken = await pager.view(id);
    expect(taken.upcoming[0]).toMatchObject({ stage: 'step', step: 3, at: null, people: [{ name: 'Ben' }] });
    // What was foretold is what happens.
    await callNext(await pager.as(ana), { pageId: id });
    await house.advance('62s');
    expect(pager.mailed()).toEqual(['ana', 'ben', 'ana']);
    await stopPages(await house.ctx('system'), { subject: taken.subject, reason: 'it was resolved' });
    expect((await pager.view(id)).upcoming).toEqual([]);
  });

  test('a page of low urgency has called all it will; one that waits for hours says so', async () => {
    const quiet = await pager.page(await pager.policy(steps()), { urgency: 'low' });
    expect((await pager.view(quiet)).upcoming).toEqual([]);
    const hours = {
      zone: 'UTC',
      windows: [
        {
          kind: 'daily' as const,
          days: [((new Date((await house.ctx('system')).now).getUTCDay() + 2) % 7) + 1],
          from: '09:00',
          to: '10:00',
        },
      ],
      outside: 'wait' as const,
    };
    const id = await pager.page(await pager.policy([step([user(ana)]), step([user(ben)], { when: { hours } })]));
    const { upcoming } = await pager.view(id);
    expect(upcoming.map(({ stage, step: n }) => [stage, n])).toEqual([
      ['wait', 2],
      ['step', 2],
      ['emergency', null],
      ['unanswered', null],
    ]);
    expect(new Date(upcoming[1]!.at!).getUTCHours()).toBe(9);
  });
});

test('row 58: a button of yesterday on a page that has ended answers 409 with what it is now, whatever it wanted', async () => {
  const id = await pager.page(await pager.policy(steps()));
  const { subject } = await pager.view(id);
  await stopPages(await house.ctx('system'), { subject, reason: 'the alert was resolved by its source' });
  const web = await house.signIn('responder');
  const userId = await house.userId('responder');
  const old: [string, object | undefined][] = [
    ['acknowledge', undefined],
    ['snooze', { forSeconds: 3600 }],
    ['reassign', { userId }],
    ['responders', { userIds: [userId] }],
    ['call-next', {}],
  ];
  for (const [what, body] of old) {
    const answer = await web.post(`/api/v1/pages/${id}/${what}`, body);
    expect([what, answer.status, answer.body.state, answer.body.detail]).toEqual([
      what,
      409,
      'stopped',
      'the alert was resolved by its source',
    ]);
  }
  await house.settle();
  expect(pager.mailed()).toEqual(['ana']);
});
