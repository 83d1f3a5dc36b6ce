/** Moving from PagerDuty whole: read by key, dry run, carry over, again, stopped half-way, edited since. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakePager, openPagerDuty } from '../../../test/fakes/pagers.ts';
import { pagerDutyCompany } from '../../../test/fixtures/imports/pagerduty.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { runImport } from './timer.ts';

let house: House;
let web: WebClient;
let pager: FakePager;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('admin');
  pager = await openPagerDuty(pagerDutyCompany((await house.ctx('system')).now));
});
afterAll(async () => {
  await pager.close();
  await house.close();
});

/** Reads the pager and waits until that is through. */
async function read(key = pager.key) {
  const started = await web.post('/api/v1/imports', { vendor: 'pagerduty', baseUrl: pager.url, key });
  expect(started.status).toBe(202);
  for (let tried = 0; tried < 200; tried++) {
    const { body } = await web.get(`/api/v1/imports/${started.body.id}`);
    if (body.state !== 'reading') return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('still reading');
}
const rowOf = (body: any, key: string) => body.plan.rows.find((row: { key: string }) => row.key === key);
const states = (body: any) => Object.fromEntries(Object.entries(body.plan.counts).filter(([, n]) => (n as number) > 0));
async function carry(id: string, choice: object = {}) {
  expect((await web.post(`/api/v1/imports/${id}/apply`, choice)).status).toBe(202);
  await house.settle();
  return (await web.get(`/api/v1/imports/${id}`)).body;
}

describe('reading', () => {
  test('a wrong key is said to be wrong, and is written nowhere', async () => {
    const body = await read('u+wrongKeyThatMustNotBeKept');
    expect(body).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('PagerDuty does not accept this key'),
    });
    const { rows } = await house.core.pool.query(
      `select t::text as line from programme.imports t union all select t::text from security.audit t union all select t::text from graphile_worker._private_jobs t`,
    );
    expect(rows.map((row: { line: string }) => row.line).join('\n')).not.toContain('wrongKeyThatMustNotBeKept');
  });
  test('a busy vendor is waited for, a stumbling one asked again, and every page is read', async () => {
    pager.stumbles.push(
      { status: 429, headers: { 'retry-after': '0' }, body: { error: { message: 'Rate Limit Exceeded', code: 2020 } } },
      { status: 502, body: 'bad gateway' },
      { hangUp: true },
    );
    const body = await read();
    expect(body.state).toBe('ready');
    // Four people in pages of two: both pages were asked for.
    expect(body.plan.rows.filter((row: { kind: string }) => row.kind === 'user')).toHaveLength(4);
  });
  test('private addresses and keys in the answers are not kept', async () => {
    const body = await read();
    const { rows } = await house.core.pool.query('select snapshot::text as text from programme.imports where id = $1', [
      body.id,
    ]);
    expect(rows[0].text).not.toContain('deadbeefdeadbeef');
    expect(rows[0].text).not.toContain('c1e1f6dd5a6d4d05a1d85e0d3c0a1b2c');
    expect(rows[0].text).toContain('Checkout');
  });
  test('a part that the key may not read is named; the rest goes on', async () => {
    pager.forbidden.push(/^\/teams/);
    const body = await read();
    pager.forbidden.length = 0;
    expect(body.state).toBe('ready');
    expect(body.plan.notes.map((note: { text: string }) => note.text).join()).toContain('Could not be read: teams');
    expect(
      rowOf(body, 'schedule:PI7DH85')
        .notes.map((note: { text: string }) => note.text)
        .join(),
    ).toContain('Its team PQ9K7I8 is not carried');
  });
  test('only an administrator may', async () => {
    const manager = await house.signIn('manager');
    expect((await manager.post('/api/v1/imports', { vendor: 'pagerduty', key: 'x' })).status).toBe(403);
    expect((await manager.get('/api/v1/imports')).status).toBe(403);
  });
  test('an address inside the house is refused unless it is allowed', async () => {
    const answer = await web.post('/api/v1/imports', {
      vendor: 'oncall',
      baseUrl: 'http://169.254.169.254/',
      key: 'x',
    });
    expect(answer.status).toBe(422);
    expect((await web.post('/api/v1/imports', { vendor: 'goalert', key: 'x' })).body.errors[0].path).toBe('baseUrl');
  });
});

describe('carrying over', () => {
  let id: string;
  test('the dry run says what would be made, what cannot be carried, and changes nothing', async () => {
    const before = await web.get('/api/v1/schedules');
    const body = await read();
    id = body.id;
    expect(states(body)).toEqual({ create: 13, refused: 2 });
    expect(rowOf(body, 'schedule:POFFSET')).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('fixed offset'),
    });
    expect(rowOf(body, 'policy:PSOFIA1').why).toBe('Step 1 would call nobody: Sofia cannot be carried');
    expect(rowOf(body, 'integration:PQMAIL1')).toMatchObject({ state: 'create', about: 'email' });
    expect(
      rowOf(body, 'service:PSERV02')
        .notes.map((note: { text: string }) => note.text)
        .join(),
    ).toContain('Its policy Sofia only cannot be carried');
    expect(rowOf(body, 'schedule:PRAILS1')).toMatchObject({ about: 'America/Los_Angeles · 1 layer · 1 person' });
    expect(rowOf(body, 'user:PTIM001').about).toContain('responder');
    for (const row of body.plan.rows.filter((one: { state: string }) => one.state === 'refused'))
      expect(row.notes[0].todo, row.key).not.toBe('');
    expect((await web.get('/api/v1/schedules')).body).toEqual(before.body);
  });
  test('stopped half-way, it goes on where it was and makes nothing twice', async () => {
    const admin = await house.ctx('admin');
    expect((await web.post(`/api/v1/imports/${id}/apply`, {})).status).toBe(202);
    // The worker dies in the middle: the fifth thing meets a database that is gone.
    await house.core.pool.query(`create function public.die() returns trigger language plpgsql as $$ begin
      if (select count(*) from programme.import_links) >= 5 then raise exception 'killed' using errcode = '57P01'; end if; return new; end $$`);
    await house.core.pool.query(
      'create trigger die before insert on programme.import_links for each row execute function public.die()',
    );
    await expect(runImport.run(await house.ctx('system'), { id })).rejects.toThrow('killed');
    const half = await house.core.pool.query('select count(*)::int as n from programme.import_links');
    expect(half.rows[0].n).toBe(5);
    expect((await web.get(`/api/v1/imports/${id}`)).body.state).toBe('applying');
    await house.core.pool.query('drop trigger die on programme.import_links; drop function public.die()');
    await house.settle();
    const body = (await web.get(`/api/v1/imports/${id}`)).body;
    expect(body).toMatchObject({ state: 'done', outcome: { created: 13, changed: 0, failures: [] } });
    expect(states(body)).toEqual({ same: 13, refused: 2 });
    expect(
      (await web.get('/api/v1/users')).body.items.filter((user: { email: string }) =>
        user.email.endsWith('@acme.example'),
      ),
    ).toHaveLength(4);
    expect(admin.actor.kind).toBe('user');
  });
  test('the schedule, its override and the policy are what they were', async () => {
    const schedules = (await web.get('/api/v1/schedules')).body.items;
    const primary = schedules.find((one: { name: string }) => one.name === 'Primary');
    expect(primary).toMatchObject({
      zone: 'America/New_York',
      layers: [{ unit: 'week', every: 1, startsOn: '2024-02-05', handoverTime: '09:00' }],
    });
    expect(primary.participants.map((one: { name: string }) => one.name)).toEqual(['Earline Greenholt', 'Kyler Kuhn']);
    expect(primary.overrides).toMatchObject([{ person: { name: 'Tim Wright' }, reason: 'From PagerDuty' }]);
    const policy = (await web.get('/api/v1/escalation-policies')).body.items.find(
      (one: { name: string }) => one.name === 'Engineering',
    );
    expect(policy).toMatchObject({
      repeat: 2,
      ackTimeoutMinutes: 30,
      steps: [
        { delaySeconds: 900, targets: [{ name: 'Primary' }] },
        { delaySeconds: 1800, call: 'round_robin', targets: [{ name: 'Backup' }, { name: 'Earline Greenholt' }] },
      ],
    });
    const service = (await web.get('/api/v1/services?text=Checkout')).body.items.find(
      (one: { name: string }) => one.name === 'Checkout',
    );
    expect(service.policy.name).toBe('Engineering');
  });
  test('numbers come along unproven, nothing is sent to them, and a bad one does not stop its person', async () => {
    const { rows } = await house.core.pool.query(
      `select u.name, m.kind, m.value, m.verified_at from people.contact_methods m join security.users u on u.id = m.user_id where u.email like '%@acme.example' order by m.kind`,
    );
    expect(rows).toEqual([
      { name: 'Earline Greenholt', kind: 'sms', value: '+15551234567', verified_at: null },
      { name: 'Earline Greenholt', kind: 'voice', value: '+15551234567', verified_at: null },
    ]);
    const body = (await web.get(`/api/v1/imports/${id}`)).body;
    expect(body.outcome.byHand.map((one: { text: string }) => one.text).join()).toContain(
      '+112 is no way to reach them by SMS',
    );
    expect(house.smtp.messages).toEqual([]);
  });
  test('the audit log has every change, in the name of who asked for it', async () => {
    const { items } = (await web.get('/api/v1/audit?action=people.createSchedule')).body;
    expect(items).toHaveLength(2);
    expect(items[0].actor).toMatchObject({ kind: 'system', onBehalfOf: await house.userId('admin') });
  });
  test('the same import again is no change (row 84)', async () => {
    const again = await read();
    expect(states(again)).toEqual({ same: 13, refused: 2 });
    const audit = async () =>
      (await house.core.pool.query(`select count(*)::int as n from security.audit where action not like 'programme.%'`))
        .rows[0].n;
    const before = await audit();
    const done = await carry(again.id);
    expect(done.outcome).toMatchObject({ created: 0, changed: 0, failures: [] });
    expect(await audit()).toBe(before);
  });
  test('a change there is carried; an edit here stays; where both changed a person decides', async () => {
    const [, backup] = (await web.get('/api/v1/schedules')).body.items
      .map((one: { name: string }) => one)
      .filter((one: { name: string }) => ['Primary', 'Backup'].includes(one.name))
      .sort((a: { name: string }, b: { name: string }) => b.name.localeCompare(a.name));
    const layers = backup.layers.map(({ participants, ...layer }: any) => ({
      ...layer,
      participants: participants.map((one: { id: string }) => one.id),
      handoverTime: '10:00',
    }));
    expect(
      (
        await web.put(`/api/v1/schedules/${backup.id}`, {
          name: 'Backup',
          teamId: backup.teamId,
          zone: backup.zone,
          layers,
          version: backup.version,
          acceptWarnings: true,
        })
      ).status,
    ).toBe(200);
    pager.data.services![0]!.description = 'Takes the money, carefully';
    const body = await read();
    expect(rowOf(body, 'schedule:PRAILS1')).toMatchObject({
      state: 'kept',
      why: 'Edited here since; there it is unchanged.',
    });
    expect(rowOf(body, 'service:PIJ90N7')).toMatchObject({
      state: 'change',
      changes: [{ field: 'description', from: 'Takes the money', to: 'Takes the money, carefully' }],
    });
    pager.data.schedules![1]!.schedule_layers[0].rotation_turn_length_seconds = 86_400;
    const both = await read();
    expect(rowOf(both, 'schedule:PRAILS1')).toMatchObject({ state: 'conflict', choosable: true });
    expect((await carry(both.id)).outcome).toMatchObject({ changed: 1 });
    const kept = (await web.get(`/api/v1/schedules/${backup.id}`)).body;
    expect(kept.layers[0]).toMatchObject({ handoverTime: '10:00', unit: 'week' });
    const chosen = await carry((await read()).id, { overwrite: ['schedule:PRAILS1'] });
    expect(chosen.outcome).toMatchObject({ changed: 1 });
    expect((await web.get(`/api/v1/schedules/${backup.id}`)).body.layers[0]).toMatchObject({ unit: 'day' });
    expect(states(await read())).toEqual({ same: 13, refused: 2 });
  });
  test('a key that may read less next time takes nothing away', async () => {
    pager.forbidden.push(/^\/teams/);
    const body = await read();
    pager.forbidden.length = 0;
    expect(states(body)).toEqual({ same: 12, refused: 2 });
  });
  test('what has gone there stays here and is named; what was removed here does not come back by itself', async () => {
    const [service] = pager.data.services!.splice(1, 1);
    const checkout = (await web.get('/api/v1/services?text=Sofia')).body.items[0];
    expect(rowOf(await read(), 'service:PSERV02')).toMatchObject({ state: 'gone', ownId: checkout.id });
    pager.data.services!.push(service!);
    expect((await web.delete(`/api/v1/services/${checkout.id}`)).status).toBe(200);
    const body = await read();
    expect(rowOf(body, 'service:PSERV02')).toMatchObject({
      state: 'conflict',
      why: 'It was carried over once and removed here since.',
    });
    expect((await carry(body.id)).outcome.created).toBe(0);
    expect((await carry((await read()).id, { overwrite: ['service:PSERV02'] })).outcome.created).toBe(1);
  });
  test('something of the same name that was made here is not touched', async () => {
    const made = await web.post('/api/v1/teams', { name: 'Payments', description: 'ours', members: [] });
    pager.data.teams!.push({ id: 'PPAY', type: 'team', name: 'Payments', summary: 'Payments', description: 'theirs' });
    const body = await read();
    expect(rowOf(body, 'team:PPAY')).toMatchObject({
      state: 'conflict',
      choosable: true,
      ownId: made.body.id,
      why: 'There is a team of this name here that was not carried over.',
    });
    await carry(body.id);
    expect((await web.get(`/api/v1/teams/${made.body.id}`)).body.description).toBe('ours');
  });
  test('invitations are mailed only when asked for, and a person who has an account keeps it', async () => {
    const [template] = pager.data.users!;
    pager.data.users!.push(
      {
        ...template,
        id: 'PNEW',
        name: 'New Person',
        email: 'new.person@acme.example',
        role: 'limited_user',
        contact_methods: [],
      },
      { ...template, id: 'PADM', name: 'Known Here', email: 'Admin@Orchardline.example', contact_methods: [] },
    );
    const body = await read();
    expect(rowOf(body, 'user:PADM')).toMatchObject({
      state: 'same',
      about: expect.stringContaining('has an account already'),
    });
    const done = await carry(body.id, { sendInvitations: true });
    expect(done.outcome).toMatchObject({ created: 1, invited: 1 });
    expect(house.smtp.messages.map((mail) => mail.to)).toEqual([['new.person@acme.example']]);
    expect(house.smtp.messages[0]?.text).toContain('/join?token=');
  });
  test('two imports do not run at once, and what was read can be forgotten', async () => {
    const [one, two] = [await read(), await read()];
    expect((await web.post(`/api/v1/imports/${one.id}/apply`, {})).status).toBe(202);
    expect((await web.post(`/api/v1/imports/${two.id}/apply`, {})).body).toMatchObject({ rule: 'imports.busy' });
    await house.settle();
    expect((await web.delete(`/api/v1/imports/${two.id}`)).status).toBe(200);
    expect((await web.get(`/api/v1/imports/${two.id}`)).status).toBe(404);
    await house.advance('8d');
    const { forgetReadings } = await import('./jobs.ts');
    await forgetReadings.run(await house.ctx('system'), {});
    expect((await web.get(`/api/v1/imports/${one.id}`)).body).toMatchObject({ state: 'done', plan: null });
  });
});
