/**
 * One face for targets that do something once instead of having a state: a pipeline, a workflow, a stored command. It is
 * found again by the key it was given, so a lost answer is looked up and nothing is started twice.
 */
import { type Ctx, Problem } from '#kernel';
import type { ActionCall, ActionPlan, Connector, ConnectorAction, ReadBack, Sent } from '../actions/contract.ts';
import { simulatorOf } from './simulate.ts';
import type { Reached } from './stateful.ts';
import { credentialOf, type SystemKind, type SystemRow, systemNamed } from './store.ts';

export interface OnceAction {
  title: string;
  risk: ConnectorAction['risk'];
  params: ConnectorAction['params'];
  hint: string;
  manual: ConnectorAction['manual'];
  start(ctx: Ctx, reached: Reached, key: string, undo: boolean): Promise<Sent>;
  /** Whether what was started under the key is there; `unreadable` when that cannot be told. */
  find(ctx: Ctx, reached: Reached, key: string): Promise<ReadBack>;
  say(params: Record<string, unknown>): { targets: string[]; effect: string; undo: string | null };
}

export function once(options: {
  name: string;
  title: string;
  kind: SystemKind;
  actions: Record<string, OnceAction>;
}): Connector {
  const { name, title, kind, actions } = options;
  const of = (call: Pick<ActionCall, 'action'>): OnceAction => {
    const found = Object.hasOwn(actions, call.action) ? actions[call.action] : undefined;
    if (!found) throw new Error(`${name} has no ${call.action}`);
    return found;
  };
  const planOf = (call: ActionCall): ActionPlan => {
    const { targets, effect, undo } = of(call).say(call.params);
    return {
      targets,
      effect,
      collateral: [],
      undo: undo ?? 'Cannot be taken back by the product.',
      reversible: undo !== null,
      noop: false,
    };
  };
  const reach = async (ctx: Ctx, call: ActionCall): Promise<Reached> => {
    const system = await wanted(ctx, call.params.system, kind);
    if (typeof system === 'string')
      throw new Problem(409, `${title}: ${system}`, { rule: 'playbooks.admission.connector' });
    return { system, secret: credentialOf(system), call };
  };
  /** Looks first: an engine that was killed after sending finds what it started. */
  const start = async (ctx: Ctx, call: ActionCall, key: string, undo: boolean): Promise<Sent> => {
    const reached = await reach(ctx, call);
    const there = await of(call)
      .find(ctx, reached, key)
      .catch((): ReadBack => 'unreadable');
    if (there === 'applied') return { result: 'accepted', message: 'it was started already' };
    return of(call).start(ctx, reached, key, undo);
  };
  return {
    name,
    title,
    actions: Object.fromEntries(
      Object.entries(actions).map(([action, one]) => [
        action,
        { title: one.title, params: one.params, risk: one.risk, hint: one.hint, manual: one.manual },
      ]),
    ),
    health: async (ctx, given) => {
      if (!given) return { ok: true, detail: `${title}: systems are added on the systems page` };
      const system = await wanted(ctx, given.system, kind);
      if (typeof system === 'string') return { ok: false, detail: system };
      if (system.credentialExpiresAt && system.credentialExpiresAt <= ctx.now)
        return { ok: false, detail: `the credential of "${system.name}" has expired` };
      return system.healthy === false
        ? { ok: false, detail: `"${system.name}" did not answer when last asked: ${system.detail}` }
        : { ok: true, detail: system.name };
    },
    real: {
      plan: async (_ctx, call) => planOf(call),
      apply: (ctx, call) => start(ctx, call, call.key, false),
      read: async (ctx, call) => of(call).find(ctx, await reach(ctx, call), call.key),
      undo: async (ctx, call) =>
        planOf(call).reversible
          ? start(ctx, call, `${call.key}/undo`, true)
          : { result: 'refused', message: 'this cannot be taken back by the product' },
    },
    simulator: simulatorOf(name, planOf),
  };
}

async function wanted(ctx: Pick<Ctx, 'db'>, name: unknown, kind: SystemKind): Promise<SystemRow | string> {
  const row = typeof name === 'string' ? await systemNamed(ctx.db, name) : undefined;
  if (!row) return `there is no system "${String(name)}": add it on the systems page`;
  return row.kind === kind ? row : `"${row.name}" is ${row.kind}, not ${kind}`;
}
