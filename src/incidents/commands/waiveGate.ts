/** Goes on without a gate, with authority and a reason that everybody sees (domain 4.8). */
import { conflict, emit, notFound } from '#kernel';
import { command } from '#security';
import { gateChanged } from '../events.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { requireAuthority, selfOf } from '../roles/authority.ts';
import { gatesOf, saveGate } from '../gate-store.ts';
import { lockIncident } from '../store.ts';
import type { GateRow } from '../tables.ts';

export interface WaiveGateInput {
  incidentId: string;
  kind: string;
  reason: string;
}

/** Learning from a SEV1 or SEV2 is not negotiable: it cannot close before a review is scheduled (M7c). */
const NEVER_WAIVED = ['learning.review'];

export const waiveGate = command(
  'incidents.waiveGate',
  { allow: 'responder' },
  async (ctx, input: WaiveGateInput): Promise<GateRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    const gate = (await gatesOf(ctx, incident.id)).find((one) => one.kind === input.kind);
    if (!gate) throw notFound('Gate', input.kind);
    if (gate.state !== 'open') return gate;
    if (NEVER_WAIVED.includes(gate.kind)) {
      throw conflict(`${gate.kind} cannot be waived: schedule the review`, 'incidents.gates.fixed');
    }
    await requireAuthority(ctx, incident, 'override_guardrail');
    const saved = await saveGate(ctx, incident.id, gate.kind, {
      state: 'waived',
      reasons: gate.reasons,
      waivedBy: selfOf(ctx.actor),
      waivedReason: storable(input.reason),
    });
    await write(ctx, incident, {
      kind: 'gate',
      text: `${gate.kind} waived by ${ctx.actor.name}: ${input.reason}. Open was: ${gate.reasons.join('; ')}`,
    });
    ctx.audit.before = { kind: gate.kind, reasons: gate.reasons };
    ctx.audit.reason = input.reason;
    const payload = { incidentId: incident.id, key: incident.key, kind: gate.kind, state: 'waived' };
    await emit(ctx, gateChanged, payload, { subject: incident.id, incident: incident.id });
    return saved!;
  },
);
