/** Readiness of a service: each mark turns with what it stands for, and says what to do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvedPlaybook } from '../../../test/harness/containment.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { libraryPlaybooks } from '#playbooks';
import { readinessOf, type ServiceFacts } from './model.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const POLICY = { drillDays: 180, playbookDays: 180, testDays: 35 };
const READY: ServiceFacts = {
  id: 'svc_1',
  slug: 'checkout',
  name: 'Checkout',
  tier: 1,
  team: 'Shop',
  policy: 'Shop policy',
  playbooks: [{ id: 'pbk_1', title: 'Checkout is slow', approvedAt: ago(20), reviewBy: null }],
  eyes: { all: 2, blind: 0 },
  slos: 1,
  lacks: [],
  cover: { schedules: 1, people: 1, gaps: [] },
  called: [{ name: 'Ada', testedAt: ago(3) }],
  drilledAt: ago(40),
};
const marks = (facts: Partial<ServiceFacts>) =>
  Object.fromEntries(readinessOf({ ...READY, ...facts }, NOW, POLICY).marks.map((mark) => [mark.id, mark]));

describe('marks', () => {
  it('all are there with evidence; without any, every one is missing and says where to go', () => {
    expect(readinessOf(READY, NOW, POLICY)).toMatchObject({ ok: 9, of: 9 });
    const bare = {
      team: null,
      policy: null,
      playbooks: [],
      eyes: { all: 0, blind: 0 },
      slos: 0,
      cover: null,
      called: [],
    };
    const none = readinessOf(
      { ...READY, ...bare, lacks: ['observe', 'isolate', 'recover'], drilledAt: null },
      NOW,
      POLICY,
    );
    expect(none.ok).toBe(0);
    for (const mark of none.marks)
      expect(mark).toMatchObject({ state: 'missing', step: { to: expect.stringMatching(/^\//) } });
  });

  it.each([
    ['drill', { drilledAt: ago(181) }, 'weak'],
    ['drill', { drilledAt: ago(361) }, 'missing'],
    ['playbook', { playbooks: [{ ...READY.playbooks[0]!, approvedAt: ago(200) }] }, 'weak'],
    ['playbook', { playbooks: [{ ...READY.playbooks[0]!, reviewBy: '2026-11-22' }] }, 'weak'],
    ['tested', { called: [{ name: 'Ada', testedAt: ago(36) }] }, 'weak'],
    ['tested', { called: [{ name: 'Ada', testedAt: null }] }, 'missing'],
    ['monitors', { eyes: { all: 1, blind: 1 } }, 'weak'],
    ['abilities', { lacks: ['isolate'] }, 'weak'],
    ['cover', { cover: { schedules: 0, people: 1, gaps: [] } }, 'weak'],
  ] as const)('%s with %j is %s', (id, facts, state) => {
    expect(marks(facts as Partial<ServiceFacts>)[id]).toMatchObject({ state, step: { label: expect.any(String) } });
  });

  it('of a lower tier less is asked', () => {
    expect(readinessOf({ ...READY, tier: 2 }, NOW, POLICY).of).toBe(6);
    expect(readinessOf({ ...READY, tier: 3 }, NOW, POLICY).of).toBe(4);
  });
});

describe('a service', () => {
  let house: House;
  let admin: WebClient;
  beforeAll(async () => {
    house = await openHouse();
    admin = await house.signIn('admin');
  });
  afterAll(() => house.close());

  const make = async (path: string, body: object) => {
    const answer = await admin.post(path, body);
    expect(answer.status, answer.text).toBe(201);
    return answer.body.id as string;
  };
  const states = async (): Promise<Record<string, string>> => {
    const { status, body, text } = await (
      await house.signIn('viewer')
    ).get('/api/v1/service-readiness?serviceId=checkout');
    expect(status, text).toBe(200);
    return Object.fromEntries(body.items[0].marks.map((mark: { id: string; state: string }) => [mark.id, mark.state]));
  };

  it('deleting its playbook, leaving a shift empty, or letting a rehearsal age past policy turns the matching mark', async () => {
    const responder = await house.userId('responder');
    const schedule = await make('/api/v1/schedules', {
      name: 'Checkout rota',
      zone: 'Europe/Berlin',
      handoverWeekday: 1,
      handoverTime: '09:00',
      startsOn: '2026-01-05',
      participants: [responder],
      acceptWarnings: true,
    });
    const steps = [{ delaySeconds: 300, targets: [{ kind: 'schedule', id: schedule }] }];
    const policyId = await make('/api/v1/escalation-policies', { name: 'Checkout', steps });
    const teamId = await make('/api/v1/teams', { name: 'Checkout', members: [{ userId: responder, role: 'lead' }] });
    const serviceId = await make('/api/v1/services', { name: 'Checkout', tier: 1, teamId, policyId });
    expect(await states()).toMatchObject({
      owner: 'ok',
      policy: 'ok',
      cover: 'ok',
      playbook: 'missing',
      drill: 'missing',
    });

    const source = libraryPlaybooks().find(({ file }) => file === 'card-payments-slow.yaml')!.source;
    const playbook = await approvedPlaybook(house, source);
    const exercise = await make('/api/v1/drills/exercises', { scenario: 'card-payments-slow', serviceId });
    await house.settle();
    expect((await admin.post(`/api/v1/drills/exercises/${exercise}/end`, {})).status).toBe(200);
    await house.settle();
    await make('/api/v1/slos', {
      name: 'Checkout answers',
      target: 0.99,
      serviceId,
      source: { kind: 'prometheus', url: 'https://prometheus.example', bad: 'b', total: 't' },
    });
    expect(await states()).toMatchObject({ playbook: 'ok', drill: 'ok', slo: 'ok' });

    expect((await admin.delete(`/api/v1/playbooks/${playbook}`)).status).toBe(200);
    expect((await states()).playbook).toBe('missing');
    // Saved again it is back, and nothing of it is lost.
    await approvedPlaybook(house, source);
    expect((await states()).playbook).toBe('ok');

    const now = (await house.ctx('system')).now.getTime();
    const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
    const away = await admin.post('/api/v1/absences', { userId: responder, from: at(2), to: at(4), note: 'away' });
    expect(away.status, away.text).toBe(201);
    expect((await states()).cover).toBe('missing');

    await house.core.db
      .updateTable('drills.exercises')
      .set({ endedAt: new Date(now - 181 * 86_400_000) })
      .execute();
    expect((await states()).drill).toBe('weak');
  });
});
