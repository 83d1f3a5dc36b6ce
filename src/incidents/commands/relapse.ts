/** The same effect is back within 72 hours: the incident returns to containment, and its answered gates open again. */
import { emit, json } from '#kernel';
import { command } from '#security';
import { incidentRelapsed } from '../events.ts';
import { goBack } from '../lifecycle/back.ts';
import { relapse as judge } from '../lifecycle/model.ts';
import { type Moved, standingOf } from '../lifecycle/walk.ts';
import { LANES_GATE, unsignLanes } from '../lanes/store.ts';
import { refuseSecrets } from '../record/write.ts';
import { lockIncident, problemOf } from '../store.ts';

export interface RelapseInput {
  incidentId: string;
  reason: string;
}

export const relapse = command(
  'incidents.relapse',
  { allow: 'responder' },
  async (ctx, input: RelapseInput): Promise<Moved> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    const verdict = judge(await standingOf(ctx, incident), incident.restoredAt, ctx.now);
    if (!verdict.ok) throw problemOf(verdict.refusal);
    ctx.audit.reason = input.reason;
    await goBack(ctx, incident, 'containment', `Relapsed: ${input.reason}`, true);
    await ctx.db
      .updateTable('incidents.gates')
      .set({
        state: 'open',
        reasons: json(['the incident relapsed: answer again']),
        waivedBy: null,
        waivedReason: null,
        changedAt: ctx.now,
      })
      .where('incidentId', '=', incident.id)
      .where('state', '!=', 'open')
      // A scheduled review stays scheduled; what was true of the service and told to customers no longer is.
      .where('kind', 'not in', ['learning.review', LANES_GATE])
      .execute();
    await unsignLanes(ctx, incident);
    await emit(
      ctx,
      incidentRelapsed,
      { incidentId: incident.id, key: incident.key, reason: input.reason },
      { subject: incident.id, incident: incident.id },
    );
    return { id: incident.id, key: incident.key, phase: 'containment', changed: true };
  },
);
