/** SQL of the components: what the public page calls our services, and how well each is said to be. */
import { servicesByIds } from '#catalog';
import { type Ctx, conflict, newId, notFound, type Selectable } from '#kernel';
import type { ComponentState } from '../lint/index.ts';
import type { ComponentsTable } from '../tables.ts';

export type ComponentRow = Selectable<ComponentsTable>;

/** Components on the page or hidden, not those taken off; in the order of the page. */
export const listComponents = (ctx: Pick<Ctx, 'db'>): Promise<ComponentRow[]> =>
  ctx.db
    .selectFrom('comms.components')
    .selectAll()
    .where('archivedAt', 'is', null)
    .orderBy('position')
    .orderBy('name')
    .execute();

export async function lockComponent(ctx: Ctx, id: string): Promise<ComponentRow> {
  const row = await ctx.db
    .selectFrom('comms.components')
    .selectAll()
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound('Component', id);
  return row;
}

/** Service ids by component id. */
export async function servicesOfComponents(ctx: Pick<Ctx, 'db'>): Promise<Map<string, string[]>> {
  const rows = await ctx.db.selectFrom('comms.componentServices').selectAll().orderBy('serviceId').execute();
  const map = new Map<string, string[]>();
  for (const { componentId, serviceId } of rows) map.set(componentId, [...(map.get(componentId) ?? []), serviceId]);
  return map;
}

/** Replaces the services behind a component. Throws 422 for one that is not in the catalogue. */
export async function saveServices(ctx: Ctx, componentId: string, serviceIds: string[]): Promise<void> {
  const wanted = [...new Set(serviceIds)];
  const known = await servicesByIds(ctx, wanted);
  if (known.size < wanted.length)
    throw conflict('One of these services is not in the catalogue', 'comms.component.services');
  await ctx.db.deleteFrom('comms.componentServices').where('componentId', '=', componentId).execute();
  if (wanted.length === 0) return;
  await ctx.db
    .insertInto('comms.componentServices')
    .values(wanted.map((serviceId) => ({ componentId, serviceId })))
    .execute();
}

export async function insertComponent(
  ctx: Ctx,
  fields: Pick<ComponentRow, 'name' | 'groupName' | 'description' | 'position' | 'visible'>,
): Promise<ComponentRow> {
  await refuseTwin(ctx, fields.name, '');
  return ctx.db
    .insertInto('comms.components')
    .values({
      id: newId('cmp'),
      state: 'operational',
      stateReason: null,
      stateBy: null,
      archivedAt: null,
      ...fields,
      stateSince: ctx.now,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function updateComponent(
  ctx: Ctx,
  id: string,
  change: Partial<Pick<ComponentRow, 'name' | 'groupName' | 'description' | 'position' | 'visible' | 'archivedAt'>>,
): Promise<ComponentRow> {
  if (change.name !== undefined) await refuseTwin(ctx, change.name, id);
  return ctx.db
    .updateTable('comms.components')
    .set({ ...change, updatedAt: ctx.now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function refuseTwin(ctx: Ctx, name: string, id: string): Promise<void> {
  const twin = (await listComponents(ctx)).find(
    (row) => row.id !== id && row.name.toLowerCase() === name.toLowerCase(),
  );
  if (twin) throw conflict(`There already is a component called “${twin.name}”`, 'comms.component.name');
}

/**
 * Sets a state and keeps the change for the page's history. Nothing happens when it is the state already. `revisionId`
 * when a message brought it, otherwise a person did, with the reason.
 */
export async function saveState(
  ctx: Ctx,
  row: ComponentRow,
  state: ComponentState,
  why: { revisionId?: string; reason?: string },
): Promise<ComponentRow> {
  if (row.state === state && !why.reason) return row;
  // The row carries the mark of the work it comes from: the table's own check refuses a drill.
  await ctx.db
    .insertInto('comms.componentChanges')
    .values({
      id: newId('cch'),
      componentId: row.id,
      fromState: row.state,
      toState: state,
      reason: why.reason ?? null,
      revisionId: why.revisionId ?? null,
      changedBy: ctx.actor.id,
      changedAt: ctx.now,
      exercise: ctx.exercise,
    })
    .execute();
  return ctx.db
    .updateTable('comms.components')
    .set({
      state,
      stateReason: why.reason ?? null,
      stateBy: ctx.actor.id,
      updatedAt: ctx.now,
      ...(row.state === state ? {} : { stateSince: ctx.now }),
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
