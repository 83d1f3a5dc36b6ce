/** "I have command": the duty passes at this instant, without a gap and without an overlap. */
import { type Ctx, conflict, emit, notFound } from '#kernel';
import { command, personRefs } from '#security';
import { roleHandedOver } from '../events.ts';
import { knownId } from '../links.ts';
import { write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { roleByKey } from '#people';
import { handsOnClash } from '../roles/model.ts';
import { endAssignment, holdingsOf, readHandover, settleHandover } from '../roles/store.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { HandoverRow } from '../tables.ts';
import { announce, beginDuty } from './assignRole.ts';

export interface AcceptHandoverInput {
  handoverId: string;
  exception?: string | undefined;
}

export const acceptHandover = command(
  'incidents.acceptHandover',
  { allow: 'responder' },
  async (ctx, input: AcceptHandoverInput): Promise<HandoverRow> => {
    const offer = await openOffer(ctx, input.handoverId);
    const incident = await lockIncident(ctx, offer.incidentId);
    const self = selfOf(ctx.actor);
    if (offer.toUserId !== self)
      throw conflict('This hand-over was offered to somebody else', 'incidents.handover.receiver');
    if (offer.state === 'accepted') return offer;
    const holdings = await holdingsOf(ctx, incident.id);
    const role = await roleByKey(ctx, offer.role);
    const clash = handsOnClash(holdings, { role, userId: self });
    if (clash && !input.exception) {
      throw problemOf({
        status: 409,
        rule: 'incidents.roles.hands_on',
        title: `You would command and work hands-on (${clash}) at once`,
        detail: 'Give one of the two to somebody else, or record why it has to be so (exception).',
      });
    }
    await endAssignment(ctx, incident.id, offer.role, offer.fromUserId);
    const settled = await settleHandover(ctx, offer.id, 'accepted');
    if (!settled) throw conflict('This offer was withdrawn meanwhile', 'incidents.handover.settled');
    const names = await personRefs(ctx, [self, offer.fromUserId]);
    const name = names.get(self)?.name ?? ctx.actor.name;
    await beginDuty(ctx, incident, role, { id: self, name }, { exception: input.exception, handoverNote: offer.brief });
    const from = names.get(offer.fromUserId)?.name ?? offer.fromUserId;
    await write(ctx, incident, {
      kind: 'role',
      text: `${name} has ${role.title}, handed over by ${from}`,
    });
    const payload = { incidentId: incident.id, key: incident.key, role: offer.role, from: offer.fromUserId, to: self };
    await emit(ctx, roleHandedOver, payload, { subject: incident.id, incident: incident.id });
    await announce(ctx, incident, offer.role, self, offer.fromUserId);
    ctx.audit.after = { role: offer.role, userId: self };
    return settled;
  },
);

/** The offer, or 404; one that was declined or withdrawn is told as such. */
export async function openOffer(ctx: Ctx, handoverId: string): Promise<HandoverRow> {
  const offer = await readHandover(ctx, knownId('hnd', 'Hand-over', handoverId));
  if (!offer) throw notFound('Hand-over', handoverId);
  if (offer.state === 'declined' || offer.state === 'withdrawn') {
    throw conflict(
      `This offer was ${offer.state}`,
      'incidents.handover.settled',
      'The duty stays where it was. Ask for a new offer.',
    );
  }
  return offer;
}
