/** What tests of containment and recovery begin with: a service, a led incident, a playbook that is approved and running. */
import { createService } from '#catalog';
import { assignRole, declare } from '#incidents';
import { approveVersion, libraryPlaybooks, saveFlag, savePlaybook, saveWebhookTarget } from '#playbooks';
import type { House } from './house.ts';

let count = 0;

/** A service, and an incident about it that the responder commands. */
export async function ledIncident(house: House, options: { exercise?: boolean; severity?: 1 | 2 | 3 | 4 } = {}) {
  count += 1;
  const admin = await house.ctx('admin');
  const service = await createService(admin, {
    name: `Checkout ${count}`,
    slug: `checkout-${count}`,
    tier: 1,
    description: '',
    teamId: null,
    policyId: null,
  });
  const responder = await house.ctx('responder', { exercise: options.exercise ?? false });
  const incident = await declare(responder, {
    title: `Card payments are slow ${count}`,
    severity: options.severity ?? 2,
    serviceIds: [service.id],
  });
  await assignRole(responder, {
    incidentId: incident.id,
    role: 'incident_commander',
    userId: await house.userId('responder'),
  });
  await house.settle();
  return { service, incident };
}

/** Saves a source as the manager and approves it as the administrator. Returns the playbook's id. */
export async function approvedPlaybook(house: House, source: string): Promise<string> {
  const version = await savePlaybook(await house.ctx('manager'), { source });
  if (version.state === 'draft') await approveVersion(await house.ctx('admin'), { versionId: version.id });
  return version.playbookId;
}

/** The flag and the webhook target that the library's payment playbook uses. */
export async function paymentTools(house: House): Promise<{ secret: string | null }> {
  const variants = { full: 5, limited: 1 };
  await saveFlag(await house.ctx('manager'), {
    key: 'payments.retries',
    description: 'How often our payment client tries again',
    variants,
    defaultVariant: 'full',
    state: 'enabled',
    serviceId: null,
  });
  const target = {
    name: 'payments-channel',
    description: '',
    url: `${house.sink.url}/payments`,
    readUrl: null,
    renewSecret: false,
  };
  return saveWebhookTarget(await house.ctx('admin'), target);
}

/** The library's payment playbook. */
export const paymentSource = (): string =>
  libraryPlaybooks().find((one) => one.file === 'card-payments-slow.yaml')!.source;
