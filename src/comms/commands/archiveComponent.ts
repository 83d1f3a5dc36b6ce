/** Takes a component off the status page; its history stays in the record. */
import { emit } from '#kernel';
import { command } from '#security';
import { lockComponent, updateComponent } from '../components/store.ts';
import { componentChanged } from '../events.ts';
import { requestRender } from '../statuspage/jobs.ts';

export const archiveComponent = command(
  'comms.archiveComponent',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    const row = await lockComponent(ctx, id);
    await updateComponent(ctx, id, { archivedAt: ctx.now });
    ctx.audit.before = { name: row.name };
    await emit(ctx, componentChanged, { componentId: id, state: row.state }, { subject: id });
    await requestRender(ctx);
  },
);
