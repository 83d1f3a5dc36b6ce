/** Command: lanes, questions, open decisions, severity proposed and overridden, sub-teams, and the files of the room. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '#catalog';
import { insertUser } from '#security';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';

let house: House;
let rui: WebClient;
let mina: WebClient;
let vera: WebClient;
let serviceId: string;

beforeAll(async () => {
  house = await openHouse();
  [rui, mina, vera] = await Promise.all([house.signIn('responder'), house.signIn('manager'), house.signIn('viewer')]);
  serviceId = (await createService(await house.ctx('manager'), { name: 'Checkout', tier: 1 })).id;
});
afterAll(() => house.close());

const at = (key: string, path: string) => `/api/v1/incidents/${key}${path}`;
const declared = async (severity: number | undefined, over: object = {}) =>
  (await rui.post('/api/v1/incidents', { title: 'Checkout fails', severity, serviceIds: [serviceId], ...over }))
    .body as {
    id: string;
    key: string;
    severity: number;
  };
const commands = (web: WebClient, key: string) => web.post(at(key, '/roles'), { role: 'incident_commander' });
const view = async (key: string) => (await rui.get(at(key, '/command'))).body;
const lane = async (key: string, name: string) =>
  (await view(key)).lanes.find((one: { lane: string }) => one.lane === name);
const next = async (key: string) => (await rui.get(at(key, '/next'))).body;
const texts = async (key: string) =>
  (await rui.get(at(key, '/timeline?limit=200'))).body.items.map((entry: { text: string }) => entry.text);

describe('lanes', () => {
  it('open with a SEV1 or SEV2, report conditions, actions and needs, and are flagged after 15 minutes without a report', async () => {
    const { key } = await declared(2);
    expect((await view(key)).lanes.map((one: { lane: string }) => one.lane).toSorted()).toEqual([
      'engineering',
      'product',
      'security',
      'support',
    ]);
    expect((await view((await declared(3)).key)).lanes).toEqual([]);
    const told = await rui.post(at(key, '/lanes/engineering'), {
      conditions: 'Writes fail on the primary',
      actions: 'Failing over',
      needs: 'A second pair of eyes',
    });
    expect(told.status).toBe(200);
    expect(await lane(key, 'engineering')).toMatchObject({
      state: 'working',
      owner: { name: 'Rui Responder' },
      staleMinutes: null,
    });
    await house.advance('14m');
    expect(await lane(key, 'engineering')).toMatchObject({ staleMinutes: null });
    await house.advance('1m');
    expect((await lane(key, 'engineering')).staleMinutes).toBe(15);
    expect((await lane(key, 'support')).staleMinutes).toBe(15);
    await rui.post(at(key, '/lanes/engineering'), {});
    expect(await lane(key, 'engineering')).toMatchObject({
      staleMinutes: null,
      conditions: 'Writes fail on the primary',
    });
    expect(await texts(key)).toContain(
      'Engineering: Rui Responder answers for it; working; conditions: Writes fail on the primary; actions: Failing over; needs: A second pair of eyes',
    );
    expect((await vera.post(at(key, '/lanes/engineering'), { actions: 'x' })).status).toBe(403);
  });

  it('a blocked lane is the next step until it goes on', async () => {
    const { key } = await declared(1);
    await commands(rui, key);
    await rui.post(at(key, '/lanes/support'), { state: 'blocked', needs: 'the list of customers' });
    expect(await next(key)).toMatchObject({
      id: 'incidents.next.lane_blocked',
      reason: 'It needs: the list of customers',
    });
    await rui.post(at(key, '/lanes/support'), { state: 'working' });
    expect((await next(key)).id).toBe('incidents.next.start_containment');
  });

  it('the security lane opens with an owner at declaration, and open points hold closing unless waived', async () => {
    const { key } = await declared(2);
    const opened = await lane(key, 'security');
    expect(opened).toMatchObject({ owner: { name: 'Rui Responder' }, holdsClose: true });
    expect(opened.items).toHaveLength(4);
    await commands(mina, key);
    for (const kind of ['recovery.readiness', 'comms.resolution'])
      await mina.post(at(key, `/gates/${kind}/waived`), { reason: 'not part of this test' });
    await mina.post(at(key, '/restored'), { waiver: { kind: 'self_ended', reason: 'It stopped by itself' } });
    const held = await mina.post(at(key, '/closed'), {});
    expect(held.body.rule).toBe('incidents.close');
    const points = held.body.errors.filter((error: { path: string }) => error.path === 'incidents.lanes');
    expect(points.map((error: { message: string }) => error.message)).toEqual(
      opened.items.map((item: { text: string }) => `Security: ${item.text}`),
    );
    // Signing needs a settled checklist; waiving a point needs authority and a reason.
    expect((await mina.post(at(key, '/lanes/security'), { state: 'signed' })).body.rule).toBe('incidents.lanes.open');
    const [first, ...rest] = opened.items as { id: string }[];
    const settle = (web: WebClient, body: object) => web.post(at(key, '/lanes/security/items'), body);
    expect((await settle(rui, { itemId: first!.id, state: 'waived', note: 'no data here' })).status).toBe(403);
    expect((await settle(mina, { itemId: first!.id, state: 'waived' })).body.rule).toBe('incidents.lanes.reason');
    expect((await settle(mina, { itemId: first!.id, state: 'waived', note: 'no data here' })).status).toBe(200);
    for (const { id } of rest) await settle(rui, { itemId: id, state: 'done', note: 'checked' });
    const gate = async () =>
      (await rui.get(at(key, ''))).body.gates.find((one: { kind: string }) => one.kind === 'incidents.lanes');
    expect(await gate()).toMatchObject({ state: 'open', reasons: ['Security: not signed yet'] });
    expect((await mina.post(at(key, '/lanes/security'), { state: 'signed' })).status).toBe(200);
    expect(await gate()).toMatchObject({ state: 'closed' });
    // A relapse asks for the signature again.
    await mina.post(at(key, '/relapsed'), { reason: 'Errors again' });
    expect(await gate()).toMatchObject({ state: 'open' });
  });

  it('whoever takes the role answers for its lane', async () => {
    const { key } = await declared(1);
    await mina.post(at(key, '/roles'), { role: 'security_officer' });
    expect(await lane(key, 'security')).toMatchObject({ owner: { name: 'Mina Manager' } });
  });
});

describe('questions', () => {
  it('have an owner, a due time and an answer; one that is due is the next step', async () => {
    const { key } = await declared(3);
    const due = new Date(Date.parse((await next(key)) && (await rui.get(at(key, ''))).body.declaredAt) + 20 * 60_000);
    const asked = await rui.post(at(key, '/questions'), {
      text: 'Are refunds affected?',
      ownerId: await house.userId('manager'),
      dueAt: due.toISOString(),
    });
    expect(asked).toMatchObject({
      status: 201,
      body: { owner: { name: 'Mina Manager' }, state: 'open', overdue: false },
    });
    expect((await next(key)).id).toBe('incidents.next.start_containment');
    await house.advance('21m');
    expect((await view(key)).questions[0]).toMatchObject({ overdue: true });
    expect(await next(key)).toMatchObject({ title: 'Answer: Are refunds affected?', urgency: 'now' });
    const path = `/api/v1/incident-questions/${asked.body.id}`;
    const answered = await mina.post(path, { answer: 'No, refunds run through another provider', plain: true });
    expect(answered.body).toMatchObject({ state: 'answered', settledBy: 'Mina Manager', plain: true });
    // Said in plain words, it is offered to whoever writes to customers.
    const draft = await mina.post(at(key, '/updates'), {});
    expect(draft.body.revision.fields.known).toContain('No, refunds run through another provider');
    expect((await rui.post(path, { answer: 'Yes' })).body.rule).toBe('incidents.questions.settled');
    expect(await texts(key)).toContain('Answered: Are refunds affected? → No, refunds run through another provider');
    expect((await next(key)).id).toBe('incidents.next.start_containment');
  });
});

describe('open decisions', () => {
  it('judge their options by the facts of now, and freeze both when somebody decides', async () => {
    const { key } = await declared(2);
    const opened = await rui.post(at(key, '/decision-points'), {
      question: 'Fail over to the other region?',
      options: [
        { text: 'Fail over', when: 'impact.pct_requests > 30.0 && elapsed_m >= 0' },
        { text: 'Wait', when: 'impact.pct_requests <= 30.0' },
        { text: 'Ask the vendor' },
      ],
    });
    expect(opened.status).toBe(201);
    const applies = async () =>
      (await view(key)).points[0].options.map((option: { applies: unknown }) => option.applies);
    // Nobody has measured: unknown, and not a no.
    expect(await applies()).toEqual(['unknown', 'unknown', null]);
    await rui.post(at(key, '/impact'), { pctRequests: 45, region: 'eu-west', method: 'gateway' });
    expect(await applies()).toEqual([true, false, null]);
    await house.advance('7m');
    const { inputs } = (await view(key)).points[0];
    expect(inputs).toEqual([
      { name: 'impact.pct_requests', value: 45, asOf: expect.any(String) },
      { name: 'elapsed_m', value: expect.any(Number), asOf: expect.any(String) },
    ]);
    const age = (n: number) => Math.round((Date.parse(inputs[1].asOf) - Date.parse(inputs[n].asOf)) / 60_000);
    expect([age(0), age(1)]).toEqual([7, 0]);
    const pointId = opened.body.points[0].id;
    const decide = (web: WebClient, choice: string) =>
      web.post(at(key, '/decisions'), {
        question: 'Fail over to the other region?',
        choice,
        pointId,
        reversible: false,
      });
    const taken = await decide(rui, 'Fail over');
    expect(taken.status).toBe(201);
    await rui.post(at(key, '/impact'), { pctRequests: 1 });
    const { decisions } = (await rui.get(at(key, ''))).body;
    expect(decisions[0]).toMatchObject({
      reversible: false,
      options: ['Fail over', 'Wait', 'Ask the vendor'],
      inputs: {
        facts: { impact: { pct_requests: 45 } },
        read: [{ name: 'impact.pct_requests', value: 45, asOf: inputs[0].asOf }, { name: 'elapsed_m' }],
        options: [{ applies: true }, { applies: false }, { applies: null }],
      },
    });
    expect((await view(key)).points[0]).toMatchObject({ state: 'decided', decisionId: taken.body.id });
    expect(await decide(mina, 'Wait')).toMatchObject({
      status: 409,
      body: { rule: 'incidents.decisions.settled', title: 'Rui Responder has decided already: Fail over' },
    });
  });

  it('each decision names the version of every policy it was taken under; a changed policy has another', async () => {
    const { key } = await declared(3);
    const decide = async () => {
      await rui.post(at(key, '/decisions'), { question: 'Wait?', choice: 'yes', inputs: { queue: 12 } });
      const { decisions } = (await rui.get(at(key, ''))).body;
      return decisions.at(-1).inputs;
    };
    const before = await decide();
    expect(before).toMatchObject({
      queue: 12,
      policies: { 'incidents.approvalPolicy': expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    const ada = await house.signIn('admin');
    const value = { secondFactorFor: [], withoutOne: 'note' };
    await ada.put('/api/v1/settings/incidents.approvalPolicy', { value });
    const all = (await rui.get(at(key, ''))).body;
    await rui.post(at(key, '/decisions'), { question: 'Wait longer?', choice: 'no' });
    const { decisions } = (await rui.get(at(key, ''))).body;
    const after = decisions.find((one: { question: string }) => one.question === 'Wait longer?').inputs.policies;
    expect(after['incidents.approvalPolicy']).not.toBe(before.policies['incidents.approvalPolicy']);
    expect(after['incidents.gatePolicy']).toBe(before.policies['incidents.gatePolicy']);
    // What was decided before keeps what it was decided under.
    expect(all.decisions[0].inputs.policies).toEqual(before.policies);
  });

  it('a condition that cannot be read is refused where it is written', async () => {
    const { key } = await declared(3);
    const open = (when: string) =>
      rui.post(at(key, '/decision-points'), { question: 'Q', options: [{ text: 'a', when }, { text: 'b' }] });
    expect((await open('impact.customers >')).body).toMatchObject({ rule: 'incidents.decisions.condition' });
    expect((await open('weather.sunny')).body.errors[0]).toMatchObject({
      path: 'options.0.when',
      message: expect.stringContaining('there is no fact “weather.sunny”'),
    });
  });
});

describe('severity', () => {
  it('is proposed by tier and effect, and who decides otherwise stands in the record', async () => {
    const { key, severity } = await declared(undefined);
    expect(severity).toBe(1);
    await commands(mina, key);
    await mina.post(at(key, '/severity'), { severity: 3, reason: 'one customer' });
    expect((await view(key)).severity.proposal).toBeNull();
    await rui.post(at(key, '/services'), { serviceId, effect: 'down' });
    expect((await view(key)).severity.proposal).toEqual({ severity: 1, because: 'Checkout (tier 1) is down' });
    expect(await next(key)).toMatchObject({ id: 'incidents.next.raise_severity', reason: 'Checkout (tier 1) is down' });
    await mina.post(at(key, '/severity'), { severity: 3, reason: 'only the test shop' });
    const { severity: told } = await view(key);
    expect(told.proposal).toBeNull();
    expect(told.history.at(-1)).toMatchObject({
      from: 3,
      to: 3,
      proposed: 1,
      overrides: true,
      reason: 'only the test shop',
      by: { name: 'Mina Manager' },
    });
    expect(await texts(key)).toContain(
      'SEV3 stays, though SEV1 is proposed (Checkout (tier 1) is down): only the test shop',
    );
    expect((await next(key)).id).not.toBe('incidents.next.raise_severity');
  });

  it('declaring otherwise than proposed is an override, too', async () => {
    const { key } = await declared(4);
    expect((await view(key)).severity.history).toMatchObject([{ from: null, to: 4, proposed: 1, overrides: true }]);
    expect((await view((await declared(1)).key)).severity.history).toMatchObject([{ overrides: false }]);
  });
});

describe('span of control', () => {
  it('more than seven reports to one lead: sub-teams are proposed, each with a lead', async () => {
    const { key } = await declared(1);
    await commands(mina, key);
    for (let i = 0; i < 8; i++) {
      const email = `expert${i}@orchardline.example`;
      const userId = await insertUser(await house.ctx('system'), { email, name: `Expert ${i}`, roles: ['responder'] });
      await rui.post(at(key, '/roles'), { role: 'subject_matter_expert', userId });
    }
    const [span] = (await view(key)).spans;
    expect(span).toMatchObject({ lead: { name: 'Mina Manager' }, reports: 8 });
    expect(span.proposal.map((team: { members: unknown[] }) => team.members.length)).toEqual([3, 3]);
    expect((await next(key)).id).toBe('incidents.next.split');
  });
});

describe('the room', () => {
  it('says who is here, and forgets who has gone silent', async () => {
    const { key } = await declared(3);
    const here = async (web: WebClient, is = true) =>
      (await web.post(at(key, '/presence'), { here: is })).body.people.map(
        ({ person }: { person: { name: string } }) => person.name,
      );
    await here(rui);
    expect(await here(mina)).toEqual(['Rui Responder', 'Mina Manager']);
    await house.advance('41s');
    expect(await here(mina)).toEqual(['Mina Manager']);
    expect(await here(mina, false)).toEqual([]);
  });

  it('tells who comes back what has changed since they last looked, on any browser', async () => {
    const { key } = await declared(3);
    const news = async (web: WebClient) => (await web.get(at(key, '/news'))).body;
    expect(await news(mina)).toMatchObject({ since: null });
    const { head } = await news(mina);
    await mina.post(at(key, '/looks'), { seq: head });
    expect(await news(mina)).toMatchObject({ since: { seq: head }, entries: 0, highlights: [] });
    await rui.post(at(key, '/timeline'), { text: 'hm' });
    await rui.post(at(key, '/severity'), { severity: 1, reason: 'all customers' });
    expect(await news(mina)).toMatchObject({
      entries: 2,
      highlights: [{ kind: 'severity', text: 'SEV3 → SEV1: all customers', by: 'Rui Responder' }],
    });
    // A tab that is behind does not turn the mark back.
    await mina.post(at(key, '/looks'), { seq: head + 2 });
    await mina.post(at(key, '/looks'), { seq: 1 });
    expect((await news(mina)).since.seq).toBe(head + 2);
    expect((await news(rui)).since).toBeNull();
  });
});

describe('files', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const send = async (
    key: string,
    bytes: Buffer,
    name: string,
    role: 'responder' | 'viewer' = 'responder',
    headers: object = { 'x-evenkeel': '1' },
  ) => {
    const answer = await fetch(`${house.url}${at(key, `/attachments?name=${encodeURIComponent(name)}`)}`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { cookie: `evenkeel=${await house.sessionToken(role)}`, 'content-type': 'image/svg+xml', ...headers },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, never> };
  };
  const read = async (id: string) =>
    fetch(`${house.url}/api/v1/incident-files/${id}`, {
      headers: { cookie: `evenkeel=${await house.sessionToken('viewer')}` },
    });

  it('are known by their bytes, kept by hash, and served so that nothing in them can run', async () => {
    const { key } = await declared(3);
    const graph = await send(key, png, '../latency graph.png');
    expect(graph).toMatchObject({ status: 201, body: { name: 'latency graph.png', mediaType: 'image/png', size: 16 } });
    const shown = await read(graph.body.id!);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    expect(Buffer.from(await shown.arrayBuffer()).equals(png)).toBe(true);
    const page = await send(key, Buffer.from('<script>alert(1)</script>'), 'x.html');
    const saved = await read(page.body.id!);
    expect(saved.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(saved.headers.get('content-security-policy')).toContain('sandbox');
    expect(saved.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await rui.post(at(key, '/attached-texts'), { name: 'slow.sql', text: 'explain analyze …' });
    expect(text).toMatchObject({ status: 201, body: { name: 'slow.sql', mediaType: 'text/plain' } });
    expect((await rui.get(at(key, '/attachments'))).body.items).toHaveLength(3);
    const { items } = (await rui.get(at(key, '/timeline?kind=attachment'))).body;
    expect(items[2]).toMatchObject({ refs: [{ kind: 'attachment', id: graph.body.id }, { kind: 'sha256' }] });
    // They leave the house with the incident: named in the export, whole in the bundle.
    const { sections } = (await rui.get(at(key, '/export'))).body;
    expect(sections.command.files).toMatchObject([
      { name: 'latency graph.png' },
      { name: 'x.html' },
      { name: 'slow.sql' },
    ]);
    const bundle = await fetch(`${house.url}${at(key, '/bundle')}`, {
      headers: { cookie: `evenkeel=${await house.sessionToken('responder')}` },
    });
    expect(bundle.status).toBe(200);
    expect(Buffer.from(await bundle.arrayBuffer()).includes(png)).toBe(true);
    await expect(
      house.core.db.updateTable('incidents.attachments').set({ name: 'x' }).where('id', '=', graph.body.id!).execute(),
    ).rejects.toThrow(/append-only/);
  });

  it('too large, empty, with a secret, from another site, or from somebody who only looks on: refused', async () => {
    const { key } = await declared(3);
    expect((await send(key, Buffer.alloc(10 * 1024 * 1024 + 1), 'big.bin')).status).toBe(413);
    expect((await send(key, Buffer.alloc(0), 'none')).status).toBe(422);
    const log = await send(key, Buffer.from('url=postgres://app:hunter2@db/orders'), 'app.log');
    expect(log).toMatchObject({ status: 422, body: { rule: 'incidents.secret' } });
    expect((await send(key, png, 'a.png', 'viewer')).status).toBe(403);
    expect((await send(key, png, 'a.png', 'responder', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send('INC-999999', png, 'a.png')).status).toBe(404);
    expect((await fetch(`${house.url}/api/v1/incident-files/att_x`)).status).toBe(401);
  });
});
