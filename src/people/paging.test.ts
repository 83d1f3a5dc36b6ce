/** Paging told as stories: real mails to a real server, a clock that is moved, and a page that always finds somebody. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMs, type Ctx, json, newId, settingByKey, writeSetting } from '#kernel';
import { insertUser, systemActor, userActor, userById } from '#security';
import { type House, openHouse } from '../../test/harness/house.ts';
import {
  acknowledge,
  acknowledgeSubject,
  createPolicy,
  createSchedule,
  createTeam,
  openPages,
  pageById,
  pageTimes,
  type StartPage,
  startPage,
  stopPages,
} from './index.ts';
import { enrolPlayers } from './commands/enrolPlayers.ts';
import { escalatePage } from './commands/escalatePage.ts';
import { releasePlayers } from './commands/releasePlayers.ts';
import { watchPages } from './jobs.ts';
import { pageWithLog } from './page-view.ts';

let house: House;
let system: Ctx;
let manager: Ctx;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  // Nothing of the test before goes on calling in this one.
  const ctx = await house.ctx('system');
  for (const page of await openPages(ctx)) await stopPages(ctx, { subject: page.subject, reason: 'the test is over' });
  await house.settle();
  house.smtp.clear();
  house.smtp.answer();
  system = await house.ctx('system');
  manager = await house.ctx('manager');
});

/** A person with an address of their own, by first name. */
async function person(name: string): Promise<string> {
  const email = `${name.toLowerCase()}.${newId('x').slice(-8)}@orchardline.example`;
  return insertUser(system, {
    email,
    name,
    roles: ['responder'],
    timeZone: 'Europe/Berlin',
  });
}
async function rota(name: string, participants: string[]): Promise<string> {
  const fields = {
    teamId: null,
    zone: 'Europe/Berlin',
    handoverWeekday: 1,
    handoverTime: '09:00',
    startsOn: '2026-01-05',
    everyWeeks: 1,
  };
  return (
    await createSchedule(manager, {
      name: `${name} ${newId('x')}`,
      ...fields,
      participants,
      acceptWarnings: true,
    })
  ).id;
}
async function policy(
  steps: {
    delaySeconds: number;
    targets: { kind: 'schedule' | 'user' | 'team'; id: string }[];
  }[],
  more: { repeat?: number; teamId?: string } = {},
) {
  return (
    await createPolicy(manager, {
      name: `Policy ${newId('x')}`,
      teamId: more.teamId ?? null,
      steps,
      repeat: more.repeat ?? 0,
    })
  ).id;
}
const group = () => ({ kind: 'watch', id: newId('wat') });
const page = (more: Partial<StartPage> = {}): StartPage => ({
  subject: group(),
  title: 'Orders are failing',
  body: 'error rate 12 %',
  urgency: 'high',
  serviceName: 'order-api',
  link: '/alerts/grp_x',
  ...more,
});
const mailedTo = () => house.smtp.messages.map((mail) => mail.to[0]?.split('.')[0]);
const log = async (pageId: string) => (await pageWithLog(await house.ctx('system'), pageId)).log;
const reasons = async (pageId: string) =>
  (await log(pageId)).map((line) => line.reason).filter((reason) => !['called', 'sent', 'delivered'].includes(reason));
const ackLink = (mail = house.smtp.messages.at(-1)) =>
  /https?:\/\/\S+\/ack\/\S+/.exec(mail?.text ?? '')?.[0].slice(house.url.length) ?? '';

describe('a page', () => {
  test('if nobody answers in five minutes, the second person is called', async () => {
    const [ana, ben] = [await person('Ana'), await person('Ben')];
    const policyId = await policy([
      {
        delaySeconds: 300,
        targets: [{ kind: 'schedule', id: await rota('Primary', [ana]) }],
      },
      {
        delaySeconds: 300,
        targets: [{ kind: 'schedule', id: await rota('Secondary', [ben]) }],
      },
    ]);
    const { pageId } = await startPage(system, page({ policyId }));
    await house.settle();
    expect(mailedTo()).toEqual(['ana']);
    expect(house.smtp.messages[0]?.subject).toBe('Page: Orders are failing (order-api)');
    expect(house.smtp.messages[0]?.text).toContain('You are called because you are: on call in Primary');
    await house.advance('4m50s');
    expect(mailedTo()).toEqual(['ana']);
    await house.advance('11s');
    expect(mailedTo()).toEqual(['ana', 'ben']);
    expect(await reasons(pageId)).toEqual(['first', 'escalated']);
    const seen = await pageById(await house.ctx('system'), pageId);
    expect(seen.called.map((who) => who.name)).toEqual(['Ana', 'Ben']);
  });

  test('goes round as often as the policy says, then calls the emergency contact once, and stays visible as unanswered', async () => {
    const policyId = await policy(
      [
        {
          delaySeconds: 60,
          targets: [{ kind: 'user', id: await person('Ana') }],
        },
      ],
      {
        repeat: 1,
      },
    );
    const { pageId } = await startPage(system, page({ policyId }));
    await house.advance('30m');
    expect(mailedTo()).toEqual(['ana', 'ana', 'admin@orchardline']);
    expect(await reasons(pageId)).toEqual(['first', 'repeat', 'emergency_contact', 'unanswered']);
    const ctx = await house.ctx('system');
    expect((await openPages(ctx)).map((open) => [open.id, open.state])).toContainEqual([pageId, 'unanswered']);
    const events = await ctx.db
      .selectFrom('kernel.events')
      .select('type')
      .where('subject', '=', pageId)
      .orderBy('seq')
      .execute();
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining(['page.started', 'page.sent', 'page.escalated', 'page.unanswered']),
    );
  });

  test('an answer to an unanswered page is still taken', async () => {
    const { pageId } = await startPage(
      system,
      page({
        policyId: await policy([
          {
            delaySeconds: 30,
            targets: [{ kind: 'user', id: await person('Ana') }],
          },
        ]),
      }),
    );
    await house.advance('30m');
    await acknowledge(await house.ctx('responder'), { pageId });
    expect((await pageById(system, pageId)).state).toBe('acknowledged');
  });

  test('started twice for one subject and target is one page', async () => {
    const policyId = await policy([
      {
        delaySeconds: 300,
        targets: [{ kind: 'user', id: await person('Ana') }],
      },
    ]);
    const input = page({ policyId });
    const answers = await Promise.all([startPage(system, input), startPage(system, input), startPage(system, input)]);
    expect(new Set(answers.map((answer) => answer.pageId)).size).toBe(1);
    await house.settle();
    expect(mailedTo()).toEqual(['ana']);
    const again = await startPage(system, {
      ...input,
      key: 'asked again by hand',
    });
    expect(again.pageId).not.toBe(answers[0]?.pageId);
  });

  test('keeps the policy it started with, and names its version', async () => {
    const [ana, ben] = [await person('Ana'), await person('Ben')];
    const policyId = await policy([{ delaySeconds: 60, targets: [{ kind: 'user', id: ana }] }]);
    const { pageId } = await startPage(system, page({ policyId }));
    const web = await house.signIn('manager');
    const changed = {
      name: `Changed ${newId('x')}`,
      steps: [{ delaySeconds: 60, targets: [{ kind: 'user', id: ben }] }],
      repeat: 3,
      version: 1,
    };
    expect((await web.put(`/api/v1/escalation-policies/${policyId}`, changed)).status).toBe(200);
    await house.advance('70s');
    expect(mailedTo()).toEqual(['ana', 'admin@orchardline']);
    const row = await system.db
      .selectFrom('people.pages')
      .select('plan')
      .where('id', '=', pageId)
      .executeTakeFirstOrThrow();
    expect(row.plan).toMatchObject({ policyId, version: 1, repeat: 0 });
  });

  test('of low urgency calls once and wakes nobody else', async () => {
    const policyId = await policy([
      {
        delaySeconds: 60,
        targets: [{ kind: 'user', id: await person('Ana') }],
      },
      {
        delaySeconds: 60,
        targets: [{ kind: 'user', id: await person('Ben') }],
      },
    ]);
    await startPage(system, page({ policyId, urgency: 'low' }));
    await house.advance('2h');
    expect(mailedTo()).toEqual(['ana']);
  });

  test('after an outage goes on with one step, not with all it missed', async () => {
    const steps = [];
    for (const name of ['Ana', 'Ben', 'Cem'])
      steps.push({
        delaySeconds: 60,
        targets: [{ kind: 'user' as const, id: await person(name) }],
      });
    await startPage(system, page({ policyId: await policy(steps) }));
    await house.settle();
    const { shiftClock } = await import('../../test/harness/clock.ts');
    await shiftClock(house.core, 3 * 3600_000);
    await house.settle();
    expect(mailedTo()).toEqual(['ana', 'ben']);
    await house.advance('61s');
    expect(mailedTo()).toEqual(['ana', 'ben', 'cem']);
  });

  test('whose timer was lost is found by the watch', async () => {
    const policyId = await policy([
      {
        delaySeconds: 60,
        targets: [{ kind: 'user', id: await person('Ana') }],
      },
      {
        delaySeconds: 60,
        targets: [{ kind: 'user', id: await person('Ben') }],
      },
    ]);
    const { pageId } = await startPage(system, page({ policyId }));
    const { cancelJob } = await import('#kernel');
    await cancelJob(system, `page:${pageId}`);
    await house.advance('95s');
    expect(mailedTo()).toEqual(['ana']);
    await watchPages.run(await house.ctx('system'), {});
    await house.settle();
    expect(mailedTo()).toEqual(['ana', 'ben']);
  });

  test('that cannot be delivered says so in its log', async () => {
    house.smtp.answer(() => ({ code: 550, message: 'no such user' }));
    const { pageId } = await startPage(system, page({ userId: await person('Ana') }));
    await house.settle();
    expect((await log(pageId)).find((line) => line.reason === 'not_delivered')?.text).toContain('no such user');
  });

  test('in an exercise is marked at both ends and its rows carry the mark', async () => {
    const drill = await house.ctx('system', { exercise: true });
    const ana = await person('Ana');
    await enrolPlayers(drill, { ref: 'exr_marks', userIds: [ana], until: addMs(drill.now, 3_600_000) });
    const { pageId } = await startPage(drill, page({ userId: ana }));
    await house.advance('5m1s');
    expect(house.smtp.messages.every((mail) => mail.subject.startsWith('EXERCISE EXERCISE EXERCISE'))).toBe(true);
    expect(house.smtp.messages.length).toBeGreaterThan(1);
    await acknowledge(await house.ctx('responder'), { pageId });
    const events = await system.db
      .selectFrom('kernel.events')
      .select(['type', 'exercise'])
      .where('subject', '=', pageId)
      .execute();
    expect(events.every((event) => event.exercise)).toBe(true);
    expect((await pageById(system, pageId)).exercise).toBe(true);
    await releasePlayers(drill, { ref: 'exr_marks' });
  });
});

describe('a page of an exercise', () => {
  const minutes = (n: number) => n * 60_000;

  test('calls players only: they stand in for whoever is on call and does not play, rooms are not told', async () => {
    const drill = await house.ctx('system', { exercise: true });
    const [ana, ben] = [await person('Ana'), await person('Ben')];
    await enrolPlayers(drill, { ref: 'exr_one', userIds: [ben], until: addMs(drill.now, minutes(30)) });
    const policyId = await policy([
      { delaySeconds: 300, targets: [{ kind: 'schedule', id: await rota('Ana alone', [ana]) }] },
    ]);
    const { pageId } = await startPage(drill, page({ policyId }));
    await house.settle();
    expect(mailedTo()).toEqual(['ben']);
    const { log } = await pageWithLog(drill, pageId);
    expect(log.map(({ text }) => text).join('\n')).toMatch(/in place of Ana/);
    await releasePlayers(drill, { ref: 'exr_one' });
  });

  test('calls nobody once the players are released or the agreed window is over, not even the emergency contact', async () => {
    const drill = await house.ctx('system', { exercise: true });
    const ana = await person('Ana');
    await enrolPlayers(drill, { ref: 'exr_two', userIds: [ana], until: addMs(drill.now, minutes(5)) });
    await house.advance('6m');
    house.smtp.clear();
    await startPage(await house.ctx('system', { exercise: true }), page({ userId: ana }));
    await house.advance('30m');
    expect(mailedTo()).toEqual([]);
  });
});

describe('nobody on call never means nobody paged', () => {
  test('an empty step falls through at once to the next', async () => {
    const policyId = await policy([
      {
        delaySeconds: 3600,
        targets: [{ kind: 'schedule', id: await rota('Empty', []) }],
      },
      {
        delaySeconds: 300,
        targets: [{ kind: 'user', id: await person('Ben') }],
      },
    ]);
    const { pageId } = await startPage(system, page({ policyId }));
    await house.settle();
    expect(mailedTo()).toEqual(['ben']);
    expect(await reasons(pageId)).toEqual(['fell_through_nobody', 'first']);
  });

  test('with every step empty the leads of the team are called, then the emergency contact, and the log says why', async () => {
    const lea = await person('Lea');
    const team = await createTeam(manager, {
      name: `Payments ${newId('x')}`,
      description: '',
      members: [
        { userId: lea, role: 'lead' },
        { userId: await person('Mo'), role: 'member' },
      ],
    });
    const policyId = await policy(
      [
        {
          delaySeconds: 300,
          targets: [{ kind: 'schedule', id: await rota('Empty', []) }],
        },
      ],
      { teamId: team.id },
    );
    const { pageId } = await startPage(system, page({ policyId }));
    await house.settle();
    expect(mailedTo()).toEqual(['lea']);
    await house.advance('5m1s');
    expect(mailedTo()).toEqual(['lea', 'admin@orchardline']);
    expect(await reasons(pageId)).toEqual(['fell_through_nobody', 'team_leads', 'emergency_contact']);
  });

  test.each([
    ['no policy, no team, no person', {}],
    ['a policy that was deleted', { policyId: 'pol_00000000000000000000000000' }],
    ['a person who does not exist', { userId: 'usr_00000000000000000000000000' }],
    ['a team that does not exist', { teamId: 'tem_00000000000000000000000000' }],
  ])('%s: the emergency contact is called', async (_, target) => {
    await startPage(system, page(target));
    await house.settle();
    expect(mailedTo()).toEqual(['admin@orchardline']);
  });

  test('the emergency contact is the one set, as long as they are active', async () => {
    const setting = settingByKey('people.emergencyContact');
    if (!setting) throw new Error('no such setting');
    const dan = await person('Dan');
    await writeSetting(system, setting, { userIds: [dan] });
    await startPage(system, page());
    await house.settle();
    expect(mailedTo()).toEqual(['dan']);
    await system.db.updateTable('security.users').set({ active: false }).where('id', '=', dan).execute();
    await startPage(system, page());
    await house.settle();
    expect(mailedTo()).toEqual(['dan', 'admin@orchardline']);
    await writeSetting(system, setting, { userIds: [] });
  });

  test('a person without any confirmed address is called at their sign-in address, and the log says that it is unconfirmed', async () => {
    const { pageId } = await startPage(system, page({ userId: await person('Ana') }));
    await house.settle();
    expect(mailedTo()).toEqual(['ana']);
    expect((await log(pageId)).find((line) => line.reason === 'sent')?.text).toContain('never confirmed');
  });
});

test('whatever is broken in rotas, policies and people, somebody is called (40 random pages)', async () => {
  const people: string[] = [];
  for (const name of ['Ana', 'Ben', 'Cem', 'Dee']) people.push(await person(name));
  const gone = await person('Gone');
  await system.db.updateTable('security.users').set({ active: false }).where('id', '=', gone).execute();
  // A small generator with a fixed seed: the same forty every time.
  let seed = 20261123;
  const pick = <T>(list: T[]): T => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return list[Math.floor((seed / 2147483648) * list.length)] as T;
  };
  const rotas = [await rota('Empty', []), await rota('Full', people), await rota('One', [people[0] ?? ''])];
  const { id: layerId } = await system.db
    .selectFrom('people.scheduleLayers')
    .select('id')
    .where('scheduleId', '=', rotas[0] ?? '')
    .executeTakeFirstOrThrow();
  await system.db.insertInto('people.layerParticipants').values({ layerId, position: 0, userId: gone }).execute();
  const target = () =>
    pick([
      { kind: 'schedule' as const, id: pick(rotas) },
      { kind: 'user' as const, id: pick([gone, ...people]) },
      { kind: 'schedule' as const, id: 'sch_00000000000000000000000000' },
    ]);
  for (let i = 0; i < 40; i++) {
    const steps = Array.from({ length: pick([1, 2, 3]) }, () => ({ delaySeconds: 60, targets: [target()] }));
    const policyId = newId('pol');
    await system.db
      .insertInto('people.policies')
      .values({ id: policyId, name: policyId, teamId: null, steps: json(steps), repeatCount: pick([0, 2]) })
      .execute();
    const { pageId } = await startPage(system, page({ policyId }));
    const seen = await pageById(system, pageId);
    expect([i, seen.state, seen.called.length > 0]).toEqual([i, 'paging', true]);
    expect(seen.called.map((who) => who.id)).not.toContain(gone);
  }
});

describe('an acknowledgement', () => {
  test('stops every page that is not yet sent', async () => {
    house.smtp.answer((mail) => (mail.to[0]?.startsWith('ben') ? { code: 451, message: 'greylisted' } : null));
    const [ana, ben] = [await person('Ana'), await person('Ben')];
    const policyId = await policy([
      {
        delaySeconds: 300,
        targets: [
          { kind: 'user', id: ana },
          { kind: 'user', id: ben },
        ],
      },
      {
        delaySeconds: 300,
        targets: [{ kind: 'user', id: await person('Cem') }],
      },
    ]);
    const { pageId } = await startPage(system, page({ policyId }));
    await house.settle();
    expect(mailedTo()).toEqual(['ana']);
    const actor = userActor((await userById(system, ana)) as never);
    await acknowledge(await house.core.ctx(actor), { pageId });
    house.smtp.answer();
    await house.advance('2h');
    expect(mailedTo()).toEqual(['ana']);
    const lines = await log(pageId);
    expect(lines.at(-1)).toMatchObject({
      reason: 'stopped_acknowledged',
      text: expect.stringContaining('1 unsent message was taken back'),
    });
    expect(lines.filter((line) => line.channel === 'email' && line.delivery?.state === 'withdrawn')).toHaveLength(1);
  });

  test('by two people at once goes to one, and the other is told who has it', async () => {
    const { pageId } = await startPage(system, page({ userId: await person('Ana') }));
    const clients = [await house.signIn('responder'), await house.signIn('manager'), await house.signIn('admin')];
    const answers = await Promise.all(
      [...clients, ...clients].map((web) => web.post(`/api/v1/pages/${pageId}/acknowledge`)),
    );
    const won = answers.filter((answer) => answer.status === 200);
    const lost = answers.filter((answer) => answer.status === 409);
    expect(won.length + lost.length).toBe(6);
    const holder = (await pageById(system, pageId)).acknowledgedBy;
    expect(new Set(won.map((answer) => answer.body.acknowledgedBy.name))).toEqual(new Set([holder?.name]));
    expect(lost).toHaveLength(4);
    for (const answer of lost) {
      expect(answer.body).toMatchObject({
        title: `${holder?.name} already has this page`,
        rule: 'people.acknowledge',
        state: 'acknowledged',
        acknowledgedBy: holder,
      });
    }
    const credited = (await log(pageId)).filter((line) => line.reason === 'stopped_acknowledged');
    expect(credited).toHaveLength(1);
    const events = await system.db
      .selectFrom('kernel.events')
      .select('seq')
      .where('subject', '=', pageId)
      .where('type', '=', 'page.acknowledged')
      .execute();
    expect(events).toHaveLength(1);
  });

  test('that meets the next step at the same instant: nobody is called after it', async () => {
    for (let i = 0; i < 12; i++) {
      const policyId = await policy([
        { delaySeconds: 30, targets: [{ kind: 'user', id: await person('Ana') }] },
        { delaySeconds: 30, targets: [{ kind: 'user', id: await person('Ben') }] },
      ]);
      const { pageId } = await startPage(system, page({ policyId }));
      await system.db.updateTable('people.pages').set({ nextTurnAt: system.now }).where('id', '=', pageId).execute();
      const [responder, timer] = [await house.ctx('responder'), await house.ctx('system')];
      const race = [() => acknowledge(responder, { pageId }), () => escalatePage(timer, { pageId, turn: 1 })];
      await Promise.all((i % 2 ? race : race.reverse()).map((run) => run()));
      const lines = await log(pageId);
      const taken = lines.findIndex((line) => line.reason === 'stopped_acknowledged');
      expect(taken).toBeGreaterThan(0);
      expect(lines.slice(taken).filter((line) => line.reason === 'sent' || line.reason === 'called')).toEqual([]);
    }
    // Whatever was not sent when the page was taken is not sent afterwards either.
    house.smtp.clear();
    await house.advance('2h');
    expect(house.smtp.messages).toHaveLength(0);
  });

  test('of a page that has ended is refused with the reason', async () => {
    const input = page({ userId: await person('Ana') });
    const { pageId } = await startPage(system, input);
    await stopPages(system, {
      subject: input.subject,
      reason: 'the alert was resolved by its source',
    });
    const web = await house.signIn('responder');
    const answer = await web.post(`/api/v1/pages/${pageId}/acknowledge`);
    expect([answer.status, answer.body.state, answer.body.detail]).toEqual([
      409,
      'stopped',
      'the alert was resolved by its source',
    ]);
  });

  test('is for responders and for those who were called; a viewer who was not is refused', async () => {
    const viewer = await house.userId('viewer');
    const [own, other] = [
      await startPage(system, page({ userId: viewer })),
      await startPage(system, page({ userId: await person('Ana') })),
    ];
    const web = await house.signIn('viewer');
    expect((await web.post(`/api/v1/pages/${other.pageId}/acknowledge`)).body).toMatchObject({
      status: 403,
      rule: 'people.acknowledge.called',
    });
    expect((await web.post(`/api/v1/pages/${own.pageId}/acknowledge`)).body).toMatchObject({
      state: 'acknowledged',
      acknowledgedVia: 'console',
    });
    expect((await house.anonymous.post(`/api/v1/pages/${own.pageId}/acknowledge`)).status).toBe(401);
    await expect(acknowledge(system, { pageId: other.pageId })).rejects.toMatchObject({ status: 403 });
  });

  test('of the thing itself takes all its pages; the times of both are known', async () => {
    const subject = group();
    await startPage(system, page({ subject, userId: await person('Ana') }));
    await startPage(system, page({ subject, userId: await person('Ben') }));
    await house.advance('2m');
    const userId = await house.userId('responder');
    expect(
      await acknowledgeSubject(await house.ctx('system'), {
        subject,
        userId,
        via: 'incident',
      }),
    ).toEqual({
      acknowledged: 2,
    });
    expect(
      await acknowledgeSubject(await house.ctx('system'), {
        subject,
        userId,
        via: 'incident',
      }),
    ).toEqual({
      acknowledged: 0,
    });
    const times = (await pageTimes(system, [subject])).get(`watch:${subject.id}`);
    const seconds = ((times?.firstAcknowledgedAt?.getTime() ?? 0) - (times?.firstSentAt?.getTime() ?? 0)) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeLessThan(130);
  });
});

describe('the link in the mail', () => {
  test('acts only by POST: opening it shows one button and changes nothing', async () => {
    const ana = await person('Ana');
    const { pageId } = await startPage(system, page({ userId: ana, title: '<img src=x onerror=alert(1)>' }));
    await house.settle();
    const link = ackLink();
    for (let i = 0; i < 3; i++) {
      const shown = await house.anonymous.get(link);
      expect(shown.status).toBe(200);
      expect(shown.text).toContain('<form method="post">');
      expect(shown.text).not.toContain('<img');
      expect(shown.text).not.toContain('<script');
    }
    expect((await house.anonymous.send('HEAD', link)).status).toBe(200);
    expect((await pageById(system, pageId)).state).toBe('paging');
    const taken = await house.anonymous.send('POST', link, '', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([taken.status, taken.text.includes('You have this page')]).toEqual([200, true]);
    expect(await pageById(system, pageId)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: ana },
      acknowledgedVia: 'mail link',
    });
    const twice = await house.anonymous.send('POST', link, '');
    expect([twice.status, twice.text.includes('You have this page')]).toEqual([200, true]);
  });

  test('of somebody who was slower says who has it', async () => {
    const { pageId } = await startPage(system, page({ userId: await person('Ana') }));
    await house.settle();
    await acknowledge(await house.ctx('responder'), { pageId });
    const late = await house.anonymous.send('POST', ackLink(), '');
    expect([late.status, late.text.includes('Rui Responder has this page')]).toEqual([409, true]);
  });

  test('cut, changed, for another page, or a day old leads to a neutral page', async () => {
    const { pageId } = await startPage(system, page({ userId: await person('Ana') }));
    const other = await startPage(system, page({ userId: await person('Ben') }));
    await house.settle();
    const link = ackLink(house.smtp.messages.find((mail) => mail.to[0]?.startsWith('ana')));
    const forged = [
      link.slice(0, -1),
      link.replace(pageId, other.pageId),
      `${link}x`,
      '/ack/a.b.c.d',
      '/ack/%00',
      `/ack/${'x'.repeat(280)}`,
    ];
    for (const path of forged) {
      const answer = await house.anonymous.send('POST', path, '');
      expect([path, answer.status, answer.text.includes('This link does not work any more')]).toEqual([
        path,
        404,
        true,
      ]);
    }
    expect((await pageById(system, other.pageId)).state).toBe('paging');
    await stopPages(system, {
      subject: (await pageById(system, pageId)).subject,
      reason: 'x',
    });
    const { shiftClock } = await import('../../test/harness/clock.ts');
    await shiftClock(house.core, 25 * 3600_000);
    expect((await house.anonymous.get(link)).status).toBe(404);
    await house.settle();
  });
});

test('a system actor cannot take a page, and the paging commands are not for direct use', async () => {
  const responder = await house.ctx('responder');
  await expect(startPage(responder, page())).rejects.toMatchObject({
    status: 403,
    rule: 'access.internal',
  });
  await expect(stopPages(responder, { subject: group(), reason: 'x' })).rejects.toMatchObject({ status: 403 });
  expect(systemActor('x').kind).toBe('system');
});
