/** Swaps, leave, cover, fairness and calendars over HTTP: who may, what changes hands, and what is refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#kernel';
import { insertUser } from '#security';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { candidates, loads } from './fairness.ts';
import { escapeText, fold } from './ical.ts';

const DAY = 86_400_000;
let house: House;
let manager: WebClient;
let responder: WebClient;
let mina: string;
let rui: string;
beforeAll(async () => {
  house = await openHouse();
  [mina, rui] = [await house.userId('manager'), await house.userId('responder')];
});
afterAll(() => house.close());
beforeEach(async () => {
  manager = await house.signIn('manager');
  responder = await house.signIn('responder');
  house.smtp.clear();
});

const now = async () => (await house.ctx('system')).now.getTime();
const iso = (at: number) => new Date(at).toISOString();
const person = async (name: string) =>
  insertUser(await house.ctx('system'), { email: `${newId('x')}@orchardline.example`, name, roles: ['responder'] });
/** A schedule in which these people change every day at midnight UTC, beginning yesterday. */
async function daily(people: string[], more: object = {}) {
  const startsOn = iso((await now()) - DAY).slice(0, 10);
  const layer = { name: 'Primary', unit: 'day', every: 1, startsOn, handoverTime: '00:00', participants: people };
  const made = await manager.post('/api/v1/schedules', {
    name: newId('x'),
    zone: 'UTC',
    layers: [layer],
    acceptWarnings: true,
    ...more,
  });
  expect(made.status, made.text).toBe(201);
  return made.body as { id: string; version: number; name: string };
}
const result = async (id: string, from: number, to: number) => {
  const answer = await manager.get(`/api/v1/schedules/${id}/timeline?from=${iso(from)}&to=${iso(to)}`);
  return answer.body.result as {
    from: string;
    to: string;
    person: { name: string } | null;
    why: string;
    blocked: { name: string } | null;
    replaces: { name: string } | null;
  }[];
};
/** Midnight of the day on which `who` is next on duty, given the order of people. */
const dayOf = async (position: number, of: number) => {
  const today = Math.floor((await now()) / DAY) * DAY;
  const turn = 1; // today is turn 1 of a rotation that began yesterday
  return today + ((((position - turn) % of) + of) % of || of) * DAY;
};

describe('layers over HTTP', () => {
  test('a schedule of two layers shows each layer and the result, with the change of the clocks and its rule', async () => {
    const office = { kind: 'daily', days: [1, 2, 3, 4, 5], from: '02:30', to: '17:00' };
    const made = await manager.post('/api/v1/schedules', {
      name: newId('x'),
      zone: 'Europe/Berlin',
      layers: [
        {
          name: 'Day',
          unit: 'day',
          every: 1,
          startsOn: '2027-01-01',
          handoverTime: '02:30',
          windows: [office],
          skipIdleDays: true,
          participants: [mina, rui],
        },
        { name: 'Base', unit: 'month', every: 1, startsOn: '2027-01-31', handoverTime: '09:00', participants: [rui] },
      ],
      acceptWarnings: true,
    });
    expect(made.status, made.text).toBe(201);
    expect(made.body.layers.map((l: { name: string; zone: string }) => [l.name, l.zone])).toEqual([
      ['Day', 'Europe/Berlin'],
      ['Base', 'Europe/Berlin'],
    ]);
    const { body } = await manager.get(
      `/api/v1/schedules/${made.body.id}/timeline?from=2027-03-26T00:00:00Z&to=2027-03-30T00:00:00Z`,
    );
    expect(body.layers).toHaveLength(2);
    expect(body.notes).toMatchObject([{ at: '2027-03-28T01:00:00.000Z', text: expect.stringContaining('go forward') }]);
    expect(body.result.every((shift: { person: unknown }) => shift.person)).toBe(true);
  });

  test('saved again as it was read nothing moves, and a layer keeps its id', async () => {
    const { id } = await daily([mina, rui]);
    const { body } = await manager.get(`/api/v1/schedules/${id}`);
    const layers = body.layers.map((layer: { participants: { id: string }[] }) => ({
      ...layer,
      participants: layer.participants.map((p) => p.id),
    }));
    const again = { name: body.name, zone: body.zone, layers, acceptWarnings: true, version: body.version };
    const saved = await manager.put(`/api/v1/schedules/${id}`, again);
    expect(saved.body.layers).toEqual(body.layers);
  });

  test.each([
    [
      'a window that begins when it ends',
      { windows: [{ kind: 'daily', days: [1], from: '09:00', to: '09:00' }] },
      'layers.0.windows.0.to',
    ],
    [
      'a week that begins when it ends',
      { windows: [{ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 5, to: '18:00' }] },
      'layers.0.windows.0.to',
    ],
    ['length 0', { every: 0 }, 'layers.0.every'],
    ['half a day', { every: 0.5 }, 'layers.0.every'],
    ['a hundred years', { unit: 'month', every: 1000 }, 'layers.0.every'],
    ['the year 1900', { startsOn: '1900-01-01' }, 'layers.0.startsOn'],
    [
      'an end before its beginning',
      { effectiveFrom: '2027-02-01T00:00', effectiveUntil: '2027-01-01T00:00' },
      'layers.0.effectiveUntil',
    ],
    ['the zone EST', { zone: 'EST' }, 'layers.0.zone'],
    ['a stranger', { participants: ['usr_00000000000000000000000000'] }, 'layers.0.participants.0'],
  ])('%s is refused at that field', async (_, more, path) => {
    const layer = {
      name: 'Primary',
      unit: 'day',
      every: 1,
      startsOn: '2027-01-01',
      handoverTime: '09:00',
      participants: [mina],
      ...more,
    };
    const answer = await manager.post('/api/v1/schedules', {
      name: newId('x'),
      zone: 'UTC',
      layers: [layer],
      acceptWarnings: true,
    });
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, path]);
  });

  test('layers and the short form together, or neither, are refused', async () => {
    const base = { name: newId('x'), zone: 'UTC', acceptWarnings: true };
    const layer = {
      name: 'P',
      unit: 'day',
      every: 1,
      startsOn: '2027-01-01',
      handoverTime: '09:00',
      participants: [mina],
    };
    expect((await manager.post('/api/v1/schedules', { ...base, layers: [layer], participants: [mina] })).status).toBe(
      422,
    );
    expect((await manager.post('/api/v1/schedules', base)).body.errors[0].path).toBe('layers');
  });

  test('a draft is shown without being saved', async () => {
    const layer = {
      name: 'P',
      unit: 'day',
      every: 1,
      startsOn: '2027-01-01',
      handoverTime: '09:00',
      participants: [mina],
    };
    const draft = {
      name: 'Draft',
      zone: 'UTC',
      layers: [layer],
      from: '2027-01-01T00:00:00Z',
      to: '2027-01-03T00:00:00Z',
    };
    const { body } = await responder.post('/api/v1/schedules/preview', draft);
    expect(body.result.map((shift: { why: string | null }) => shift.why)).toEqual(['not_started', null]);
    expect((await manager.get('/api/v1/schedules')).body.items.some((s: { name: string }) => s.name === 'Draft')).toBe(
      false,
    );
  });
});

describe('a swap', () => {
  test('is offered by mail, accepted, and becomes an override with both names', async () => {
    const { id, name } = await daily([mina, rui]);
    const day = await dayOf(1, 2);
    const offer = await responder.post(`/api/v1/schedules/${id}/swaps`, {
      toUserId: mina,
      from: iso(day + 6 * 3_600_000),
      to: iso(day + DAY),
      note: 'dentist',
    });
    expect([offer.status, offer.body.mine]).toEqual([201, 'offered']);
    await house.settle();
    expect(house.smtp.messages.at(-1)?.subject).toBe('Rui Responder asks you to take a shift');
    expect((await result(id, day, day + DAY)).map((s) => s.person?.name)).toEqual(['Rui Responder']);
    expect((await manager.post(`/api/v1/swaps/${offer.body.id}/accept`)).body.state).toBe('accepted');
    expect((await result(id, day, day + DAY)).map((s) => [s.person?.name, s.replaces?.name])).toEqual([
      ['Rui Responder', undefined],
      ['Mina Manager', 'Rui Responder'],
    ]);
    await house.settle();
    expect(house.smtp.messages.at(-1)).toMatchObject({
      subject: 'Mina Manager takes your shift',
      text: expect.stringContaining(name),
    });
  });

  test('is answered by the person who was asked, once', async () => {
    const { id } = await daily([mina, rui]);
    const day = await dayOf(1, 2);
    const body = { toUserId: mina, from: iso(day), to: iso(day + DAY) };
    const { body: offer } = await responder.post(`/api/v1/schedules/${id}/swaps`, body);
    const act = (web: WebClient, verb: string) => web.post(`/api/v1/swaps/${offer.id}/${verb}`);
    expect((await act(responder, 'accept')).status).toBe(404);
    expect((await act(manager, 'withdraw')).status).toBe(404);
    const answers = await Promise.all([act(manager, 'accept'), act(manager, 'accept'), act(manager, 'decline')]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect((await act(responder, 'withdraw')).status).toBe(409);
    expect((await manager.get(`/api/v1/swaps?scheduleId=${id}`)).body.items).toEqual([]);
  });

  test('of a shift that is not one’s own, or no longer is, is refused', async () => {
    const { id } = await daily([mina, rui]);
    const [mine, hers] = [await dayOf(1, 2), await dayOf(0, 2)];
    const offer = (day: number) =>
      responder.post(`/api/v1/schedules/${id}/swaps`, { toUserId: mina, from: iso(day), to: iso(day + DAY) });
    expect((await offer(hers)).status).toBe(422);
    const { body } = await offer(mine);
    await manager.post(`/api/v1/schedules/${id}/overrides`, { userId: mina, from: iso(mine), to: iso(mine + DAY) });
    expect((await manager.post(`/api/v1/swaps/${body.id}/accept`)).body).toMatchObject({
      rule: 'people.swap',
      title: 'Rui Responder no longer has this shift',
    });
  });
});

describe('leave', () => {
  test('makes a gap of the shifts it meets, until somebody covers them', async () => {
    const ana = await person('Ana Away');
    const { id } = await daily([ana, rui]);
    const day = await dayOf(0, 2);
    const absence = { userId: ana, from: iso(day).slice(0, 10), to: iso(day).slice(0, 10), note: 'holiday' };
    expect((await responder.post('/api/v1/absences', absence)).status).toBe(403);
    expect((await manager.post('/api/v1/absences', absence)).body).toMatchObject({
      person: { name: 'Ana Away' },
      from: iso(day),
      to: iso(day + DAY),
    });
    const [gap] = await result(id, day, day + DAY);
    expect(gap).toMatchObject({ person: null, why: 'person_away', blocked: { name: 'Ana Away' } });
    const onCall = (await manager.get('/api/v1/on-call')).body.items.find(
      (item: { schedule: { id: string } }) => item.schedule.id === id,
    );
    expect(onCall.gaps[0]).toMatchObject({ from: iso(day), why: 'person_away' });
    await manager.post(`/api/v1/schedules/${id}/overrides`, {
      userId: mina,
      replacesUserId: ana,
      from: iso(day),
      to: iso(day + DAY),
    });
    expect((await result(id, day, day + DAY))[0]).toMatchObject({
      person: { name: 'Mina Manager' },
      replaces: { name: 'Ana Away' },
    });
  });

  test('that is inverted, over, or of a day that does not exist is refused', async () => {
    for (const [from, to] of [
      ['2030-02-02', '2030-02-01'],
      ['2020-01-01', '2020-01-02'],
      ['2030-02-30', '2030-03-01'],
      ['2030-01-01', '2032-01-01'],
    ])
      expect((await responder.post('/api/v1/absences', { from, to })).status).toBe(422);
  });
});

describe('cover', () => {
  test('suggests the eligible person with least recent duty and says why others should not be asked', async () => {
    const people = [await person('Busy'), await person('Fresh'), await person('Rested'), await person('Gone')];
    const [busy = '', fresh = '', rested = '', gone = ''] = people;
    const { id } = await daily([busy, fresh, rested, gone]);
    await manager.post('/api/v1/absences', {
      userId: gone,
      from: iso((await now()) + 20 * DAY).slice(0, 10),
      to: iso((await now()) + 60 * DAY).slice(0, 10),
    });
    const day = (await dayOf(0, 4)) + 28 * DAY;
    const { body } = await manager.get(`/api/v1/schedules/${id}/cover?from=${iso(day)}&to=${iso(day + DAY)}`);
    expect(
      body.items.map((c: { person: { name: string }; hindrance: string | null }) => [c.person.name, c.hindrance]),
    ).toEqual([
      ['Rested', null],
      ['Gone', 'away'],
      ['Busy', 'on_duty'],
      ['Fresh', 'no_rest'],
    ]);
  });

  test('prefers who has never been on duty, and keeps ten hours of rest to the minute', () => {
    const at = (hours: number) => new Date(Date.UTC(2027, 0, 1) + hours * 3_600_000);
    const duties = [
      { userId: 'near', from: at(0), to: at(14.5) },
      { userId: 'far', from: at(0), to: at(14) },
      { userId: 'after', from: at(33.9), to: at(40) },
    ];
    expect(
      candidates(['near', 'far', 'after', 'never'], { from: at(24), to: at(24) }, duties, []).map((c) => [
        c.userId,
        c.hindrance,
      ]),
    ).toEqual([
      ['never', null],
      ['far', null],
      ['after', 'no_rest'],
      ['near', 'no_rest'],
    ]);
  });
});

describe('fairness', () => {
  test('counts hours, nights and weekends on each person’s own wall', () => {
    // Friday 18:00 to Monday 08:00 in Berlin; for somebody in Sydney the same hours are other nights.
    const duty = { userId: 'ana', from: new Date('2027-01-08T17:00Z'), to: new Date('2027-01-11T07:00Z') };
    expect(loads(['ana', 'ben'], [duty], () => 'Europe/Berlin')).toMatchObject([
      { userId: 'ana', hours: 62, nights: 3, weekends: 1, share: 1 },
      { userId: 'ben', hours: 0, nights: 0, weekends: 0, share: 0 },
    ]);
    expect(loads([], [duty], () => 'Australia/Sydney')[0]).toMatchObject({ hours: 62, nights: 3, weekends: 1 });
  });

  test('warns when one person holds over 40 % of the duty, or fewer than three share it', async () => {
    const { id } = await daily([mina, rui, mina]);
    const { body } = await manager.get(`/api/v1/schedules/${id}/fairness?which=next`);
    expect(body.items[0]).toMatchObject({ person: { name: 'Mina Manager' }, tooMuch: true });
    expect(body.hints).toEqual([
      expect.stringContaining('Only 2 people share'),
      // Two days of three; a window that begins within a day makes it a little more or less.
      expect.stringMatching(/^Mina Manager carries 6[5-8] %/),
    ]);
  });

  test('the past stays what it was when the schedule is changed today', async () => {
    const [ana, ben] = [await person('Ana Past'), await person('Ben Future')];
    const { id } = await daily([ana]);
    await house.advance('30h');
    [manager, responder] = [await house.signIn('manager'), await house.signIn('responder')];
    const { body } = await manager.get(`/api/v1/schedules/${id}`);
    const layers = [{ ...body.layers[0], participants: [ben] }];
    const saved = await manager.put(`/api/v1/schedules/${id}`, {
      name: body.name,
      zone: 'UTC',
      layers,
      acceptWarnings: true,
      version: body.version,
    });
    expect(saved.status, saved.text).toBe(200);
    const last = (await manager.get(`/api/v1/schedules/${id}/fairness?which=last`)).body.items;
    expect(last.find((item: { person: { name: string } }) => item.person.name === 'Ana Past').hours).toBeCloseTo(30, 0);
    expect(last.find((item: { person: { name: string } }) => item.person.name === 'Ben Future').hours).toBe(0);
  });
});

describe('a calendar', () => {
  const read = (url: string, headers: Record<string, string> = {}) =>
    house.anonymous.get(new URL(url).pathname, headers);

  test('of my shifts is read without signing in, has an ETag, and is gone when it is taken back', async () => {
    await daily([mina, rui]);
    const { body: feed } = await responder.post('/api/v1/me/calendar-feeds', { kind: 'mine' });
    const first = await read(feed.url);
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(first.text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2.0\r\n/);
    expect(first.text).toContain('SUMMARY:On call: ');
    const etag = first.headers.get('etag') ?? '';
    expect((await read(feed.url, { 'if-none-match': etag })).status).toBe(304);
    expect((await read(feed.url)).text).toBe(first.text);
    expect((await responder.get('/api/v1/me/calendar-feeds')).text).not.toContain(
      new URL(feed.url).pathname.slice(5, -4),
    );
    expect((await manager.delete(`/api/v1/me/calendar-feeds/${feed.id}`)).status).toBe(404);
    expect((await responder.delete(`/api/v1/me/calendar-feeds/${feed.id}`)).status).toBe(200);
    expect((await read(feed.url)).status).toBe(404);
    expect((await house.anonymous.get('/cal/guess.ics')).status).toBe(404);
  });

  test('of everybody raises the sequence of a shift that changed and cancels one that is gone', async () => {
    const { id, name } = await daily([mina, rui]);
    const { body: feed } = await manager.post('/api/v1/me/calendar-feeds', { kind: 'everyone', scheduleId: id });
    const before = (await read(feed.url)).text;
    expect(before).toContain(`SUMMARY:Rui Responder: ${name}`);
    expect(before).not.toContain('CANCELLED');
    const day = await dayOf(1, 2);
    await manager.post(`/api/v1/schedules/${id}/overrides`, {
      userId: mina,
      replacesUserId: rui,
      from: iso(day + DAY / 2),
      to: iso(day + DAY),
    });
    const after = (await read(feed.url)).text;
    expect(after).toContain('STATUS:CANCELLED');
    expect(after).toContain('(for Rui Responder)');
    expect(after).toMatch(/SEQUENCE:1\r\nSTATUS:CANCELLED/);
  });

  test('ends when nobody has read it for half a year', async () => {
    const { body: feed } = await responder.post('/api/v1/me/calendar-feeds', { kind: 'mine' });
    const ctx = await house.ctx('system');
    const long = new Date(ctx.now.getTime() - 181 * DAY);
    await ctx.db.updateTable('people.calendarFeeds').set({ createdAt: long }).where('id', '=', feed.id).execute();
    expect((await read(feed.url)).status).toBe(404);
  });

  test('folds at 75 octets inside no character, and escapes what would break a line', () => {
    const line = `SUMMARY:${'ä'.repeat(80)}`;
    const folded = fold(line).split('\r\n');
    expect(folded.every((part) => Buffer.byteLength(part) <= 75)).toBe(true);
    expect(folded.map((part, i) => (i === 0 ? part : part.slice(1))).join('')).toBe(line);
    expect(escapeText('a;b,c\\d\r\nEND:VEVENT\u0007')).toBe('a\\;b\\,c\\\\d\\nEND:VEVENT');
  });
});
