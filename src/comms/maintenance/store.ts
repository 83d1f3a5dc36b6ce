/** SQL of planned maintenance, and what of it is public. */
import { addMs, type Ctx, notFound, type Selectable } from '#kernel';
import type { PublicMaintenance } from '../statuspage/snapshot.ts';
import type { MaintenancesTable } from '../tables.ts';

export type MaintenanceRow = Selectable<MaintenancesTable>;

/** To come, running, and over for at most 30 days; in the order of their beginning. */
export const listMaintenances = (ctx: Pick<Ctx, 'db' | 'now'>): Promise<MaintenanceRow[]> =>
  ctx.db
    .selectFrom('comms.maintenances')
    .selectAll()
    .where('endsAt', '>', addMs(ctx.now, -30 * 86_400_000))
    .orderBy('startsAt')
    .orderBy('id')
    .limit(300)
    .execute();

export async function lockMaintenance(ctx: Ctx, id: string): Promise<MaintenanceRow> {
  const row = await ctx.db
    .selectFrom('comms.maintenances')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound('Maintenance', id);
  return row;
}

export const saveMaintenance = (
  ctx: Ctx,
  id: string,
  change: Partial<Pick<MaintenanceRow, 'state' | 'silenceId' | 'taken' | 'endsAt'>>,
): Promise<MaintenanceRow> =>
  ctx.db
    .updateTable('comms.maintenances')
    .set({ ...change, updatedAt: ctx.now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** What customers read of it, as far as it is about components they know. */
export async function publicMaintenances(
  ctx: Pick<Ctx, 'db' | 'now'>,
  visible: Map<string, { name: string }>,
): Promise<PublicMaintenance[]> {
  return (await listMaintenances(ctx)).flatMap((row) => {
    const components = row.componentIds.flatMap((id) => {
      const name = visible.get(id)?.name;
      return name === undefined ? [] : [{ id, name }];
    });
    if (components.length === 0) return [];
    const { publicId, title, body, startsAt, endsAt, state, createdAt, updatedAt } = row;
    return [{ publicId, title, body, startsAt, endsAt, state, createdAt, updatedAt, components }];
  });
}
