/** Makes a heartbeat, or changes the one of that name. Its clock starts anew when it is made, enabled or given another interval. */
import { enqueue, invalid, notFound } from '#kernel';
import { command } from '#security';
import { lockIntegration } from '../../../integrations/store.ts';
import type { Severity } from '../../../model.ts';
import { dueAfter, type Heartbeat } from '../model.ts';
import { heartbeatByName, insertHeartbeat, saveHeartbeatRow } from '../store.ts';
import { checkHeartbeat, jobKey } from '../timer.ts';

export interface SaveHeartbeat {
  integrationId: string;
  name: string;
  description?: string | undefined;
  intervalSeconds?: number | undefined;
  enabled?: boolean | undefined;
  severity?: Severity | undefined;
  alertMessage?: string | undefined;
  tags?: string[] | undefined;
  /** Only change one that exists: 404 otherwise. */
  mustExist?: boolean | undefined;
}

export const saveHeartbeat = command(
  'signals.saveHeartbeat',
  { allow: 'manager', subject: (_input: SaveHeartbeat, result: Heartbeat) => result.id },
  async (ctx, { integrationId, name, mustExist, ...wanted }: SaveHeartbeat): Promise<Heartbeat> => {
    await lockIntegration(ctx, integrationId);
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const seconds = wanted.intervalSeconds;
    if (name.trim() === '' || name.length > 200)
      throw invalid('A heartbeat needs a name of at most 200 characters', 'signals.heartbeat_name');
    if (seconds !== undefined && !(seconds >= 60 && seconds <= 366 * 86_400))
      throw invalid('A heartbeat comes at least once a year and at most once a minute', 'signals.heartbeat_interval', [
        { path: 'intervalSeconds', message: 'From 60 seconds to 366 days.' },
      ]);
    const before = await heartbeatByName(ctx, integrationId, name, true);
    if (!before && mustExist) throw notFound('Heartbeat', name);
    const base: Omit<Heartbeat, 'id' | 'createdAt'> = before ?? {
      integrationId,
      name,
      description: '',
      intervalSeconds: 600,
      enabled: true,
      severity: 'error',
      alertMessage: '',
      tags: [],
      lastPingAt: null,
      dueAt: ctx.now,
      expiredAt: null,
    };
    const after = { ...base, ...given };
    const restarts = !before || (after.enabled && !before.enabled) || after.intervalSeconds !== before.intervalSeconds;
    if (restarts) Object.assign(after, { dueAt: dueAfter(ctx.now, after.intervalSeconds) });
    if (!after.enabled) after.expiredAt = null;
    const saved = before ? { ...before, ...after } : await insertHeartbeat(ctx, after);
    if (before) await saveHeartbeatRow(ctx, saved);
    if (saved.enabled && saved.expiredAt === null)
      await enqueue(ctx, checkHeartbeat, { id: saved.id }, { runAt: saved.dueAt, key: jobKey(saved.id) });
    ctx.audit.before = before && { interval: before.intervalSeconds, enabled: before.enabled };
    ctx.audit.after = { name, interval: saved.intervalSeconds, enabled: saved.enabled };
    return saved;
  },
);
