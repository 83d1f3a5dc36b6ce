/** The safety of a drill, walked as players walk it: nothing reaches the public page, a subscriber or the figures. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '#kernel';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { watchedService } from '../../test/harness/watched.ts';
import { confirmSubscription } from '../comms/commands/confirmSubscription.ts';

const HEADLINE = 'Drilled card payments are slow';
const CUSTOMER = 'kitchen@customer.example';

let house: House;
let responder: WebClient;
let manager: WebClient;
let componentId: string;
let exercise: { id: string; key: string };
let incident: { id: string; key: string };
let revisionId: string;

async function subscribe(): Promise<void> {
  const form = new URLSearchParams({ email: CUSTOMER }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  await house.anonymous.send('POST', '/status/subscribe', form, type);
  await house.settle();
  const token = /token=([\w-]+)/.exec(house.smtp.messages.at(-1)?.text ?? '')?.[1] ?? '';
  expect(await confirmSubscription(await house.ctx('system'), { token })).toBe(true);
}

const fields = (now: Date) => ({
  headline: HEADLINE,
  impact: 'Since 09:12 UTC about 1 in 5 card payments takes over 30 seconds.',
  known: ['The delay is in the card payment step.'],
  unknown: ['We do not know yet how long it lasts.'],
  doing: ['We have limited repeat attempts.'],
  customerActions: 'none',
  dataImpact: { state: 'under_investigation', sentence: 'We are checking whether any data is affected.', evidence: '' },
  nextUpdateBy: new Date(now.getTime() + 10 * 60_000).toISOString(),
  apology: 'We are sorry that your payments take so long.',
  componentStates: { [componentId]: 'major_outage' },
});

/** The whole path as players walk it, up to the message to customers. */
beforeAll(async () => {
  house = await openHouse();
  responder = await house.signIn('responder');
  manager = await house.signIn('manager');
  const { serviceId } = await watchedService(house, 'Card payments');
  const made = await (
    await house.signIn('admin')
  ).post('/api/v1/components', {
    ...{ name: 'Card payments', group: null, description: null, visible: true, serviceIds: [serviceId] },
  });
  componentId = made.body.id;
  await subscribe();
  house.smtp.clear();
  const started = await responder.post('/api/v1/drills/exercises', { scenario: 'card-payments-slow', serviceId });
  exercise = started.body;
  await house.settle();
  incident = (await responder.get(`/api/v1/drills/exercises/${exercise.id}`)).body.incident;
  await manager.post(`/api/v1/incidents/${incident.id}/roles`, { role: 'incident_commander' });
  const speaks = { role: 'communications_lead', userId: await house.userId('responder') };
  await manager.post(`/api/v1/incidents/${incident.id}/roles`, speaks);
  const draft = await responder.post(`/api/v1/incidents/${incident.id}/updates`, {
    fields: fields((await house.ctx('system')).now),
  });
  const published = await manager.post(`/api/v1/updates/${draft.body.id}/publish`, {});
  expect(published.status, published.text).toBe(200);
  revisionId = published.body.revision.id;
  await house.settle();
  await house.advance('5m');
});
afterAll(() => house.close());

describe('what players publish in an exercise', () => {
  test('reaches the mirror, and the exercise sees it as the first update', async () => {
    const { body } = await responder.get(`/api/v1/drills/exercises/${exercise.id}`);
    const update = body.observed.find((moment: { what: string }) => moment.what === 'firstUpdate');
    expect(update.at).not.toBeNull();
  });

  test('reaches no public page, feed or component', async () => {
    for (const path of ['/status', '/status/history', '/status/history.atom', '/status/api/v2/incidents.json']) {
      const { status, text } = await house.anonymous.get(path);
      expect(status).toBe(200);
      expect({ path, leaks: text.includes(HEADLINE) || text.includes('EXERCISE') }).toEqual({ path, leaks: false });
    }
    const { body } = await responder.get('/api/v1/components');
    const component = body.items.find((one: { id: string }) => one.id === componentId);
    expect(component.state).toBe('operational');
  });

  test('reaches no subscriber: every mail of the exercise went to our own people, marked at both ends', () => {
    expect(house.smtp.messages.length).toBeGreaterThan(0);
    for (const mail of house.smtp.messages) {
      expect(mail.to).not.toContain(CUSTOMER);
      expect(mail.to.every((address) => address.endsWith('@orchardline.example'))).toBe(true);
      expect(mail.subject).toMatch(/^EXERCISE EXERCISE EXERCISE/);
    }
  });

  test('leaves the figures as they were', async () => {
    const { text } = await responder.get('/api/v1/learning/metrics');
    expect(text).not.toContain(incident.key);
  });
});

/** By hand, past every adapter: the database itself says no, also to a row that claims to be real. */
describe('the database refuses an exercise', () => {
  const insert = (table: string, columns: Record<string, unknown>, exerciseMark: boolean) => {
    const names = [...Object.keys(columns), 'exercise'];
    const values = [...Object.values(columns), exerciseMark];
    return sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
      values (${sql.join(values)})`.execute(house.core.db);
  };
  const at = new Date('2026-11-23T09:00:00Z');
  const rows = (): [string, Record<string, unknown>][] => [
    [
      'comms.publications',
      { revision_id: revisionId, incident_id: incident.id, channel: 'status_page', facts_hash: 'x' },
    ],
    [
      'comms.incident_pages',
      {
        ...{ incident_id: incident.id, public_id: 'drill', started_at: at },
        ...{ first_published_at: at, updated_at: at },
      },
    ],
    [
      'comms.component_changes',
      {
        ...{ id: 'chg_1', component_id: componentId, from_state: 'operational', to_state: 'major_outage' },
        ...{ revision_id: revisionId, changed_at: at },
      },
    ],
    ['learning.cases', { incident_id: incident.id, key: incident.key, title: 'x', severity: 1 }],
  ];

  test('in every table that leads to the public or to the figures, whether it is marked or claims to be real', async () => {
    for (const [table, columns] of rows()) {
      await expect(insert(table, columns, true), `${table}, marked`).rejects.toThrow('check constraint');
      await expect(insert(table, columns, false), `${table}, unmarked`).rejects.toThrow('foreign key');
    }
  });

  test('as a mailing to a subscriber', async () => {
    const { rows: found } = await sql<{ id: string }>`select id from comms.subscribers limit 1`.execute(house.core.db);
    const mailing = { revision_id: revisionId, subscriber_id: found[0]!.id, delivery_id: 'dlv_1' };
    await expect(insert('comms.mailings', mailing, true)).rejects.toThrow('mailings_are_real');
    await expect(insert('comms.mailings', mailing, false)).rejects.toThrow('foreign key');
  });

  test('as a public component', async () => {
    const state = sql`update comms.components set exercise = true where id = ${componentId}`;
    await expect(state.execute(house.core.db)).rejects.toThrow('components_are_real');
  });

  test('as a message to anybody outside', async () => {
    for (const purpose of ['subscriber', 'public']) {
      const change = sql`update channels.deliveries set purpose = ${purpose} where exercise`;
      await expect(change.execute(house.core.db)).rejects.toThrow('deliveries_exercise_stays_inside');
    }
    const unmark = sql`update channels.deliveries set exercise = false where exercise`;
    await expect(unmark.execute(house.core.db)).rejects.toThrow('exercise mark');
  });

  test('as an action on a real target', async () => {
    const { rows: checks } = await sql<{ definition: string }>`
      select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = 'playbooks.action_runs'::regclass and contype = 'c'`.execute(house.core.db);
    expect(checks.map(({ definition }) => definition).join('\n')).toMatch(/\(NOT exercise\) OR simulated/);
  });
});
