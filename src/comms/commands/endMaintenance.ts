/** Ends a running maintenance or calls off one that is to come: the page says so, and alerts call again. */
import { conflict } from '#kernel';
import { command } from '#security';
import { expireSilence } from '#signals';
import { finish } from '../maintenance/states.ts';
import { lockMaintenance, type MaintenanceRow } from '../maintenance/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export const endMaintenance = command(
  'comms.endMaintenance',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<MaintenanceRow> => {
    const row = await lockMaintenance(ctx, id);
    if (row.state !== 'scheduled' && row.state !== 'in_progress')
      throw conflict('This maintenance is over already', 'comms.maintenance');
    if (row.silenceId) await expireSilence(ctx, { id: row.silenceId });
    const after = await finish(ctx, row, row.state === 'scheduled' ? 'cancelled' : 'completed');
    ctx.audit.before = { state: row.state };
    ctx.audit.after = { state: after.state };
    await requestRender(ctx);
    return after;
  },
);
