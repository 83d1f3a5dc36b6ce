/** What is suggested and why, by tables: the same situation always gives the same answer. */
import { describe, expect, it } from 'vitest';
import type { Playbook } from '../format/schema.ts';
import { type Candidate, type Past, type Situation, suggest } from './model.ts';
import { namesIt } from './services.ts';

const checkout = { id: 'svc_c', slug: 'checkout', name: 'Checkout', tier: 1 };
const ordersDb = { id: 'svc_o', slug: 'orders-db', name: 'orders-db', tier: 1 };
const orders = { id: 'svc_r', slug: 'orders', name: 'orders', tier: 2 };

const past = (more: Partial<Past> = {}): Past => ({
  id: 'inc_1',
  key: 'INC-1',
  title: 'Checkout fails',
  severity: 1,
  score: 0.8,
  reasons: ['the same service: Checkout'],
  services: [checkout],
  playbooks: [],
  cause: null,
  actions: [],
  restoredAfterSeconds: 1_140,
  ...more,
});
const playbook = (id: string, services: string[], shared: string[] = [], severities?: number[]): Candidate => ({
  id,
  title: id,
  shared,
  playbook: { metadata: { services }, spec: { scope: { severities } } } as unknown as Playbook,
});
const situation = (more: Partial<Situation> = {}): Situation => ({
  title: 'Payments time out',
  sent: [],
  byAlert: { severity: 2, because: 'error alert on Checkout, tier 1' },
  byRule: null,
  byMatrix: null,
  services: [checkout],
  journeys: [],
  broken: true,
  severity: null,
  past: [],
  earlier: [],
  catalogue: [],
  playbooks: [],
  refusals: new Map(),
  ...more,
});
const of = (kind: string, more: Partial<Situation>) => suggest(situation(more)).filter((one) => one.kind === kind);

describe('severity', () => {
  it('is what the alert arithmetic says when nothing else is known', () => {
    expect(of('severity', {})).toMatchObject([
      { value: '2', label: 'SEV2', score: 100, reasons: ['error alert on Checkout, tier 1'] },
    ]);
  });
  it('follows history against it, when that weighs more, and names both sides', () => {
    const [found] = of('severity', { past: [past(), past({ id: 'inc_2', key: 'INC-2', score: 0.7 })] });
    expect(found).toMatchObject({ value: '1', score: 51 });
    expect(found?.reasons).toEqual([
      'INC-1, 80 % alike, was SEV1',
      'INC-2, 70 % alike, was SEV1',
      'for SEV2: error alert on Checkout, tier 1',
    ]);
  });
  it('a rule that names one outweighs the arithmetic', () => {
    expect(of('severity', { byRule: { severity: 3, rule: 'staging' } })).toMatchObject([{ value: '3' }]);
  });
  it('at a tie the worse is suggested: it is set high first', () => {
    expect(
      of('severity', { byAlert: { severity: 3, because: 'a' }, byMatrix: { severity: 2, because: 'b' } }),
    ).toMatchObject([{ value: '2' }]);
  });
  it('in an incident only a worse one is suggested', () => {
    expect(of('severity', { severity: 2 })).toEqual([]);
    expect(of('severity', { severity: 3 })).toMatchObject([{ value: '2' }]);
  });
  it('names the journeys that cannot work', () => {
    expect(of('severity', { journeys: ['Place order', 'Pay'] })[0]?.reasons).toContain(
      'Place order, Pay (tier 1) cannot work without Checkout',
    );
  });
});

describe('service', () => {
  const unknown = { services: [], catalogue: [checkout, ordersDb, orders] };
  it('is not suggested when it is known', () => {
    expect(of('service', { catalogue: [checkout], title: 'Checkout down' })).toEqual([]);
  });
  it('is the longest name that label and title name', () => {
    const sent = [{ title: 'Disk full', source: '', labels: { instance: 'orders-db-3.eu:9100' } }];
    expect(of('service', { ...unknown, title: 'Disk full', sent })).toMatchObject([
      { value: 'svc_o', score: 60, reasons: ['label instance is “orders-db-3.eu:9100”'] },
    ]);
  });
  it('is what earlier ones of the same alert were about; one of them is only a hint', () => {
    const three = of('service', { ...unknown, earlier: [{ service: checkout, groups: 3 }] });
    expect(three).toMatchObject([
      { value: 'svc_c', score: 79, reasons: ['3 of 3 earlier alerts with this title were about Checkout'] },
    ]);
    expect(of('service', { ...unknown, earlier: [{ service: checkout, groups: 1 }] })[0]?.score).toBe(45);
  });
  it.each([
    ['orders-db-3.eu', true],
    ['ORDERS-DB', true],
    ['reorders-db2', false],
    ['orders-dbx', false],
    ['', false],
  ])('%j names orders-db: %s', (text, expected) => {
    expect(namesIt(text, ordersDb)).toBe(expected);
  });
});

describe('playbook', () => {
  it('one that covers the service comes before one for anything, and one for others is left out', () => {
    const playbooks = [
      playbook('any', [], ['payment', 'time', 'card']),
      playbook('vague', [], ['payment', 'time']),
      playbook('own', ['component:checkout']),
      playbook('other', ['component:search'], ['payment', 'time']),
    ];
    expect(of('playbook', { playbooks }).map(({ value, score }) => [value, score])).toEqual([
      ['own', 55],
      ['any', 37],
    ]);
  });
  it('one that was used in a look-alike says where', () => {
    const used = past({ playbooks: [{ id: 'own', title: 'own' }] });
    expect(of('playbook', { playbooks: [playbook('own', ['component:checkout'])], past: [used] })[0]).toMatchObject({
      score: 77,
      reasons: ['used in INC-1, which is 80 % alike', 'covers Checkout'],
    });
  });
  it('refused more often than taken, it falls and at last is offered no more', () => {
    const at = (n: number) =>
      of('playbook', {
        playbooks: [playbook('own', ['component:checkout'])],
        refusals: new Map([['playbook:own', n]]),
      });
    expect(at(1)[0]).toMatchObject({ score: 39 });
    expect(at(1)[0]?.reasons.at(-1)).toBe('refused once more than taken in the last half year');
    expect(at(2)).toEqual([]);
  });
});

describe('known fix', () => {
  it('is what ended the most alike one, with how long that took', () => {
    const list = [
      past({ id: 'inc_2', key: 'INC-2', score: 0.6, cause: 'pool exhausted' }),
      past({ cause: 'pool exhausted', actions: ['Raised the pool to 200'] }),
      past({ id: 'inc_3', key: 'INC-3', score: 0.9 }),
    ];
    expect(of('fix', { past: list })).toMatchObject([
      {
        value: 'inc_1',
        label: 'As in INC-1: Raised the pool to 200',
        score: 80,
        reasons: ['the same service: Checkout', 'INC-2 had the same cause', 'INC-1 was over after 19 min'],
        detail: { key: 'INC-1', cause: 'pool exhausted', actions: ['Raised the pool to 200'] },
      },
    ]);
  });
  it('is not offered from one that is only faintly alike', () => {
    expect(of('fix', { past: [past({ score: 0.5, cause: 'x' })] })).toEqual([]);
  });
});

it('the same situation gives the same answer', () => {
  const whole = situation({ past: [past({ cause: 'x' })], playbooks: [playbook('own', ['component:checkout'])] });
  expect(suggest(whole)).toEqual(suggest(structuredClone(whole)));
});
