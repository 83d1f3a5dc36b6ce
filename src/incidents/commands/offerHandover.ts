/** Offers a role with a brief; the old holder keeps the duty until the other says "I have command". */
import { conflict, emit, invalid } from '#kernel';
import { roleByKey } from '#people';
import { command, personRefs, userById } from '#security';
import { handoverOffered } from '../events.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import type { RoleName } from '../roles/model.ts';
import { holdingsOf, insertHandover, withdrawOffers } from '../roles/store.ts';
import { lockIncident } from '../store.ts';
import type { HandoverRow } from '../tables.ts';

export interface OfferHandoverInput {
  incidentId: string;
  role: RoleName;
  toUserId: string;
  brief: string;
}

export const offerHandover = command(
  'incidents.offerHandover',
  { allow: 'responder' },
  async (ctx, input: OfferHandoverInput): Promise<HandoverRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { brief: input.brief });
    const self = selfOf(ctx.actor);
    const { title } = await roleByKey(ctx, input.role);
    const holds = (await holdingsOf(ctx, incident.id)).find((held) => held.role === input.role && held.userId === self);
    if (!holds)
      throw conflict(
        `You are not ${title} of ${incident.key}: only its holder hands it over`,
        'incidents.handover.holder',
      );
    const to = await userById(ctx, input.toUserId);
    if (!to?.active || to.id === self || !to.roles.some((role) => role !== 'viewer' && role !== 'auditor')) {
      throw invalid('Choose another active responder to hand over to', 'incidents.roles.person', [
        { path: 'toUserId', message: 'not another active responder' },
      ]);
    }
    await withdrawOffers(ctx, incident.id, input.role);
    const offer = await insertHandover(ctx, incident, {
      role: input.role,
      fromUserId: self,
      toUserId: to.id,
      brief: input.brief,
    });
    const from = (await personRefs(ctx, [self])).get(self)?.name ?? ctx.actor.name;
    await write(ctx, incident, {
      kind: 'role',
      text: `${from} offers ${title} to ${to.name}: ${input.brief}`,
    });
    const payload = {
      incidentId: incident.id,
      key: incident.key,
      handoverId: offer.id,
      role: input.role,
      toUserId: to.id,
    };
    await emit(ctx, handoverOffered, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.after = { role: input.role, to: to.id };
    return offer;
  },
);
