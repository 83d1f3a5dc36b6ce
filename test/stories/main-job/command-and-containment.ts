/** Steps 3 and 4: somebody leads, and harm is contained by real actions. */
import { Webhook } from 'standardwebhooks';
import { flagClient } from './flag-client.ts';
import { expect, must, until } from './product.ts';
import type { World } from './world.ts';

/** Declared by policy; roles with a hand-over; hypothesis; a decision approved by a second person; the record verifies. */
export async function incident(world: World): Promise<string> {
  const { ines, tomas, lena, facts } = world;
  const found = await until(
    async () =>
      (await must(ines.web.get('/api/v1/incidents?state=active'))).items.find((item: { services: { id: string }[] }) =>
        item.services.some((service) => service.id === facts.serviceId),
      ),
    15_000,
    () => 'policy did not declare an incident for the critical alert on a tier-1 service',
  );
  facts.incident = found.id;
  facts.key = found.key;
  expect(found.severity === 1, `expected SEV1, got SEV${found.severity}`);
  const at = `/api/v1/incidents/${found.id}`;
  await must(tomas.web.post(`${at}/roles`, { role: 'incident_commander' }));
  const offer = await must(
    tomas.web.post(`${at}/handovers`, {
      role: 'incident_commander',
      toUserId: ines.id,
      brief: 'Checkout fails for 1 in 5 since the provider slowed down. You have command.',
    }),
    201,
  );
  await must(ines.web.post(`/api/v1/incident-handovers/${offer.id}/accepted`, {}));
  await must(ines.web.post(`${at}/roles`, { role: 'operations_lead', userId: tomas.id }));
  await must(ines.web.post(`${at}/roles`, { role: 'communications_lead', userId: lena.id }));
  const hypothesis = await must(
    tomas.web.post(`${at}/hypotheses`, { text: 'The payment provider answers slowly and our retries make it worse.' }),
    201,
  );
  await must(
    tomas.web.post(`/api/v1/incident-hypotheses/${hypothesis.id}`, {
      state: 'supported',
      evidence: 'Provider p95 is 31 s; our retry rate is 3 per order.',
    }),
  );
  const decision = await must(
    tomas.web.post(`${at}/decisions`, {
      question: 'Limit retries or wait?',
      options: ['limit', 'wait'],
      choice: 'limit',
      rationale: 'It protects customers from double charges.',
      needsApproval: true,
    }),
    201,
  );
  await must(tomas.web.post(`/api/v1/incident-approvals/${decision.approval.id}`, { verdict: 'granted' }), 403, 409);
  await must(ines.web.post(`/api/v1/incident-approvals/${decision.approval.id}`, { verdict: 'granted' }));
  const record = await must(ines.web.get(`${at}/timeline/verification`));
  expect(record.ok, `the timeline does not verify: ${record.problem}`);
  return `${found.key} SEV1 declared by policy; command handed over; decision approved by a second person; ${record.entries} timeline entries verify`;
}

/** The playbook's flag, webhook and freeze; each needs a second click; an OpenFeature client sees the flag in time. */
export async function containment(world: World): Promise<string> {
  const { anonymous, ines, tomas, payments, checkout, facts } = world;
  const at = `/api/v1/incidents/${facts.incident}`;
  const flags = await flagClient(world.product.url, facts.token as string);
  expect((await flags.value('payments.retries')) === 'normal', 'the flag client does not see the value before');
  await must(tomas.web.post(`${at}/containment`, {}));
  await must(tomas.web.post(`${at}/runs`, { playbookId: facts.playbookId }), 201);
  const steps = async () =>
    (await must(tomas.web.get(`${at}/containment`))).runs[0].steps as {
      id: string;
      stepId: string;
      state: string;
      action: { id: string; state: string; error: string | null } | null;
    }[];
  const act = async (stepId: string): Promise<number> => {
    const step = (await steps()).find((item) => item.stepId === stepId);
    const action = await must(tomas.web.post(`/api/v1/steps/${step?.id}/propose`), 201);
    expect(
      action.state === 'awaiting_approval',
      `${stepId} did not wait for a second click: ${action.state} ${JSON.stringify(action.rules)}`,
    );
    await must(tomas.web.post(`/api/v1/containment-actions/${action.id}/approve`), 403, 409);
    const approved = performance.now();
    await must(ines.web.post(`/api/v1/containment-actions/${action.id}/approve`));
    await until(
      async () => {
        const now = (await steps()).find((item) => item.stepId === stepId)?.action;
        if (now && ['failed', 'needs_human', 'unknown'].includes(now.state))
          throw new Error(`${stepId} ended ${now.state}: ${now.error}`);
        return now?.state === 'effective' ? true : undefined;
      },
      20_000,
      () => `${stepId} did not become effective`,
    );
    return approved;
  };
  const flagged = act('limit_retries');
  const seen = until(
    async () => ((await flags.value('payments.retries')) === 'limited' ? performance.now() : undefined),
    20_000,
    () => 'the flag client never saw the new value',
  );
  const flagMs = Math.round((await seen) - (await flagged));
  expect(flagMs <= 2000, `the flag client saw the value after ${flagMs} ms`);
  await act('tell_payments');
  const hook = payments.requests.find((request) => request.path === '/hook');
  expect(hook, 'the webhook was not called');
  new Webhook(facts.whsec as string).verify(hook.rawBody, hook.headers as Record<string, string>);
  expect(payments.requests.length === 1, `the webhook was called ${payments.requests.length} times`);
  await act('stop_releases');
  const gate = (query: string) =>
    must(anonymous.get(`/api/v1/gate/checkout${query}`, { authorization: `Bearer ${facts.token}` }));
  const denied = await gate('');
  expect(
    denied.decision === 'deny' && denied.incident.url.includes(facts.key as string),
    `the deploy gate answered ${JSON.stringify(denied)}`,
  );
  expect((await gate('?label=incident-fix')).decision === 'allow_exception', 'a labelled incident fix is not allowed');
  checkout.healthy = true;
  const contained = await until(
    async () => {
      const now = await must(ines.web.get(at));
      return now.times.containedAt ? now : undefined;
    },
    20_000,
    () => 'the check did not mark the incident as contained',
  );
  expect(contained.durations.containment >= 0, 'the containment duration was not computed');
  await flags.close();
  return `flag seen by an OpenFeature client after ${flagMs} ms; webhook signature verified, called once; deploy gate denies with ${denied.incident.url}; contained by its check after ${contained.durations.containment} s of containment`;
}
