/** Takes a monitor away, with everything it saw. Its alert, if one is open, is resolved with it. */
import { command } from '#security';
import { endAlert } from '../alert.ts';
import { deleteMonitor, monitorById } from '../store.ts';

export const removeMonitor = command(
  'signals.removeMonitor',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const monitor = await monitorById(ctx, input.id, true);
    if (monitor.alerting) await endAlert(ctx, monitor, `Monitor “${monitor.name}” was removed`);
    await deleteMonitor(ctx, monitor.id);
    ctx.audit.before = { name: monitor.name, kind: monitor.kind, spec: monitor.spec };
    return { id: monitor.id };
  },
);
