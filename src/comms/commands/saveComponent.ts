/** Changes what a component is called, where it stands, whether it is public, and which services are behind it. */
import { emit } from '#kernel';
import { command } from '#security';
import { type ComponentRow, lockComponent, saveServices, updateComponent } from '../components/store.ts';
import { componentChanged } from '../events.ts';
import { requestRender } from '../statuspage/jobs.ts';

export interface SaveComponentInput {
  id: string;
  name?: string | undefined;
  group?: string | null | undefined;
  description?: string | null | undefined;
  position?: number | undefined;
  visible?: boolean | undefined;
  serviceIds?: string[] | undefined;
}

export const saveComponent = command(
  'comms.saveComponent',
  { allow: 'manager', subject: (input: SaveComponentInput) => input.id },
  async (ctx, input): Promise<ComponentRow> => {
    const before = await lockComponent(ctx, input.id);
    const { id, group, serviceIds, ...rest } = input;
    const change = Object.fromEntries(
      Object.entries({ ...rest, groupName: group }).filter(([, value]) => value !== undefined),
    );
    const row = await updateComponent(ctx, id, change);
    if (serviceIds) await saveServices(ctx, id, serviceIds);
    ctx.audit.before = {
      name: before.name,
      group: before.groupName,
      visible: before.visible,
    };
    ctx.audit.after = { ...change, serviceIds };
    await emit(ctx, componentChanged, { componentId: id, state: row.state }, { subject: id });
    await requestRender(ctx);
    return row;
  },
);
