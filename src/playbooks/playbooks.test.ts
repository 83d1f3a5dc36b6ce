/** Playbooks from source to a pinned run. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../test/harness/house.ts';
import { libraryPlaybooks } from './index.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const source = () => libraryPlaybooks().find((one) => one.file === 'card-payments-slow.yaml')!.source;

describe('versions', () => {
  test('a playbook is written by one person and approved by a second', async () => {
    const manager = await house.signIn('manager');
    const admin = await house.signIn('admin');
    const saved = await manager.post('/api/v1/playbooks', { source: source() });
    expect(saved.status).toBe(201);
    expect(saved.body).toMatchObject({ number: 1, version: '1.0.0', state: 'draft' });
    const own = await manager.post(`/api/v1/playbook-versions/${saved.body.id}/approve`);
    expect(own.status).toBe(403);
    expect(own.body.rule).toBe('playbooks.version.second_person');
    const approved = await admin.post(`/api/v1/playbook-versions/${saved.body.id}/approve`);
    expect(approved.body).toMatchObject({ state: 'approved', approvedBy: { name: 'Ada Admin' } });
  });

  test('the same source again makes no new version; another one makes the next draft', async () => {
    const manager = await house.signIn('manager');
    const again = await manager.post('/api/v1/playbooks', { source: source() });
    expect(again.body).toMatchObject({ number: 1, state: 'approved' });
    const next = await manager.post('/api/v1/playbooks', {
      source: source().replace('version: 1.0.0', 'version: 1.1.0'),
    });
    expect(next.body).toMatchObject({ number: 2, version: '1.1.0', state: 'draft' });
    const list = await manager.get('/api/v1/playbooks');
    expect(list.body.items).toMatchObject([
      { name: 'card-payments-slow', approvedVersion: '1.0.0', latestVersion: '1.1.0', draftWaiting: true },
    ]);
  });

  test('a source with a fault is refused with line and column, and validation shows it without saving', async () => {
    const manager = await house.signIn('manager');
    const bad = source().replace('    soak: 10m', '    soak: soon');
    const checked = await manager.post('/api/v1/playbooks/validate', { source: bad });
    expect(checked.body).toMatchObject({
      ok: false,
      problems: [{ rule: 'PB01', path: 'spec.readiness.soak', line: expect.any(Number) }],
    });
    const refused = await manager.post('/api/v1/playbooks', { source: bad });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].message).toContain('line ');
  });

  test('a responder may not write playbooks, a viewer may read them', async () => {
    expect((await (await house.signIn('responder')).post('/api/v1/playbooks', { source: source() })).status).toBe(403);
    expect((await (await house.signIn('viewer')).get('/api/v1/playbooks/card-payments-slow')).status).toBe(200);
    expect((await house.anonymous.get('/api/v1/playbooks')).status).toBe(401);
  });
});
