/** What the company set up beforehand: team, on-call, escalation, services, playbook, flag, status page, a subscriber. */
import { expect, must, pressButton, until } from './product.ts';
import type { World } from './world.ts';

const PLAYBOOK = (health: string) => `apiVersion: ir/v1
kind: Runbook
metadata:
  name: card-payments-slow
  title: Card payments are slow
  version: 1.0.0
  owner: group:payments
  services: [component:checkout]
  tier: 1
  labels: {family: latency_spike, pillar: technology}
spec:
  summary: The payment provider answers slowly. Stop our own retries from making it worse and tell the payments channel.
  scope:
    use_when: Card payments time out because of the provider.
    not_for: [suspected fraud]
    severities: [1, 2, 3]
  probes:
    checkout_ok: {provider: http, target: "${health}", every: 1s, timeout: 1s, returns: bool}
  guardrails:
    approvals:
      - {for: [reversible], count: 1, from: [incident_commander, operations_lead], not_requester: true}
      - {for: [compensable], count: 1, from: [incident_commander], not_requester: true}
    freeze: {scope: affected, blocks: [deploy], allow_label: incident-fix, until: restored}
  containment:
    - id: limit_retries
      title: Limit payment retries to one
      type: action
      action: flag.set
      autonomy: approve
      risk: {class: reversible, customer_visible: true}
      with: {flag: payments.retries, variant: limited}
      idempotency_key: "\${{ incident.id }}/limit_retries"
      timeout: 10s
      verify: {expr: 'flag["payments.retries"] == "limited"', within: 30s}
      on_failure: {do: needs_human}
      undo: {action: flag.restore}
      manual: Set PSP_RETRY_MAX=1 in the payments configuration and reload.
    - id: tell_payments
      title: Tell the payments channel
      type: action
      action: webhook.call
      autonomy: approve
      risk: {class: compensable, customer_visible: false}
      with: {target: payments-channel, body: {text: "Retries are limited during \${{ incident.key }}"}}
      idempotency_key: "\${{ incident.id }}/tell_payments"
      timeout: 10s
      verify: {expr: response.status < 300, within: 10s}
      on_failure: {do: needs_human}
      undo: none
      undo_note: A message cannot be taken back; send a second one.
      manual: Write in the payments channel by hand.
    - id: stop_releases
      title: Stop releases of checkout
      type: action
      action: change.freeze
      autonomy: approve
      risk: {class: reversible, customer_visible: false}
      with: {scope: affected}
      idempotency_key: "\${{ incident.id }}/stop_releases"
      timeout: 10s
      verify: {expr: freeze.active, within: 30s}
      undo: {action: change.unfreeze}
      manual: Lock the deploy pipeline by hand.
    - id: contained
      title: Checkout answers again
      type: check
      expr: probe.checkout_ok.value
      every: 1s
      marks: contained
  eradication:
    - id: cause_is_external
      type: manual
      role: operations_lead
      timebox: 30m
      text: Confirm that the time is spent at the provider.
      allows_waiver: true
  communications:
    facts:
      impact: Some card payments take longer than usual.
      protection: Each card is charged at most once.
      customer_actions: You do not need to pay again.
      data_impact: none
  readiness:
    soak: 4s
    criteria:
      - {id: checkout_answers, name: Checkout answers, expr: probe.checkout_ok.value}
    on_restored: [change.unfreeze]
`;

/** Team, schedule (Ines this week) and a policy: Ines, then Tomas after the shortest wait there is. */
async function onCall({ admin, ines, tomas, lena }: World): Promise<{ teamId: string; policyId: string }> {
  const team = await must(
    admin.web.post('/api/v1/teams', {
      name: 'Payments',
      members: [
        { userId: lena.id, role: 'lead' },
        { userId: ines.id, role: 'member' },
        { userId: tomas.id, role: 'member' },
      ],
    }),
    201,
  );
  const schedule = await must(
    admin.web.post('/api/v1/schedules', {
      name: 'Payments on-call',
      teamId: team.id,
      zone: 'Europe/Berlin',
      handoverWeekday: 1,
      handoverTime: '09:00',
      startsOn: '2026-01-05',
      participants: [ines.id],
      acceptWarnings: true,
    }),
    201,
  );
  const policy = await must(
    admin.web.post('/api/v1/escalation-policies', {
      name: 'Payments',
      teamId: team.id,
      steps: [
        { delaySeconds: 30, targets: [{ kind: 'schedule', id: schedule.id }] },
        { delaySeconds: 30, targets: [{ kind: 'user', id: tomas.id }] },
      ],
    }),
    201,
  );
  return { teamId: team.id, policyId: policy.id };
}

/** Somebody outside subscribes: opening the confirmation link changes nothing, the button on it does. */
async function subscribe({ anonymous, mail }: World): Promise<void> {
  const address = 'chef@bistro.example';
  await must(
    anonymous.send('POST', '/status/subscribe', `email=${encodeURIComponent(address)}`, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  );
  const letter = await until(
    () => mail.messages.find((m) => m.to.includes(address)),
    15_000,
    () => 'no confirmation mail came',
  );
  const link = new URL(/https?:\/\/\S+\/status\/\S*confirm\S*/.exec(letter.text)?.[0] ?? '');
  await pressButton(anonymous, link.pathname + link.search);
}

/** Prepares everything; returns what a reader should know was set up. */
export async function prepare(world: World): Promise<string> {
  const { admin, lena, checkout, payments, facts } = world;
  const { teamId, policyId } = await onCall(world);
  const service = await must(
    admin.web.post('/api/v1/services', { name: 'Checkout', slug: 'checkout', tier: 1, teamId, policyId }),
    201,
  );
  const reports = await must(
    admin.web.post('/api/v1/services', { name: 'Reports', slug: 'reports', tier: 3, teamId, policyId }),
    201,
  );
  const am = await must(admin.web.post('/api/v1/integrations', { kind: 'alertmanager', name: 'Prometheus' }), 201);
  const pd = await must(
    admin.web.post('/api/v1/integrations', { kind: 'pagerduty', name: 'Report jobs', serviceId: reports.id }),
    201,
  );
  await must(
    admin.web.post('/api/v1/flags', {
      key: 'payments.retries',
      variants: { normal: 'normal', limited: 'limited' },
      defaultVariant: 'normal',
      serviceId: service.id,
    }),
  );
  const target = await must(
    admin.web.post('/api/v1/webhook-targets', { name: 'payments-channel', url: `${payments.url}/hook` }),
  );
  const draft = await must(admin.web.post('/api/v1/playbooks', { source: PLAYBOOK(`${checkout.url}/health`) }), 201);
  await must(lena.web.post(`/api/v1/playbook-versions/${draft.id}/approve`));
  const component = await must(
    admin.web.post('/api/v1/components', { name: 'Card payments', serviceIds: [service.id] }),
    201,
  );
  const token = await must(
    admin.web.post('/api/v1/tokens', { name: 'flag client and pipeline', scopes: ['read'] }),
    201,
  );
  await subscribe(world);
  expect((await must(admin.web.get('/api/v1/subscribers'))).confirmed === 1, 'the subscriber is not confirmed');
  Object.assign(facts, {
    serviceId: service.id,
    amKey: am.key,
    pdKey: pd.key,
    whsec: target.secret,
    playbookId: draft.playbookId,
    componentId: component.id,
    token: token.secret,
  });
  return 'team, rotation, escalation, 2 services, 2 integrations, 1 approved playbook, 1 flag, 1 component, 1 confirmed subscriber';
}
