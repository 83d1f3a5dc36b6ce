/** Lifts one freeze, by an engine or by policy. */

import { serviceById } from '#catalog';
import { appendTimeline } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { freezeEnded } from '../events.ts';
import { type FreezeRow, liftFreeze } from '../safeguards/store.ts';

export interface ReleaseFreezeInput {
  freezeId: string;
  reason: string;
}

export const releaseFreeze = command(
  'playbooks.releaseFreeze',
  {
    allow: 'internal',
    subject: ({ freezeId }: ReleaseFreezeInput) => freezeId,
  },
  async (ctx: Ctx, { freezeId, reason }: ReleaseFreezeInput): Promise<FreezeRow | null> => {
    const row = await liftFreeze(ctx, freezeId, reason);
    if (!row) return null;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.reason = reason;
    const about = { subject: row.id, incident: row.incidentId };
    await emit(
      ctx,
      freezeEnded,
      {
        freezeId,
        serviceId: row.serviceId,
        incidentId: row.incidentId,
        reason,
      },
      about,
    );
    const service = await serviceById(ctx, row.serviceId);
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `The freeze of ${service?.name ?? row.serviceId} is lifted: ${reason}`,
    });
    return row;
  },
);
