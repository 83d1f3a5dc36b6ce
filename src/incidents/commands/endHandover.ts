/** Declines an offer made to oneself, or withdraws one's own; the duty stays where it is. */
import { conflict, emit } from '#kernel';
import { roleByKey } from '#people';
import { command, personRefs } from '#security';
import { handoverOffered } from '../events.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { settleHandover } from '../roles/store.ts';
import { lockIncident } from '../store.ts';
import type { HandoverRow } from '../tables.ts';
import { openOffer } from './acceptHandover.ts';

export interface EndHandoverInput {
  handoverId: string;
  reason?: string | undefined;
}

export const endHandover = command(
  'incidents.endHandover',
  { allow: 'responder' },
  async (ctx, input: EndHandoverInput): Promise<HandoverRow> => {
    const offer = await openOffer(ctx, input.handoverId);
    const incident = await lockIncident(ctx, offer.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    const self = selfOf(ctx.actor);
    if (self !== offer.toUserId && self !== offer.fromUserId)
      throw conflict('This hand-over is between two other people', 'incidents.handover.receiver');
    const { title } = await roleByKey(ctx, offer.role);
    const declined = self === offer.toUserId;
    const settled = await settleHandover(ctx, offer.id, declined ? 'declined' : 'withdrawn');
    if (!settled) throw conflict('This offer was settled meanwhile', 'incidents.handover.settled');
    const name = (await personRefs(ctx, [self])).get(self)?.name ?? ctx.actor.name;
    const why = input.reason ? `: ${input.reason}` : '';
    await write(ctx, incident, {
      kind: 'role',
      text: `${name} ${declined ? 'declines' : 'withdraws'} the hand-over of ${title}${why}`,
    });
    const payload = {
      incidentId: incident.id,
      key: incident.key,
      handoverId: offer.id,
      role: offer.role,
      toUserId: offer.toUserId,
    };
    await emit(ctx, handoverOffered, payload, { subject: incident.id, incident: incident.id });
    return settled;
  },
);
