/** Changes a monitor, pauses it or lets it go on. What it saw of something else than it looks at now is forgotten. */
import { canonicalJson, conflict } from '#kernel';
import { command } from '#security';
import { endAlert } from '../alert.ts';
import { type MonitorInput, readMonitor } from '../input.ts';
import type { Monitor } from '../model.ts';
import { forgetPlaces, monitorById, openSecrets, saveMonitorRow, sealSecrets } from '../store.ts';

export type UpdateMonitor = Partial<MonitorInput> & { id: string; version?: number | undefined };

export const updateMonitor = command(
  'signals.updateMonitor',
  { allow: 'manager', subject: (input: UpdateMonitor) => input.id },
  async (ctx, { id, version, ...given }: UpdateMonitor): Promise<Monitor> => {
    const before = await monitorById(ctx, id, true);
    if (version !== undefined && version !== before.version)
      throw conflict(
        'Somebody else has changed this monitor',
        'signals.monitor_version',
        'Look at it again before you save.',
      );
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const { fields, secrets } = await readMonitor(ctx, { ...before, ...wanted } as MonitorInput, before);
    const other = canonicalJson([fields.kind, fields.spec]) !== canonicalJson([before.kind, before.spec]);
    const restarts = other || (fields.enabled && !before.enabled);
    const stops = !fields.enabled && before.enabled;
    const after: Monitor = {
      ...before,
      ...fields,
      secretsSealed: sealSecrets(id, secrets),
      version: before.version + 1,
      // Nobody knows what this would say now. An open alert stays until it says "up".
      ...(restarts || stops ? { state: 'unknown' as const, since: ctx.now, reason: '' } : {}),
      alerting: stops ? false : before.alerting,
    };
    if (restarts || stops) await forgetPlaces(ctx, id, []);
    else await forgetPlaces(ctx, id, after.places);
    await saveMonitorRow(ctx, after);
    if (stops && before.alerting) await endAlert(ctx, before, `Monitor “${before.name}” was paused`);
    const names = Object.keys(openSecrets(before));
    ctx.audit.before = { ...pick(before), secrets: names };
    ctx.audit.after = { ...pick(after), secrets: Object.keys(secrets) };
    return after;
  },
);

const pick = ({
  name,
  kind,
  spec,
  enabled,
  intervalSeconds,
  severity,
  failAfter,
  quorum,
  places,
  serviceId,
}: Monitor) => ({
  name,
  kind,
  spec,
  enabled,
  intervalSeconds,
  severity,
  failAfter,
  quorum,
  places,
  serviceId,
});
