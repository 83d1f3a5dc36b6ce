/** Connector `degraded`: enters and leaves a degraded mode of the playbook, under its integrity contract (4.6). */
import { z } from 'zod';
import { type Ctx, systemActor } from '#kernel';
import { enterMode } from '../../commands/enterMode.ts';
import { leaveMode } from '../../commands/leaveMode.ts';
import { modeSpec } from '../../degraded/spec.ts';
import { modeNamed } from '../../degraded/store.ts';
import { changeByKey } from '../../flags/store.ts';
import type { ActionCall, ActionPlan, Connector, ConnectorFace, Sent } from '../contract.ts';

const params = z.strictObject({ mode: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/) });
const engine = (ctx: Ctx): Ctx => ({ ...ctx, actor: systemActor('playbooks.engine') });
const leaves = (call: ActionCall): boolean => (call.action === 'degraded.exit') !== call.key.endsWith('/undo');

async function planOf(ctx: Ctx, call: ActionCall): Promise<ActionPlan> {
  const { mode } = params.parse(call.params);
  const found = await modeSpec(ctx, call.incident.id, mode);
  const spec = found && 'spec' in found ? found.spec : undefined;
  const live = await modeNamed(ctx.db, call.incident.id, mode);
  const on = live !== undefined && live.state !== 'off';
  const enters = call.action === 'degraded.enter';
  const writes = spec?.data_integrity.writes;
  return {
    targets: [`Degraded mode ${mode}`],
    effect: enters
      ? `${spec?.customer_effect ?? ''} Writes are ${writes ?? 'not described'}; at most ${spec?.max_duration ?? '?'}.`.trim()
      : 'What was kept back is applied in order, then compared; only then is the mode off.',
    collateral: enters && spec?.data_integrity.notes ? [spec.data_integrity.notes] : [],
    undo: enters ? 'Leaves the mode: the queue drains first.' : 'Enters the mode again.',
    reversible: true,
    noop: enters ? on && live.state === 'on' : !on,
  };
}

async function move(ctx: Ctx, call: ActionCall, leave: boolean, key: string): Promise<Sent> {
  const { mode } = params.parse(call.params);
  const about = {
    incidentId: call.incident.id,
    mode,
    actionRunId: call.actionRunId,
    key,
    fence: call.fence,
    reason: call.title,
  };
  const row = await (leave ? leaveMode(engine(ctx), about) : enterMode(engine(ctx), about));
  return { result: 'accepted', response: { mode: row.name, state: row.state } };
}

const face: ConnectorFace = {
  plan: planOf,
  apply: (ctx, call) => move(ctx, call, call.action === 'degraded.exit', call.key),
  read: async (ctx, call) => {
    const live = await modeNamed(ctx.db, call.incident.id, String(call.params.mode));
    const out = !live || ['exiting', 'reconciling', 'off'].includes(live.state);
    if (!call.incident || (await changeByKey(ctx.db, call.key))) return 'applied';
    return out === leaves(call) && live !== undefined ? 'applied' : 'not_applied';
  },
  undo: (ctx, call) => move(ctx, call, call.action === 'degraded.enter', `${call.key}/undo`),
};

/** In a drill the mode is entered in the record only: rows of an exercise never move a real flag. */
export const degraded: Connector = {
  name: 'degraded',
  title: 'Degraded modes',
  actions: {
    'degraded.enter': {
      title: 'Enter a degraded mode',
      risk: 'reversible',
      params,
      hint: '{mode: deferred_capture}',
      manual: (given) =>
        `Set the flag of the degraded mode "${String(given.mode)}" by hand and note what it promises about data.`,
    },
    'degraded.exit': {
      title: 'Leave a degraded mode',
      risk: 'reversible',
      params,
      hint: '{mode: deferred_capture}',
      manual: (given) => `Drain what "${String(given.mode)}" kept back, compare, then set its flag back.`,
    },
  },
  health: async () => ({ ok: true, detail: 'built in' }),
  real: face,
  simulator: face,
};
