/** A probe went silent, or is heard again: one alert for the probe, not one for each of its monitors. */
import { config } from '#kernel';
import { command } from '#security';
import { integrationOf } from '../../../integrations/store.ts';
import { eventOf, ownSignal } from '../../../own-signal.ts';
import { MONITOR_INTEGRATION } from '../../store.ts';
import { isSilent } from '../model.ts';
import { lockProbe, setProbeAlerting } from '../store.ts';

export const tellProbe = command(
  'signals.tellProbe',
  { allow: 'internal', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<'silent' | 'heard' | 'unchanged'> => {
    const probe = await lockProbe(ctx, input.id);
    const silent = isSilent(probe, ctx.now);
    if (silent === probe.alerting) {
      ctx.audit.skip = true;
      return 'unchanged';
    }
    await setProbeAlerting(ctx, probe.id, silent);
    ctx.audit.after = { name: probe.name, silent };
    const key = `probe:${probe.id}`;
    const title = `Probe “${probe.name}” is silent`;
    const why = silent ? title : `Probe “${probe.name}” is heard again`;
    await ownSignal(ctx, await integrationOf(ctx, MONITOR_INTEGRATION), why, [
      silent
        ? eventOf({
            action: 'trigger',
            key,
            title,
            severity: 'warning',
            description: `It last called at ${probe.lastSeenAt?.toISOString()}. What only it looks at is unknown until it calls again.`,
            source: probe.name,
            labels: { probe: probe.name },
            links: [{ href: `${config.publicUrl}/monitors/places`, text: 'Places' }],
            group: { key, title },
          })
        : eventOf({ action: 'resolve', key }),
    ]);
    return silent ? 'silent' : 'heard';
  },
);
