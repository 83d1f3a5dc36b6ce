/** The webhook connector of drills: keeps the calls it would have made, and can misbehave on purpose. */
import type { Ctx } from '#kernel';
import type { ActionCall, ConnectorFace, Sent } from '../contract.ts';
import { keepSimulation, simulation } from '../simulation.ts';

const targetOf = (call: ActionCall) => String(call.params.target);
const held = (ctx: Ctx, call: ActionCall) => simulation(ctx.db, call.incident.id, 'webhook', targetOf(call));

async function send(ctx: Ctx, call: ActionCall, key: string): Promise<Sent> {
  const before = await held(ctx, call);
  if (before?.behaviour === 'refuses')
    return {
      result: 'refused',
      message: 'the simulated target refuses',
      response: { status: 409 },
    };
  const state = before?.behaviour === 'lies' ? { ...before.state } : { ...before?.state, [key]: true };
  await keepSimulation(ctx, {
    incidentId: call.incident.id,
    connector: 'webhook',
    target: targetOf(call),
    state,
  });
  if (before?.behaviour === 'loses_answer') return { result: 'unknown', message: 'the simulated answer was lost' };
  return { result: 'accepted', response: { status: 200 } };
}

export const simulator: ConnectorFace = {
  plan: async (_ctx, call) => ({
    targets: [targetOf(call)],
    effect: `Exercise: a simulated call to "${targetOf(call)}". Nothing leaves the house.`,
    collateral: [],
    undo: call.params.undo_body ? 'A second simulated call.' : 'Cannot be taken back by the product.',
    reversible: call.params.undo_body !== undefined,
    noop: false,
  }),
  apply: (ctx, call) => send(ctx, call, call.key),
  read: async (ctx, call) => ((await held(ctx, call))?.state[call.key] ? 'applied' : 'not_applied'),
  undo: async (ctx, call) =>
    call.params.undo_body
      ? send(ctx, call, `${call.key}/undo`)
      : { result: 'refused', message: 'this call has no undo' },
};
