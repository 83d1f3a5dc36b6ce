/** Alerts of services that share a failing upstream: one case, one page, nothing lost; through the real doors. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pagerduty } from '../../../test/harness/alerts.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { createService, recordChange, setDependencies } from '../../catalog/index.ts';
import { sql } from '../../kernel/index.ts';
import { watchCorrelations } from './jobs.ts';

let house: House;
let sender: Awaited<ReturnType<typeof pagerduty>>;
beforeAll(async () => {
  house = await openHouse();
  sender = await pagerduty(house, { name: 'Prometheus' });
});
afterAll(() => house.close());

let round = 0;
let upstream: { id: string; slug: string; name: string };
let six: { id: string; slug: string; name: string }[];
/** A map of its own for each test: six services that do not work without one store. */
beforeEach(async () => {
  round++;
  const ctx = await house.ctx('manager');
  upstream = await createService(ctx, { name: `postgres-main-${round}`, kind: 'store' });
  six = [];
  for (const name of ['orders', 'billing', 'search', 'auth', 'shipping', 'invoices']) {
    const service = await createService(ctx, { name: `${name}-${round}` });
    await setDependencies(ctx, { id: service.id, dependsOn: [{ serviceId: upstream.id, strength: 'hard' }] });
    six.push(service);
  }
  return async () => {
    await sql`update signals.correlations set state = 'ended', ended_at = kernel.now() where state = 'open'`.execute(
      house.core.db,
    );
    await sql`update signals.groups set state = 'resolved', resolved_at = kernel.now() where state <> 'resolved'`.execute(
      house.core.db,
    );
    await house.settle();
  };
});

const fire = async (service: { slug: string }, n = 0, more: Record<string, unknown> = {}) => {
  const answer = await sender.event('trigger', `${service.slug}:${n}`, {
    summary: `${service.slug} fails (${n})`,
    custom_details: { service: service.slug },
    ...more,
  });
  expect(answer.status).toBe(202);
};
const clear = (service: { slug: string }, n = 0) => sender.event('resolve', `${service.slug}:${n}`);
const look = async () => watchCorrelations.run(await house.ctx('system'), {});
const groups = async (query = 'top=true&state=active') =>
  (await (await house.signIn('viewer')).get(`/api/v1/alert-groups?${query}&limit=100`)).body.items;
const pagesOf = async (service: { id: string }) =>
  Number(
    (
      await sql<{
        n: number;
      }>`select count(*)::int as n from people.pages p join signals.groups g on g.id = p.subject_id
        where g.service_id = ${service.id} and p.state <> 'stopped'`.execute(house.core.db)
    ).rows[0]?.n,
  );
const everAsked = async () =>
  Number(
    (
      await sql<{
        n: number;
      }>`select count(*)::int as n from people.pages p join signals.groups g on g.id = p.subject_id
        where g.service_id = any(${[upstream, ...six].map(({ id }) => id)}::text[])`.execute(house.core.db)
    ).rows[0]?.n,
  );
const caseOf = async () => (await groups())[0]?.correlation;

describe('an upstream that alerts first', () => {
  it('40 alerts from six services in five minutes are one group that names it as the probable origin, with reasons, and one page', async () => {
    await fire(upstream);
    await house.advance('20s');
    for (let n = 0; n < 39; n++) {
      await fire(six[n % 6]!, n);
      if (n % 6 === 5) await house.advance('30s');
    }
    const top = await groups();
    expect(top).toHaveLength(1);
    expect(top[0]).toMatchObject({
      service: { id: upstream.id },
      correlation: {
        role: 'lead',
        origin: { id: upstream.id, name: upstream.name },
        services: 7,
        alerts: 40,
        reasons: [`6 of 6 alerting services depend on ${upstream.name}`, 'it alerted 20 s before the first of them'],
      },
    });
    expect(await everAsked()).toBe(1);
    expect((await groups('state=active')).length).toBeGreaterThanOrEqual(7);
  });

  it('what is held is asked about when the upstream is over and it still fires, and not before', async () => {
    await fire(upstream);
    await fire(six[0]!);
    await fire(six[1]!);
    await house.advance('2s');
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([0, 0]);
    await clear(six[1]!);
    await clear(upstream);
    await house.advance('30s');
    await look();
    expect(await pagesOf(six[0]!)).toBe(0);
    await house.advance('31s');
    await look();
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([1, 0]);
    expect((await groups()).map(({ held }: { held: unknown }) => held)).toEqual([null]);
  });

  it('a person takes a service out: its people are asked at once; and puts it back: the page ends', async () => {
    await fire(upstream);
    await fire(six[0]!);
    await fire(six[1]!);
    await house.advance('2s');
    const responder = await house.signIn('responder');
    const { id } = await caseOf();
    const path = `/api/v1/correlations/${id}`;
    expect((await (await house.signIn('viewer')).post(`${path}/separate`, { serviceId: six[0]!.id })).status).toBe(403);
    expect((await responder.post(`${path}/separate`, { serviceId: six[0]!.id, reason: 'its own deploy' })).status).toBe(
      200,
    );
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([1, 0]);
    // It stays out, also when everything is looked at again and when it alerts anew.
    await look();
    await fire(six[0]!, 7);
    expect(await pagesOf(six[0]!)).toBe(1);
    const seen = (await responder.get(path)).body;
    expect(seen.separated).toMatchObject([{ service: { id: six[0]!.id }, reason: 'its own deploy' }]);
    expect((await responder.post(`${path}/rejoin`, { serviceId: six[0]!.id })).status).toBe(200);
    expect([await pagesOf(six[0]!), await pagesOf(upstream)]).toEqual([0, 1]);
    const audit = await sql<{
      action: string;
    }>`select action from security.audit where subject = ${id} order by seq`.execute(house.core.db);
    expect(audit.rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['signals.separateService', 'signals.rejoinService']),
    );
  });

  it('undone by a person, each stands on its own again, is asked about, and is not folded once more', async () => {
    await fire(upstream);
    await fire(six[0]!);
    await fire(six[1]!);
    await house.advance('2s');
    const responder = await house.signIn('responder');
    const { id } = await caseOf();
    expect((await responder.post(`/api/v1/correlations/${id}/undo`, { reason: 'three different things' })).status).toBe(
      200,
    );
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!), await pagesOf(upstream)]).toEqual([1, 1, 1]);
    await look();
    expect(await groups()).toHaveLength(3);
    expect((await responder.post(`/api/v1/correlations/${id}/undo`)).status).toBe(409);
  });

  it('nothing more urgent than what was asked about is held, and nothing is held when nobody was asked', async () => {
    await fire(upstream, 0, { severity: 'warning' });
    await fire(six[0]!, 0, { severity: 'warning' });
    await fire(six[1]!);
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([0, 1]);
    await fire(six[0]!, 1, { severity: 'critical' });
    expect(await pagesOf(six[0]!)).toBe(1);
  });
});

describe('other orders', () => {
  it('the upstream alerts last: it leads, its people are asked, and unanswered pages beneath it end', async () => {
    await fire(six[0]!);
    await fire(six[1]!);
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([1, 1]);
    await house.advance('20s');
    await fire(upstream);
    await house.advance('2s');
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!), await pagesOf(upstream)]).toEqual([0, 0, 1]);
    expect((await groups()).map(({ service }: { service: { id: string } }) => service.id)).toEqual([upstream.id]);
  });

  it('whoever has taken a page beneath it keeps it', async () => {
    await fire(six[0]!);
    const [group] = await groups();
    const responder = await house.signIn('responder');
    expect((await responder.post(`/api/v1/alert-groups/${group.id}/acknowledge`)).status).toBe(200);
    await fire(upstream);
    await house.advance('2s');
    expect(await pagesOf(six[0]!)).toBe(1);
    expect((await caseOf()).services).toBe(2);
  });

  it('everything at once, from every side: one case all the same', async () => {
    await Promise.all([upstream, ...six].flatMap((service) => [0, 1, 2].map((n) => fire(service, n))));
    await house.advance('2s');
    expect(await groups()).toHaveLength(1);
    expect((await caseOf()).alerts).toBe(21);
    expect((await Promise.all(six.map(pagesOf))).reduce((a, b) => a + b)).toBe(0);
    expect(await pagesOf(upstream)).toBe(1);
  });

  it('a silent upstream that was changed shortly before is named with two services, and passes the lead on', async () => {
    await recordChange(await house.ctx('responder'), { service: upstream.id, summary: 'Upgrade to 18.1' });
    await house.advance('4m');
    await fire(six[0]!);
    await house.advance('5s');
    await fire(six[1]!);
    await house.advance('2s');
    const seen = await caseOf();
    expect(seen).toMatchObject({ origin: { id: upstream.id }, silent: true, services: 2 });
    expect(seen.reasons).toContain(`${upstream.name} was changed 4 min before: Upgrade to 18.1`);
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([1, 0]);
    await fire(six[2]!);
    await clear(six[0]!);
    await house.advance('61s');
    await look();
    expect((await groups()).map(({ service }: { service: { id: string } }) => service.id)).toEqual([six[1]!.id]);
    expect([await pagesOf(six[1]!), await pagesOf(six[2]!)]).toEqual([1, 0]);
  });

  it('an alert that comes late is judged by the time its source gives', async () => {
    await fire(upstream);
    await house.advance('15m');
    const began = new Date((await house.ctx('system')).now.getTime() - 12 * 60_000).toISOString();
    await fire(six[0]!, 0, { timestamp: began });
    await fire(six[1]!);
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([0, 1]);
  });

  it('a change of the map holds for the very next alert', async () => {
    await fire(upstream);
    await setDependencies(await house.ctx('manager'), { id: six[0]!.id, dependsOn: [] });
    await fire(six[0]!);
    await fire(six[1]!);
    expect([await pagesOf(six[0]!), await pagesOf(six[1]!)]).toEqual([1, 0]);
  });
});
