/** Compares an objective's burn rates with its rules, and opens or ends its alarms. */
import { addMs } from '#kernel';
import { command } from '#security';
import { tell } from '../alarm.ts';
import { spanOf } from '../../model.ts';
import { alarmAfter, burnChecksOf } from '../model.ts';
import { countSlices, setAlarms, sloById, windowSums } from '../store.ts';

export const turnSlo = command(
  'signals.turnSlo',
  { allow: 'internal', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ paging: boolean; ticketing: boolean }> => {
    const slo = await sloById(ctx, input.id, true);
    await countSlices(ctx, slo, addMs(ctx.now, -3_600_000));
    const checks = burnChecksOf(await windowSums(ctx, slo, spanOf(ctx.now, 60)), slo.target);
    const paging = slo.enabled && alarmAfter(slo.paging, checks, 'page');
    const ticketing = slo.enabled && alarmAfter(slo.ticketing, checks, 'ticket');
    if (paging === slo.paging && ticketing === slo.ticketing) {
      ctx.audit.skip = true;
      return { paging, ticketing };
    }
    await setAlarms(ctx, slo.id, { paging, ticketing });
    if (paging !== slo.paging) await tell(ctx, slo, 'page', paging, checks);
    if (ticketing !== slo.ticketing) await tell(ctx, slo, 'ticket', ticketing, checks);
    ctx.audit.before = { paging: slo.paging, ticketing: slo.ticketing };
    ctx.audit.after = { name: slo.name, paging, ticketing };
    return { paging, ticketing };
  },
);
