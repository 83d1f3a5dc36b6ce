/** Story: writes are kept back in a degraded mode; processes are killed while they accept and while they apply; none is lost, none applied twice. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '#security';
import { saveFlag, startRun } from '#playbooks';
import { createClient } from '../../client/src/index.ts';
import type { WebClient } from '../harness/client.ts';
import { approvedPlaybook, ledIncident } from '../harness/containment.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
let web: WebClient;
let dir: string;
let receiver: Server;
/** The real other side: applies a key once, and counts what came. */
const applied = new Map<string, number>();
let deliveries = 0;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  dir = mkdtempSync(join(tmpdir(), 'evenkeel-writes-'));
  receiver = createServer((request, response) => {
    const key = String(request.headers['idempotency-key']);
    deliveries += 1;
    if (!applied.has(key)) applied.set(key, applied.size);
    response.end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  receiver.close();
  rmSync(dir, { recursive: true, force: true });
  await house.close();
});
const receives = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

/** Runs the writer until it ends, or kills it the moment a line is said. */
function writer(file: string, from: number, to: number, killAt?: (line: string) => boolean): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../harness/writer-process.ts'), file, receives(), String(from), String(to)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (part) => {
    rest += part;
    const whole = rest.split('\n');
    rest = whole.pop()!;
    for (const line of whole) {
      lines.push(line);
      if (killAt?.(line)) child.kill('SIGKILL');
    }
  });
  return new Promise((resolve) => child.once('close', () => resolve(lines)));
}
const accepted = (lines: string[]) =>
  lines.filter((line) => line.startsWith('accepted ')).map((line) => Number(line.slice(9)));

test('1,000 writes, killed while accepting and killed in the middle of applying: none is lost and none is applied twice', async () => {
  const file = join(dir, 'orders.log');
  const first = await writer(file, 0, 1_000, (line) => line === 'accepted 400');
  const told = new Set(accepted(first));
  expect(told.size).toBeGreaterThan(400);
  expect(told.size).toBeLessThan(1_000);
  const second = await writer(file, 0, 1_000, (line) => line.startsWith('applied order-5'));
  for (const one of accepted(second)) told.add(one);
  expect(told.size).toBe(1_000);
  expect(applied.size).toBeLessThan(1_000);
  const third = await writer(file, 0, 0);
  expect(third.at(-1)).toContain('"queued":0');
  expect([...applied.keys()].toSorted()).toEqual([...told].map((one) => `order-${one}`).toSorted());
  // In the order they were accepted in, and at most what was on its way at a kill was sent a second time.
  expect([...applied.keys()]).toEqual([...applied.keys()].toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6))));
  expect(deliveries).toBeLessThanOrEqual(1_002);
});

const source = (whole: boolean) => `
apiVersion: ir/v1
kind: Runbook
metadata: {name: defer-${whole ? 'whole' : 'half'}, title: Keep orders back, version: 1.0.0, owner: "group:orders", services: []}
spec:
  summary: Keep orders back and apply them later.
  probes:
    up: {provider: http, target: "http://127.0.0.1:1/", every: 1m}
  degraded_modes:
    - id: orders_later
      flag: orders.mode
      enter: {set: later}
      exit: {set: now}
      max_duration: 6h
      customer_effect: Orders are taken at once and confirmed later.
      data_integrity: {writes: queued, ${whole ? 'ordering: per_order, idempotency: one key per order,' : ''} precheck: [probe.up.ok], invariants: [probe.up.ok], reconcile: [compare_ledger], reads: {stale_up_to: 0s}}
  containment:
    - {id: look, type: manual, timebox: 10m, text: Look at it}
    - {id: contained, type: check, expr: probe.up.ok, marks: contained}
`;

test('a mode is entered only with a whole contract, reaches the service as a flag, and is off only when every queue has drained and was compared', async () => {
  await saveFlag(await house.ctx('manager'), {
    key: 'orders.mode',
    description: '',
    variants: { now: 'now', later: 'later' },
    defaultVariant: 'now',
    state: 'enabled',
    serviceId: null,
  });
  const { incident } = await ledIncident(house);
  const propose = async (action: string) => {
    const { body } = await web.post(`/api/v1/incidents/${incident.id}/actions`, {
      action,
      with: { mode: 'orders_later' },
      reason: 'the ledger is down',
    });
    await web.post(`/api/v1/containment-actions/${body.id}/approve`);
    await house.settle();
    return body;
  };
  const modes = async () => (await web.get(`/api/v1/incidents/${incident.id}/degraded-modes`)).body.items;
  const playbookId = await approvedPlaybook(house, source(true));
  await startRun(await house.ctx('responder'), { incidentId: incident.id, playbookId });
  await propose('degraded.enter');
  expect(await modes()).toMatchObject([
    { name: 'orders_later', state: 'on', contract: { writes: 'queued', ordering: 'per_order' } },
  ]);

  const { secret } = await createToken(await house.ctx('admin'), {
    name: 'shop',
    scopes: ['flags.read', 'playbooks.reportQueue'],
  });
  const open = () =>
    createClient({ url: house.url, token: secret, name: 'shop-1', directory: join(dir, 'client'), everyMs: 3_600_000 });
  const client = await open();
  const got: string[] = [];
  const orders = client.writes<{ n: number }>('orders.mode', 'later', async ({ key }) => void got.push(key));
  for (let n = 0; n < 5; n++) expect(await orders.put(`o${n}`, { n })).toBe('kept');
  expect(await orders.report()).toBe(true);

  await propose('degraded.exit');
  expect((await modes())[0]).toMatchObject({ state: 'exiting', detail: 'shop-1 holds 5 writes' });
  const early = await web.post(`/api/v1/incidents/${incident.id}/restored`, {
    note: 'x',
    waiver: { kind: 'accepted', reason: 'x' },
  });
  expect(early.status).toBe(409);
  await client.refresh();
  // Order holds: what is written now goes behind what still waits.
  expect(await orders.put('o5', { n: 5 })).toBe('applied');
  expect(got).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5']);
  await orders.report();
  await house.settle();
  const [mode] = await modes();
  expect(mode).toMatchObject({ state: 'reconciling', queues: [{ reporter: 'shop-1', queued: 0, drained: 6 }] });
  const done = await web.post(`/api/v1/degraded-modes/${mode.id}/reconcile`, {
    step: 'compare_ledger',
    note: 'both say 6',
  });
  expect(done.status, done.text).toBe(200);
  await house.settle();
  expect((await modes())[0].state).toBe('off');
  client.close();
  orders.queue.close();
});

test('when the server is gone, the last good state on disk goes on holding; a frozen service is told who to ask', async () => {
  const { secret } = await createToken(await house.ctx('admin'), { name: 'shop-2', scopes: ['flags.read', 'read'] });
  const { incident, service } = await ledIncident(house);
  const { body } = await web.post(`/api/v1/incidents/${incident.id}/actions`, {
    action: 'traffic.retry_policy',
    with: { target: 'psp/paybridge', max_attempts: 1, retry_ratio_max: 0 },
    reason: 'slow',
  });
  await web.post(`/api/v1/containment-actions/${body.id}/approve`);
  await web.post(`/api/v1/incidents/${incident.id}/freezes`, { serviceId: service.id, reason: 'hold still' });
  await house.settle();
  const options = { url: house.url, token: secret, name: 'shop-2', directory: join(dir, 'gone'), everyMs: 3_600_000 };
  const first = await createClient(options);
  expect(first.policy('psp/paybridge')).toMatchObject({ max_attempts: 1, retry_ratio_max: 0 });
  expect(await first.gate(service.slug)).toMatchObject({
    decision: 'deny',
    incident: expect.stringContaining(incident.key),
  });
  expect(await first.gate(service.slug, { label: 'incident-fix', ref: 'abc' })).toMatchObject({
    decision: 'allow_exception',
  });
  let tries = 0;
  const answer = await first.call('psp/paybridge', async () => (tries++, new Response('', { status: 503 })), 'order-1');
  expect([answer.status, tries]).toEqual([503, 1]);
  first.close();
  const alone = await createClient({ ...options, url: 'http://127.0.0.1:1' });
  expect(alone.ageSeconds()).toBeNull();
  expect(alone.policy('psp/paybridge')).toMatchObject({ max_attempts: 1, retry_ratio_max: 0 });
  expect(alone.banner()).toBeNull();
  expect(await alone.gate(service.slug)).toMatchObject({ decision: 'deny' });
  expect(await alone.gate(service.slug, { otherwise: 'allow' })).toMatchObject({ decision: 'allow' });
  alone.close();
});
