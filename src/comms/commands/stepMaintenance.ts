/** Does what is due of a maintenance: holds alerts back, begins, ends. Run twice or too early it does nothing. */
import { planMaintenance } from '#signals';
import { command } from '#security';
import { servicesOfComponents } from '../components/store.ts';
import { finish, begin } from '../maintenance/states.ts';
import { AHEAD_MS, setTimer } from '../maintenance/step.ts';
import { lockMaintenance, saveMaintenance } from '../maintenance/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export const stepMaintenance = command(
  'comms.stepMaintenance',
  { allow: 'internal', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    let row = await lockMaintenance(ctx, id);
    const before = row.state;
    const near = row.startsAt.getTime() - ctx.now.getTime() <= AHEAD_MS;
    if (row.state === 'scheduled' && row.mutes && row.silenceId === null && near && row.endsAt > ctx.now) {
      const behind = await servicesOfComponents(ctx);
      const serviceIds = [...new Set(row.componentIds.flatMap((one) => behind.get(one) ?? []))];
      // A component without services has no alerts of its own; nothing is to be held back.
      const silence =
        serviceIds.length > 0
          ? await planMaintenance(ctx, {
              name: row.title,
              serviceIds,
              matchers: [],
              startsAt: row.startsAt,
              endsAt: row.endsAt,
              reason: 'announced on the status page',
              holdCritical: false,
            })
          : undefined;
      row = await saveMaintenance(ctx, id, silence ? { silenceId: silence.id } : {});
    }
    if (row.state === 'scheduled' && row.startsAt <= ctx.now) row = await begin(ctx, row);
    if (row.state === 'in_progress' && row.endsAt <= ctx.now) row = await finish(ctx, row, 'completed');
    await setTimer(ctx, row.silenceId === null ? { ...row, mutes: row.mutes && !near } : row);
    if (row.state !== before) await requestRender(ctx);
    ctx.audit.after = { state: row.state, muted: row.silenceId !== null };
  },
);
