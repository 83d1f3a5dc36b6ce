/** A second person agrees to an override that needs one; until then it has no effect. */
import { appendTimeline } from '#incidents';
import { type Ctx, conflict, emit, notFound, Problem } from '#kernel';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { overrideChanged } from '../events.ts';
import { lockOverride } from '../overrides/store.ts';

export const secondOverride = command(
  'playbooks.secondOverride',
  { allow: 'responder', subject: ({ overrideId }: { overrideId: string }) => overrideId },
  async (ctx: Ctx, { overrideId }): Promise<{ overrideId: string }> => {
    const row = await lockOverride(ctx.db, overrideId);
    if (!row?.incidentId) throw notFound('Override', overrideId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    if (row.endedAt || row.expiresAt <= ctx.now) throw conflict('This override is over', 'playbooks.override.over');
    if (!row.secondNeeded || row.secondBy) return { overrideId };
    if (row.by === ctx.actor.id)
      throw new Problem(403, 'A second person agrees to it', { rule: 'playbooks.override.second_person' });
    await requireToken(ctx, row.incidentId, 'override_guardrail');
    await ctx.db
      .updateTable('playbooks.overrides')
      .set({ secondBy: ctx.actor.id })
      .where('id', '=', overrideId)
      .execute();
    await emit(
      ctx,
      overrideChanged,
      { overrideId, incidentId: row.incidentId, kind: row.kind, active: true },
      { subject: overrideId, incident: row.incidentId },
    );
    await appendTimeline(ctx, row.incidentId, {
      kind: 'decision',
      text: `${ctx.actor.name} agrees to the override of ${row.byName}: ${row.reason}`,
    });
    return { overrideId };
  },
);
