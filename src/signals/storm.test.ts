/** What must hold when much happens at once, when a node dies in between, and when a signal cannot be processed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanager, pagerduty } from '../../test/harness/alerts.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { sql } from '../kernel/index.ts';
import { createService } from '../catalog/index.ts';
import { readBody } from './ingest/body.ts';
import { alertmanager as family } from './ingest/alertmanager/index.ts';
import type { Family } from './ingest/family.ts';
import { receive } from './commands/receive.ts';
import { integrationOf } from './integrations/store.ts';
import { sweep } from './jobs.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const count = async (query: ReturnType<typeof sql<{ n: number }>>) =>
  Number((await query.execute(house.core.db)).rows[0]?.n);

describe('many posts at once', () => {
  it('leave one group per service and count every alert exactly, with two integrations and shared keys in every order', async () => {
    const services = await Promise.all(
      ['North', 'South'].map(async (name) => createService(await house.ctx('manager'), { name })),
    );
    const [one, two] = [await pagerduty(house), await alertmanager(house)];
    const posts = Array.from({ length: 120 }, (_, n) => async () => {
      const service = n % 2 ? 'north' : 'south';
      if (n % 3 !== 0)
        return one.event(n % 12 === 1 ? 'resolve' : 'trigger', `k${n % 10}`, {
          severity: 'warning',
          custom_details: { service },
        });
      const keys = n % 2 ? [1, 2, 3] : [3, 2, 1];
      return two.post({
        groupKey: `g${n % 4}`,
        alerts: keys.map((k) => ({
          status: n % 9 === 0 ? 'resolved' : 'firing',
          fingerprint: `f${k}`,
          labels: { alertname: 'A', service, severity: 'warning' },
        })),
      });
    });
    const answers = await Promise.all(posts.map((post) => post()));
    expect(answers.filter((answer) => answer.status !== 202)).toEqual([]);
    await house.settle();
    expect(await count(sql`select count(*) n from signals.signals where state <> 'processed'`)).toBe(0);
    // The counters of every group equal a recount of its alerts.
    const wrong = await sql`
      select g.id from signals.groups g left join signals.alerts a on a.group_id = g.id
      group by g.id having g.alert_count <> count(a.id) or g.firing_count <> count(a.id) filter (where a.state = 'firing')
        or g.event_count <> coalesce(sum(a.count), 0) or g.flaps <> coalesce(sum(a.flaps), 0)`.execute(house.core.db);
    expect(wrong.rows).toEqual([]);
    expect(
      await count(sql`select count(*) n from signals.alerts a join catalog.services s on s.id = a.service_id`),
    ).toBeGreaterThan(0);
    expect(services).toHaveLength(2);
  });
});

describe('people and sources at once', () => {
  it('a person resolves while triggers go on coming in: nothing fires in a resolved group, and every count is exact', async () => {
    const sender = await pagerduty(house, { name: 'Contested' });
    const responder = await house.signIn('responder');
    const groups = async () =>
      (await responder.get(`/api/v1/alert-groups?integrationId=${sender.id}&state=active`)).body.items;
    for (let round = 0; round < 6; round++) {
      await sender.event('trigger', 'contested', { severity: 'info' });
      const [group] = await groups();
      const [resolve, ...posts] = await Promise.all([
        responder.post(`/api/v1/alert-groups/${group.id}/resolve`),
        ...Array.from({ length: 8 }, () => sender.event('trigger', 'contested', { severity: 'info' })),
      ]);
      expect([200, 409]).toContain(resolve?.status);
      expect(posts.every((post) => post.status === 202)).toBe(true);
    }
    expect(
      await count(sql`select count(*) n from signals.alerts a join signals.groups g on g.id = a.group_id
        where g.integration_id = ${sender.id} and a.state = 'firing' and g.state = 'resolved'`),
    ).toBe(0);
    expect(await count(sql`select sum(count)::int n from signals.alerts where integration_id = ${sender.id}`)).toBe(54);
    expect(
      await count(sql`select sum(event_count)::int n from signals.groups where integration_id = ${sender.id}`),
    ).toBe(54);
    await house.settle();
  });
});

describe('lists', () => {
  it('of groups and alerts refuse what cannot be meant, and page exactly through everything', async () => {
    const sender = await pagerduty(house, { name: 'Listed' });
    for (let n = 0; n < 7; n++)
      await sender.event('trigger', `listed-${n}`, { severity: 'info', summary: `Listed ${n}` });
    const viewer = await house.signIn('viewer');
    for (const list of ['alerts', 'alert-groups']) {
      for (const query of [
        'limit=-1',
        'limit=1e9',
        'limit=NaN',
        'limit[]=1',
        'limit=1&limit=2',
        'cursor=abc',
        'cursor=a.b',
        'sort=constructor',
        'filter[__proto__]=1',
        'nope=1',
        'state=on',
        'severity=SEV1',
        'text=%00',
        `text=${'x'.repeat(10_000)}`,
      ]) {
        expect((await viewer.get(`/api/v1/${list}?${query}`)).status, `${list} ${query.slice(0, 40)}`).toBe(400);
      }
      for (const text of ["'; drop table signals.alerts; --", '%%%%', '\\', "a & b | !c:* <-> 'x'"]) {
        expect(await viewer.get(`/api/v1/${list}?text=${encodeURIComponent(text)}`), text).toMatchObject({
          status: 200,
          body: { items: [] },
        });
      }
      for (const id of ['nope', 'x'.repeat(90), '%00', '..%2f'])
        expect((await viewer.get(`/api/v1/${list}/${id}`)).status, id).toBe(404);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await viewer.get(
        `/api/v1/alerts?integrationId=${sender.id}&limit=3${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map((item: { title: string }) => item.title));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `Listed ${n}`));
    const foreign = (await viewer.get('/api/v1/alerts?limit=1')).body.nextCursor;
    expect((await viewer.get(`/api/v1/alert-groups?cursor=${foreign}`)).status).toBe(400);
    expect((await house.anonymous.get('/api/v1/alerts')).status).toBe(401);
  });
});

describe('an accepted signal reaches a terminal state', () => {
  const body = (key: string) =>
    Buffer.from(
      JSON.stringify({
        groupKey: key,
        alerts: [{ status: 'firing', fingerprint: key, labels: { alertname: key, severity: 'critical' } }],
      }),
    );
  const take = async (sender: { id: string }, key: string, more: { family?: Family; defer?: boolean } = {}) => {
    const ctx = await house.ctx('system');
    const bytes = body(key);
    return receive(ctx, {
      family: more.family ?? family,
      integration: await integrationOf(ctx, sender.id),
      purpose: 'alerts',
      contentType: 'application/json',
      headers: {},
      bytes,
      body: readBody('application/json', bytes),
      defer: more.defer ?? false,
    });
  };

  it('also when its node dies after storing it: another node finds it within a minute', async () => {
    const sender = await alertmanager(house);
    const { signalId } = await take(sender, 'left', { defer: true });
    await sql`delete from graphile_worker._private_jobs where task_id in (select id from graphile_worker._private_tasks where identifier = 'signals.process')`.execute(
      house.core.db,
    );
    await house.advance('40s');
    expect(await count(sql`select count(*) n from signals.alerts where integration_id = ${sender.id}`)).toBe(0);
    await sweep.run(await house.ctx('system'), {});
    await house.settle();
    expect(await count(sql`select count(*) n from signals.alerts where last_signal_id = ${signalId}`)).toBe(1);
    expect(
      await count(sql`select count(*) n from signals.signals where id = ${signalId} and state = 'processed'`),
    ).toBe(1);
    // Once more changes nothing.
    await sweep.run(await house.ctx('system'), {});
    await house.settle();
    expect(
      await count(sql`select coalesce(sum(count), 0)::int n from signals.alerts where integration_id = ${sender.id}`),
    ).toBe(1);
  });

  it('also when it cannot be processed: after three tries a plain alert says so and pages, and the others go on', async () => {
    const sender = await alertmanager(house);
    // A rule of ours that fails on one kind of alert, as a bug would.
    await sql`create function signals.fail_on_poison() returns trigger language plpgsql as $$ begin if new.title = 'poison' then raise exception 'a rule failed'; end if; return new; end $$`.execute(
      house.core.db,
    );
    await sql`create trigger poison before insert on signals.alerts for each row execute function signals.fail_on_poison()`.execute(
      house.core.db,
    );
    const poisoned = await sender.post(body('poison'));
    expect(poisoned.status).toBe(202);
    expect((await sender.post(body('healthy'))).status).toBe(202);
    await house.advance('5m');
    house.expectJobErrors();
    const web = await house.signIn('viewer');
    const { items } = (await web.get(`/api/v1/alerts?integrationId=${sender.id}`)).body;
    expect(items.map((item: { title: string }) => item.title).sort()).toEqual([
      expect.stringContaining('could not be processed'),
      'healthy',
    ]);
    const told = items.find((item: { marks: string[] }) => item.marks.includes('quarantined'));
    expect((await web.get(`/api/v1/alert-groups/${told.groupId}`)).body.pageId).toMatch(/^pag_/);
    expect((await web.get(`/api/v1/signals/${poisoned.body.signal}`)).body).toMatchObject({
      state: 'processed',
      reason: expect.stringContaining('a rule failed'),
    });
    await sql`drop trigger poison on signals.alerts`.execute(house.core.db);
  });
});

describe('the test button', () => {
  it('sends a marked alert through the real path and pages nobody unless asked', async () => {
    const responder = await house.signIn('responder');
    for (const sender of [await alertmanager(house), await pagerduty(house)]) {
      const quiet = await responder.post(`/api/v1/integrations/${sender.id}/test`, {});
      expect(quiet.status).toBe(200);
      const path = `/api/v1/alert-groups/${quiet.body.groupId}`;
      expect((await responder.get(path)).body).toMatchObject({
        test: true,
        state: 'open',
        pageId: null,
        severity: 'warning',
      });
      expect((await responder.get('/api/v1/integrations/' + sender.id)).body.lastHeardAt).not.toBeNull();
      await responder.post(`/api/v1/integrations/${sender.id}/test`, { action: 'resolve' });
      expect((await responder.get(path)).body.state).toBe('resolved');
      const loud = await responder.post(`/api/v1/integrations/${sender.id}/test`, { page: true });
      expect((await responder.get(`/api/v1/alert-groups/${loud.body.groupId}`)).body.pageId).toMatch(/^pag_/);
    }
  });
});

describe('integrations', () => {
  it('a manager makes one and sees its key and what to paste; others see its health only', async () => {
    const manager = await house.signIn('manager');
    const made = await manager.post('/api/v1/integrations', { kind: 'pagerduty', name: 'Legacy' });
    expect(made.status).toBe(201);
    const { key, integration } = made.body;
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(made.body.snippets.map((snippet: { language: string }) => snippet.language)).toEqual([
      'bash',
      'yaml',
      'go',
      'js',
    ]);
    for (const snippet of made.body.snippets) expect(snippet.text).toContain(key);
    expect((await manager.post(`/api/v1/integrations/${integration.id}/reveal-key`)).body.key).toBe(key);
    expect(
      await count(
        sql`select count(*) n from security.audit where action = 'signals.revealKey' and subject = ${integration.id}`,
      ),
    ).toBe(1);
    const viewer = await house.signIn('viewer');
    expect((await viewer.post(`/api/v1/integrations/${integration.id}/reveal-key`)).status).toBe(403);
    const seen = await viewer.get(`/api/v1/integrations/${integration.id}`);
    expect(seen.text).not.toContain(key);
    expect(seen.body).toMatchObject({ name: 'Legacy', keys: [{ hint: key.slice(-4), validUntil: null }] });
    expect(
      await count(
        sql`select count(*) n from signals.integration_keys where key_hash = ${key} or key_sealed like ${`%${key}%`}`,
      ),
    ).toBe(0);
    expect((await manager.post('/api/v1/integrations', { kind: 'nagios', name: 'x' })).body).toMatchObject({
      status: 422,
      rule: 'signals.kind',
    });
    expect((await manager.delete(`/api/v1/integrations/${integration.id}`)).status).toBe(200);
    const used = await pagerduty(house);
    await used.event('trigger', 'x', { severity: 'info' });
    expect((await manager.delete(`/api/v1/integrations/${used.id}`)).body).toMatchObject({
      status: 409,
      rule: 'signals.in_use',
    });
  });
});
