/** Connectors against targets that speak their wire: applied once, read back after a lost answer, undone, and never outside a drill. */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createToken } from '#security';
import { admit, allowList, workOnce } from '../../app/cli/runner.ts';
import { config } from '../../kernel/config.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { ledIncident } from '../../../test/harness/containment.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import type { ReceivedRequest } from '../../../test/fakes/sink.ts';
import { connectorOf, connectors } from './registry.ts';

let house: House;
let web: WebClient;
let state: Record<string, any>;
/** After the effect, the answer is lost. */
let lose: boolean;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  const admin = await house.signIn('admin');
  for (const kind of ['unleash', 'launchdarkly', 'github', 'gitlab', 'kubernetes', 'weights']) {
    const { status, text } = await admin.post('/api/v1/systems', {
      name: kind,
      kind,
      address: `${house.sink.url}/${kind}`,
      secret: 's3cret',
    });
    expect(status, text).toBe(201);
  }
});
afterAll(() => house.close());
beforeEach(() => {
  lose = false;
  state = {
    enabled: true,
    on: true,
    replicas: 3,
    unschedulable: false,
    template: 'v2',
    paused: false,
    weights: { first: 100, second: 0 },
    runs: [] as string[],
    pipelines: [] as { key: string; value: string }[][],
    writes: 0,
  };
  house.sink.clear();
  house.sink.answer((request) => {
    const answer = speak(request);
    if (request.method === 'GET' || answer.status >= 400) return answer;
    state.writes += 1;
    return lose ? { hangUp: true } : answer;
  });
});

const template = (image: string, hash: string) => ({
  metadata: { labels: { app: 'shop', 'pod-template-hash': hash } },
  spec: { containers: [{ name: 'shop', image }] },
});
function speak({ method, path, json }: ReceivedRequest): { status: number; body: object } {
  const ok = (body: object = {}) => ({ status: 200, body });
  const [, kind, ...rest] = path.split('?')[0]!.split('/');
  const at = rest.join('/');
  const sent = json as any;
  if (kind === 'unleash' && at.startsWith('api/admin/projects/default/features/checkout/environments/production')) {
    if (method === 'POST') state.enabled = at.endsWith('/on');
    return ok({ enabled: state.enabled });
  }
  if (kind === 'launchdarkly' && at === 'api/v2/flags/default/checkout') {
    if (method === 'PATCH') state.on = sent.instructions[0].kind === 'turnFlagOn';
    return ok({ environments: { production: { on: state.on } } });
  }
  if (kind === 'github') {
    if (method === 'POST') state.runs.push(`Roll back ${sent.inputs.evenkeel_key}`);
    return ok({ workflow_runs: state.runs.map((display_title: string) => ({ display_title })) });
  }
  if (kind === 'gitlab') {
    if (method === 'POST') state.pipelines.push(sent.variables);
    const one = /pipelines\/(\d+)\/variables$/.exec(at)?.[1];
    return ok(one ? state.pipelines[Number(one)] : state.pipelines.map((_: unknown, id: number) => ({ id })));
  }
  if (kind === 'weights') {
    if (method === 'PUT') state.weights = sent.weights;
    return ok({ weights: state.weights });
  }
  if (kind === 'kubernetes') return kubernetes(method, at, sent, ok);
  return { status: 404, body: { message: path } };
}
function kubernetes(method: string, at: string, sent: any, ok: (body?: object) => { status: number; body: object }) {
  if (at.endsWith('/scale')) {
    if (method === 'PATCH') state.replicas = sent.spec.replicas;
    return ok({ spec: { replicas: state.replicas } });
  }
  if (at.endsWith('deployments/shop')) {
    if (method === 'PATCH') state.template = sent[0].value.spec.containers[0].image;
    return ok({ metadata: { uid: 'u1' }, spec: { template: template(state.template, '') } });
  }
  if (at.endsWith('/replicasets')) {
    const set = (revision: string, image: string) => ({
      metadata: { ownerReferences: [{ uid: 'u1' }], annotations: { 'deployment.kubernetes.io/revision': revision } },
      spec: { template: template(image, `h${revision}`) },
    });
    return ok({ items: [set('1', 'v1'), set('2', 'v2')] });
  }
  if (at.startsWith('api/v1/nodes/')) {
    if (method === 'PATCH') state.unschedulable = sent.spec.unschedulable === true;
    return ok({ spec: { unschedulable: state.unschedulable } });
  }
  if (at.includes('/rollouts/')) {
    if (method === 'PATCH') {
      if (sent.spec) state.paused = sent.spec.paused;
      if (sent.status?.abort !== undefined) state.aborted = sent.status.abort;
      if (sent.status?.currentStepIndex !== undefined) state.step = sent.status.currentStepIndex;
    }
    return ok({
      spec: { paused: state.paused },
      status: { abort: state.aborted ?? false, currentStepIndex: state.step ?? 3, pauseConditions: [] },
    });
  }
  return { status: 404, body: {} };
}

const act = async (incidentId: string, action: string, params: object) => {
  const { body, status, text } = await web.post(`/api/v1/incidents/${incidentId}/actions`, {
    action,
    with: params,
    reason: 'a test',
  });
  expect(status, text).toBeLessThan(300);
  for (const role of ['responder', 'admin'] as const)
    await (await house.signIn(role)).post(`/api/v1/containment-actions/${body.id}/approve`);
  await house.settle();
  return read(incidentId, body.id);
};
const read = async (incidentId: string, id: string) =>
  (await web.get(`/api/v1/incidents/${incidentId}/containment`)).body.actions.find(
    (one: { id: string }) => one.id === id,
  );
const undo = async (incidentId: string, id: string) => {
  await web.post(`/api/v1/containment-actions/${id}/undo`, { reason: 'a test' });
  await house.settle();
  return read(incidentId, id);
};

const shop = { system: 'kubernetes', namespace: 'shop' };
const CASES: [string, object, (now: typeof state) => unknown, unknown, unknown][] = [
  ['unleash.toggle', { system: 'unleash', feature: 'checkout', enabled: false }, (now) => now.enabled, false, true],
  ['launchdarkly.toggle', { system: 'launchdarkly', flag: 'checkout', on: false }, (now) => now.on, false, true],
  ['kubernetes.scale', { ...shop, deployment: 'shop', replicas: 9 }, (now) => now.replicas, 9, 3],
  ['kubernetes.rollback', { ...shop, deployment: 'shop' }, (now) => now.template, 'v1', 'v2'],
  ['kubernetes.cordon', { system: 'kubernetes', node: 'node-1' }, (now) => now.unschedulable, true, false],
  ['rollouts.pause', { ...shop, rollout: 'shop' }, (now) => now.paused, true, false],
  ['rollouts.abort', { ...shop, rollout: 'shop' }, (now) => now.aborted, true, false],
  ['rollouts.reduce', { ...shop, rollout: 'shop', step: 1 }, (now) => now.step, 1, 3],
  [
    'traffic.weight',
    { route: 'weights', to: 'second', pct: 30 },
    (now) => now.weights,
    { first: 70, second: 30 },
    { first: 100, second: 0 },
  ],
];

describe('a target with a state', () => {
  test.each(CASES)('%s is applied once and undone', async (action, params, now, after, before) => {
    const { incident } = await ledIncident(house);
    const done = await act(incident.id, action, params);
    expect(done.state, JSON.stringify(done.error ?? done.rules)).toBe('effective');
    expect(now(state)).toEqual(after);
    expect(state.writes).toBe(1);
    expect((await undo(incident.id, done.id)).state).toBe('undone');
    expect(now(state)).toEqual(before);
  });

  test('whose answer was lost is read, not sent again', async () => {
    const { incident } = await ledIncident(house);
    lose = true;
    const done = await act(incident.id, 'kubernetes.scale', { ...shop, deployment: 'shop', replicas: 5 });
    expect(done.state).toBe('effective');
    expect(state).toMatchObject({ replicas: 5, writes: 1 });
  });

  test('that somebody changed since is not overwritten by an undo', async () => {
    const { incident } = await ledIncident(house);
    const done = await act(incident.id, 'kubernetes.scale', { ...shop, deployment: 'shop', replicas: 5 });
    state.replicas = 7;
    const after = await undo(incident.id, done.id);
    expect(after.state).toBe('needs_human');
    expect(after.error).toContain('somebody changed it since');
    expect(state.replicas).toBe(7);
  });

  test('traffic moves in steps, and other ways keep their proportion', async () => {
    const { incident } = await ledIncident(house);
    const done = await act(incident.id, 'traffic.weight', {
      route: 'weights',
      to: 'second',
      steps: [10, 30, 80],
      max_pct: 60,
    });
    expect(done.state).toBe('effective');
    const puts = house.sink.requests
      .filter((one) => one.method === 'PUT')
      .map((one) => (one.json as any).weights.second);
    expect(puts).toEqual([10, 30, 60]);
  });
});

describe('a target that does something once', () => {
  test.each([
    [
      'github.workflow',
      { system: 'github', repo: 'shop/checkout', workflow: 'rollback.yml', undo_inputs: { to: 'newest' } },
      () => state.runs.length,
    ],
    [
      'gitlab.pipeline',
      { system: 'gitlab', project: 'shop/checkout', variables: { TO: 'previous' }, undo_variables: { TO: 'newest' } },
      () => state.pipelines.length,
    ],
  ] as const)(
    '%s is started once although its answer was lost, and undone by a second run',
    async (action, params, started) => {
      const { incident } = await ledIncident(house);
      lose = true;
      const done = await act(incident.id, action, params);
      expect(done.state, JSON.stringify(done.error ?? done.rules)).toBe('effective');
      expect(started()).toBe(1);
      lose = false;
      expect((await undo(incident.id, done.id)).state).toBe('undone');
      expect(started()).toBe(2);
    },
  );

  test('a stored PostgreSQL command runs with values only; what is not stored is refused', async () => {
    const { host, port, user, password } = inject('database') as {
      host: string;
      port: number;
      user: string;
      password?: string;
    };
    if (host.startsWith('/')) config.egressAllow.push(`localhost:${port}`);
    const { incident } = await ledIncident(house);
    const admin = await house.signIn('admin');
    const bad = await admin.post('/api/v1/systems', {
      name: 'orders-db',
      kind: 'postgres',
      address: 'postgres://u:p@h/db',
      options: { commands: {} },
    });
    expect(bad.body.rule).toBe('playbooks.system');
    if (host.startsWith('/')) return;
    const saved = await admin.post('/api/v1/systems', {
      name: 'orders-db',
      kind: 'postgres',
      address: `postgres://${user}@${host}:${port}/postgres`,
      ...(password && { secret: password }),
      options: {
        commands: {
          note: {
            sql: "select set_config('evenkeel.test', $1::text, false)",
            check: 'select $1::text is not null',
            undo: 'select 1 where $1::text is not null',
          },
        },
      },
    });
    expect(saved.status, saved.text).toBe(201);
    expect(
      (await act(incident.id, 'postgres.run', { system: 'orders-db', command: 'note', args: ["'; drop table x; --"] }))
        .state,
    ).toBe('effective');
    expect((await act(incident.id, 'postgres.run', { system: 'orders-db', command: 'other' })).error).toContain(
      'no stored statement',
    );
  });
});

describe('a runner', () => {
  const list = allowList.parse({
    touch: { program: '/usr/bin/printf', args: ['%s'], accepts: ['word'] },
    fails: { program: '/bin/false' },
  });
  test('admits what its own list has, word by word, and never an option or a shell', () => {
    expect(admit(list, { command: 'touch', args: ['ok'] })).toEqual({
      run: { program: '/usr/bin/printf', args: ['%s', 'ok'], timeoutMs: 60_000 },
    });
    for (const args of [['-rf'], ['a;b'], ['$(x)'], ['a b'], [], ['a', 'b']])
      expect(admit(list, { command: 'touch', args })).toHaveProperty('refused');
    expect(admit(list, { command: 'constructor', args: [] })).toHaveProperty('refused');
  });
  test('fetches a job, runs it and tells how it ended; what the list lacks is refused without a trace', async () => {
    const { incident } = await ledIncident(house);
    const admin = await house.signIn('admin');
    await admin.post('/api/v1/systems', { name: 'hosts', kind: 'runner' });
    const { secret } = await createToken(await house.ctx('admin'), {
      name: 'host-1',
      scopes: ['playbooks.pollRunner', 'playbooks.finishRunner'],
    });
    const where = { url: house.url, token: secret, system: 'hosts', name: 'host-1' };
    expect(await workOnce(where, list)).toBe(false);
    const acted = act(incident.id, 'runner.run', { system: 'hosts', command: 'touch', args: ['hello'] });
    const fetchJob = async () => {
      while (!(await workOnce(where, list))) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await fetchJob();
    expect(await acted).toMatchObject({ state: 'effective' });
    const refused = act(incident.id, 'runner.run', { system: 'hosts', command: 'reboot' });
    await fetchJob();
    expect((await refused).error).toContain('not on the allow-list');
  });
});

test('every connector has a health, a plan, an apply, a read and an undo, and a simulator that reaches nothing in a drill', async () => {
  const { incident } = await ledIncident(house, { exercise: true });
  for (const connector of connectors)
    for (const face of [connector.real, connector.simulator])
      expect(Object.keys(face).toSorted()).toEqual(['apply', 'plan', 'read', 'undo']);
  for (const [action, params] of CASES) {
    house.sink.clear();
    const done = await act(incident.id, action, params);
    expect(done, `${action} ${JSON.stringify(done?.rules)}`).toMatchObject({ state: 'effective', simulated: true });
    expect(house.sink.requests.filter((one) => one.method !== 'GET')).toEqual([]);
    expect((await undo(incident.id, done.id)).state).toBe('undone');
  }
  expect(connectorOf('haproxy.drain')?.kind.manual({ backend: 'shop', server: 'web1' })).toContain(
    'set server shop/web1 state drain',
  );
});
