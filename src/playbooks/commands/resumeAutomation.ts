/** Lets the engine start actions again: for managers, and for the commander of an active incident. */

import { currentRoles, listIncidents } from '#incidents';
import { type Ctx, emit, Problem, personOf } from '#kernel';
import { command, hasRole } from '#security';
import { automationResumed } from '../events.ts';
import { endPause } from '../safeguards/store.ts';

export const resumeAutomation = command(
  'playbooks.resumeAutomation',
  { allow: 'responder', subject: () => 'automation' },
  async (
    ctx: Ctx,
    { note, serviceId = null }: { note: string; serviceId?: string | null | undefined },
  ): Promise<{ at: Date }> => {
    if (!hasRole(ctx.actor, 'manager') && !(await commands(ctx))) {
      throw new Problem(403, 'Automation is resumed by an incident commander or a manager', {
        rule: 'playbooks.authority.pause_automation',
      });
    }
    ctx.audit.reason = note;
    if (await endPause(ctx, serviceId)) await emit(ctx, automationResumed, { note }, { subject: 'automation' });
    return { at: ctx.now };
  },
);

async function commands(ctx: Ctx): Promise<boolean> {
  const person = personOf(ctx.actor);
  const { items } = await listIncidents(ctx, { limit: 100, state: 'active' });
  const roles = await Promise.all(items.map((one) => currentRoles(ctx, one.id)));
  return roles.some((held) => held.incident_commander === person);
}
