/** Takes an open decision off the table: it no longer needs to be taken. */
import { emit, notFound } from '#kernel';
import { command } from '#security';
import { decisionRequested } from '../events.ts';
import { knownId } from '../links.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident } from '../store.ts';
import type { PointRow } from '../tables-command.ts';

export interface WithdrawDecisionInput {
  pointId: string;
  reason: string;
}

export const withdrawDecision = command(
  'incidents.withdrawDecision',
  { allow: 'responder' },
  async (ctx, input: WithdrawDecisionInput): Promise<PointRow> => {
    const asked = await ctx.db
      .selectFrom('incidents.decisionPoints')
      .select('incidentId')
      .where('id', '=', knownId('dpt', 'Decision', input.pointId))
      .executeTakeFirst();
    if (!asked) throw notFound('Decision', input.pointId);
    const incident = await lockIncident(ctx, asked.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    const points = ctx.db.selectFrom('incidents.decisionPoints').selectAll().where('id', '=', input.pointId);
    const before = await points.executeTakeFirstOrThrow();
    if (before.state !== 'open') return before;
    await ctx.db
      .updateTable('incidents.decisionPoints')
      .set({ state: 'withdrawn', settledAt: ctx.now })
      .where('id', '=', before.id)
      .execute();
    await write(ctx, incident, {
      kind: 'decision',
      text: `No longer to decide: ${before.question}: ${input.reason}`,
      refs: [{ kind: 'decision_point', id: before.id }],
    });
    const payload = { incidentId: incident.id, key: incident.key, pointId: before.id };
    await emit(ctx, decisionRequested, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.reason = input.reason;
    return points.executeTakeFirstOrThrow();
  },
);
