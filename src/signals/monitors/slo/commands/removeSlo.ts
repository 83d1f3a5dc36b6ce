/** Takes an objective away, with its counts. Its alarms end with it. */
import { command } from '#security';
import { tell } from '../alarm.ts';
import { deleteSlo, sloById } from '../store.ts';

export const removeSlo = command(
  'signals.removeSlo',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const slo = await sloById(ctx, input.id, true);
    if (slo.paging) await tell(ctx, slo, 'page', false, []);
    if (slo.ticketing) await tell(ctx, slo, 'ticket', false, []);
    await deleteSlo(ctx, slo.id);
    ctx.audit.before = { name: slo.name, target: slo.target, source: slo.source };
    return { id: slo.id };
  },
);
