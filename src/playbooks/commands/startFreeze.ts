/** Freezes changes of one service for an incident, by hand. */

import { serviceById } from '#catalog';
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { incidentFacts } from '../incident.ts';
import { type FreezeRow, openFreezes } from '../safeguards/store.ts';
import { holdFreeze } from './holdFreeze.ts';

export interface StartFreezeInput {
  incidentId: string;
  serviceId: string;
  reason: string;
  hours: number;
  blocks: string[];
}

export const startFreeze = command(
  'playbooks.startFreeze',
  {
    allow: 'responder',
    subject: (_input: StartFreezeInput, row: FreezeRow) => row.id,
  },
  async (ctx: Ctx, input: StartFreezeInput): Promise<FreezeRow> => {
    const incident = await incidentFacts(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    ctx.audit.reason = input.reason;
    if (!incident.active) throw conflict(`${incident.key} is ${incident.phase}`, 'playbooks.freeze.incident_active');
    await requireToken(ctx, incident.id, 'approve_reversible');
    if (!(await serviceById(ctx, input.serviceId))) throw notFound('Service', input.serviceId);
    const [row] = await holdFreeze(ctx, {
      incidentId: incident.id,
      serviceIds: [input.serviceId],
      actionRunId: null,
      reason: `${incident.key}: ${input.reason}`,
      blocks: input.blocks,
      allowLabel: 'incident-fix',
      lastsMs: input.hours * 3_600_000,
    });
    return (
      row ??
      (
        await openFreezes(ctx, {
          incidentId: incident.id,
          serviceId: input.serviceId,
        })
      )[0]!
    );
  },
);
