/** The timer of a maintenance: a day ahead alerts are told to be held back, then it begins, then it ends. */
import { z } from 'zod';
import { addMs, type Ctx, defineJob, enqueue } from '#kernel';
import { stepMaintenance } from '../commands/stepMaintenance.ts';
import type { MaintenanceRow } from './store.ts';

export const AHEAD_MS = 86_400_000;

export const maintenanceStep = defineJob('comms.maintenanceStep', z.object({ id: z.string() }), (ctx, { id }) =>
  stepMaintenance(ctx, { id }),
);

/** Puts the next step on the clock; there is none when it is over. */
export async function setTimer(ctx: Ctx, row: MaintenanceRow): Promise<void> {
  const at =
    row.state === 'in_progress'
      ? row.endsAt
      : row.state !== 'scheduled'
        ? undefined
        : row.mutes && row.silenceId === null
          ? addMs(row.startsAt, -AHEAD_MS)
          : row.startsAt;
  if (at) await enqueue(ctx, maintenanceStep, { id: row.id }, { key: `comms.maintenance:${row.id}`, runAt: at });
}
