/** Changes how bad it is: raised by any responder, lowered with a reason and authority; obligations stay. */
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { incidentEdited, severityChanged } from '../events.ts';
import type { Proposed } from '../lifecycle/matrix.ts';
import { isEnded, type Severity } from '../lifecycle/model.ts';
import { changeSeverity as judge } from '../lifecycle/severity.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { actorAuthority } from '../roles/authority.ts';
import { lockIncident, problemOf, saveIncident } from '../store.ts';
import { openLanes } from '../lanes/store.ts';
import { logSeverity, matrixProposal, openProposal } from '../severity-log.ts';
import type { IncidentRow } from '../tables.ts';
import { openGates } from './declare.ts';

export interface ChangeSeverityInput {
  incidentId: string;
  severity: Severity;
  reason?: string | undefined;
}

export const changeSeverity = command(
  'incidents.changeSeverity',
  { allow: 'responder' },
  async (ctx, input: ChangeSeverityInput): Promise<{ severity: Severity; changed: boolean }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    if (isEnded(incident.phase)) {
      throw problemOf({
        status: 409,
        rule: 'incidents.phase.ended',
        title: `${incident.key} has ended: its severity stays SEV${incident.severity}`,
      });
    }
    const verdict = judge(
      incident.key,
      incident.severity,
      input.severity,
      input.reason,
      await actorAuthority(ctx, incident),
    );
    if (!verdict.ok) throw problemOf(verdict.refusal);
    const proposed = await matrixProposal(ctx, incident.id);
    if (!verdict.changed) return keep(ctx, incident, proposed, input.reason);
    const saved = await saveIncident(ctx, incident, { severity: input.severity });
    // Raising adds the gates of the higher severity; lowering removes none (invariant 15).
    await openGates(ctx, saved);
    await openLanes(ctx, saved);
    await logSeverity(ctx, incident, { from: incident.severity, to: input.severity, proposed, reason: input.reason });
    const why = input.reason ? `: ${input.reason}` : '';
    await write(ctx, incident, { kind: 'severity', text: `SEV${incident.severity} → SEV${input.severity}${why}` });
    ctx.audit.before = { severity: incident.severity };
    ctx.audit.after = { severity: input.severity };
    if (input.reason) ctx.audit.reason = input.reason;
    await emit(
      ctx,
      severityChanged,
      {
        incidentId: incident.id,
        key: incident.key,
        from: incident.severity,
        to: input.severity,
        reason: input.reason ?? '',
      },
      { subject: incident.id, incident: incident.id },
    );
    return { severity: input.severity, changed: true };
  },
);

/** The same severity with a reason decides against what the matrix proposes: who did stands in the record. */
async function keep(
  ctx: Ctx,
  incident: IncidentRow,
  proposed: Proposed | null,
  reason: string | undefined,
): Promise<{ severity: Severity; changed: boolean }> {
  const { severity } = incident;
  if (!reason || !(await openProposal(ctx, incident))) return { severity, changed: false };
  await logSeverity(ctx, incident, { from: severity, to: severity, proposed, reason });
  const text = `SEV${severity} stays, though SEV${proposed!.severity} is proposed (${proposed!.because}): ${reason}`;
  await write(ctx, incident, { kind: 'severity', text });
  ctx.audit.after = { severity, proposed: proposed!.severity };
  ctx.audit.reason = reason;
  const payload = { incidentId: incident.id, key: incident.key };
  await emit(ctx, incidentEdited, payload, { subject: incident.id, incident: incident.id });
  return { severity, changed: false };
}
