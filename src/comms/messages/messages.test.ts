/** Messages from the draft to their end: every kind, what they leave open and promise, who must read them, earlier incidents. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignRole, recordImpact } from '#incidents';
import { emit, sql } from '#kernel';
import { actionEffective } from '#playbooks';
import type { WebClient } from '../../../test/harness/client.ts';
import { aComponent, anIncident, restoreAtOnce, whole } from '../../../test/harness/comms.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

let house: House;
let writer: WebClient;
let commander: WebClient;
beforeAll(async () => {
  house = await openHouse();
  writer = await house.signIn('responder');
  commander = await house.signIn('manager');
});
afterAll(() => house.close());

const now = async () => (await house.ctx('system')).now;
const draft = async (incidentId: string, fields?: object, kind?: string) => {
  const { body, status, text } = await writer.post(`/api/v1/incidents/${incidentId}/updates`, {
    ...(fields && { fields }),
    ...(kind && { kind }),
  });
  expect(status, text).toBe(201);
  return body;
};
const publish = async (id: string, by = commander, body: object = {}) => {
  const answer = await by.post(`/api/v1/updates/${id}/publish`, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const told = async (incidentId: string, fields: object = {}, minutes = 9, kind?: string) =>
  publish((await draft(incidentId, { ...whole(await now(), minutes), ...fields }, kind)).id);
const followUp = async (id: string) => (await writer.get(`/api/v1/incidents/${id}/follow-up`)).body;
const timeline = async (id: string) => (await writer.get(`/api/v1/incidents/${id}/timeline`)).text;

/** An incident that customers were told of and that is over. */
async function past(serviceIds: string[] = [], title = 'Card payments fail') {
  const incident = await anIncident(house, { severity: 3, roles: false, serviceIds, title });
  await told(incident.id, {}, 30);
  await restoreAtOnce(house, incident.id);
  return incident;
}

describe('unknowns', () => {
  it('an unknown of one update must be answered, said again or withdrawn in the next, and what became of it stands', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    await told(incident.id, { unknown: ['How long it will last.', 'Whether orders were lost.'] }, 30);
    const next = await draft(incident.id, { ...whole(await now(), 30), unknown: ['How long it will last.'] });
    expect(next.lint.errors).toEqual(['S7']);
    const refused = await commander.post(`/api/v1/updates/${next.id}/publish`, {});
    expect([refused.status, refused.body.rule]).toEqual([422, 'comms.lint']);
    expect(refused.body.errors[0].message).toContain('Whether orders were lost.');
    await writer.patch(`/api/v1/updates/${next.id}`, {
      fields: {
        settled: [{ unknown: 'Whether orders were lost.', how: 'answered', answer: 'All 214 orders are there.' }],
      },
    });
    await publish(next.id);
    const { unknowns } = await followUp(incident.id);
    expect(unknowns.map(({ text, state, answer }: Record<string, string>) => [text, state, answer])).toEqual([
      ['How long it will last.', 'open', ''],
      ['Whether orders were lost.', 'answered', 'All 214 orders are there.'],
    ]);
  });

  it('before resolution each update has known, unknown and doing; that nothing is unknown is confirmed by the commander', async () => {
    const incident = await anIncident(house, { severity: 2 });
    const empty = await draft(incident.id, { ...whole(await now(), 14), known: [], unknown: [], doing: [] });
    const refused = await commander.post(`/api/v1/updates/${empty.id}/publish`, {});
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual(['known', 'unknown', 'doing']);
    await writer.patch(`/api/v1/updates/${empty.id}`, { fields: whole(await now(), 14) });
    await publish(empty.id);
    const sure = {
      unknown: [],
      nothingUnknown: true,
      settled: [{ unknown: 'How long it will last.', how: 'withdrawn', answer: 'It is over for all.' }],
    };
    const next = await draft(incident.id, { ...whole(await now(), 25), ...sure });
    const alone = await writer.post(`/api/v1/updates/${next.id}/publish`, {});
    expect([alone.status, alone.body.rule]).toEqual([409, 'comms.nothing_unknown']);
    await publish(next.id);
  });
});

describe('promises', () => {
  it('each stated expectation is later scored kept, missed or withdrawn', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const at = async (minutes: number) => new Date((await now()).getTime() + minutes * 60_000).toISOString();
    const estimate = {
      from: await at(60),
      to: await at(90),
      basis: 'the first two steps',
      measured: true,
      confirmAt: await at(20),
    };
    await told(incident.id, { estimate }, 30);
    await house.advance('10m');
    // In time: the next update, and another estimate in place of the first.
    await told(incident.id, { estimate: { ...estimate, to: await at(120), confirmAt: await at(25) } }, 30);
    await house.advance('40m');
    const states = async () =>
      (await followUp(incident.id)).commitments
        .map(({ kind, state }: Record<string, string>) => `${kind} ${state}`)
        .sort();
    expect(await states()).toEqual([
      'confirm_estimate kept',
      'confirm_estimate missed',
      'estimate open',
      'estimate withdrawn',
      'next_update kept',
      'next_update missed',
    ]);
    const { commitments, punctuality } = (await writer.get('/api/v1/communication/measures')).body;
    expect(commitments.kept).toBeGreaterThanOrEqual(2);
    expect(commitments.missed).toBeGreaterThanOrEqual(2);
    expect(punctuality[0].due).toBeGreaterThanOrEqual(2);
  });

  it('a missed estimate opens a correction draft', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const at = async (minutes: number) => new Date((await now()).getTime() + minutes * 60_000).toISOString();
    await told(
      incident.id,
      {
        estimate: {
          from: await at(20),
          to: await at(40),
          basis: 'the first step',
          measured: true,
          confirmAt: await at(15),
        },
      },
      100,
    );
    await house.advance('43m');
    const [message] = (await writer.get(`/api/v1/incidents/${incident.id}/updates`)).body.items;
    expect(message).toMatchObject({
      state: 'draft',
      revision: { n: 2, correctionReason: 'The time we expected has passed' },
    });
    expect(await timeline(incident.id)).toContain('The estimate given to customers has passed');
  });

  it('the line about how well it works is filled from the last measure and is stale after ten minutes', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    await recordImpact(await house.ctx('responder'), {
      incidentId: incident.id,
      pctRequests: 20,
      method: 'gateway log',
    });
    const message = await draft(incident.id);
    expect(message.revision.fields.expectation.text).toBe('About 1 in 5 requests does not go through.');
    expect((await followUp(incident.id)).expectation).toMatchObject({ stale: false });
    await house.advance('11m');
    expect((await followUp(incident.id)).expectation).toMatchObject({ stale: true });
    const { lint } = (await writer.get(`/api/v1/incidents/${incident.id}/updates`)).body.items[0];
    expect(lint.errors).toContain('EXP');
  });
});

describe('what customers must be able to rely on', () => {
  it('data impact cannot be empty, “none” needs its evidence, an action or “none needed” is said, and support always stands there', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(incident.id, { ...whole(await now(), 30), dataImpact: null });
    const paths = async () =>
      (await commander.post(`/api/v1/updates/${message.id}/publish`, {})).body.errors?.map(
        ({ path }: { path: string }) => path,
      );
    expect(await paths()).toEqual(['dataImpact']);
    const dataImpact = { state: 'none_verified', sentence: 'No order was lost.', evidence: '' };
    await writer.patch(`/api/v1/updates/${message.id}`, { fields: { dataImpact } });
    expect(await paths()).toEqual(['dataImpact.evidence']);
    await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { dataImpact: { ...dataImpact, evidence: 'https://logs.example/1' }, customerActions: [] },
    });
    expect(await paths()).toEqual(['customerActions']);
    await writer.patch(`/api/v1/updates/${message.id}`, { fields: { customerActions: 'none' } });
    await (
      await house.signIn('admin')
    ).put('/api/v1/settings/comms.page', {
      value: {
        name: 'Orchardline',
        about: '',
        supportContact: 'support@orchardline.example',
        accent: '#0e7c7b',
        language: 'en',
      },
    });
    const { publicUrl } = await publish(message.id);
    await house.settle();
    const text = (await house.anonymous.get(new URL(publicUrl).pathname)).text;
    expect(text).toContain('support@orchardline.example');
    expect(text).toContain('You do not need to do anything.');
    expect(text).not.toContain('logs.example');
  });

  it('exposed data goes out only after security and legal have read it as it stands', async () => {
    const incident = await anIncident(house, { severity: 2 });
    const exposed = {
      state: 'exposed',
      sentence: 'Names on 12 invoices could be seen by another customer.',
      evidence: '',
    };
    const message = await draft(incident.id, { ...whole(await now(), 14), dataImpact: exposed });
    const refused = await commander.post(`/api/v1/updates/${message.id}/publish`, {});
    expect([refused.status, refused.body.rule]).toEqual([409, 'comms.clearance']);
    const admin = await house.signIn('admin');
    const part = (name: string, by = admin) => by.post(`/api/v1/updates/${message.id}/clear`, { part: name });
    expect((await part('security')).status).toBe(403);
    await assignRole(await house.ctx('admin'), { incidentId: incident.id, role: 'security_officer' });
    expect((await part('security', writer)).status).toBe(409);
    expect([(await part('security')).status, (await part('legal', commander)).status]).toEqual([204, 204]);
    // An edit makes both void.
    await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { headline: 'Some invoices could be seen by others' },
    });
    expect((await commander.post(`/api/v1/updates/${message.id}/publish`, {})).body.rule).toBe('comms.clearance');
    await part('security');
    await part('legal', commander);
    await publish(message.id);
  });

  it('facts changed in one draft are changed in every other that still said the old; one that says its own keeps it', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    await told(incident.id, {}, 30);
    const update = await draft(incident.id);
    const direct = await draft(incident.id, undefined, 'direct');
    const brief = await draft(incident.id, { impact: 'Only 3 customers are left.' }, 'internal_brief');
    await writer.patch(`/api/v1/updates/${update.id}`, { fields: { impact: 'About 1 in 50 card payments fails.' } });
    const { items } = (await writer.get(`/api/v1/incidents/${incident.id}/updates`)).body;
    const impact = (id: string) => items.find((item: { id: string }) => item.id === id).revision.fields.impact;
    expect([impact(direct.id), impact(brief.id)]).toEqual([
      'About 1 in 50 card payments fails.',
      'Only 3 customers are left.',
    ]);
  });

  it('a message that was taken back stays, marked as such; a correction shows what it replaces', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await told(incident.id, {}, 30);
    const corrected = await writer.post(`/api/v1/updates/${message.id}/correct`, { reason: 'the number was wrong' });
    expect(corrected.status).toBe(200);
    await writer.patch(`/api/v1/updates/${message.id}`, { fields: { impact: 'About 1 in 50 card payments fails.' } });
    const second = await publish(message.id);
    expect(second.earlier[0].fields.impact).toContain('1 in 5 ');
    await house.settle();
    const page = async () => (await house.anonymous.get(new URL(message.publicUrl).pathname)).text;
    expect(await page()).toContain('the number was wrong');
    expect(
      (await writer.post(`/api/v1/updates/${message.id}/retract`, { reason: 'it was another product' })).status,
    ).toBe(204);
    const again = await writer.post(`/api/v1/updates/${message.id}/retract`, { reason: 'it was another product' });
    expect(again.status).toBe(409);
    const { items } = (await writer.get(`/api/v1/incidents/${incident.id}/updates`)).body;
    expect(items[0]).toMatchObject({ stage: 'retracted', retracted: { reason: 'it was another product' } });
    await expect(
      sql`update comms.revisions set facts_hash = 'x' where id = ${second.revision.id}`.execute(house.core.db),
    ).rejects.toThrow('immutable');
  });
});

describe('containment', () => {
  it('that customers can see makes an internal post at once and a draft with its due time; it is published or not needed, because; the segment gets a direct notice', async () => {
    const { service } = await aComponent(house, 'Checkout');
    const incident = await anIncident(house, { severity: 3, roles: false, serviceIds: [service.id] });
    await told(incident.id, {}, 30);
    const contain = async (n: number) => {
      const ctx = await house.ctx('system');
      const about = {
        actionRunId: `act_${n}`,
        incidentId: incident.id,
        title: 'Payments are taken later',
        customerVisible: true,
      };
      await emit(ctx, actionEffective, about, { subject: about.actionRunId, incident: incident.id });
      await house.settle();
    };
    await contain(1);
    expect(await timeline(incident.id)).toContain('To all teams: “Payments are taken later” is in effect');
    const drafts = async () =>
      (await writer.get(`/api/v1/incidents/${incident.id}/updates`)).body.items.filter(
        ({ state, kind }: Record<string, string>) => state === 'draft' && kind === 'containment',
      );
    const [owed] = await drafts();
    expect(owed.because).toContain('Payments are taken later');
    expect(new Date(owed.dueAt).getTime()).toBeGreaterThan((await now()).getTime());

    // The last word does not go out over it.
    await restoreAtOnce(house, incident.id);
    const end = await draft(
      incident.id,
      {
        customerActions: 'none',
        impact: '3 payments were late.',
        headline: 'Payments work',
        dataImpact: { state: 'delayed', sentence: 'All are charged by now.' },
      },
      'resolution',
    );
    const early = await commander.post(`/api/v1/updates/${end.id}/publish`, {});
    expect([early.status, early.body.rule]).toEqual([409, 'comms.containment']);
    const waived = await commander.post(`/api/v1/updates/${owed.id}/not-needed`, {
      reason: 'customers see no difference',
    });
    expect(waived.status, waived.text).toBe(204);
    expect(await timeline(incident.id)).toContain('customers see no difference');
    await publish(end.id);

    // Another incident: published, and those who rely on us hear what the others need not know.
    const form = (path: string, fields: Record<string, string>) =>
      house.anonymous.send('POST', path, new URLSearchParams(fields).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      });
    const mails = (to: string) => house.smtp.messages.filter((mail) => mail.to.includes(to));
    for (const email of ['hospital@example.com', 'reader@example.com']) {
      await form('/status/subscribe', { email });
      await house.settle();
      await form('/status/confirm', { token: /token=([\w-]+)/.exec(mails(email).at(-1)?.text ?? '')?.[1] ?? '' });
    }
    const { items } = (await commander.get('/api/v1/subscribers?state=confirmed')).body;
    const hospital = items.find(({ address }: { address: string }) => address.startsWith('h'));
    expect(
      (await commander.put(`/api/v1/subscribers/${hospital.id}/segments`, { segments: ['critical_operations'] }))
        .status,
    ).toBe(204);
    const other = await anIncident(house, { severity: 3, roles: false });
    await told(other.id, {}, 30);
    await house.settle();
    house.smtp.clear();
    const message = await draft(
      other.id,
      {
        ...whole(await now(), 30),
        variants: { workaround: 'Take payments by invoice.', criticalContact: 'Your named manager' },
      },
      'containment',
    );
    const published = await publish(message.id);
    await house.settle();
    expect(mails('hospital@example.com')).toHaveLength(1);
    expect(mails('hospital@example.com')[0]?.text).toContain('Take payments by invoice.');
    expect(mails('hospital@example.com')[0]?.headers['x-evenkeel-revision']).toEqual([published.revision.id]);
    expect(mails('reader@example.com')).toHaveLength(1);
    expect(mails('reader@example.com')[0]?.text).not.toContain('by invoice');
  });
});

describe('earlier incidents', () => {
  it('the draft of a confirmed recurrence has its date, what changed since and the comparison; only public ones are named', async () => {
    const first = await past();
    const hidden = await anIncident(house, { severity: 4, roles: false, title: 'Card payments fail' });
    await restoreAtOnce(house, hidden.id);
    await house.advance('3h');
    const ctx = await house.ctx('system');
    await house.core.db
      .insertInto('learning.actions')
      .values({
        id: 'act_done',
        incidentId: first.id,
        title: 'A second payment route',
        state: 'done',
        type: 'code',
        ownerId: await house.userId('manager'),
        dueOn: '2026-12-01',
        dueAt: ctx.now,
        proposedBy: 'usr_x',
        settledAt: ctx.now,
        settledNote: 'it runs',
      } as never)
      .execute();
    const incident = await anIncident(house, { severity: 3, roles: false, title: 'Card payments fail' });
    const say = (earlierId: string) =>
      writer.post(`/api/v1/incidents/${incident.id}/recurrences`, {
        earlierId,
        state: 'confirmed',
        alike: 'Card payments did not go through',
      });
    expect([(await say(first.id)).status, (await say(hidden.id)).status]).toEqual([204, 204]);
    await restoreAtOnce(house, incident.id);
    const message = await draft(incident.id);
    const { text, refs } = message.revision.fields.recurrence;
    expect(text).toMatch(/A similar event happened on \d{1,2} \w+\./);
    expect(text).toContain('Since then this is done: A second payment route');
    expect(text).toMatch(/This time it took \d+ minutes, compared with \d+\./);
    const page = await house.core.db
      .selectFrom('comms.incidentPages')
      .select('publicId')
      .where('incidentId', '=', first.id)
      .executeTakeFirstOrThrow();
    expect(refs).toEqual([page.publicId]);
    // One that customers never heard of cannot be named.
    await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { ...whole(await now(), 30), recurrence: { text, refs: [...refs, 'hiddenhidden'] } },
    });
    const named = (await writer.get(`/api/v1/incidents/${incident.id}/updates`)).body.items[0];
    expect(named.lint.errors).toContain('R4');
  });

  it('from the second recurrence on, publishing without reference or recorded reason is blocked', async () => {
    const [one, two] = [await past([], 'Exports are late'), await past([], 'Exports are late')];
    await house.advance('3h');
    const incident = await anIncident(house, { severity: 3, roles: false, title: 'Exports are late' });
    const say = (earlierId: string) =>
      writer.post(`/api/v1/incidents/${incident.id}/recurrences`, { earlierId, state: 'confirmed' });
    await say(one.id);
    const message = await draft(incident.id, { ...whole(await now(), 30), recurrence: null });
    expect(message.lint.findings.filter(({ rule }: { rule: string }) => rule.startsWith('R'))).toMatchObject([
      { rule: 'R1', level: 'warn' },
    ]);
    await say(two.id);
    const refused = await commander.post(`/api/v1/updates/${message.id}/publish`, {});
    expect([refused.status, refused.body.title]).toEqual([422, expect.stringContaining('R2')]);
    await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { recurrenceReason: 'the earlier ones had another effect' },
    });
    await publish(message.id);
  });
});

describe('a report', () => {
  it('needs what we are changing with owner and date, blames no supplier that has not spoken, and names nobody', async () => {
    const incident = await past();
    const admin = await house.signIn('admin');
    const words = (await admin.get('/api/v1/settings')).body.items.find(
      ({ key }: { key: string }) => key === 'comms.lists',
    ).value;
    await admin.put('/api/v1/settings/comms.lists', {
      value: { ...words, thirdPartyNames: ['PayBridge'], customerNames: ['Nordkost'] },
    });
    const report = await draft(
      incident.id,
      {
        ...whole(await now()),
        nextUpdateBy: null,
        apology: 'We are sorry that payments failed.',
        known: ['PayBridge answered late, as Nordkost told us.'],
      },
      'post_incident',
    );
    const refused = await commander.post(`/api/v1/updates/${report.id}/publish`, {});
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual(['changes']);
    const changes = [
      { what: 'Payments take a second route by themselves', owner: 'Head of payments', due: '2026-12-15' },
    ];
    await writer.patch(`/api/v1/updates/${report.id}`, { fields: { changes } });
    const blocked = await commander.post(`/api/v1/updates/${report.id}/publish`, {});
    expect(blocked.body.title).toContain('B5');
    expect(blocked.body.title).toContain('P7');
    await writer.patch(`/api/v1/updates/${report.id}`, {
      fields: { known: ['PayBridge answered late.'], supplierPublished: 'https://status.paybridge.example/1' },
    });
    await publish(report.id);
    await admin.put('/api/v1/settings/comms.lists', { value: words });
  });

  it('“was this useful” is kept without anything of the person, and counted by week', async () => {
    const incident = await past();
    const { publicId } = await house.core.db
      .selectFrom('comms.incidentPages')
      .select('publicId')
      .where('incidentId', '=', incident.id)
      .executeTakeFirstOrThrow();
    for (const [helped, words] of [
      ['yes', 'I knew what to do'],
      ['no', 'call me at +44 20 7946 0958'],
    ])
      expect(
        (
          await house.anonymous.send(
            'POST',
            '/status/feedback',
            new URLSearchParams({ incident: publicId, helped: helped!, words: words! }).toString(),
            { 'content-type': 'application/x-www-form-urlencoded' },
          )
        ).status,
      ).toBe(303);
    const rows = await house.core.db
      .selectFrom('comms.feedback')
      .selectAll()
      .where('incidentId', '=', incident.id)
      .orderBy('helped')
      .execute();
    expect(rows.map(({ helped, words }) => [helped, words])).toEqual([
      [false, ''],
      [true, 'I knew what to do'],
    ]);
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual([
      'day',
      'exercise',
      'helped',
      'id',
      'incidentId',
      'revisionId',
      'words',
    ]);
    const { feedback } = (await writer.get('/api/v1/communication/measures')).body;
    expect(feedback[0]).toMatchObject({ helped: 1, total: 2 });
  });
});
