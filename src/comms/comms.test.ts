/** Telling customers: from the draft to the page and the mailboxes, with the second pair of eyes and the gate. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { aComponent, anIncident, restoreAtOnce, whole } from '../../test/harness/comms.ts';

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
const draft = async (incidentId: string, fields?: object, kind?: string) =>
  (
    await writer.post(`/api/v1/incidents/${incidentId}/updates`, {
      ...(fields && { fields }),
      ...(kind && { kind }),
    })
  ).body;

describe('a message', () => {
  it('is filled in from the record: who is affected, since when, and the next time by policy', async () => {
    const { service, component } = await aComponent(house, 'Card payments');
    const incident = await anIncident(house, { serviceIds: [service.id] });
    const message = await draft(incident.id);
    expect(message.kind).toBe('initial');
    expect(message.revision.fields.headline).toContain('Card payments');
    expect(message.revision.fields.headline).not.toContain('payments-api');
    expect(message.revision.fields.componentStates).toEqual({
      [component.id]: 'partial_outage',
    });
    const minutes = (new Date(message.revision.fields.nextUpdateBy).getTime() - (await now()).getTime()) / 60_000;
    expect(minutes).toBeGreaterThan(8);
    expect(minutes).toBeLessThanOrEqual(10);
    expect(message.lint.errors).toEqual([]);
    expect((await draft(incident.id)).id).toBe(message.id);
  });

  it('without impact, timing or action is refused, and each missing field is named', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(
      incident.id,
      whole(await now(), 30, {
        impact: '',
        nextUpdateBy: null,
        customerActions: [],
      }),
    );
    const refused = await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    expect(refused.status).toBe(422);
    expect(refused.body.rule).toBe('comms.fields');
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toEqual([
      'impact',
      'customerActions',
      'nextUpdateBy',
    ]);
    expect(refused.body.errors[0].message).toContain('who is affected');
  });

  it('with a hard promise is refused; the incident commander may let it pass with a reason, the writer may not', async () => {
    const incident = await anIncident(house, { severity: 2 });
    const message = await draft(incident.id, whole(await now(), 15, { doing: ['Orders will be fixed by 3 pm.'] }));
    expect(message.lint.errors).toEqual(['O1']);
    const refused = await commander.post(`/api/v1/updates/${message.id}/publish`, {});
    expect([refused.status, refused.body.rule]).toEqual([422, 'comms.lint']);
    expect(refused.body.errors[0].path).toBe('doing.0');
    const overrides = [{ rule: 'O1', reason: 'the supplier has confirmed this in public' }];
    const own = await writer.post(`/api/v1/updates/${message.id}/publish`, {
      overrides,
    });
    expect([own.status, own.body.rule]).toEqual([403, 'comms.lint.override']);
    const passed = await commander.post(`/api/v1/updates/${message.id}/publish`, { overrides });
    expect(passed.status).toBe(200);
    expect(passed.body.revision.overrides).toEqual(overrides);
  });

  it('with a secret is not saved, and the secret is not repeated', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const refused = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {
      fields: { known: ['The token: sk9s8f7s6d5f is wrong.'] },
    });
    expect([refused.status, refused.body.rule]).toEqual([422, 'comms.secret']);
    expect(refused.text).not.toContain('sk9s8f7s6d5f');
    const card = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {
      fields: { impact: 'Card 4111 1111 1111 1111 was charged twice.' },
    });
    expect(card.status).toBe(422);
    expect(card.text).not.toContain('4111');
  });

  it('saved by somebody else meanwhile is not overwritten', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(incident.id);
    expect(
      (
        await commander.patch(`/api/v1/updates/${message.id}`, {
          fields: { impact: 'About 10 customers wait.' },
          version: message.revision.version,
        })
      ).status,
    ).toBe(200);
    const late = await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { impact: 'Nobody waits.' },
      version: message.revision.version,
    });
    expect([late.status, late.body.rule]).toEqual([409, 'comms.version']);
  });
});

describe('publishing', () => {
  it('the first message of a SEV1 needs the commander; the writer cannot approve it; after that the writer goes alone', async () => {
    const incident = await anIncident(house);
    const message = await draft(incident.id, whole(await now()));
    expect(message.needsApproval).toBe(true);
    const alone = await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    expect([alone.status, alone.body.rule]).toEqual([409, 'comms.approval']);
    expect((await writer.post(`/api/v1/updates/${message.id}/ask-approval`)).status).toBe(200);
    expect((await writer.post(`/api/v1/updates/${message.id}/approve`)).body.rule).toBe('comms.approval.second_person');
    const waiting = (await commander.get(`/api/v1/incident-approvals?incidentId=${incident.id}`)).body.items;
    expect(waiting.map((item: { subject: { kind: string } }) => item.subject.kind)).toEqual(['message']);
    expect(
      (
        await commander.post(`/api/v1/incident-approvals/${waiting[0].id}`, {
          verdict: 'granted',
        })
      ).status,
    ).toBe(200);
    await house.settle();
    const published = await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    expect(published.status).toBe(200);
    expect(published.body.revision.approvedBy.id).toBe(await house.userId('manager'));
    expect(published.body.revision.publicStatus).toBe('investigating');

    const next = await draft(incident.id, whole(await now(), 15));
    expect([next.kind, next.needsApproval]).toEqual(['update', false]);
    expect((await writer.post(`/api/v1/updates/${next.id}/publish`, {})).status).toBe(200);
  });

  it('an approval falls away when the text is changed after it', async () => {
    const incident = await anIncident(house);
    const message = await draft(incident.id, whole(await now()));
    await writer.post(`/api/v1/updates/${message.id}/ask-approval`);
    expect((await commander.post(`/api/v1/updates/${message.id}/approve`)).status).toBe(200);
    await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { headline: 'Payments are late' },
    });
    const refused = await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    expect([refused.status, refused.body.rule]).toEqual([409, 'comms.approval']);
    expect(refused.body.title).toContain('changed after it was approved');
  });

  it('the commander who publishes what somebody else wrote approves it by that', async () => {
    const incident = await anIncident(house);
    const message = await draft(incident.id, whole(await now()));
    await writer.post(`/api/v1/updates/${message.id}/ask-approval`);
    const published = await commander.post(`/api/v1/updates/${message.id}/publish`, {});
    expect(published.status).toBe(200);
    expect(published.body.revision.approvedBy.id).toBe(await house.userId('manager'));
    expect((await commander.get(`/api/v1/incident-approvals?incidentId=${incident.id}`)).body.items).toEqual([]);
  });

  it('does not wait for one person: after five minutes without an answer it goes out, with the reason in the record', async () => {
    const incident = await anIncident(house);
    const message = await draft(incident.id, whole(await now(), 20));
    await writer.post(`/api/v1/updates/${message.id}/ask-approval`);
    const withoutApproval = { reason: 'the commander cannot be reached' };
    expect(
      (
        await writer.post(`/api/v1/updates/${message.id}/publish`, {
          withoutApproval,
        })
      ).status,
    ).toBe(409);
    await house.advance('5m');
    expect(
      (
        await writer.post(`/api/v1/updates/${message.id}/publish`, {
          withoutApproval,
        })
      ).status,
    ).toBe(200);
    const timeline = (await writer.get(`/api/v1/incidents/${incident.id}/timeline`)).text;
    expect(timeline).toContain('Without approval: the commander cannot be reached');
  });

  it('belongs to the communications lead or the commander', async () => {
    const incident = await anIncident(house);
    const message = await draft(incident.id, whole(await now()));
    const stranger = await house.signIn('admin');
    const refused = await stranger.post(`/api/v1/updates/${message.id}/publish`, {});
    expect([refused.status, refused.body.rule]).toEqual([403, 'comms.authority']);
    expect((await (await house.signIn('viewer')).post(`/api/v1/incidents/${incident.id}/updates`, {})).status).toBe(
      403,
    );
  });

  it('happens once; what is published never changes, by any way', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(incident.id, whole(await now(), 30));
    const both = await Promise.all([
      writer.post(`/api/v1/updates/${message.id}/publish`, {}),
      writer.post(`/api/v1/updates/${message.id}/publish`, {}),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(
      (
        await writer.patch(`/api/v1/updates/${message.id}`, {
          fields: { headline: 'Other' },
        })
      ).body.rule,
    ).toBe('comms.published');
    const { revision } = both.find(({ status }) => status === 200)!.body;
    await expect(
      house.core.db.updateTable('comms.revisions').set({ factsHash: 'x' }).where('id', '=', revision.id).execute(),
    ).rejects.toThrow('immutable');
    await expect(house.core.db.deleteFrom('comms.revisions').where('id', '=', revision.id).execute()).rejects.toThrow(
      'immutable',
    );
  });

  it('a correction is a new revision; what it said before stays visible as an edit', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(incident.id, whole(await now(), 30, { impact: 'About 1 in 50 payments fails.' }));
    const url = (await writer.post(`/api/v1/updates/${message.id}/publish`, {})).body.publicUrl;
    await writer.post(`/api/v1/updates/${message.id}/correct`, {
      reason: 'the share was wrong',
    });
    await writer.patch(`/api/v1/updates/${message.id}`, {
      fields: { impact: 'About 1 in 5 payments fails.' },
    });
    const corrected = await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    expect(corrected.status).toBe(200);
    expect(corrected.body.revision.n).toBe(2);
    await house.settle();
    const page = await (await fetch(url)).text();
    expect(page).toContain('About 1 in 5 payments fails.');
    expect(page).toContain('the share was wrong');
    expect(page).toMatch(/<details>.*About 1 in 50 payments fails\./s);
  });
});

describe('the end', () => {
  it('a resolution waits for restored, needs no next time, closes the gate and stops the clock', async () => {
    const { service } = await aComponent(house, 'Invoices');
    const incident = await anIncident(house, {
      severity: 2,
      serviceIds: [service.id],
    });
    const first = await draft(incident.id, whole(await now(), 15));
    await commander.post(`/api/v1/updates/${first.id}/publish`, {});
    const fields = {
      impact: 'From 09:12 to 09:40 UTC 3 invoices were late.',
      customerActions: 'none',
      dataImpact: {
        state: 'delayed',
        sentence: 'All invoices have been sent since.',
      },
      apology: 'We are sorry that your invoices were late.',
    };
    const early = await draft(incident.id, { headline: 'Invoices are sent again', ...fields }, 'resolution');
    const refused = await commander.post(`/api/v1/updates/${early.id}/publish`, {});
    expect([refused.status, refused.body.title]).toEqual([422, expect.stringContaining('S5')]);

    await restoreAtOnce(house, incident.id);
    expect((await writer.get(`/api/v1/incidents/${incident.id}/update-clock`)).body).toMatchObject({
      state: 'running',
      nextDueAt: expect.any(String),
    });
    const closing = await commander.post(`/api/v1/incidents/${incident.id}/closed`, {});
    expect(closing.status).toBe(409);
    expect(closing.text).toContain('resolution');
    const alone = await writer.post(`/api/v1/updates/${early.id}/publish`, {});
    expect([alone.status, alone.body.rule]).toEqual([409, 'comms.approval']);
    const published = await commander.post(`/api/v1/updates/${early.id}/publish`, {});
    expect([published.status, published.body.revision.publicStatus]).toEqual([200, 'resolved']);
    expect((await writer.get(`/api/v1/incidents/${incident.id}/update-clock`)).body).toMatchObject({
      state: 'stopped',
      stopped: 'resolved',
      nextDueAt: null,
    });
    const gates = (await writer.get(`/api/v1/incidents/${incident.id}`)).body.gates;
    expect(gates.find((gate: { kind: string }) => gate.kind === 'comms.resolution').state).toBe('closed');
  });

  it('no public message needed: with a reason the gate closes, unless customers were told already', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const waived = await writer.post(`/api/v1/incidents/${incident.id}/no-public-message`, {
      reason: 'only an internal report was late',
    });
    expect(waived.body).toMatchObject({
      state: 'stopped',
      stopped: 'not_needed',
      stoppedReason: 'only an internal report was late',
    });
    const gates = (await writer.get(`/api/v1/incidents/${incident.id}`)).body.gates;
    expect(gates.find((gate: { kind: string }) => gate.kind === 'comms.resolution').state).toBe('closed');

    const other = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(other.id, whole(await now(), 30));
    await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    expect(
      (
        await writer.post(`/api/v1/incidents/${other.id}/no-public-message`, {
          reason: 'only an internal report was late',
        })
      ).status,
    ).toBe(409);
  });

  it('everything that was told stands in the incident’s export', async () => {
    const incident = await anIncident(house, { severity: 3, roles: false });
    const message = await draft(incident.id, whole(await now(), 30));
    await writer.post(`/api/v1/updates/${message.id}/publish`, {});
    const exported = await writer.get(`/api/v1/incidents/${incident.id}/export`);
    expect(exported.status).toBe(200);
    expect(exported.text).toContain('Card payments are slow or do not complete');
  });
});
