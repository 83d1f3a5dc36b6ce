/** The module that owns a gate answers: open with what is missing, closed, or waived by its own rules. */
import { emit, notFound } from '#kernel';
import { command } from '#security';
import { gateChanged } from '../events.ts';
import { write } from '../record/write.ts';
import { gatesOf, keepGate, saveGate } from '../gate-store.ts';
import { gateHeading } from '../lifecycle/gates.ts';
import { lockIncident } from '../store.ts';

export interface SetGateInput {
  incidentId: string;
  kind: string;
  state: 'open' | 'closed' | 'waived';
  /** What is false, unknown or missing (open), or why it is settled; each a sentence. */
  reasons?: string[] | undefined;
  /** For an answer that rests on measuring: after this instant the gate counts as open unless it was answered again. */
  goodUntil?: Date | null | undefined;
}

/**
 * Sets a gate's answer. A gate a person waived stays waived; the same answer again changes nothing. On the timeline
 * stand only openings and settlings, not every change of the reasons.
 */
export const setGate = command(
  'incidents.setGate',
  { allow: 'internal' },
  async (ctx, input: SetGateInput): Promise<{ changed: boolean }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const gate = (await gatesOf(ctx, incident.id)).find((one) => one.kind === input.kind);
    if (!gate) throw notFound('Gate', input.kind);
    const reasons = input.reasons ?? [];
    const same = gate.state === input.state && JSON.stringify(gate.reasons) === JSON.stringify(reasons);
    if (same && input.goodUntil !== undefined) await keepGate(ctx, incident.id, input.kind, input.goodUntil);
    if (same || (gate.state === 'waived' && gate.waivedBy !== null)) {
      ctx.audit.skip = true;
      return { changed: false };
    }
    const waivedReason = input.state === 'waived' ? reasons.join('; ') || 'by its own rules' : null;
    await saveGate(ctx, incident.id, input.kind, {
      state: input.state,
      reasons,
      waivedReason,
      goodUntil: input.goodUntil,
    });
    if (gate.state !== input.state) {
      const word = input.state === 'open' ? 'open again' : input.state === 'closed' ? 'met' : 'waived';
      const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
      await write(ctx, incident, { kind: 'gate', text: `${gateHeading(input.kind)}: ${word}${why}` });
    }
    ctx.audit.before = { kind: gate.kind, state: gate.state, reasons: gate.reasons };
    ctx.audit.after = { kind: gate.kind, state: input.state, reasons };
    const payload = { incidentId: incident.id, key: incident.key, kind: input.kind, state: input.state };
    await emit(ctx, gateChanged, payload, { subject: incident.id, incident: incident.id });
    return { changed: true };
  },
);
