/** The clock of customer updates: by table in pure code, and with a moved clock through a whole incident. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeSeverity, declareContained, dismiss, eradicate, startContainment } from '#incidents';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { aComponent, anIncident, restoreAtOnce, whole } from '../../../test/harness/comms.ts';
import { type ClockFacts, ladderTime, longestSeconds, nextDue, offeredMinutes } from './model.ts';
import { cadenceFor, defaultCadence } from './policy.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 9, 0) + minutes * 60_000);
const minutesOf = (when: Date) => (when.getTime() - at(0).getTime()) / 60_000;
const sev = (severity: number) => cadenceFor(defaultCadence, severity)!;
const facts = (change: Partial<ClockFacts> = {}): ClockFacts => ({
  declaredAt: at(0),
  phase: 'detection',
  restoredAt: null,
  published: 0,
  lastPublishedAt: null,
  promisedAt: null,
  standing: null,
  ...change,
});

describe('the rule', () => {
  it('the first notice is due 10, 15 or 60 minutes after the declaration', () => {
    expect([1, 2, 3].map((severity) => minutesOf(nextDue(sev(severity), facts(), at(0)).dueAt))).toEqual([10, 15, 60]);
    expect(cadenceFor(defaultCadence, 4)).toBeNull();
  });

  it.each([
    ['scope after the first', 'detection', 1, 8, { 1: 18, 2: 28, 3: 128 }],
    ['detection', 'detection', 2, 8, { 1: 28, 2: 38, 3: 128 }],
    ['containment', 'containment', 2, 8, { 1: 28, 2: 38, 3: 128 }],
    ['recovery', 'recovery', 2, 8, { 1: 38, 2: 68, 3: 248 }],
    ['verification', 'verification', 2, 8, { 1: 68, 2: 128, 3: 248 }],
  ])('%s', (_name, phase, published, last, due) => {
    for (const [severity, minutes] of Object.entries(due)) {
      expect(
        minutesOf(
          nextDue(sev(Number(severity)), facts({ phase, published, lastPublishedAt: at(last) }), at(last)).dueAt,
        ),
        `SEV${severity}`,
      ).toBe(minutes);
    }
  });

  it('a time told to customers is the due time; a phase change may only bring it forward', () => {
    const told = facts({
      phase: 'detection',
      published: 2,
      lastPublishedAt: at(20),
      promisedAt: at(40),
    });
    expect(nextDue(sev(1), told, at(20))).toMatchObject({
      dueAt: at(40),
      reason: 'promised',
    });
    const standing = { dueAt: at(40), reason: 'promised' as const, after: 2 };
    expect(minutesOf(nextDue(sev(1), { ...told, phase: 'verification', standing }, at(25)).dueAt)).toBe(40);
    const slow = {
      ...told,
      phase: 'recovery',
      promisedAt: at(80),
      standing: { dueAt: at(80), reason: 'promised' as const, after: 2 },
    };
    expect(minutesOf(nextDue(sev(1), { ...slow, phase: 'containment' }, at(25)).dueAt)).toBe(40);
  });

  it('nobody is made late by a phase change: five minutes remain to write; who was late stays late', () => {
    const standing = { dueAt: at(300), reason: 'next' as const, after: 2 };
    const moved = nextDue(
      sev(1),
      facts({
        phase: 'containment',
        published: 2,
        lastPublishedAt: at(10),
        standing,
      }),
      at(60),
    );
    expect(minutesOf(moved.dueAt)).toBe(65);
    const late = { dueAt: at(50), reason: 'promised' as const, after: 2 };
    expect(
      minutesOf(
        nextDue(
          sev(1),
          facts({
            phase: 'containment',
            published: 2,
            lastPublishedAt: at(10),
            standing: late,
          }),
          at(60),
        ).dueAt,
      ),
    ).toBe(50);
  });

  it('after restored the resolution is due in 15 minutes', () => {
    const due = nextDue(
      sev(1),
      facts({
        phase: 'restored',
        restoredAt: at(90),
        published: 3,
        lastPublishedAt: at(80),
        standing: { dueAt: at(140), reason: 'promised', after: 3 },
      }),
      at(90),
    );
    expect(due).toMatchObject({ dueAt: at(105), reason: 'resolution' });
  });

  it('what is offered and what may be announced follow the table; longer only after the first hours', () => {
    expect([
      offeredMinutes(sev(1), 'detection', 0),
      offeredMinutes(sev(1), 'containment', 1),
      offeredMinutes(null, 'detection', 0),
    ]).toEqual([10, 20, 60]);
    expect(longestSeconds(sev(1), 'containment', at(0), at(60))).toBe(20 * 60);
    expect(longestSeconds(sev(1), 'containment', at(0), at(121))).toBe(60 * 60);
  });

  it('the ladder stands around the due time', () => {
    const due = { dueAt: at(20), reason: 'next' as const, seconds: 1200 };
    expect((['remind', 'due', 'overdue'] as const).map((step) => minutesOf(ladderTime(step, due)))).toEqual([
      15, 20, 30,
    ]);
  });
});

describe('the clock of an incident', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  const clock = async (incidentId: string) =>
    (await (await house.signIn('responder')).get(`/api/v1/incidents/${incidentId}/update-clock`)).body;
  const minutesLeft = async (incidentId: string) =>
    Math.round(
      (new Date((await clock(incidentId)).nextDueAt).getTime() - (await house.ctx('system')).now.getTime()) / 60_000,
    );
  const publish = async (incidentId: string, minutes: number) => {
    const web = await house.signIn('manager');
    const writer = await house.signIn('responder');
    const { body } = await writer.post(`/api/v1/incidents/${incidentId}/updates`, {
      fields: whole((await house.ctx('system')).now, minutes),
    });
    expect((await web.post(`/api/v1/updates/${body.id}/publish`, {})).status).toBe(200);
  };

  it('through a SEV1: 10 minutes to the first word, then what was promised, sooner when the phase asks, until the resolution', async () => {
    const incident = await anIncident(house);
    expect(await clock(incident.id)).toMatchObject({
      state: 'running',
      reason: 'first',
      overdue: false,
      published: 0,
    });
    expect(await minutesLeft(incident.id)).toBe(10);
    await house.advance('4m');
    await publish(incident.id, 20);
    expect(await clock(incident.id)).toMatchObject({
      reason: 'promised',
      published: 1,
    });
    expect(await minutesLeft(incident.id)).toBe(20);
    const manager = await house.ctx('manager');
    await startContainment(manager, {
      incidentId: incident.id,
      action: 'switched the second route on',
    });
    await declareContained(manager, {
      incidentId: incident.id,
      evidence: 'no new failed payments for five minutes',
    });
    await eradicate(manager, {
      incidentId: incident.id,
      waiver: { kind: 'external', reason: 'the supplier mended it' },
    });
    await house.settle();
    // The scope is owed ten minutes after the first word, earlier than the twenty that were told.
    expect(await minutesLeft(incident.id)).toBe(10);
    await restoreAtOnce(house, incident.id);
    expect(await minutesLeft(incident.id)).toBe(10);
    await publish(incident.id, 15);
    expect(await minutesLeft(incident.id)).toBe(15);
  });

  it('five minutes before, the communications lead is reminded; at the time it is overdue, the commander is told and the record says so', async () => {
    const incident = await anIncident(house, { severity: 2 });
    house.smtp.clear();
    const mails = (words: string) =>
      house.smtp.messages
        .filter(({ subject }) => subject.includes(words) && subject.startsWith(`${incident.key}:`))
        .map(({ to }) => to[0]);
    await house.advance('9m');
    expect(mails('expect an update')).toEqual([]);
    await house.advance('1m');
    expect(mails('expect an update')).toEqual(['responder@orchardline.example']);
    await house.advance('4m');
    expect(await clock(incident.id)).toMatchObject({ overdue: false });
    await house.advance('2m');
    expect(await clock(incident.id)).toMatchObject({
      overdue: true,
      state: 'running',
    });
    expect(mails('is overdue')).toEqual(['manager@orchardline.example']);
    const timeline = (await (await house.signIn('responder')).get(`/api/v1/incidents/${incident.id}/timeline`)).text;
    expect(timeline).toContain('Customer update overdue');
    const stream = await house.core.db
      .selectFrom('kernel.events')
      .select('type')
      .where('incident', '=', incident.id)
      .where('type', 'in', ['update.due', 'update.overdue'])
      .orderBy('seq')
      .execute();
    expect(stream.map(({ type }) => type)).toEqual(['update.due', 'update.overdue']);
    await house.advance('7m');
    expect(mails('long overdue').length).toBe(1);
  });

  it('the ladder of an update fires at each of its four points, each tells its own person, and each stands in the record', async () => {
    const admin = await house.signIn('admin');
    const allowed = {
      enabled: true,
      headline: 'We are looking into a disruption',
      text: 'Something does not work as it should, and we are working on it.',
      late: 'We had promised you an update by now and do not have one ready. The work goes on.',
    };
    expect((await admin.put('/api/v1/settings/comms.holding', { value: allowed })).status).toBe(200);
    const { service } = await aComponent(house, 'Ladder');
    const incident = await anIncident(house, { severity: 2, serviceIds: [service.id] });
    const responder = await house.signIn('responder');
    const deputy = await house.userId('admin');
    const given = await responder.post(`/api/v1/incidents/${incident.id}/roles`, { role: 'deputy', userId: deputy });
    expect(given.status, given.text).toBeLessThan(300);
    house.smtp.clear();
    const due = new Date((await clock(incident.id)).nextDueAt).getTime();
    /** Moves to so many seconds around the due time; says who was told since, and what is new in the record. */
    let seen = '';
    const at = async (seconds: number) => {
      const now = (await house.ctx('system')).now.getTime();
      await house.advance(`${Math.round((due - now) / 1000) + seconds}s`);
      const told = house.smtp.messages.splice(0).filter(({ subject }) => subject.startsWith(`${incident.key}:`));
      const { items } = (await responder.get(`/api/v1/incidents/${incident.id}/timeline?limit=200`)).body;
      const lines = items.map((entry: { text: string }) => entry.text).filter((text: string) => !seen.includes(text));
      seen += lines.join();
      return { told: told.map(({ to }) => to[0]?.split('@')[0]), lines: lines.join('\n') };
    };
    expect((await at(-310)).told).toEqual([]);
    expect(await at(-290)).toEqual({
      told: ['responder'],
      lines: expect.stringMatching(/Reminded: customers expect an update/),
    });
    expect((await at(-10)).told).toEqual([]);
    expect(await at(10)).toEqual({
      told: ['manager'],
      lines: expect.stringMatching(/Customer update overdue: it was due/),
    });
    const half = (await clock(incident.id)).intervalSeconds / 2;
    expect((await at(half - 10)).told).toEqual([]);
    expect(await at(half + 10)).toEqual({ told: ['admin'], lines: expect.stringMatching(/still overdue since/) });
    expect((await at(2 * half - 10)).lines).not.toContain('Holding statement');
    expect((await at(2 * half + 10)).lines).toContain('Holding statement published to customers');
    expect((await admin.put('/api/v1/settings/comms.holding', { value: { ...allowed, enabled: false } })).status).toBe(
      200,
    );
  });

  it('overdue by its whole interval, the holding statement goes out by itself, marked, once per interval; not in a resolution', async () => {
    const admin = await house.signIn('admin');
    const value = {
      enabled: true,
      headline: 'We are looking into a disruption',
      text: 'Something does not work as it should, and we are working on it.',
      late: 'We had promised you an update by now and do not have one ready. The work goes on.',
    };
    const refused = await admin.put('/api/v1/settings/comms.holding', {
      value: { ...value, late: 'It will be fixed by noon.' },
    });
    expect(refused.status).toBe(422);
    const published = async (id: string) =>
      house.core.db
        .selectFrom('comms.revisions')
        .selectAll()
        .where('incidentId', '=', id)
        .where('publishedAt', 'is not', null)
        .orderBy('publishedAt')
        .execute();
    // Not allowed by policy: nothing goes out by itself.
    const quiet = await anIncident(house, { severity: 2 });
    await house.advance('40m');
    expect(await published(quiet.id)).toEqual([]);
    expect((await admin.put('/api/v1/settings/comms.holding', { value })).status).toBe(200);

    const { component, service } = await aComponent(house, 'Card payments');
    const incident = await anIncident(house, { severity: 2, serviceIds: [service.id] });
    // Somebody has begun to write; their text stays theirs.
    const writer = await house.signIn('responder');
    const { body: draft } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {});
    await house.advance('29m');
    expect(await published(incident.id)).toEqual([]);
    await house.advance('2m');
    const [first] = await published(incident.id);
    expect(first).toMatchObject({ holding: true, unapprovedReason: expect.stringContaining('approved beforehand') });
    expect(first?.fields.headline).toContain('Card payments');
    expect(first?.fields.componentStates).toHaveProperty(component.id);
    const page = (await house.anonymous.get('/status')).text;
    expect(page).toContain('Sent automatically, in words prepared beforehand');
    const channels = await house.core.db
      .selectFrom('comms.publications')
      .select(['channel', 'factsHash'])
      .where('revisionId', '=', first?.id ?? '')
      .execute();
    expect(channels.map(({ channel }) => channel).sort()).toEqual(['email', 'status_page']);
    expect(new Set(channels.map(({ factsHash }) => factsHash)).size).toBe(1);
    expect(await clock(incident.id)).toMatchObject({ state: 'running', reason: 'promised', published: 1 });
    // An interval of thirty minutes and as much again: the second one carries the first on.
    await house.advance('55m');
    expect(await published(incident.id)).toHaveLength(1);
    await house.advance('6m');
    const [, second] = await published(incident.id);
    expect(second?.fields.doing[0]).toBe(value.late);
    expect((await writer.get(`/api/v1/incidents/${incident.id}/updates`)).text).toContain(draft.id);
    const timeline = (await writer.get(`/api/v1/incidents/${incident.id}/timeline`)).text;
    expect(timeline).toContain('Holding statement published to customers');
    // The last word is always somebody's own.
    await restoreAtOnce(house, incident.id);
    await house.advance('3h');
    expect((await published(incident.id)).filter(({ holding }) => !holding)).toEqual([]);
    expect((await published(incident.id)).length).toBe(2);
    // A drill's goes to its mirror and to nobody outside.
    const drill = await anIncident(house, { severity: 2, exercise: true });
    await house.advance('31m');
    expect(await published(drill.id)).toHaveLength(1);
    expect(
      await house.core.db.selectFrom('comms.publications').selectAll().where('incidentId', '=', drill.id).execute(),
    ).toEqual([]);
    await admin.put('/api/v1/settings/comms.holding', { value: { ...value, enabled: false } });
  });

  it('a published message takes the reminder back', async () => {
    const incident = await anIncident(house, { severity: 2 });
    await publish(incident.id, 30);
    house.smtp.clear();
    await house.advance('20m');
    expect(house.smtp.messages.filter(({ subject }) => subject.includes(incident.key))).toEqual([]);
  });

  it('SEV4 owes nobody a word; raised, it does; lowered again, it still does', async () => {
    const incident = await anIncident(house, { severity: 4, roles: false });
    expect(await clock(incident.id)).toMatchObject({
      state: 'none',
      nextDueAt: null,
    });
    await changeSeverity(await house.ctx('manager'), {
      incidentId: incident.id,
      severity: 3,
    });
    await house.settle();
    expect(await clock(incident.id)).toMatchObject({
      state: 'running',
      reason: 'first',
    });
    await changeSeverity(await house.ctx('manager'), {
      incidentId: incident.id,
      severity: 4,
      reason: 'only inside',
    });
    await house.settle();
    expect(await clock(incident.id)).toMatchObject({ state: 'running' });
  });

  it('a false alarm stops it', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    await dismiss(await house.ctx('manager'), {
      incidentId: incident.id,
      reason: 'a test alert',
    });
    await house.settle();
    expect(await clock(incident.id)).toMatchObject({
      state: 'stopped',
      stopped: 'dismissed',
      nextDueAt: null,
    });
  });
});
