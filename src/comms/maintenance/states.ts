/** Beginning and ending a maintenance: components say “under maintenance” meanwhile, unless they say something worse. */
import type { Ctx } from '#kernel';
import { listComponents, saveState } from '../components/store.ts';
import { type MaintenanceRow, saveMaintenance } from './store.ts';

/** It runs: what was operational is under maintenance. */
export async function begin(ctx: Ctx, row: MaintenanceRow): Promise<MaintenanceRow> {
  const taken: string[] = [];
  for (const component of await listComponents(ctx))
    if (row.componentIds.includes(component.id) && component.state === 'operational') {
      await saveState(ctx, component, 'under_maintenance', { reason: `Maintenance: ${row.title}` });
      taken.push(component.id);
    }
  return saveMaintenance(ctx, row.id, { state: 'in_progress', taken });
}

/** It is over: what it took and nobody has set otherwise is operational again. */
export async function finish(ctx: Ctx, row: MaintenanceRow, state: 'completed' | 'cancelled'): Promise<MaintenanceRow> {
  for (const component of await listComponents(ctx))
    if (row.taken.includes(component.id) && component.state === 'under_maintenance')
      await saveState(ctx, component, 'operational', { reason: `Maintenance over: ${row.title}` });
  return saveMaintenance(ctx, row.id, {
    state,
    taken: [],
    ...(row.endsAt > ctx.now && row.startsAt < ctx.now && { endsAt: ctx.now }),
  });
}
