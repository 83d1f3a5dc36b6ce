/** A drill never reaches the public page or subscribers: the adapters refuse it, and so does the database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incidentById } from '#incidents';
import { config, json, newId } from '#kernel';
import { type House, openHouse } from '../../test/harness/house.ts';
import { confirmSubscription } from './commands/confirmSubscription.ts';
import { spreadRevision } from './commands/spreadRevision.ts';
import { aComponent, anIncident, whole } from '../../test/harness/comms.ts';
import { publishToPage, refuseExercise } from './statuspage/publish.ts';
import { queueMailing } from './subscribers/publish.ts';

let house: House;
let incidentId: string;
let componentId: string;
let publishedText: string;
let revisionId: string;

const HEADLINE = 'Drilled payments are slow';
beforeAll(async () => {
  house = await openHouse();
  const { service, component } = await aComponent(house, 'Card payments');
  componentId = component.id;
  const form = (path: string, fields: Record<string, string>) =>
    house.anonymous.send('POST', path, new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  await form('/status/subscribe', { email: 'customer@example.com' });
  await house.settle();
  const token = /token=([\w-]+)/.exec(house.smtp.messages.at(-1)?.text ?? '')?.[1] ?? '';
  expect(await confirmSubscription(await house.ctx('system'), { token })).toBe(true);
  house.smtp.clear();
  const incident = await anIncident(house, {
    exercise: true,
    serviceIds: [service.id],
  });
  incidentId = incident.id;
  const writer = await house.signIn('responder');
  const commander = await house.signIn('manager');
  const fields = whole((await house.ctx('system')).now, 9, {
    headline: HEADLINE,
    componentStates: { [component.id]: 'major_outage' },
  });
  const { body } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, { fields });
  const published = await commander.post(`/api/v1/updates/${body.id}/publish`, {});
  expect(published.status, published.text).toBe(200);
  publishedText = published.text;
  revisionId = published.body.revision.id;
  await house.settle();
  await house.advance('6m');
});
afterAll(() => house.close());

describe('a drill', () => {
  it('publishes to the mirror only, runs the same clock, and writes the same record', async () => {
    const message = JSON.parse(publishedText);
    expect(message).toMatchObject({
      exercise: true,
      publicUrl: null,
      deliveries: [{ channel: 'mirror', total: 1 }],
    });
    const clock = (await (await house.signIn('responder')).get(`/api/v1/incidents/${incidentId}/update-clock`)).body;
    expect(clock).toMatchObject({ state: 'running', published: 1 });
  });

  it('is seen in the console under a watermark', async () => {
    const web = await house.signIn('responder');
    const preview = (
      await web.post(`/api/v1/incidents/${incidentId}/updates/preview`, {
        kind: 'update',
        fields: whole((await house.ctx('system')).now, 9, {
          headline: HEADLINE,
        }),
      })
    ).body;
    expect(preview.page).toContain('EXERCISE EXERCISE EXERCISE');
    expect(preview.email.subject).toContain('EXERCISE');
  });

  it('leaves no trace in public: no page, no JSON, no feed, no component state, no mail', async () => {
    for (const path of [
      '/status',
      '/status/history',
      '/status/api/v2/incidents.json',
      '/status/api/v2/summary.json',
      '/status/history.atom',
      '/status/history.rss',
    ]) {
      const { status, text } = await house.anonymous.get(path);
      expect(status).toBe(200);
      expect(text.includes(HEADLINE) || text.includes('EXERCISE'), path).toBe(false);
    }
    expect((await house.anonymous.get('/status')).text).toContain('All services are working');
    expect(house.smtp.messages.filter(({ to }) => to.includes('customer@example.com'))).toEqual([]);
    const component = await house.core.db
      .selectFrom('comms.components')
      .select('state')
      .where('id', '=', componentId)
      .executeTakeFirstOrThrow();
    expect(component.state).toBe('operational');
  });
});

describe('the adapters refuse a drill', () => {
  it('the status page, the mail channel and every batch of it', async () => {
    const ctx = { ...(await house.ctx('system', { exercise: true })) };
    const revision = await house.core.db
      .selectFrom('comms.revisions')
      .selectAll()
      .where('id', '=', revisionId)
      .executeTakeFirstOrThrow();
    const incident = await incidentById(ctx, incidentId);
    await expect(publishToPage(ctx, incident, revision, 'initial')).rejects.toMatchObject({ rule: 'comms.exercise' });
    await expect(queueMailing(ctx, incident, revision, 'x')).rejects.toMatchObject({ rule: 'comms.exercise' });
    const real = await house.ctx('system');
    expect(() => refuseExercise(real, revision)).toThrow('never reaches');
    await expect(spreadRevision(real, { revisionId, publicId: 'x', after: '' })).rejects.toMatchObject({
      rule: 'comms.exercise',
    });
  });
});

describe('the database refuses a drill, whatever the code above says', () => {
  const db = () => house.core.db;
  const at = new Date('2026-11-23T09:00:00Z');
  const publication = (exercise: boolean) =>
    db()
      .insertInto('comms.publications')
      .values({
        revisionId,
        incidentId,
        channel: 'status_page',
        factsHash: 'x',
        at,
        spreadAt: null,
        exercise,
      })
      .execute();
  const page = (exercise: boolean) =>
    db()
      .insertInto('comms.incidentPages')
      .values({
        incidentId,
        publicId: 'abcdefabcdef',
        startedAt: at,
        firstPublishedAt: at,
        updatedAt: at,
        resolvedAt: null,
        withdrawnAt: null,
        exercise,
      })
      .execute();
  const change = (exercise: boolean) =>
    db()
      .insertInto('comms.componentChanges')
      .values({
        id: newId('cch'),
        componentId,
        fromState: 'operational',
        toState: 'major_outage',
        reason: null,
        revisionId,
        changedBy: null,
        changedAt: at,
        exercise,
      })
      .execute();
  const mailing = async (exercise: boolean) => {
    const { id } = await db().selectFrom('comms.subscribers').select('id').executeTakeFirstOrThrow();
    return db()
      .insertInto('comms.mailings')
      .values({
        revisionId,
        subscriberId: id,
        deliveryId: 'dlv_x',
        error: null,
        at,
        exercise,
      })
      .execute();
  };

  it('a row that says it is a drill is refused by a check', async () => {
    await expect(publication(true)).rejects.toThrow('publications_are_real');
    await expect(page(true)).rejects.toThrow('incident_pages_are_real');
    await expect(change(true)).rejects.toThrow('component_changes_are_real');
    await expect(mailing(true)).rejects.toThrow('mailings_are_real');
  });

  it('a row that says it is real is refused because what it belongs to is a drill', async () => {
    for (const lie of [publication, page, change, mailing]) await expect(lie(false)).rejects.toThrow('foreign key');
    const message = {
      id: newId('msg'),
      incidentId,
      kind: 'update' as const,
      state: 'draft' as const,
      exercise: false,
      createdBy: 'x',
      createdAt: at,
      publishedAt: null,
    };
    await expect(db().insertInto('comms.messages').values(message).execute()).rejects.toThrow('foreign key');
    const revision = await db()
      .selectFrom('comms.revisions')
      .selectAll()
      .where('id', '=', revisionId)
      .executeTakeFirstOrThrow();
    const twin = {
      ...revision,
      id: newId('rev'),
      n: 9,
      exercise: false,
      fields: json(revision.fields),
      lint: null,
      overrides: json(revision.overrides),
      publishedAt: null,
    };
    await expect(db().insertInto('comms.revisions').values(twin).execute()).rejects.toThrow('foreign key');
  });

  it('and the mail sender refuses a drill’s subscriber mail by itself', async () => {
    const { send } = await import('#channels');
    const drill = await house.ctx('system', { exercise: true });
    await expect(
      send(drill, {
        channel: 'email',
        to: 'customer@example.com',
        message: { subject: 's', text: 't' },
        purpose: 'subscriber',
        ref: revisionId,
        key: newId('key'),
      }),
    ).rejects.toMatchObject({ rule: 'channels.exercise' });
    expect(config.publicUrl).toBe(house.url);
  });
});
