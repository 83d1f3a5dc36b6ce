/** Ends an incident that was none: from detection, and only when no customer felt anything. */
import { emit } from '#kernel';
import { command } from '#security';
import { incidentDismissed } from '../events.ts';
import { dismiss as judge } from '../lifecycle/model.ts';
import { callOff, type Moved, standingOf } from '../lifecycle/walk.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { actorAuthority } from '../roles/authority.ts';
import { endDuties } from '../roles/duties.ts';
import { enterPhase, lockIncident, problemOf, saveIncident } from '../store.ts';

export interface DismissInput {
  incidentId: string;
  reason: string;
}

export const dismiss = command(
  'incidents.dismiss',
  { allow: 'responder' },
  async (ctx, input: DismissInput): Promise<Moved> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (incident.phase === 'false_alarm')
      return { id: incident.id, key: incident.key, phase: 'false_alarm', changed: false };
    refuseSecrets(ctx, { reason: input.reason });
    const felt = await ctx.db
      .selectFrom('incidents.impactSamples')
      .select('id')
      .where('incidentId', '=', incident.id)
      .where((eb) => eb.or([eb('customers', '>', 0), eb('pctRequests', '>', 0)]))
      .executeTakeFirst();
    const verdict = judge(await standingOf(ctx, incident), felt !== undefined, await actorAuthority(ctx, incident));
    if (!verdict.ok) throw problemOf(verdict.refusal);
    await enterPhase(ctx, incident, null, 'false_alarm', { note: input.reason });
    await saveIncident(ctx, incident, { phase: 'false_alarm', endedReason: input.reason });
    await write(ctx, incident, { kind: 'phase', text: `Dismissed as a false alarm: ${input.reason}` });
    ctx.audit.reason = input.reason;
    await emit(
      ctx,
      incidentDismissed,
      { incidentId: incident.id, key: incident.key, reason: input.reason },
      { subject: incident.id, incident: incident.id },
    );
    await callOff(ctx, incident, `${incident.key} was a false alarm`);
    await endDuties(ctx, incident.id);
    return { id: incident.id, key: incident.key, phase: 'false_alarm', changed: true };
  },
);
