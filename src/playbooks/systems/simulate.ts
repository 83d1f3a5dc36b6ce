/** The simulator of every connector to an outside system: remembers what it would have done, and can misbehave on purpose. */
import type { Ctx } from '#kernel';
import type { ActionCall, ActionPlan, ConnectorFace, Sent } from '../actions/contract.ts';
import { keepSimulation, simulation } from '../actions/simulation.ts';

export function simulatorOf(connector: string, planOf: (call: ActionCall) => ActionPlan): ConnectorFace {
  const targetOf = (call: ActionCall): string => planOf(call).targets[0] ?? call.action;
  const held = (ctx: Ctx, call: ActionCall) => simulation(ctx.db, call.incident.id, connector, targetOf(call));
  const send = async (ctx: Ctx, call: ActionCall, key: string): Promise<Sent> => {
    const before = await held(ctx, call);
    if (before?.behaviour === 'refuses') return { result: 'refused', message: 'the simulated target refuses' };
    const undone = key.endsWith('/undo');
    const done = before?.behaviour === 'lies' ? {} : { [key]: true, effect: undone ? null : planOf(call).effect };
    await keepSimulation(ctx, {
      incidentId: call.incident.id,
      connector,
      target: targetOf(call),
      state: { ...before?.state, ...done },
    });
    if (before?.behaviour === 'loses_answer') return { result: 'unknown', message: 'the simulated answer was lost' };
    return { result: 'accepted', response: { simulated: true } };
  };
  return {
    plan: async (_ctx, call) => {
      const plan = planOf(call);
      return { ...plan, effect: `Exercise: ${plan.effect} Simulated, nothing leaves the house.` };
    },
    apply: (ctx, call) => send(ctx, call, call.key),
    read: async (ctx, call) => ((await held(ctx, call))?.state[call.key] ? 'applied' : 'not_applied'),
    undo: async (ctx, call) =>
      planOf(call).reversible
        ? send(ctx, call, `${call.key}/undo`)
        : { result: 'refused', message: 'this cannot be taken back by the product' },
  };
}
