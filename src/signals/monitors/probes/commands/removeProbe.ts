/** Takes a probe out of every monitor. Refused while it is the only one that looks at something. */
import { conflict } from '#kernel';
import { command } from '#security';
import { integrationOf } from '../../../integrations/store.ts';
import { eventOf, ownSignal } from '../../../own-signal.ts';
import { MONITOR_INTEGRATION } from '../../store.ts';
import { deleteProbe, lockProbe } from '../store.ts';

export const removeProbe = command(
  'signals.removeProbe',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const probe = await lockProbe(ctx, input.id);
    const orphans = await deleteProbe(ctx, probe.id);
    if (orphans.length > 0)
      throw conflict(
        `Only this probe looks at ${orphans.length === 1 ? `“${orphans[0]}”` : `${orphans.length} monitors`}`,
        'signals.probe_needed',
        `Give them another place first: ${orphans.slice(0, 5).join(', ')}.`,
      );
    if (probe.alerting)
      await ownSignal(ctx, await integrationOf(ctx, MONITOR_INTEGRATION), `Probe “${probe.name}” was removed`, [
        eventOf({ action: 'resolve', key: `probe:${probe.id}` }),
      ]);
    ctx.audit.before = { name: probe.name };
    return { id: probe.id };
  },
);
