/** Teams, schedules, policies and contact methods over HTTP: what is refused, what is warned of, and who wins a race. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, sql } from '#kernel';
import { insertUser } from '#security';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';

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
  house.smtp.answer();
});

const unique = (name: string) => `${name} ${newId('x')}`;
const person = async (name: string) =>
  insertUser(await house.ctx('system'), {
    email: `${newId('x')}@orchardline.example`,
    name,
    roles: ['responder'],
  });
const rotation = async (more: object = {}) => ({
  name: unique('Rota'),
  zone: 'Europe/Berlin',
  handoverWeekday: 1,
  handoverTime: '09:00',
  startsOn: '2026-01-05',
  participants: [await house.userId('responder'), await house.userId('manager')],
  acceptWarnings: true,
  ...more,
});
const schedule = async (more: object = {}) => (await web.post('/api/v1/schedules', await rotation(more))).body;
const refusal = (answer: { status: number; body: { rule: string; errors?: { path: string; message: string }[] } }) => [
  answer.status,
  answer.body.rule,
  answer.body.errors?.map((error) => error.path).join(' '),
];

describe('a schedule', () => {
  test('is made, read with an ETag, and lists its shifts in its zone', async () => {
    const made = await web.post('/api/v1/schedules', await rotation());
    expect([made.status, made.headers.get('etag'), made.body.version]).toEqual([201, '"1"', 1]);
    const shifts = await web.get(
      `/api/v1/schedules/${made.body.id}/shifts?from=2026-10-24T00:00:00Z&to=2026-10-27T00:00:00Z`,
    );
    expect(shifts.body).toMatchObject({
      zone: 'Europe/Berlin',
      shifts: [
        {
          to: '2026-10-26T08:00:00.000Z',
          person: { name: 'Mina Manager' },
          source: 'rotation',
        },
        { from: '2026-10-26T08:00:00.000Z', person: { name: 'Rui Responder' } },
      ],
    });
  });

  test('of two writers with the same version the second gets 412, without one 428', async () => {
    const { id } = await schedule();
    const change = await rotation();
    const answers = await Promise.all(
      [1, 2].map(() => web.put(`/api/v1/schedules/${id}`, change, { 'if-match': '"1"' })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
    expect(refusal(await web.put(`/api/v1/schedules/${id}`, change))).toMatchObject([428, 'people.version', undefined]);
    expect(refusal(await web.put(`/api/v1/schedules/${id}`, change, { 'if-match': '*"' }))).toMatchObject([
      412,
      'people.version',
      undefined,
    ]);
    expect((await web.put(`/api/v1/schedules/${id}`, { ...change, version: 2 })).body.version).toBe(3);
  });

  test.each([
    ['EST', 'America/New_York'],
    ['GMT+2', 'Europe/Helsinki'],
    ['UTC+02:00', 'Europe/Helsinki'],
    ['Europe/Berln', 'Europe/Berlin'],
    ['America/Nowhere', null],
    ['', null],
  ])('with the zone “%s” is refused, suggesting %s', async (zone, suggestion) => {
    const answer = await web.post('/api/v1/schedules', await rotation({ zone }));
    expect(refusal(answer)).toEqual([422, 'people.schedule', 'zone']);
    if (suggestion) expect(answer.body.errors[0].message).toContain(suggestion);
  });

  test('accepts an alias of a zone', async () => {
    expect((await schedule({ zone: 'Europe/Kyiv' })).zone).toBe('Europe/Kyiv');
  });

  test.each([
    ['an impossible first day', { startsOn: '2026-02-30' }, 'startsOn'],
    ['the year 1900', { startsOn: '1900-01-01' }, 'startsOn'],
    ['the year 2100', { startsOn: '2100-01-01' }, 'startsOn'],
    ['length 0', { everyWeeks: 0 }, 'everyWeeks'],
    ['length -1', { everyWeeks: -1 }, 'everyWeeks'],
    ['half a week', { everyWeeks: 0.5 }, 'everyWeeks'],
    ['a hundred years', { everyWeeks: 5200 }, 'everyWeeks'],
    ['weekday 8', { handoverWeekday: 8 }, 'handoverWeekday'],
    ['25 o’clock', { handoverTime: '25:00' }, 'handoverTime'],
    ['a stranger', { participants: ['usr_00000000000000000000000000'] }, 'participants.0'],
    ['a team that is not there', { teamId: 'tem_00000000000000000000000000' }, 'teamId'],
  ])('with %s is refused at that field', async (_, more, path) => {
    const answer = await web.post('/api/v1/schedules', await rotation(more));
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, path]);
  });

  test('with nobody, the same person twice, or somebody no page is proven to reach is saved only when the warning is accepted', async () => {
    const twice = await house.userId('responder');
    for (const participants of [[], [twice, twice], [await person('Unreached')]]) {
      const answer = await web.post('/api/v1/schedules', await rotation({ participants, acceptWarnings: false }));
      expect(refusal(answer).slice(0, 2)).toEqual([422, 'people.warnings']);
      expect((await web.post('/api/v1/schedules', await rotation({ participants }))).status).toBe(201);
    }
  });

  test('unknown fields are 400; malformed ids are 404; a window that cannot be is 422', async () => {
    expect((await web.post('/api/v1/schedules', await rotation({ tenant_id: 'x' }))).status).toBe(400);
    for (const id of ['x', '%00', '..%2f..', 'sch_UPPER', 'y'.repeat(280)])
      expect([id, (await web.get(`/api/v1/schedules/${id}`)).status]).toEqual([id, 404]);
    const { id } = await schedule();
    const window = (from: string, to: string) => web.get(`/api/v1/schedules/${id}/shifts?from=${from}&to=${to}`);
    expect((await window('2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z')).status).toBe(422);
    expect((await window('2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z')).status).toBe(422);
    expect((await window('yesterday', '2026-01-01T00:00:00Z')).status).toBe(400);
  });

  test('a name is taken whatever its capitals', async () => {
    const { name } = await schedule();
    expect(
      refusal(await web.post('/api/v1/schedules', await rotation({ name: name.toUpperCase() }))).slice(0, 2),
    ).toEqual([409, 'people.name']);
  });

  test('is for managers to change and for everybody to see', async () => {
    expect((await responder.post('/api/v1/schedules', await rotation())).status).toBe(403);
    expect((await responder.get('/api/v1/schedules')).status).toBe(200);
    expect((await house.anonymous.get('/api/v1/on-call')).status).toBe(401);
  });
});

describe('an override', () => {
  test('takes a stretch of duty across a hand-over and can be taken back', async () => {
    const { id } = await schedule();
    const cover = await person('Cover');
    const now = (await house.ctx('system')).now.getTime();
    const body = {
      userId: cover,
      from: new Date(now - 60_000).toISOString(),
      to: new Date(now + 9 * 86_400_000).toISOString(),
      reason: 'holiday',
    };
    const made = await responder.post(`/api/v1/schedules/${id}/overrides`, body);
    expect([made.status, made.body.person.name]).toEqual([201, 'Cover']);
    const item = async () =>
      (await web.get('/api/v1/on-call')).body.items.find(
        (entry: { schedule: { id: string } }) => entry.schedule.id === id,
      );
    expect(await item()).toMatchObject({
      now: { person: { name: 'Cover' }, source: 'override', to: body.to },
      gaps: [],
    });
    expect((await responder.delete(`/api/v1/schedules/${id}/overrides/${made.body.id}`)).status).toBe(200);
    expect((await item()).now.source).toBe('rotation');
    expect((await responder.delete(`/api/v1/schedules/${id}/overrides/${made.body.id}`)).status).toBe(404);
  });

  test.each([
    ['inverted', 2, 1],
    ['of no length', 1, 1],
    ['in the past', -3, -2],
    ['longer than 60 days', 1, 62],
  ])('%s is refused', async (_, from, to) => {
    const { id } = await schedule();
    const now = (await house.ctx('system')).now.getTime();
    const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
    const answer = await web.post(`/api/v1/schedules/${id}/overrides`, {
      userId: await house.userId('admin'),
      from: at(from),
      to: at(to),
    });
    expect(refusal(answer).slice(0, 2)).toEqual([422, 'people.override']);
  });

  test('given in times on the wall is understood in the zone of the schedule', async () => {
    const { id } = await schedule({ zone: 'America/New_York' });
    const userId = await house.userId('admin');
    const cover = (from: string) =>
      web.post(`/api/v1/schedules/${id}/overrides`, { userId, from, to: '2027-03-14T09:00' });
    expect((await cover('2027-03-14T02:30')).body).toMatchObject({
      from: '2027-03-14T07:00:00.000Z',
      to: '2027-03-14T13:00:00.000Z',
    });
    expect(refusal(await cover('2027-02-30T02:30'))).toEqual([422, 'people.override', 'from']);
  });

  test('that meets another is refused, also when both come at once', async () => {
    const { id } = await schedule();
    const now = (await house.ctx('system')).now.getTime();
    const body = {
      userId: await house.userId('admin'),
      from: new Date(now).toISOString(),
      to: new Date(now + 86_400_000).toISOString(),
    };
    const answers = await Promise.all([1, 2, 3].map(() => web.post(`/api/v1/schedules/${id}/overrides`, body)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422, 422]);
  });
});

describe('gaps', () => {
  test('of the next 14 days are shown with their reason: nobody in it, not begun, somebody who has left', async () => {
    const gone = await person('Gone');
    const empty = await schedule({ participants: [] });
    const later = await schedule({ startsOn: '2090-01-02' });
    const left = await schedule({ participants: [gone] });
    await sql`alter table security.users disable trigger people_refuse_leaving_on_call`.execute(house.core.db);
    await house.core.db.updateTable('security.users').set({ active: false }).where('id', '=', gone).execute();
    await sql`alter table security.users enable trigger people_refuse_leaving_on_call`.execute(house.core.db);
    const { items } = (await web.get('/api/v1/on-call')).body;
    const why = (id: string) =>
      items
        .find((item: { schedule: { id: string } }) => item.schedule.id === id)
        .gaps.map((gap: { why: string }) => gap.why);
    expect([why(empty.id), why(later.id), why(left.id)]).toEqual([
      ['no_participants'],
      ['not_started'],
      ['person_inactive'],
    ]);
  });
});

describe('a policy', () => {
  test('clamps a delay of 0 to 30 seconds, says whom each step calls now, and warns of an empty one', async () => {
    const full = await schedule();
    const empty = await schedule({ participants: [] });
    const made = await web.post('/api/v1/escalation-policies', {
      name: unique('Policy'),
      steps: [
        { delaySeconds: 0, targets: [{ kind: 'schedule', id: full.id }] },
        { delaySeconds: 1e12, targets: [{ kind: 'schedule', id: empty.id }] },
      ],
      repeat: 2,
    });
    expect(made.status).toBe(201);
    expect(
      made.body.steps.map((step: { delaySeconds: number; now: unknown[] }) => [step.delaySeconds, step.now.length]),
    ).toEqual([
      [30, 1],
      [86_400, 0],
    ]);
    expect(made.body.warnings).toMatchObject([{ rule: 'people.policy.nobody' }]);
    expect(
      (
        await web.put(
          `/api/v1/escalation-policies/${made.body.id}`,
          {
            name: unique('P'),
            steps: made.body.steps.map(
              ({ now, targets, ...step }: { now: unknown; targets: { kind: string; id: string }[] }) => ({
                ...step,
                targets: targets.map(({ kind, id }) => ({ kind, id })),
              }),
            ),
          },
          { 'if-match': made.headers.get('etag') ?? '' },
        )
      ).body.version,
    ).toBe(2);
  });

  test.each([
    ['no steps', { steps: [] }],
    [
      'a thousand steps',
      {
        steps: Array.from({ length: 1000 }, () => ({
          delaySeconds: 60,
          targets: [{ kind: 'user', id: 'x' }],
        })),
      },
    ],
    ['a step that calls nobody', { steps: [{ delaySeconds: 60, targets: [] }] }],
    [
      'a stranger',
      {
        steps: [
          {
            delaySeconds: 60,
            targets: [{ kind: 'user', id: 'usr_00000000000000000000000000' }],
          },
        ],
      },
    ],
    [
      'itself',
      {
        steps: [
          {
            delaySeconds: 60,
            targets: [{ kind: 'policy', id: 'pol_00000000000000000000000000' }],
          },
        ],
      },
    ],
    [
      'endless repeats',
      {
        steps: [{ delaySeconds: 60, targets: [{ kind: 'user', id: 'x' }] }],
        repeat: 1e9,
      },
    ],
  ])('with %s is refused', async (_, more) => {
    expect(
      (
        await web.post('/api/v1/escalation-policies', {
          name: unique('Policy'),
          ...more,
        })
      ).status,
    ).toBe(422);
  });
});

describe('what is in use stays', () => {
  test('a schedule, a team and a person that are called for pages are kept, with the list of where', async () => {
    const ana = await person('Ana');
    const team = (
      await web.post('/api/v1/teams', {
        name: unique('Payments'),
        members: [{ userId: ana, role: 'lead' }],
      })
    ).body;
    const rota = await schedule({ participants: [ana], teamId: team.id });
    const steps = [
      {
        delaySeconds: 60,
        targets: [
          { kind: 'schedule', id: rota.id },
          { kind: 'user', id: ana },
        ],
      },
    ];
    const policy = (
      await web.post('/api/v1/escalation-policies', {
        name: unique('Policy'),
        teamId: team.id,
        steps,
      })
    ).body;
    const kept = await web.delete(`/api/v1/schedules/${rota.id}`);
    expect([kept.status, kept.body.detail]).toEqual([409, `Used by: policy ${policy.name}. Take it out there first.`]);
    expect((await web.delete(`/api/v1/teams/${team.id}`)).body.uses).toEqual([
      `schedule ${rota.name}`,
      `policy ${policy.name}`,
    ]);
    const admin = await house.signIn('admin');
    const off = () => admin.patch(`/api/v1/users/${ana}`, { active: false });
    const refused = await off();
    expect([refused.status, refused.body.rule, refused.body.detail]).toEqual([
      409,
      'people.in_use',
      `Used by: policy ${policy.name}; schedule ${rota.name}. Take them out there first.`,
    ]);
    for (const path of [`/api/v1/escalation-policies/${policy.id}`, `/api/v1/schedules/${rota.id}`])
      expect((await web.delete(path)).status).toBe(200);
    expect((await off()).status).toBeLessThan(300);
    expect((await web.delete(`/api/v1/teams/${team.id}`)).status).toBe(200);
  });

  test('a team has nobody twice, and two who change it at once do not overwrite each other', async () => {
    const userId = await house.userId('admin');
    const body = { name: unique('Team'), members: [{ userId, role: 'lead' }] };
    expect(
      (
        await web.post('/api/v1/teams', {
          ...body,
          members: [...body.members, { userId, role: 'member' }],
        })
      ).status,
    ).toBe(422);
    const team = (await web.post('/api/v1/teams', body)).body;
    expect((await web.put(`/api/v1/teams/${team.id}`, { ...body, version: 1 })).status).toBe(200);
    expect((await web.put(`/api/v1/teams/${team.id}`, { ...body, version: 1 })).status).toBe(412);
  });
});

describe('contact methods', () => {
  const codeIn = (n = -1) =>
    /\b\d{8}\b/.exec(
      house.smtp.messages.filter((mail) => mail.subject === 'Your Evenkeel code').at(n)?.text ?? '',
    )?.[0] ?? '';
  const me = '/api/v1/me/contact-methods';

  test('the sign-in address is there from the start, unconfirmed, and is proven by the code mailed to it', async () => {
    const viewer = await house.signIn('viewer');
    expect((await viewer.get(me)).body.items).toMatchObject([
      { id: 'account', value: 'viewer@orchardline.example', verified: false },
    ]);
    const sent = await viewer.post(`${me}/account/code`);
    expect([sent.status, sent.body.id.startsWith('cm_')]).toEqual([202, true]);
    await house.settle();
    expect(house.smtp.messages).toMatchObject([{ to: ['viewer@orchardline.example'], subject: 'Your Evenkeel code' }]);
    const code = codeIn();
    expect(
      (
        await viewer.post(`${me}/${sent.body.id}/verify`, {
          code: `${code.slice(0, 4)} ${code.slice(4)}`,
        })
      ).body.verified,
    ).toBe(true);
    expect((await viewer.get(me)).body.items).toHaveLength(1);
    expect(
      (await viewer.get('/api/v1/people')).body.items.find((one: { name: string }) => one.name === 'Vera Viewer').reach,
    ).toBe('verified');
  });

  test('many guesses at once count as five, and then even the right code is refused', async () => {
    const admin = await house.signIn('admin');
    const { id } = (await admin.post(`${me}/account/code`)).body;
    await house.settle();
    const code = codeIn();
    const wrong = String((Number(code) + 1) % 100_000_000).padStart(8, '0');
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => admin.post(`${me}/${id}/verify`, { code: wrong })),
    );
    expect(answers.every((answer) => answer.status === 422)).toBe(true);
    expect(answers.filter((answer) => answer.body.title === 'This is not the code')).toHaveLength(5);
    expect((await admin.post(`${me}/${id}/verify`, { code })).body.title).toBe('This code is used up or too old');
    expect((await admin.post(`${me}/${id}/code`)).status).toBe(429);
  });

  test('a code is over after 15 minutes, and a new one ends the old', async () => {
    const { id } = (await responder.post(`${me}/account/code`)).body;
    await house.settle();
    const first = codeIn();
    await house.advance('1m');
    await responder.post(`${me}/${id}/code`);
    await house.settle();
    const second = codeIn();
    expect((await responder.post(`${me}/${id}/verify`, { code: first })).body.title).toBe('This is not the code');
    await house.advance('15m1s');
    expect((await responder.post(`${me}/${id}/verify`, { code: second })).body.title).toBe(
      'This code is used up or too old',
    );
  });

  test('a webhook is proven by the code it receives, and the ways that were there before hear of every change', async () => {
    house.sink.clear();
    const made = await web.post(me, {
      kind: 'webhook',
      value: `${house.sink.url}/pager`,
      label: 'my pager',
    });
    expect([made.status, made.body.secret.slice(0, 6)]).toEqual([201, 'whsec_']);
    await house.settle();
    expect(house.smtp.messages.map((mail) => [mail.to[0], mail.subject])).toEqual([
      ['manager@orchardline.example', 'Your contact methods changed'],
    ]);
    const code = (house.sink.requests[0]?.json as { data: { code: string } }).data.code;
    expect((await web.post(`${me}/${made.body.id}/verify`, { code })).body.verified).toBe(true);
    expect(
      (
        await web.post(me, {
          kind: 'webhook',
          value: `${house.sink.url}/pager`,
        })
      ).status,
    ).toBe(409);
    const test = await web.post(`${me}/${made.body.id}/test`);
    expect(test.status).toBe(202);
    await house.settle();
    expect((await web.get(`/api/v1/deliveries/${test.body.deliveryId}`)).body).toMatchObject({
      state: 'delivered',
      recipient: `${house.sink.url}/pager`,
    });
    expect((await web.delete(`${me}/${made.body.id}`)).status).toBe(200);
    await house.settle();
    expect(house.smtp.messages).toHaveLength(2);
  });

  test('a mailed link of 128 bits proves the address when its button is pressed, once, within 15 minutes, and not after five wrong codes', async () => {
    await house.advance('2h');
    const linkIn = () => /confirm-contact\/\S+/.exec(house.smtp.messages.at(-1)?.text ?? '')?.[0] ?? '';
    const ask = async (id: string): Promise<string> => {
      await responder.post(`${me}/${id}/code`);
      await house.settle();
      return `/${linkIn()}`;
    };
    const { id } = (await responder.post(`${me}/account/code`)).body;
    await house.settle();
    const first = `/${linkIn()}`;
    expect(Buffer.from(first.split('/')[2]!, 'base64url')).toHaveLength(16);
    await house.advance('1m');
    const second = await ask(id);
    expect((await house.anonymous.get(first)).status).toBe(404);
    await house.advance('15m1s');
    expect((await house.anonymous.post(second)).status).toBe(404);
    const third = await ask(id);
    for (let n = 0; n < 5; n++) await responder.post(`${me}/${id}/verify`, { code: '00000000' });
    expect((await house.anonymous.post(third)).status).toBe(404);
    await house.advance('1m');
    const fourth = await ask(id);
    // Opening it proves nothing: scanners of mail open every link.
    expect((await house.anonymous.get(fourth)).text).toContain('responder@orchardline.example');
    expect((await responder.get(me)).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, verified: false })]),
    );
    expect((await house.anonymous.post(fourth)).status).toBe(200);
    expect((await responder.get(me)).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, verified: true })]),
    );
    expect((await house.anonymous.post(fourth)).status).toBe(404);
    expect((await house.anonymous.post('/confirm-contact/AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
  });

  test('nobody reaches into the methods of others, and what cannot be called is refused when typed', async () => {
    const { id } = (await web.post(me, { kind: 'email', value: 'other@orchardline.example' })).body;
    for (const path of [`${me}/${id}/code`, `${me}/${id}/test`]) expect((await responder.post(path)).status).toBe(404);
    expect((await responder.post(`${me}/${id}/verify`, { code: '1' })).status).toBe(404);
    expect((await responder.delete(`${me}/${id}`)).status).toBe(404);
    for (const value of [
      'http://10.0.0.1/',
      'http://169.254.169.254/latest',
      'gopher://x.example/',
      'http://2130706433.example\\@x',
    ]) {
      expect([value, (await web.post(me, { kind: 'webhook', value })).status]).toEqual([value, 422]);
    }
    for (const value of ['a@b.example,c@d.example', 'x@y.example\r\nBcc: z@z.example'])
      expect((await web.post(me, { kind: 'email', value })).status).toBe(422);
    await house.settle();
  });
});
