/** The steps of a policy as stories: whom each calls, when it applies, whose turn it is, and the time bugs of other pagers. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { newId, settingByKey, writeSetting } from '#kernel';
import { shiftClock } from '../../test/harness/clock.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { openPager, type Pager, step, user } from '../../test/harness/pager.ts';
import { createPageWebhook } from './commands/createPageWebhook.ts';
import { escalatePage } from './commands/escalatePage.ts';
import { createRole } from './duties/commands/createRole.ts';
import { retireRole } from './duties/commands/retireRole.ts';
import { noteHolders, startPage, stopPages, tiePages } from './index.ts';
import type { Hours } from './plan.ts';

let house: House;
let pager: Pager;
beforeAll(async () => {
  house = await openHouse();
  pager = await openPager(house);
});
afterAll(() => house.close());
beforeEach(() => pager.quiet());

/** Moves the clock to the next such time on the wall of Berlin without anything happening on the way. */
async function goTo(weekday: number, time: string): Promise<void> {
  const { now } = await house.ctx('system');
  const { nextOpening } = await import('./conditions.ts');
  const windows = [{ kind: 'weekly' as const, fromDay: weekday, from: time, toDay: (weekday % 7) + 1, to: time }];
  let at = nextOpening({ zone: 'Europe/Berlin', windows }, now)!;
  if (at <= now) at = nextOpening({ zone: 'Europe/Berlin', windows }, new Date(now.getTime() + 86_400_000))!;
  await shiftClock(house.core, at.getTime() - now.getTime());
}
const office = (outside: Hours['outside']): Hours => ({
  zone: 'Europe/Berlin',
  windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  outside,
});

const card = (title: string) => ({
  title: `${title} ${newId('x').slice(-6)}`,
  purpose: '',
  firstSteps: '',
  duties: '',
  handover: '',
  authority: [],
  handsOn: false,
  shared: true,
  requiredFor: [],
  certification: 'none' as const,
});

describe('a step', () => {
  test('calls whoever is on call in a team’s schedules, and falls through at once when nobody is', async () => {
    const [ana, ben, cem] = [await pager.person('Ana'), await pager.person('Ben'), await pager.person('Cem')];
    const team = await pager.team([cem]);
    await pager.rota([ana], team);
    const empty = await pager.team([cem]);
    const id = await pager.page(
      await pager.policy([
        step([{ kind: 'team_on_call', id: empty }]),
        step([{ kind: 'team_on_call', id: team }]),
        step([user(ben)]),
      ]),
    );
    expect(pager.mailed()).toEqual(['ana']);
    expect(await pager.reasons(id)).toEqual(['fell_through_nobody', 'first']);
    expect((await pager.log(id)).find((line) => line.reason === 'called')?.text).toContain('Ana is called: on call in');
  });

  test('that calls a role calls who has it in the incident, else who is on its rota, else falls through and says so', async () => {
    const [ana, ben, cem] = [await pager.person('Ana'), await pager.person('Ben'), await pager.person('Cem')];
    const web = await house.signIn('manager');
    const role = async (title: string, scheduleId: string | null) =>
      (await createRole(await house.ctx('manager'), { ...card(title), scheduleId })).key;
    const [lead, nobody] = [await role('Lead', await pager.rota([ana])), await role('Nobody yet', null)];
    const policyId = await pager.policy([
      step([{ kind: 'role', id: nobody }]),
      step([{ kind: 'role', id: lead }]),
      step([user(cem)]),
    ]);
    const first = await pager.page(policyId);
    expect(pager.mailed()).toEqual(['ana']);
    expect(await pager.reasons(first)).toEqual(['fell_through_nobody', 'first']);
    expect((await pager.log(first)).find((line) => line.reason === 'called')?.text).toMatch(
      /^Ana is called: on call in .*, for the role Lead \w+$/,
    );
    // In an incident it is whoever has it there, also when the alert became part of it after its page had begun.
    await pager.quiet();
    const incidentId = newId('inc');
    await noteHolders(await house.ctx('system'), { incidentId, roleKey: lead, userId: ben, holds: true });
    await pager.page(policyId, { incidentId });
    expect(pager.mailed()).toEqual(['ben']);
    await pager.quiet();
    await noteHolders(await house.ctx('system'), { incidentId, roleKey: nobody, userId: ben, holds: true });
    const later = await pager.policy([step([user(cem)]), step([{ kind: 'role', id: nobody }])]);
    const subject = { kind: 'watch', id: newId('wat') };
    await pager.page(later, { subject });
    await tiePages(await house.ctx('system'), { subject, incidentId });
    await house.advance('61s');
    expect(pager.mailed()).toEqual(['cem', 'ben']);
    // The policy says what it calls; a role in use by one cannot be taken out, one that is not there not be called.
    const policy = (await web.get(`/api/v1/escalation-policies/${policyId}`)).body;
    expect(policy.steps[1]).toMatchObject({
      targets: [{ kind: 'role', name: expect.stringMatching(/^Lead /) }],
      now: [{ name: 'Ana' }],
    });
    await expect(retireRole(await house.ctx('manager'), { key: lead })).rejects.toMatchObject({ status: 409 });
    await expect(pager.policy([step([{ kind: 'role', id: 'conductor' }])])).rejects.toMatchObject({
      errors: [{ path: 'steps.0.targets.0', message: 'there is no such incident role in use' }],
    });
  });

  test('that goes round calls one person each time, the one whose turn was longest ago', async () => {
    const people = [await pager.person('Ana'), await pager.person('Ben'), await pager.person('Cem')];
    const policyId = await pager.policy([step(people.map(user), { call: 'round_robin' })]);
    for (let i = 0; i < 5; i++) await pager.page(policyId);
    expect(pager.mailed()).toEqual(['ana', 'ben', 'cem', 'ana', 'ben']);
    // Who joins is next; the others keep their order.
    const web = await house.signIn('manager');
    const policy = (await web.get(`/api/v1/escalation-policies/${policyId}`)).body;
    expect(policy.steps[0]).toMatchObject({ call: 'round_robin' });
    expect(policy.stepsNow[0]).toMatchObject({ nextInRound: { name: 'Cem' }, gate: { state: 'open' } });
    const dea = await pager.person('Dea');
    const targets = [...people, dea].map(user);
    const body = { name: policy.name, steps: [{ delaySeconds: 60, targets, call: 'round_robin' }], version: 1 };
    expect((await web.put(`/api/v1/escalation-policies/${policyId}`, body)).status).toBe(200);
    for (let i = 0; i < 3; i++) await pager.page(policyId);
    expect(pager.mailed().slice(5)).toEqual(['dea', 'cem', 'ana']);
  });

  test('that goes round gives ten pages of one instant to ten people, and goes on with the round when nobody answers', async () => {
    const people = [];
    for (let i = 0; i < 10; i++) people.push(await pager.person(`P${i}`));
    const policyId = await pager.policy([step(people.map(user), { call: 'round_robin' })], { repeat: 1 });
    const contexts = await Promise.all(people.map(() => house.ctx('system')));
    const input = (i: number) => ({
      ...{ subject: { kind: 'watch', id: newId('wat') }, title: `Page ${i}`, body: '', urgency: 'high' as const },
      ...{ link: '/', policyId },
    });
    await Promise.all(contexts.map((ctx, i) => startPage(ctx, input(i))));
    await house.settle();
    expect(new Set(pager.mailed()).size).toBe(10);
    await pager.quiet();
    await pager.page(policyId);
    await house.advance('61s');
    expect(new Set(pager.mailed()).size).toBe(2);
  });

  test('tells a program by a signed webhook, once, and what became of the page', async () => {
    const ctx = await house.ctx('manager');
    const { id, secret } = await createPageWebhook(ctx, { name: `Status bot ${newId('x')}`, url: house.sink.url });
    const ana = await pager.person('Ana');
    const pageId = await pager.page(await pager.policy([step([{ kind: 'webhook', id }, user(ana)])]));
    const { acknowledge } = await import('./index.ts');
    await acknowledge(await pager.as(ana), { pageId });
    await house.settle();
    const calls = house.sink.requests.map(({ rawBody, headers }) =>
      new Webhook(secret).verify(rawBody, headers as never),
    );
    expect(calls).toMatchObject([
      { type: 'page.sent', data: { pageId, title: 'Orders are failing', urgency: 'high', called: ['Ana'] } },
      { type: 'page.acknowledged', data: { pageId, by: { id: ana, name: 'Ana' } } },
    ]);
    expect(
      (await pager.log(pageId)).filter((line) => line.text.startsWith('Told the webhook Status bot')),
    ).toHaveLength(2);
  });

  test('that only tells a room waits its time and counts nobody as called: the leads follow, not a second round', async () => {
    const room = { name: 'Payments', url: house.sink.url };
    const setting = settingByKey('channels.mattermost')!;
    await writeSetting(await house.ctx('system'), setting, { rooms: [room] });
    const lea = await pager.person('Lea');
    const teamId = await pager.team([], [lea]);
    const targets = [{ kind: 'room' as const, id: 'mattermost:payments' }];
    const id = await pager.page(await pager.policy([step(targets, { delaySeconds: 120 })], { teamId, repeat: 5 }));
    expect(house.sink.requests.map(({ rawBody }) => rawBody)).toEqual([
      expect.stringContaining('A page needs somebody'),
    ]);
    expect(house.sink.requests[0]?.rawBody).toContain(`/pages/${id}`);
    expect(pager.mailed()).toEqual([]);
    await house.advance('121s');
    expect(pager.mailed()).toEqual(['lea']);
    expect(await pager.reasons(id)).toEqual(['first', 'team_leads']);
    expect(house.sink.requests).toHaveLength(1);
  });

  test('with a room and a rota that has nobody tells the room and goes on at once', async () => {
    const room = { name: 'Payments', url: house.sink.url };
    await writeSetting(await house.ctx('system'), settingByKey('channels.mattermost')!, { rooms: [room] });
    const ben = await pager.person('Ben');
    const empty = await pager.rota([]);
    const id = await pager.page(
      await pager.policy([
        step([
          { kind: 'room', id: 'mattermost:Payments' },
          { kind: 'schedule', id: empty },
        ]),
        step([user(ben)]),
      ]),
    );
    expect(pager.mailed()).toEqual(['ben']);
    expect(house.sink.requests).toHaveLength(1);
    expect(await pager.reasons(id)).toEqual(['fell_through_nobody', 'first']);
  });

  test('whose room is gone says so and keeps nobody from being called', async () => {
    await writeSetting(await house.ctx('system'), settingByKey('channels.mattermost')!, {
      rooms: [{ name: 'Short-lived', url: house.sink.url }],
    });
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const policyId = await pager.policy([
      step([{ kind: 'room', id: 'mattermost:Short-lived' }]),
      step([user(ana)]),
      step([user(ben)]),
    ]);
    await writeSetting(await house.ctx('system'), settingByKey('channels.mattermost')!, { rooms: [] });
    const id = await pager.page(policyId);
    expect((await pager.log(id)).some((line) => line.reason === 'not_delivered')).toBe(true);
    await house.advance('61s');
    expect(pager.mailed()[0]).toBe('ana');
  });
});

describe('a condition', () => {
  test('by urgency and priority passes a step over at once and says so', async () => {
    const [ana, ben, cem] = [await pager.person('Ana'), await pager.person('Ben'), await pager.person('Cem')];
    const policyId = await pager.policy([
      step([user(ana)], { when: { urgency: 'low' } }),
      step([user(ben)], { when: { priorities: [1, 2] } }),
      step([user(cem)]),
    ]);
    const third = await pager.page(policyId, { priority: 3 });
    expect(pager.mailed()).toEqual(['cem']);
    expect((await pager.log(third)).slice(0, 2).map((line) => line.text)).toEqual([
      'Step 1 is passed over: only for pages of low urgency',
      'Step 2 is passed over: only for P1 and P2',
    ]);
    await pager.page(policyId, { priority: 1 });
    await pager.page(policyId, { urgency: 'low', priority: 3 });
    // A page whose priority nobody knows rather calls than not.
    await pager.page(policyId);
    expect(pager.mailed()).toEqual(['cem', 'ben', 'ana', 'ben']);
  });

  test('that leaves no step at all still calls somebody: the team’s leads, then the emergency contact', async () => {
    const [ana, lea] = [await pager.person('Ana'), await pager.person('Lea')];
    const teamId = await pager.team([ana], [lea]);
    const never = { when: { urgency: 'low' as const } };
    const id = await pager.page(await pager.policy([step([user(ana)], never), step([user(ana)], never)], { teamId }));
    expect(pager.mailed()).toEqual(['lea']);
    await house.advance('5m1s');
    expect(pager.mailed()).toEqual(['lea', 'admin@orchardline']);
    expect(await pager.reasons(id)).toEqual(['condition', 'condition', 'team_leads', 'emergency_contact']);
  });

  test('grafana/oncall#1206: a step with hours that was reached outside them is called when they begin, and the page goes on', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const policyId = await pager.policy([step([user(ana)], { when: { hours: office('wait') } }), step([user(ben)])]);
    await goTo(6, '23:00');
    const id = await pager.page(policyId);
    expect(pager.mailed()).toEqual([]);
    const waiting = await pager.view(id);
    expect(waiting.log.at(-1)?.text).toMatch(/^Step 1 waits: outside its hours, which begin Mon .* 09:00/);
    expect(new Date(waiting.nextStepAt ?? 0).getUTCDay()).toBe(1);
    await house.advance('33h55m');
    expect(pager.mailed()).toEqual([]);
    await house.advance('5m1s');
    expect(pager.mailed()).toEqual(['ana']);
    await house.advance('61s');
    expect(pager.mailed()).toEqual(['ana', 'ben']);
    expect(await pager.reasons(id)).toEqual(['waits_for_hours', 'first', 'escalated']);
  });

  test('grafana/oncall#1206: it also resumes in a later step, after a lost timer, and after an outage over the whole window', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const later = { when: { hours: office('wait') }, delaySeconds: 600 };
    const policyId = await pager.policy([step([user(ana)]), step([user(ben)], later)]);
    await goTo(5, '18:00');
    const id = await pager.page(policyId);
    await house.advance('2m');
    expect(pager.mailed()).toEqual(['ana']);
    const { cancelJob } = await import('#kernel');
    await cancelJob(await house.ctx('system'), `page:${id}`);
    // Down over Monday's hours: it waits for Tuesday's, it is neither lost nor called in the night.
    await goTo(1, '20:00');
    const { watchPages } = await import('./jobs.ts');
    await watchPages.run(await house.ctx('system'), {});
    await house.settle();
    expect(pager.mailed()).toEqual(['ana']);
    await house.advance('13h');
    expect(pager.mailed()).toEqual(['ana', 'ben']);
  });

  test('with hours to skip goes on at once outside them and calls inside them', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const policyId = await pager.policy([step([user(ana)], { when: { hours: office('skip') } }), step([user(ben)])]);
    await goTo(7, '12:00');
    await pager.page(policyId);
    expect(pager.mailed()).toEqual(['ben']);
    await pager.quiet();
    await goTo(2, '09:00');
    await pager.page(policyId);
    expect(pager.mailed()).toEqual(['ana']);
  });

  test('a page of low urgency that waits for hours calls somebody then, once', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const policyId = await pager.policy([step([user(ana)], { when: { hours: office('wait') } }), step([user(ben)])]);
    await goTo(6, '12:00');
    await pager.page(policyId, { urgency: 'low' });
    await house.advance('60h');
    expect(pager.mailed()).toEqual(['ana']);
  });
});

describe('bugs other pagers had', () => {
  test('OneUptime 6432f337b8: two targets that lead to one person call that person once', async () => {
    const ana = await pager.person('Ana');
    const team = await pager.team([ana]);
    const [rota, second] = [await pager.rota([ana], team), await pager.rota([ana])];
    const id = await pager.page(
      await pager.policy([
        step([
          { kind: 'schedule', id: rota },
          { kind: 'schedule', id: second },
          { kind: 'team', id: team },
          { kind: 'team_on_call', id: team },
          user(ana),
        ]),
      ]),
    );
    expect(pager.mailed()).toEqual(['ana']);
    expect((await pager.log(id)).filter((line) => line.reason === 'called')).toHaveLength(1);
  });

  test('OneUptime 6432f337b8: a timer that fires eight times at one instant takes one step', async () => {
    const steps = [];
    for (const name of ['Ana', 'Ben', 'Cem', 'Dea']) steps.push(step([user(await pager.person(name))]));
    const id = await pager.page(await pager.policy(steps));
    await shiftClock(house.core, 61_000);
    const contexts = await Promise.all(Array.from({ length: 8 }, () => house.ctx('system')));
    const did = await Promise.all(contexts.map((ctx) => escalatePage(ctx, { pageId: id, turn: 1 })));
    await house.settle();
    expect(did.filter((answer) => answer.did === 'escalated')).toHaveLength(1);
    expect(pager.mailed()).toEqual(['ana', 'ben']);
  });

  test('OneUptime 57d688a26e: “repeat 2” goes through the steps three times, each wait kept', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const id = await pager.page(await pager.policy([step([user(ana)]), step([user(ben)])], { repeat: 2 }));
    await house.advance('10m');
    expect(pager.mailed().slice(0, 7)).toEqual(['ana', 'ben', 'ana', 'ben', 'ana', 'ben', 'admin@orchardline']);
    expect((await pager.reasons(id)).filter((reason) => reason === 'repeat')).toHaveLength(2);
  });

  test('grafana/oncall#1931, #934, #895: the ledger of a page is complete, in order and on time, no wait is cut by the next step', async () => {
    const delays = [60, 300, 30, 120, 600];
    const steps = [];
    for (const delaySeconds of delays) steps.push(step([user(await pager.person('Ana'))], { delaySeconds }));
    const id = await pager.page(await pager.policy(steps, { repeat: 1 }));
    await house.advance('45m');
    const calls = (await pager.log(id)).filter((line) => ['first', 'escalated', 'repeat'].includes(line.reason));
    expect(calls.map((line) => [line.step, line.round])).toEqual(
      [1, 2].flatMap((round) => delays.map((_, index) => [index, round])),
    );
    const gaps = calls.slice(1).map((line, i) => Date.parse(line.at) - Date.parse(calls[i]!.at));
    const wanted = [...delays, ...delays.slice(0, -1)].map((seconds) => seconds * 1000);
    for (const [i, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThanOrEqual(wanted[i]!);
      expect(gap).toBeLessThan(wanted[i]! + 5000);
    }
  });

  test('grafana/oncall#3111: four months later a timer that was left over pages nobody about what is over', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const id = await pager.page(await pager.policy([step([user(ana)]), step([user(ben)])]));
    const { subject } = await pager.view(id);
    await stopPages(await house.ctx('system'), { subject, reason: 'the alert was resolved by its source' });
    await shiftClock(house.core, 120 * 86_400_000);
    expect(await escalatePage(await house.ctx('system'), { pageId: id, turn: 1 })).toEqual({
      did: 'nothing',
      why: 'stopped',
    });
    await house.settle();
    expect(pager.mailed()).toEqual(['ana']);
  });

  test('grafana/oncall#4760: nobody is called after the page was taken, whatever fires late', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const id = await pager.page(await pager.policy([step([user(ana)]), step([user(ben)])], { repeat: 10 }));
    const { acknowledge } = await import('./index.ts');
    await acknowledge(await pager.as(ana), { pageId: id });
    await shiftClock(house.core, 3_600_000);
    for (const turn of [1, 2]) await escalatePage(await house.ctx('system'), { pageId: id, turn });
    await house.advance('1h');
    expect(pager.mailed()).toEqual(['ana']);
  });

  test('target/goalert#912: each step stands in the log once', async () => {
    const [ana, ben] = [await pager.person('Ana'), await pager.person('Ben')];
    const id = await pager.page(await pager.policy([step([user(ana)]), step([user(ben)])]));
    await house.advance('61s');
    const lines = await pager.log(id);
    const texts = lines.filter((line) => line.step !== null).map((line) => line.text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toHaveLength(2);
  });

  test('target/goalert#4548: an empty step does not wait its delay', async () => {
    const ben = await pager.person('Ben');
    const empty = await pager.rota([]);
    const hour = { delaySeconds: 3600 };
    const id = await pager.page(
      await pager.policy([step([{ kind: 'schedule', id: empty }], hour), step([user(ben)], hour)]),
    );
    expect(pager.mailed()).toEqual(['ben']);
    expect(await pager.reasons(id)).toEqual(['fell_through_nobody', 'first']);
  });

  test('PagerDuty/terraform-provider#200 #728: a policy saved as it was read is no change', async () => {
    const ana = await pager.person('Ana');
    const id = await pager.policy([
      step([user(ana)], {
        delaySeconds: 3,
        call: 'all',
        when: { hours: { ...office('skip'), zone: 'europe/berlin' } },
      }),
    ]);
    const web = await house.signIn('manager');
    const { body: read } = await web.get(`/api/v1/escalation-policies/${id}`);
    expect(read.steps[0]).toMatchObject({ delaySeconds: 30, when: { hours: { zone: 'Europe/Berlin' } } });
    const steps = read.steps.map(({ delaySeconds, targets, call, when }: never) => ({
      ...{ delaySeconds, call, when },
      targets: (targets as { kind: string; id: string }[]).map(({ kind, id: target }) => ({ kind, id: target })),
    }));
    const again = { name: read.name, teamId: read.teamId, steps, repeat: read.repeat, version: read.version };
    for (let i = 0; i < 2; i++) expect((await web.put(`/api/v1/escalation-policies/${id}`, again)).body).toEqual(read);
  });
});

test('M7d: a page keeps every part of the policy it started with, whatever is edited or deleted while it runs', async () => {
  const [ana, ben, cem] = [await pager.person('Ana'), await pager.person('Ben'), await pager.person('Cem')];
  const policyId = await pager.policy([step([user(ana)]), step([user(ben)], { delaySeconds: 120 })], {
    repeat: 1,
    ackTimeoutMinutes: 30,
  });
  const id = await pager.page(policyId);
  const web = await house.signIn('manager');
  const changed = {
    name: `Changed ${newId('x')}`,
    steps: [step([user(cem)], { when: { urgency: 'low' }, call: 'round_robin', delaySeconds: 30 })],
    repeat: 0,
    ackTimeoutMinutes: null,
    version: 1,
  };
  expect((await web.put(`/api/v1/escalation-policies/${policyId}`, changed)).status).toBe(200);
  await house.advance('61s');
  expect((await web.delete(`/api/v1/escalation-policies/${policyId}`)).status).toBe(200);
  await house.advance('8m');
  expect(pager.mailed()).toEqual(['ana', 'ben', 'ana', 'ben', 'admin@orchardline']);
  const row = await (
    await house.ctx('system')
  ).db
    .selectFrom('people.pages')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ ackTimeoutMinutes: 30, plan: { policyId, version: 1, repeat: 1 } });
});

describe('row 96', () => {
  test('delay 0 is 30 s; endless repeats, 1,000 steps, a policy that calls a policy, hours that mean nothing are refused with the field', async () => {
    const web = await house.signIn('manager');
    const ana = await pager.person('Ana');
    const save = (body: object) =>
      web.post('/api/v1/escalation-policies', { name: newId('pol'), steps: [step([user(ana)])], ...body });
    const zero = await save({ steps: [step([user(ana)], { delaySeconds: 0 })], repeat: 10 });
    expect([zero.status, zero.body.steps[0].delaySeconds]).toEqual([201, 30]);
    const hours = (more: object) => [step([user(ana)], { when: { hours: { ...office('skip'), ...more } } })];
    const daily = { kind: 'daily', days: [1], from: '09:00', to: '09:00' };
    const refused: [object, string][] = [
      [{ repeat: 1e12 }, 'repeat'],
      [{ repeat: 11 }, 'repeat'],
      [{ steps: Array.from({ length: 1000 }, () => step([user(ana)])) }, 'steps'],
      [{ steps: [] }, 'steps'],
      [{ steps: [step([{ kind: 'policy', id: newId('pol') } as never])] }, 'steps.0.targets.0.kind'],
      [{ steps: [step([{ kind: 'webhook', id: newId('whk') }])] }, 'steps.0.targets.0'],
      [{ steps: [step([{ kind: 'room', id: 'mattermost:nowhere' }])] }, 'steps.0.targets.0'],
      [{ steps: [step([{ kind: 'room', id: 'nonsense' }])] }, 'steps.0.targets.0'],
      [{ steps: [step([{ kind: 'team_on_call', id: newId('tem') }])] }, 'steps.0.targets.0'],
      [{ steps: hours({ zone: 'GMT+2' }) }, 'steps.0.when.hours.zone'],
      [{ steps: hours({ windows: [] }) }, 'steps.0.when.hours.windows'],
      [{ steps: hours({ windows: [daily] }) }, 'steps.0.when.hours.windows.0.to'],
      [{ steps: [step([user(ana)], { when: { priorities: [5] } })] }, 'steps.0.when.priorities.0'],
      [{ ackTimeoutMinutes: 1 }, 'ackTimeoutMinutes'],
    ];
    for (const [body, path] of refused) {
      const answer = await save(body);
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
      expect([path, answer.body.errors?.[0]?.path]).toEqual([path, path]);
    }
  });

  test('a webhook is used, cannot be removed while a policy tells it, and goes with its last policy', async () => {
    const web = await house.signIn('manager');
    const made = await web.post('/api/v1/page-webhooks', { name: `Bot ${newId('x')}`, url: house.sink.url });
    expect([made.status, made.body.secret.startsWith('whsec_')]).toEqual([201, true]);
    expect((await web.post('/api/v1/page-webhooks', { name: made.body.name, url: house.sink.url })).status).toBe(409);
    expect((await web.post('/api/v1/page-webhooks', { name: 'x', url: 'ftp://x' })).status).toBe(422);
    const policyId = await pager.policy([step([{ kind: 'webhook', id: made.body.id }])]);
    expect((await web.delete(`/api/v1/page-webhooks/${made.body.id}`)).body).toMatchObject({
      status: 409,
      rule: 'people.in_use',
    });
    expect((await web.delete(`/api/v1/escalation-policies/${policyId}`)).status).toBe(200);
    expect((await web.delete(`/api/v1/page-webhooks/${made.body.id}`)).status).toBe(200);
    expect((await web.get('/api/v1/page-webhooks')).text).not.toContain('whsec_');
  });
});
