/** Opens a gate that holds `restore` or `close` until the module that owns it answers. */
import { emit } from '#kernel';
import { command } from '#security';
import { gateChanged } from '../events.ts';
import { insertGate } from '../gate-store.ts';
import { lockIncident } from '../store.ts';

export interface OpenGateInput {
  incidentId: string;
  holds: 'restore' | 'close';
  /** `recovery.readiness`, `comms.resolution`, `learning.review` …; one gate per kind and incident. */
  kind: string;
  reason: string;
}

/** Opening a gate that is there already, in whatever state, changes nothing. */
export const openGate = command(
  'incidents.openGate',
  { allow: 'internal' },
  async (ctx, input: OpenGateInput): Promise<{ opened: boolean }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const opened = await insertGate(ctx, incident, input);
    if (opened) {
      const payload = { incidentId: incident.id, key: incident.key, kind: input.kind, state: 'open' };
      await emit(ctx, gateChanged, payload, { subject: incident.id, incident: incident.id });
      ctx.audit.after = { kind: input.kind, holds: input.holds };
    }
    return { opened };
  },
);
