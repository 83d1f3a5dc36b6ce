/** Calendars of leave and holidays over HTTP: what they block, who covers, how they stand, and who may. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#kernel';
import { insertUser } from '#security';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { readCalendars } from './jobs.ts';

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
  [manager, responder] = [await house.signIn('manager'), await house.signIn('responder')];
  // Each begins alone: duty elsewhere would make people busy.
  for (const path of ['schedules', 'calendars', 'absences'])
    for (const { id } of (await manager.get(`/api/v1/${path}`)).body.items)
      expect((await manager.delete(`/api/v1/${path}/${id}`)).status).toBe(200);
  await house.settle();
  house.smtp.clear();
});

const now = async () => (await house.ctx('system')).now.getTime();
const iso = (at: number) => new Date(at).toISOString();
const day = (at: number) => iso(at).slice(0, 10);
const compact = (at: number) => day(at).replaceAll('-', '');
const midnight = async (ahead: number) => (Math.floor((await now()) / DAY) + ahead) * DAY;
const ics = (...events: string[][]) =>
  ['BEGIN:VCALENDAR', ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']), 'END:VCALENDAR'].join(
    '\r\n',
  );
const wholeDay = (at: number, ...more: string[]) => [`UID:${at}`, `DTSTART;VALUE=DATE:${compact(at)}`, ...more];
async function schedule(layers: object[], more: object = {}) {
  const startsOn = day((await now()) - DAY);
  const made = await manager.post('/api/v1/schedules', {
    name: newId('x'),
    zone: 'UTC',
    layers: layers.map((layer, n) => ({
      name: `L${n}`,
      unit: 'day',
      every: 1,
      startsOn,
      handoverTime: '00:00',
      ...layer,
    })),
    acceptWarnings: true,
    ...more,
  });
  expect(made.status, made.text).toBe(201);
  return made.body;
}
const result = async (id: string, from: number, to: number) =>
  (await manager.get(`/api/v1/schedules/${id}/timeline?from=${iso(from)}&to=${iso(to)}`)).body.result as {
    person: { name: string } | null;
    why: string | null;
    blocked: { name: string } | null;
  }[];
const add = (web: WebClient, body: object) =>
  web.post('/api/v1/calendars', { name: newId('x'), covers: 'person', zone: 'UTC', ...body });
const one = async (id: string) =>
  (await manager.get('/api/v1/calendars')).body.items.find((calendar: { id: string }) => calendar.id === id);

describe('leave from a calendar', () => {
  test('blocks the shifts it meets, names who is away, and cover is found among the others', async () => {
    const { id } = await schedule([{ participants: [rui] }]);
    const at = await midnight(3);
    const { body: calendar, status } = await add(responder, { text: ics(wholeDay(at, 'SUMMARY:Kayak')) });
    expect([status, calendar]).toMatchObject([201, { health: 'file', entryCount: 1, person: { id: rui } }]);
    expect(await result(id, at, at + DAY)).toMatchObject([
      { person: null, why: 'person_away', blocked: { name: 'Rui Responder' } },
    ]);
    // Nobody else in it: the team is asked too, and a person away is no candidate.
    const cover = await manager.get(`/api/v1/schedules/${id}/cover?from=${iso(at)}&to=${iso(at + DAY)}`);
    expect(cover.body.items).toMatchObject([{ person: { id: rui }, hindrance: 'away' }]);
    const away = (await manager.get('/api/v1/absences')).body.items.find((a: { from: string }) => a.from === iso(at));
    expect(away).toMatchObject({ calendar: { id: calendar.id } });
    // What one is away for is nobody's business: the entry's own words are not shown.
    expect(JSON.stringify(away)).not.toContain('Kayak');
    expect((await responder.delete(`/api/v1/absences/${away.id}`)).body.rule).toBe('people.absence');
    expect((await responder.delete(`/api/v1/calendars/${calendar.id}`)).status).toBe(200);
    expect(await result(id, at, at + DAY)).toMatchObject([{ person: { name: 'Rui Responder' } }]);
  });

  test('counts whole days only, unless every entry is meant', async () => {
    const at = await midnight(5);
    const meeting = [`UID:m`, `DTSTART:${compact(at)}T090000Z`, 'DURATION:PT1H'];
    const { body: days } = await add(responder, { text: ics(meeting) });
    const { body: all } = await add(responder, { text: ics(meeting), entries: 'all' });
    expect([days.entryCount, all.entryCount]).toEqual([0, 1]);
    for (const { id } of [days, all]) await responder.delete(`/api/v1/calendars/${id}`);
  });

  test('of a team’s calendar is that of the members an entry names, by mail or by name', async () => {
    const ctx = await house.ctx('system');
    const ana = await insertUser(ctx, {
      email: 'ana.vela@orchardline.example',
      name: 'Ana Vela',
      roles: ['responder'],
    });
    const team = await manager.post('/api/v1/teams', {
      name: newId('x'),
      description: '',
      members: [mina, ana].map((userId) => ({ userId, role: 'member' })),
    });
    const at = await midnight(7);
    const text = ics(
      wholeDay(at, 'SUMMARY:Leave', 'ATTENDEE;CN=Ana:mailto:ana.vela@orchardline.example'),
      wholeDay(at + DAY, 'SUMMARY:Mina Manager away'),
      wholeDay(at + 2 * DAY, 'SUMMARY:Offsite of others'),
    );
    const { body } = await add(manager, { covers: 'mentioned', teamId: team.body.id, text });
    const items = (await manager.get('/api/v1/absences')).body.items.filter(
      (a: { calendar: { id: string } | null }) => a.calendar?.id === body.id,
    );
    expect(items.map((a: { person: { name: string }; from: string }) => [a.person.name, a.from])).toEqual([
      ['Ana Vela', iso(at)],
      ['Mina Manager', iso(at + DAY)],
    ]);
    const all = await add(manager, { covers: 'team', teamId: team.body.id, text: ics(wholeDay(at, 'SUMMARY:Feast')) });
    expect((await one(all.body.id)).next).toMatchObject([{ name: 'Feast' }]);
    for (const { id } of [body, all.body]) expect((await manager.delete(`/api/v1/calendars/${id}`)).status).toBe(200);
  });

  test('of somebody else is taken in and out by managers only', async () => {
    const text = ics(wholeDay(await midnight(9)));
    expect((await add(responder, { text, userId: mina })).status).toBe(403);
    expect((await add(responder, { text, covers: 'days' })).status).toBe(403);
    expect((await add(await house.signIn('viewer'), { text })).status).toBe(403);
    const { body } = await add(manager, { text, userId: mina });
    expect((await responder.delete(`/api/v1/calendars/${body.id}`)).status).toBe(403);
    await manager.delete(`/api/v1/calendars/${body.id}`);
  });

  test('row 85 and row 86: what cannot be read is 422 with the line, and nothing of it is kept', async () => {
    const at = await midnight(4);
    for (const [event, why] of [
      [wholeDay(at, 'RRULE:FREQ=SECONDLY'), 'line 5: '],
      [[`UID:1`, `DTSTART;TZID=Nowhere:${compact(at)}T090000`], 'line 4: the time zone Nowhere is not known'],
    ] as const) {
      const answer = await add(responder, { text: ics([...event]) });
      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].message).toContain(why);
    }
    expect((await manager.get('/api/v1/calendars')).body.items).toEqual([]);
    expect((await add(responder, {})).status).toBe(422);
    expect((await add(responder, { url: 'http://169.254.169.254/leave.ics' })).body.rule).toBe('egress.url');
  });
});

describe('a calendar with an address', () => {
  test('is read every hour; a bad reading keeps the last good one and is told once', async () => {
    const at = await midnight(6);
    let say: () => { status?: number; body?: string } = () => ({ body: ics(wholeDay(at)) });
    house.sink.answer(() => say());
    const { id } = await schedule([{ participants: [rui] }]);
    const added = await add(responder, { url: `${house.sink.url}/leave.ics` });
    expect([added.status, added.body.health], added.text).toEqual([201, 'good']);
    expect((await result(id, at, at + DAY))[0]?.why).toBe('person_away');
    const again = async () => {
      await house.advance('61m');
      await readCalendars.run(await house.ctx('system'), {});
      await house.settle();
      [manager, responder] = [await house.signIn('manager'), await house.signIn('responder')];
      return one(added.body.id);
    };
    say = () => ({ status: 503, body: 'down' });
    expect(await again()).toMatchObject({
      health: 'failing',
      problem: 'The calendar’s server answered 503',
      entryCount: 1,
    });
    say = () => ({ body: '<html>please sign in</html>' });
    expect((await again()).problem).toContain('Line 1');
    expect(house.smtp.messages).toEqual([]);
    await again();
    await again();
    expect(house.smtp.messages.map((mail) => mail.subject)).toEqual([
      `The calendar ${added.body.name} can no longer be read`,
    ]);
    expect((await result(id, at, at + DAY))[0]?.why).toBe('person_away');
    // It says something again: another day.
    say = () => ({ body: ics(wholeDay(at + DAY)) });
    expect(await again()).toMatchObject({ health: 'good', problem: null });
    expect((await result(id, at, at + 2 * DAY)).map((shift) => shift.why)).toEqual([null, 'person_away']);
    // Asked for now instead of within the hour; what says the same changes nothing.
    const before = (await manager.get('/api/v1/absences')).body;
    expect((await responder.post(`/api/v1/calendars/${added.body.id}/refresh`)).status).toBe(200);
    await house.settle();
    expect((await manager.get('/api/v1/absences')).body).toEqual(before);
    expect((await manager.get('/api/v1/calendars')).text).not.toContain('leave.ics');
    await responder.delete(`/api/v1/calendars/${added.body.id}`);
  });
});

describe('holidays of a schedule', () => {
  test('switch an office layer off, the one under it shows through, and a holiday rota is on duty only then', async () => {
    const at = await midnight(10);
    const { body: calendar } = await add(manager, { covers: 'days', text: ics(wholeDay(at, 'SUMMARY:Founding day')) });
    const made = await schedule(
      [
        { participants: [mina], onHolidays: 'only' },
        { participants: [rui], onHolidays: 'off' },
      ],
      { holidays: [calendar.id] },
    );
    expect(made.holidays).toEqual([{ id: calendar.id, name: calendar.name }]);
    expect((await result(made.id, at - DAY, at + 2 * DAY)).map((shift) => shift.person?.name)).toEqual([
      'Rui Responder',
      'Mina Manager',
      'Rui Responder',
    ]);
    const alone = await schedule([{ participants: [rui], onHolidays: 'off' }], { holidays: [calendar.id] });
    expect(await result(alone.id, at, at + DAY)).toMatchObject([{ person: null, why: 'holiday' }]);
    expect((await manager.delete(`/api/v1/calendars/${calendar.id}`)).body.uses).toHaveLength(2);
    expect(
      (
        await manager.post('/api/v1/schedules/preview', {
          id: alone.id,
          name: 'x',
          zone: 'UTC',
          layers: [{ ...alone.layers[0], participants: [rui] }],
          from: iso(at),
          to: iso(at + DAY),
        })
      ).body.result[0].why,
    ).toBe('holiday');
    const unknown = await manager.post('/api/v1/schedules', {
      name: newId('x'),
      zone: 'UTC',
      layers: [{ name: 'x', unit: 'day', every: 1, startsOn: day(at), handoverTime: '00:00', participants: [rui] }],
      holidays: ['cin_x'],
      acceptWarnings: true,
    });
    expect([unknown.status, unknown.body.errors?.[0]?.path]).toEqual([422, 'holidays.0']);
  });

  test('are days on the wall of each layer, so that a holiday in Tokyo begins in Tokyo', async () => {
    const at = await midnight(12);
    const { body: calendar } = await add(manager, { covers: 'days', text: ics(wholeDay(at)) });
    const { id } = await schedule([{ participants: [rui], onHolidays: 'off', zone: 'Asia/Tokyo' }], {
      holidays: [calendar.id],
    });
    const answer = await manager.get(`/api/v1/schedules/${id}/shifts?from=${iso(at - DAY)}&to=${iso(at + DAY)}`);
    const off = answer.body.shifts.find((shift: { why: string }) => shift.why === 'holiday');
    expect([off.from, off.to]).toEqual([iso(at - 9 * 3_600_000), iso(at + 15 * 3_600_000)]);
  });
});

describe('a swap', () => {
  /** Two people who change every day; whose day is which is read off the result. */
  async function pair() {
    const { id } = await schedule([{ participants: [mina, rui] }]);
    const from = await midnight(2);
    const [first] = await result(id, from, from + DAY);
    const mine = first?.person?.name === 'Rui Responder' ? from : from + DAY;
    return { id, mine, theirs: mine === from ? from + DAY : from };
  }
  const holds = async (id: string, at: number) => (await result(id, at, at + DAY)).map((shift) => shift.person?.name);

  test('with a return changes both shifts at once: I take yours, you take mine', async () => {
    const { id, mine, theirs } = await pair();
    const offer = await responder.post(`/api/v1/schedules/${id}/swaps`, {
      toUserId: mina,
      from: iso(mine),
      to: iso(mine + DAY),
      inReturn: { from: iso(theirs), to: iso(theirs + DAY) },
    });
    expect([offer.status, offer.body.inReturn], offer.text).toEqual([
      201,
      { from: iso(theirs), to: iso(theirs + DAY) },
    ]);
    await house.settle();
    expect(house.smtp.messages.at(-1)?.text).toContain('In return Rui Responder takes yours');
    expect((await manager.post(`/api/v1/swaps/${offer.body.id}/accept`)).status).toBe(200);
    expect([await holds(id, mine), await holds(id, theirs)]).toEqual([['Mina Manager'], ['Rui Responder']]);
  });

  test('with a return that is no longer there changes nothing at all', async () => {
    const { id, mine, theirs } = await pair();
    const body = {
      toUserId: mina,
      from: iso(mine),
      to: iso(mine + DAY),
      inReturn: { from: iso(theirs), to: iso(theirs + DAY) },
    };
    const wrong = await responder.post(`/api/v1/schedules/${id}/swaps`, {
      ...body,
      inReturn: { from: iso(mine + 2 * DAY), to: iso(mine + 3 * DAY) },
    });
    expect([wrong.status, wrong.body.errors?.[0]?.path]).toEqual([422, 'inReturn.from']);
    const { body: offer } = await responder.post(`/api/v1/schedules/${id}/swaps`, body);
    await manager.post(`/api/v1/schedules/${id}/overrides`, { userId: rui, from: iso(theirs), to: iso(theirs + DAY) });
    expect((await manager.post(`/api/v1/swaps/${offer.id}/accept`)).status).toBe(409);
    expect(await holds(id, mine)).toEqual(['Rui Responder']);
  });

  test('to whoever can asks those who are free and rested; the first to accept has it', async () => {
    const ctx = await house.ctx('system');
    const person = (name: string) =>
      insertUser(ctx, { email: `${newId('x')}@orchardline.example`, name, roles: ['responder'] });
    const [bo, cy] = [await person('Bo Free'), await person('Cy Away')];
    const at = (await midnight(1)) + 20 * DAY;
    await manager.post('/api/v1/absences', { userId: cy, from: day(at), to: day(at) });
    // Five people: on the day Rui has, the others are off, and neighbours have not rested.
    const { id } = await schedule([{ participants: [rui, mina, bo, cy, mina, bo] }]);
    const days = await result(id, at - 3 * DAY, at + 4 * DAY);
    const mine = at - 3 * DAY + days.findIndex((shift) => shift.person?.name === 'Rui Responder') * DAY;
    const offer = await responder.post(`/api/v1/schedules/${id}/swaps`, {
      from: iso(mine + 11 * 3_600_000),
      to: iso(mine + 13 * 3_600_000),
    });
    expect(offer.status, offer.text).toBe(201);
    expect(offer.body).toMatchObject({ to: null, mine: 'offered' });
    const asked = offer.body.asked.map((who: { name: string }) => who.name);
    expect(asked).toContain('Mina Manager');
    expect(asked).not.toContain('Rui Responder');
    const accepted = await manager.post(`/api/v1/swaps/${offer.body.id}/accept`);
    expect(accepted.body).toMatchObject({ state: 'accepted', to: { name: 'Mina Manager' } });
    expect((await result(id, mine, mine + DAY)).map((shift) => shift.person?.name)).toEqual([
      'Rui Responder',
      'Mina Manager',
      'Rui Responder',
    ]);
  });

  test('to whoever can, declined by all, stays with its owner, who is told', async () => {
    const { id, mine } = await pair();
    const offer = await responder.post(`/api/v1/schedules/${id}/swaps`, {
      from: iso(mine + 11 * 3_600_000),
      to: iso(mine + 12 * 3_600_000),
    });
    expect(offer.body.asked).toMatchObject([{ name: 'Mina Manager' }]);
    expect((await responder.post(`/api/v1/swaps/${offer.body.id}/accept`)).status).toBe(404);
    expect((await manager.post(`/api/v1/swaps/${offer.body.id}/decline`)).body.state).toBe('declined');
    await house.settle();
    expect(house.smtp.messages.at(-1)?.subject).toBe('Nobody of those asked can take your shift');
  });
});
