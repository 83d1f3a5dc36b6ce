/** Sets the state of a component by hand, with the reason; messages set states themselves. */
import { emit } from '#kernel';
import { command } from '#security';
import { type ComponentRow, lockComponent, saveState } from '../components/store.ts';
import { componentChanged } from '../events.ts';
import type { ComponentState } from '../lint/index.ts';
import { requestRender } from '../statuspage/jobs.ts';

export interface SetComponentStateInput {
  id: string;
  state: ComponentState;
  reason: string;
}

export const setComponentState = command(
  'comms.setComponentState',
  { allow: 'manager', subject: (input: SetComponentStateInput) => input.id },
  async (ctx, input): Promise<ComponentRow> => {
    const before = await lockComponent(ctx, input.id);
    const row = await saveState(ctx, before, input.state, {
      reason: input.reason,
    });
    ctx.audit.before = { state: before.state };
    ctx.audit.after = { state: row.state };
    ctx.audit.reason = input.reason;
    await emit(ctx, componentChanged, { componentId: row.id, state: row.state }, { subject: row.id });
    await requestRender(ctx);
    return row;
  },
);
