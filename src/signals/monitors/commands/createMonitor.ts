/** Begins to watch something. */
import { command } from '#security';
import { type MonitorInput, readMonitor } from '../input.ts';
import type { Monitor } from '../model.ts';
import { insertMonitor } from '../store.ts';

export const createMonitor = command(
  'signals.createMonitor',
  { allow: 'manager', subject: (_input: MonitorInput, result: Monitor) => result.id },
  async (ctx, input: MonitorInput): Promise<Monitor> => {
    const { fields, secrets } = await readMonitor(ctx, input);
    const made = await insertMonitor(ctx, fields, secrets);
    ctx.audit.after = { ...fields, secrets: Object.keys(secrets) };
    return made;
  },
);
