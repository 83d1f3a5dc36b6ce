/** Goes back to an earlier phase, with a reason; earlier times stay readable in the phase log. */
import { command } from '#security';
import type { ActiveStep } from '../lifecycle/model.ts';
import { moveBack as judge } from '../lifecycle/model.ts';
import { goBack } from '../lifecycle/back.ts';
import { type Moved, standingOf } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';
import { actorAuthority } from '../roles/authority.ts';
import { lockIncident, problemOf } from '../store.ts';

export interface MoveBackInput {
  incidentId: string;
  to: ActiveStep;
  reason: string;
}

export const moveBack = command(
  'incidents.moveBack',
  { allow: 'responder' },
  async (ctx, input: MoveBackInput): Promise<Moved> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { reason: input.reason });
    const verdict = judge(await standingOf(ctx, incident), input.to, await actorAuthority(ctx, incident));
    if (!verdict.ok) throw problemOf(verdict.refusal);
    ctx.audit.reason = input.reason;
    await goBack(ctx, incident, input.to, `Back to ${input.to}: ${input.reason}`, false);
    return { id: incident.id, key: incident.key, phase: input.to, changed: true };
  },
);
