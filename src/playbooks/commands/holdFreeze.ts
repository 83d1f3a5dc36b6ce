/** Freezes changes of services for an incident: until it is restored, somebody with the authority lifts it, or 12 hours pass. */

import { servicesByIds } from '#catalog';
import { appendTimeline } from '#incidents';
import { addMs, type Ctx, emit } from '#kernel';
import { command } from '#security';
import { freezeStarted } from '../events.ts';
import { incidentFacts } from '../incident.ts';
import { type FreezeRow, insertFreeze } from '../safeguards/store.ts';

/** Longest a freeze holds without being renewed (domain.md 4.3). */
export const FREEZE_LASTS_MS = 12 * 3_600_000;

export interface HoldFreezeInput {
  incidentId: string;
  serviceIds: string[];
  actionRunId: string | null;
  reason: string;
  blocks: string[];
  allowLabel: string;
  lastsMs?: number;
}

export const holdFreeze = command(
  'playbooks.holdFreeze',
  {
    allow: 'internal',
    subject: ({ incidentId }: HoldFreezeInput) => incidentId,
  },
  async (ctx: Ctx, input: HoldFreezeInput): Promise<FreezeRow[]> => {
    const incident = await incidentFacts(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    const started: FreezeRow[] = [];
    for (const serviceId of input.serviceIds) {
      const row = await insertFreeze(ctx, {
        serviceId,
        incidentId: incident.id,
        actionRunId: input.actionRunId,
        reason: input.reason,
        blocks: input.blocks,
        allowLabel: input.allowLabel,
        expiresAt: addMs(ctx.now, Math.min(input.lastsMs ?? FREEZE_LASTS_MS, FREEZE_LASTS_MS)),
        exercise: incident.exercise,
      });
      if (!row) continue;
      started.push(row);
      await emit(
        ctx,
        freezeStarted,
        { freezeId: row.id, serviceId, incidentId: incident.id },
        { subject: row.id, incident: incident.id },
      );
    }
    if (started.length === 0) return started;
    const names = [
      ...(
        await servicesByIds(
          ctx,
          started.map((one) => one.serviceId),
        )
      ).values(),
    ].map((one) => one.name);
    ctx.audit.after = { frozen: names, blocks: input.blocks };
    const text = `Changes of ${names.join(', ')} are frozen (${input.blocks.join(', ')}); a change labelled "${input.allowLabel}" still passes`;
    await appendTimeline(ctx, incident.id, { kind: 'action', text });
    return started;
  },
);
