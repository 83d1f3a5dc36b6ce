/** Rules about what comes in: triage, inhibition, grouping, and what one would have changed; through the real doors. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagerduty } from '../../../test/harness/alerts.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { createService } from '../../catalog/index.ts';
import { sql } from '../../kernel/index.ts';
import { watchCorrelations } from '../correlation/jobs.ts';

let house: House;
let sender: Awaited<ReturnType<typeof pagerduty>>;
let web: Awaited<ReturnType<House['signIn']>>;
beforeAll(async () => {
  house = await openHouse();
  sender = await pagerduty(house, { name: 'Prometheus' });
  web = await house.signIn('manager');
});
afterAll(() => house.close());

const keep = async (rule: Record<string, unknown>) => {
  const answer = await web.post('/api/v1/alert-rules', rule);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as { id: string; version: number };
};
const forget = (id: string) => web.delete(`/api/v1/alert-rules/${id}`);
const fire = async (key: string, labels: Record<string, string> = {}, more: Record<string, unknown> = {}) => {
  const answer = await sender.event('trigger', key, {
    summary: `About ${key}`,
    custom_details: { labels, ...labels },
    ...more,
  });
  expect(answer.status).toBe(202);
};
interface Row {
  id: string;
  severity: string;
  slug: string | null;
  held: { kind: string; why: string } | null;
  pages: number;
  urgency: string | null;
  groupKey: string;
  marks: string[];
}
const seen = async (key: string): Promise<Row> => {
  const { rows } = await sql<Row>`select g.id, a.severity, s.slug, g.held, g.group_key as "groupKey", a.marks,
      (select count(*)::int from people.pages p where p.subject_id = g.id and p.state <> 'stopped') as pages,
      (select max(p.urgency) from people.pages p where p.subject_id = g.id) as urgency
    from signals.alerts a join signals.groups g on g.id = a.group_id left join catalog.services s on s.id = g.service_id
    where a.dedup_key = ${key} order by a.first_at desc limit 1`.execute(house.core.db);
  return rows[0]!;
};
const look = async () => watchCorrelations.run(await house.ctx('system'), {});

describe('triage', () => {
  it('gives another service, severity, urgency, group and silence, in the order of the rules', async () => {
    const service = await createService(await house.ctx('manager'), { name: 'Payments' });
    const ids = [
      await keep({
        kind: 'triage',
        name: 'Payments team',
        spec: { when: 'labels.team == "payments"', then: { serviceId: service.id, severity: 'warning' } },
      }),
      await keep({
        kind: 'triage',
        name: 'Never reached',
        spec: { when: 'labels.team == "payments"', then: { suppress: 'x' } },
      }),
      await keep({
        kind: 'triage',
        name: 'Batch is quiet',
        spec: { when: 'event.title.contains("batch")', then: { suppress: 'nobody needs to get up for a batch' } },
      }),
      await keep({
        kind: 'triage',
        name: 'By region',
        spec: { when: 'event.has_label("region")', then: { groupBy: '"region " + labels.region', urgency: 'low' } },
      }),
    ];
    await fire('t1', { team: 'payments' });
    await fire('t2', {}, { summary: 'batch failed' });
    await fire('t3', { region: 'eu' });
    await fire('t4', { region: 'eu' });
    expect(await seen('t1')).toMatchObject({ slug: 'payments', severity: 'warning', held: null, pages: 1 });
    expect((await seen('t1')).marks).toEqual(expect.arrayContaining(['rule:Payments team', 'sent_severity:critical']));
    expect(await seen('t2')).toMatchObject({
      pages: 0,
      held: { kind: 'rule', why: 'rule “Batch is quiet”: nobody needs to get up for a batch' },
    });
    const [three, four] = [await seen('t3'), await seen('t4')];
    expect(three).toMatchObject({ urgency: 'low', groupKey: expect.stringMatching(/^rule:.*:region eu$/) });
    expect(three.id).toBe(four.id);
    for (const { id } of ids) await forget(id);
    // Its rule is gone and it still fires.
    await look();
    expect(await seen('t2')).toMatchObject({ pages: 1, held: null });
  });

  it('row 102: a rule that fails still pages, says so on the alert, and is shown as failing', async () => {
    const { id } = await keep({
      kind: 'triage',
      name: 'Broken',
      spec: { when: 'int(labels.count) / 0 > 1', then: { suppress: 'never' } },
    });
    await fire('f1', { count: '4' });
    expect(await seen('f1')).toMatchObject({
      pages: 1,
      held: null,
      marks: expect.arrayContaining(['rule_failed:Broken']),
    });
    const { items } = (await web.get('/api/v1/alert-rules')).body;
    expect(items.find((rule: { id: string }) => rule.id === id).failing).toMatchObject({
      count: 1,
      error: expect.stringContaining('zero'),
    });
    // A label that is not there is no fault: it does not match.
    await fire('f2');
    expect((await seen('f2')).marks).not.toContain('rule_failed:Broken');
    await forget(id);
  });

  it('row 104: two rules that send to each other do not go round: each is asked once, about the event as it was sent, and people are asked', async () => {
    const [one, two] = [
      await createService(await house.ctx('manager'), { name: 'Ping' }),
      await createService(await house.ctx('manager'), { name: 'Pong' }),
    ];
    const to = (from: string, serviceId: string) =>
      keep({
        kind: 'triage',
        name: `From ${from}`,
        spec: { when: `event.service == "${from}"`, then: { serviceId }, goOn: true },
      });
    const rules = [await to('ping', two.id), await to('pong', one.id)];
    await fire('r1', { service: 'ping' });
    await fire('r2', { service: 'pong' });
    expect(await seen('r1')).toMatchObject({
      slug: 'pong',
      pages: 1,
      marks: expect.arrayContaining(['rule:From ping']),
    });
    expect((await seen('r1')).marks).not.toContain('rule:From pong');
    expect(await seen('r2')).toMatchObject({ slug: 'ping', pages: 1 });
    // What none of them decides goes the default way.
    await fire('r3', { service: 'nobody-knows' });
    expect(await seen('r3')).toMatchObject({ slug: null, pages: 1 });
    for (const { id } of rules) await forget(id);
  });

  it('a rule can declare an incident, also for a service nobody knows', async () => {
    const { id } = await keep({
      kind: 'triage',
      name: 'Fire',
      spec: { when: 'labels.kind == "fire"', then: { declare: 2 } },
    });
    await fire('d1', { kind: 'fire' }, { severity: 'warning' });
    await house.settle();
    const { rows } = await sql<{ severity: number }>`select i.severity from incidents.incidents i
      join signals.groups g on g.incident_id = i.id where g.id = ${(await seen('d1')).id}`.execute(house.core.db);
    expect(rows).toEqual([{ severity: 2 }]);
    await forget(id);
  });

  it('is refused with the place of the mistake, needs a manager, and leaves its trace in the audit log', async () => {
    const bad = await web.post('/api/v1/alert-rules', {
      kind: 'triage',
      name: 'Bad',
      spec: { when: 'labels.team ==', then: { declare: 1 } },
    });
    expect(bad.status).toBe(422);
    expect(bad.body.errors[0]).toMatchObject({ path: 'spec.when' });
    const responder = await house.signIn('responder');
    expect(
      (
        await responder.post('/api/v1/alert-rules', {
          kind: 'triage',
          name: 'X',
          spec: { when: 'true', then: { declare: 1 } },
        })
      ).status,
    ).toBe(403);
    const one = await keep({ kind: 'triage', name: 'One', spec: { when: 'false', then: { declare: 1 } } });
    const two = await keep({ kind: 'triage', name: 'Two', spec: { when: 'false', then: { declare: 1 } } });
    const rule = { kind: 'triage', name: 'One again', spec: { when: 'false', then: { declare: 2 } } };
    expect((await web.put(`/api/v1/alert-rules/${one.id}`, { version: 1, rule })).status).toBe(200);
    expect((await web.put(`/api/v1/alert-rules/${one.id}`, { version: 1, rule })).status).toBe(409);
    const ordered = await web.post('/api/v1/alert-rules/order', { kind: 'triage', ids: [two.id, one.id] });
    expect(ordered.body.items.map(({ name }: { name: string }) => name)).toEqual(['Two', 'One again']);
    const { rows } = await sql<{ action: string }>`select action from security.audit where subject = ${one.id}`.execute(
      house.core.db,
    );
    expect(rows.map(({ action }) => action)).toEqual(['signals.saveRule', 'signals.saveRule']);
    await forget(one.id);
    await forget(two.id);
  });

  it('is tried over the alerts that really came: how many would be different, and how', async () => {
    const service = await createService(await house.ctx('manager'), { name: 'Search' });
    for (const n of [1, 2, 3]) await fire(`try${n}`, { team: 'search' });
    const before = (
      await web.post('/api/v1/alert-rules/try', {
        spec: { when: 'labels.team == "search"', then: { serviceId: service.id } },
      })
    ).body;
    expect(before).toMatchObject({ matched: 3, changed: 3, failed: 0, by: { service: 3, severity: 0 } });
    expect(before.total).toBeGreaterThan(5);
    expect(before.examples[0]).toMatchObject({ changes: [{ what: 'service', from: 'not known', to: 'Search' }] });
    // Judged by what was sent, not by what an earlier rule made of it.
    const { id } = await keep({
      kind: 'triage',
      name: 'Milder',
      spec: { when: 'labels.team == "search"', then: { severity: 'info' } },
    });
    await fire('try4', { team: 'search' });
    const same = (
      await web.post('/api/v1/alert-rules/try', {
        id,
        spec: { when: 'labels.team == "search"', then: { severity: 'info' } },
      })
    ).body;
    expect(same).toMatchObject({ matched: 4, changed: 0 });
    await forget(id);
    const failing = (
      await web.post('/api/v1/alert-rules/try', { spec: { when: '1 / 0 > 0', then: { severity: 'info' } } })
    ).body;
    expect(failing).toMatchObject({ matched: 0, changed: 0, failed: failing.total, error: expect.any(String) });
  });
});

describe('a rule that keeps most alerts quiet', () => {
  it('row 103: is refused with the share of last week, and takes a second person to be switched on', async () => {
    const rule = { kind: 'triage', name: 'Silence all', spec: { when: 'true', then: { suppress: 'too much noise' } } };
    const refused = await web.post('/api/v1/alert-rules', rule);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      rule: 'signals.rule_hides_much',
      title: 'It would have kept 100 % of last week’s alerts quiet',
    });
    const off = await keep({ ...rule, enabled: false });
    const on = (by: typeof web) => by.put(`/api/v1/alert-rules/${off.id}`, { rule: { ...rule, enabled: true } });
    expect((await on(web)).status).toBe(409);
    expect((await on(await house.signIn('admin'))).status).toBe(200);
    await forget(off.id);
  });
});

describe('inhibition', () => {
  it('an alert makes others with the same values not worth a call while it fires, and they are asked about afterwards', async () => {
    const matcher = (name: string, value: string) => ({ name, value });
    const { id } = await keep({
      kind: 'inhibit',
      name: 'A cluster that is down',
      spec: { source: [matcher('alertname', 'ClusterDown')], target: [matcher('kind', 'pod')], equal: ['cluster'] },
    });
    for (const name of ['Cluster', 'Pods', 'Jobs', 'Crons']) await createService(await house.ctx('manager'), { name });
    await fire('i0', { alertname: 'ClusterDown', cluster: 'eu', service: 'cluster' });
    await fire('i1', { kind: 'pod', cluster: 'eu', service: 'pods' });
    await fire('i2', { kind: 'pod', cluster: 'us', service: 'jobs' });
    expect(await seen('i1')).toMatchObject({
      pages: 0,
      held: { kind: 'inhibition', why: 'inhibited while “About i0” fires (rule “A cluster that is down”)' },
    });
    expect(await seen('i2')).toMatchObject({ pages: 1, held: null });
    // Another alert of the same group that nothing inhibits is told.
    await fire('i3', { kind: 'pod', cluster: 'eu', service: 'crons' });
    await fire('i4', { kind: 'disk', cluster: 'eu', service: 'crons' });
    expect((await seen('i3')).id).toBe((await seen('i4')).id);
    expect(await seen('i4')).toMatchObject({ pages: 1, held: null });
    await look();
    expect((await seen('i1')).pages).toBe(0);
    await sender.event('resolve', 'i0');
    await look();
    expect(await seen('i1')).toMatchObject({ pages: 1, held: null });
    await forget(id);
  });
});

describe('grouping', () => {
  it('goes by the labels and the time that somebody set for a source', async () => {
    const { id } = await keep({
      kind: 'grouping',
      name: 'By cluster',
      spec: { integrationId: sender.id, labels: ['cluster'], windowMinutes: 30 },
    });
    await fire('g1', { cluster: 'north' });
    await fire('g2', { cluster: 'south' });
    await house.advance('20m');
    await fire('g3', { cluster: 'north' });
    await house.advance('15m');
    await fire('g4', { cluster: 'north' });
    const [one, two, three, four] = [await seen('g1'), await seen('g2'), await seen('g3'), await seen('g4')];
    expect(one.id).not.toBe(two.id);
    expect(three.id).toBe(one.id);
    expect(four.id).not.toBe(one.id);
    await forget(id);
  });
});
