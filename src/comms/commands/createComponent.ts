/** Adds a component to the status page. */
import { emit } from '#kernel';
import { command } from '#security';
import { type ComponentRow, insertComponent, listComponents, saveServices } from '../components/store.ts';
import { componentChanged } from '../events.ts';
import { requestRender } from '../statuspage/jobs.ts';

export interface CreateComponentInput {
  name: string;
  group: string | null;
  description: string | null;
  position?: number | undefined;
  visible: boolean;
  serviceIds: string[];
}

export const createComponent = command(
  'comms.createComponent',
  {
    allow: 'manager',
    subject: (_input: CreateComponentInput, row: ComponentRow) => row.id,
  },
  async (ctx, { group, serviceIds, position, ...input }) => {
    const last = (await listComponents(ctx)).at(-1);
    const row = await insertComponent(ctx, {
      ...input,
      groupName: group,
      position: position ?? (last?.position ?? -1) + 1,
    });
    await saveServices(ctx, row.id, serviceIds);
    ctx.audit.after = { ...input, group, serviceIds };
    await emit(ctx, componentChanged, { componentId: row.id, state: row.state }, { subject: row.id });
    await requestRender(ctx);
    return row;
  },
);
