/** Moving from Opsgenie, Grafana OnCall and GoAlert: read by their real HTTP, carried over, and again without a change. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakePager, openGoAlert, openOnCall, openOpsgenie } from '../../../../test/fakes/pagers.ts';
import { goAlertCompany, onCallCompany, opsgenieCompany } from '../../../../test/fixtures/imports/others.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';
import { projectPath } from '#kernel';
import { GOALERT_QUERY } from './goalert/index.ts';

let house: House;
let web: WebClient;
const open: FakePager[] = [];
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('admin');
});
afterAll(async () => {
  await Promise.all(open.map((pager) => pager.close()));
  await house.close();
});

async function read(vendor: string, pager: FakePager, key = pager.key) {
  const { body: started } = await web.post('/api/v1/imports', { vendor, baseUrl: pager.url, key });
  for (let tried = 0; tried < 200; tried++) {
    const { body } = await web.get(`/api/v1/imports/${started.id}`);
    if (body.state !== 'reading') return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('still reading');
}
async function carry(id: string) {
  expect((await web.post(`/api/v1/imports/${id}/apply`, {})).status).toBe(202);
  await house.settle();
  return (await web.get(`/api/v1/imports/${id}`)).body;
}
const rowOf = (body: any, key: string) => body.plan.rows.find((row: { key: string }) => row.key === key);
const notesOf = (body: any, key: string) =>
  rowOf(body, key)
    .notes.map((note: { text: string }) => note.text)
    .join('\n');
const refused = (body: any) =>
  body.plan.rows.filter((row: { state: string }) => row.state === 'refused').map((row: { key: string }) => row.key);
const named = async (path: string, name: string) =>
  (await web.get(path)).body.items.find((one: { name: string }) => one.name === name);
const now = async () => (await house.ctx('system')).now;

describe('Opsgenie', () => {
  let pager: FakePager;
  let body: any;
  beforeAll(async () => {
    pager = await openOpsgenie(opsgenieCompany(await now()));
    open.push(pager);
    body = await read('opsgenie', pager);
  });
  test('a wrong key and a forbidden part are told apart', async () => {
    expect((await read('opsgenie', pager, 'nonsense')).problem).toContain('Opsgenie does not accept this key');
    pager.forbidden.push(/services/);
    const partly = await read('opsgenie', pager);
    pager.forbidden.length = 0;
    expect(partly.plan.notes.map((note: { text: string }) => note.text).join()).toContain(
      'Could not be read: services',
    );
  });
  test('rotations side by side become schedules side by side, those that never meet become layers', () => {
    const key = 'schedule:d875e654-9b4e-4219-a803-0c26936d18de';
    expect(rowOf(body, `${key}#rot-first`)).toMatchObject({
      name: 'ops_team_schedule / First line',
      check: { agrees: true },
    });
    expect(rowOf(body, `${key}#rot-second`)).toMatchObject({ name: 'ops_team_schedule / Second line' });
    expect(rowOf(body, 'schedule:d875e654-9b4e-4219-a803-0c26936d18df').about).toBe(
      'Europe/Berlin · 2 layers · 3 people',
    );
  });
  test('a delay counted from the alert becomes the time to answer; what cannot be said is named', () => {
    expect(notesOf(body, 'policy:esc-main')).toContain('next person on call of Office and night');
    expect(notesOf(body, 'policy:esc-main')).toContain('if not closed');
    expect(rowOf(body, 'policy:esc-main').about).toBe('3 steps · repeated 2×');
  });
  test('a circle of escalations is refused with its way round; teams in a rotation too (row 83)', () => {
    expect(rowOf(body, 'policy:esc-round').why).toBe(
      'It goes round in a circle: Round and round → Back → Round and round',
    );
    expect(rowOf(body, 'schedule:sch-team').why).toContain('team ops_team takes turns in it');
    expect(refused(body)).toEqual([
      'schedule:sch-team',
      'policy:esc-round',
      'policy:esc-back',
      'integration:int-slack',
    ]);
  });
  test('carried over, the policy calls both lines, and again is no change', async () => {
    const done = await carry(body.id);
    expect(done.outcome.failures).toEqual([]);
    const policy = await named('/api/v1/escalation-policies', 'ops_team_escalation');
    expect(
      policy.steps.map((step: any) => [step.delaySeconds, step.targets.map((target: any) => target.name)]),
    ).toEqual([
      [300, ['ops_team_schedule / First line', 'ops_team_schedule / Second line']],
      [600, ['Cleo Clark']],
      [600, ['ops_team']],
    ]);
    expect((await named('/api/v1/services', 'Payments')).policy.name).toBe('ops_team_escalation');
    const beat = await named('/api/v1/heartbeats', 'nightly backup');
    expect(beat).toMatchObject({ intervalSeconds: 86_400, severity: 'error' });
    const again = await read('opsgenie', pager);
    expect(again.plan.counts).toMatchObject({ create: 0, change: 0, kept: 0, conflict: 0 });
  });
});

describe('Grafana OnCall', () => {
  let pager: FakePager;
  let body: any;
  beforeAll(async () => {
    pager = await openOnCall(onCallCompany(await now()));
    open.push(pager);
    body = await read('oncall', pager);
  });
  test('levels lie over each other; a calendar file is refused', () => {
    expect(body.problem).toBeNull();
    expect(refused(body)).toEqual(['schedule:SICAL']);
    expect(rowOf(body, 'schedule:SWEEK').about).toBe('Europe/London · 2 layers · 3 people');
    expect(notesOf(body, 'user:UALEX')).toContain('phone number there');
    expect(notesOf(body, 'service:CAM')).toContain('severity=critical');
    expect(rowOf(body, 'user:UCARL').about).toContain('responder');
  });
  test('carried over: turns begin on the week’s first day with the right person, two at once become two schedules', async () => {
    expect((await carry(body.id)).outcome.failures).toEqual([]);
    const platform = await named('/api/v1/schedules', 'Platform');
    expect(platform.layers[0]).toMatchObject({
      unit: 'week',
      handoverWeekday: 1,
      handoverTime: '09:00',
      windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
    });
    expect(platform.layers[0].participants.map((one: any) => one.name)).toEqual(['bea', 'carl', 'alex']);
    expect(platform.overrides).toMatchObject([{ person: { name: 'carl' } }]);
    const policy = await named('/api/v1/escalation-policies', 'platform');
    expect(policy).toMatchObject({ repeat: 5 });
    expect(
      policy.steps.map((step: any) => [step.delaySeconds, step.targets.map((target: any) => target.name)]),
    ).toEqual([
      [300, ['Platform']],
      [900, ['bea', 'Pair / OPAIR 1', 'Pair / OPAIR 2']],
      [300, ['alex', 'carl']],
    ]);
    expect(policy.steps[2]).toMatchObject({ call: 'round_robin', when: { hours: { zone: 'UTC', outside: 'wait' } } });
    const again = await read('oncall', pager);
    expect(again.plan.counts).toMatchObject({ create: 0, change: 0, kept: 0, conflict: 0 });
  });
});

describe('GoAlert', () => {
  let pager: FakePager;
  let body: any;
  beforeAll(async () => {
    pager = await openGoAlert(goAlertCompany(await now()));
    open.push(pager);
    body = await read('goalert', pager);
  });
  test('one document reads everything, page by page', () => {
    expect(body.problem).toBeNull();
    expect(body.plan.rows.filter((row: { kind: string }) => row.kind === 'user')).toHaveLength(3);
    expect(pager.requests.length).toBeGreaterThan(1);
    expect(new Set(pager.requests.map((request) => (request.json as { query: string }).query)).size).toBe(1);
  });
  test('the guide prints exactly the query that the key must be made for', () => {
    expect(readFileSync(projectPath('docs/operate/leaving-goalert.md'), 'utf8')).toContain(GOALERT_QUERY);
  });
  test('whoever has the rotation there has it here', async () => {
    expect((await carry(body.id)).outcome.failures).toEqual([]);
    const onCall = (await web.get('/api/v1/on-call')).body.items.find((one: any) => one.schedule.name === 'Primary');
    expect(onCall.now.person.name).toBe('Bob');
    const office = await named('/api/v1/schedules', 'Office');
    expect(office.layers.map((layer: any) => [layer.name, layer.windows[0].from, layer.windows[0].to])).toEqual([
      ['Bob', '09:00', '17:00'],
      ['Cat', '17:00', '09:00'],
    ]);
    const policy = await named('/api/v1/escalation-policies', 'Default');
    expect(policy.steps.map((step: any) => step.targets.map((target: any) => target.name))).toEqual([
      ['Primary'],
      ['Managers'],
    ]);
  });
  test('replacements are carried, what only adds somebody is named, and a week later nothing has changed', async () => {
    expect(body.plan.notes.map((note: { text: string }) => note.text).join()).toContain('only adds somebody');
    const primary = await named('/api/v1/schedules', 'Primary');
    expect(primary.overrides).toMatchObject([
      { person: { name: 'Cat' }, replaces: { name: 'Bob' } },
      { person: { name: 'Cat' }, replaces: null },
    ]);
    await house.advance('7d');
    // The week has passed on there too.
    pager.data.rotations![0]!.activeUserIndex = 0;
    const again = await read('goalert', pager);
    expect(again.plan.counts).toMatchObject({ create: 0, change: 0, kept: 0, conflict: 0 });
  });
});
