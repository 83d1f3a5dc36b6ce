/** The flag connector of drills: remembers what it would have set, and can misbehave on purpose. */
import type { Ctx } from '#kernel';
import { flagByKey } from '../../flags/store.ts';
import type { ActionCall, ConnectorFace, Sent } from '../contract.ts';
import { keepSimulation, simulation } from '../simulation.ts';

const keyOf = (call: ActionCall) => String(call.params.flag);
const held = (ctx: Ctx, call: ActionCall) => simulation(ctx.db, call.incident.id, 'flag', keyOf(call));

async function set(ctx: Ctx, call: ActionCall, variant: string, key: string): Promise<Sent> {
  const before = await held(ctx, call);
  if (before?.behaviour === 'refuses') return { result: 'refused', message: 'the simulated flag store refuses' };
  const now = before?.state.variant ?? (await flagByKey(ctx.db, keyOf(call)))?.variant;
  const state = {
    ...before?.state,
    variant: before?.behaviour === 'lies' ? now : variant,
    from: now,
    [key]: true,
  };
  await keepSimulation(ctx, {
    incidentId: call.incident.id,
    connector: 'flag',
    target: keyOf(call),
    state,
  });
  if (before?.behaviour === 'loses_answer') return { result: 'unknown', message: 'the simulated answer was lost' };
  return { result: 'accepted', response: { variant } };
}

export const simulator: ConnectorFace = {
  plan: async (ctx, call) => {
    const now = (await held(ctx, call))?.state.variant ?? (await flagByKey(ctx.db, keyOf(call)))?.variant;
    return {
      targets: [keyOf(call)],
      effect: `Exercise: the simulated flag "${keyOf(call)}" goes from "${String(now)}" to "${String(call.params.variant)}". No real client sees it.`,
      collateral: [],
      undo: `Sets the simulated flag back to "${String(now)}".`,
      reversible: true,
      noop: now === call.params.variant,
    };
  },
  apply: (ctx, call) => set(ctx, call, String(call.params.variant), call.key),
  read: async (ctx, call) => ((await held(ctx, call))?.state[call.key] ? 'applied' : 'not_applied'),
  undo: async (ctx, call) => set(ctx, call, String((await held(ctx, call))?.state.from), `${call.key}/undo`),
};
