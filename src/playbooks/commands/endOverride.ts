/** Ends an override before its time: the guard applies again. */
import { appendTimeline } from '#incidents';
import { type Ctx, emit, notFound } from '#kernel';
import { command } from '#security';
import { overrideChanged } from '../events.ts';
import { endOverride as end, lockOverride } from '../overrides/store.ts';

export const endOverride = command(
  'playbooks.endOverride',
  { allow: 'responder', subject: ({ overrideId }: { overrideId: string; why?: string | undefined }) => overrideId },
  async (ctx: Ctx, { overrideId, why }): Promise<{ overrideId: string }> => {
    const row = await lockOverride(ctx.db, overrideId);
    if (!row) throw notFound('Override', overrideId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId ?? undefined;
    if (!(await end(ctx, overrideId))) return { overrideId };
    await emit(
      ctx,
      overrideChanged,
      { overrideId, incidentId: row.incidentId, kind: row.kind, active: false },
      { subject: overrideId, ...(row.incidentId && { incident: row.incidentId }) },
    );
    if (row.incidentId)
      await appendTimeline(ctx, row.incidentId, {
        kind: 'decision',
        text: `The override of ${row.byName} has ended${why ? `: ${why}` : ` by ${ctx.actor.name}`}. The guard applies again.`,
      });
    return { overrideId };
  },
);
