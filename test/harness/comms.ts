/** What the tests of comms share: a service with a component, an incident with a commander and a writer, a whole message. */
import { createService } from '#catalog';
import { assignRole, declare, restore, waiveGate } from '#incidents';
import type { House } from './house.ts';
import { createComponent } from '../../src/comms/commands/createComponent.ts';
import type { UpdatePatch } from '../../src/comms/lint/index.ts';

let made = 0;

/** A service and the component customers know it by. */
export async function aComponent(house: House, name: string, options: { visible?: boolean; group?: string } = {}) {
  const ctx = await house.ctx('admin');
  const service = await createService(ctx, {
    slug: `svc-${++made}`,
    name: `${name} service`,
    tier: 1,
  } as never);
  const component = await createComponent(await house.ctx('manager'), {
    name,
    group: options.group ?? null,
    description: null,
    visible: options.visible ?? true,
    serviceIds: [service.id],
  });
  return { service, component };
}

/** An incident on these services: the manager commands, the responder writes. */
export async function anIncident(
  house: House,
  options: {
    severity?: 1 | 2 | 3 | 4;
    serviceIds?: string[];
    title?: string;
    exercise?: boolean;
    roles?: boolean;
  } = {},
) {
  const ctx = await house.ctx('responder', {
    exercise: options.exercise ?? false,
  });
  const incident = await declare(ctx, {
    title: options.title ?? 'payments-api-01 is on fire',
    severity: options.severity ?? 1,
    serviceIds: options.serviceIds ?? [],
  });
  if (options.roles !== false) {
    await assignRole(await house.ctx('manager'), {
      incidentId: incident.id,
      role: 'incident_commander',
    });
    await assignRole(await house.ctx('responder'), {
      incidentId: incident.id,
      role: 'communications_lead',
    });
  }
  await house.settle();
  return incident;
}

/** Every field a message needs; the next update `minutes` from now. */
export function whole(now: Date, minutes = 9, more: UpdatePatch = {}): UpdatePatch {
  return {
    headline: 'Card payments are slow or do not complete',
    impact: 'About 1 in 5 card payments takes over 30 seconds or does not complete. Sign-in works as usual.',
    known: ['The delay is in the card payment step.'],
    unknown: ['How long it will last.'],
    doing: ['We limit repeat attempts to protect you from double charges.'],
    protection: 'A payment that takes too long is not tried again.',
    customerActions: ['You do not need to pay again.'],
    dataImpact: {
      state: 'under_investigation',
      sentence: 'We are checking each open payment.',
      evidence: '',
    },
    nextUpdateBy: new Date(now.getTime() + minutes * 60_000).toISOString(),
    ...more,
  };
}

/** Restores an incident past the gates and phases that are not what a test of comms is about. */
export async function restoreAtOnce(house: House, incidentId: string) {
  const ctx = await house.ctx('manager');
  await waiveGate(ctx, {
    incidentId,
    kind: 'recovery.readiness',
    reason: 'not what this test is about',
  }).catch(() => undefined);
  await restore(ctx, {
    incidentId,
    note: 'works again',
    waiver: { kind: 'accepted', reason: 'not what this test is about' },
  } as never);
  await house.settle();
}
