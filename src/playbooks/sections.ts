/** What playbooks add to an incident's export and to its situation report. */
import type { Ctx } from '#kernel';
import { actionsOf } from './actions/store.ts';
import { containmentView } from './runs/view.ts';

/** Everything done to contain: runs with their steps, actions outside a playbook, freezes. What the reader may do is left out. */
export async function exportContainment(ctx: Ctx, incidentId: string) {
  const { runs, actions, freezes } = await containmentView(ctx, incidentId);
  return { runs, actions, freezes };
}

/** States in which an action has begun or waits for somebody. */
const IN_FLIGHT = new Set([
  'awaiting_approval',
  'approved',
  'running',
  'verifying',
  'undoing',
  'unknown',
  'needs_human',
]);

/** Actions in flight, for the situation report. */
export async function actionsInFlight(ctx: Ctx, incidentId: string) {
  const actions = await actionsOf(ctx.db, incidentId);
  return actions.filter(({ state }) => IN_FLIGHT.has(state)).map(({ title, state }) => ({ title, state }));
}
