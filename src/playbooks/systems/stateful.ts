/**
 * One face for every target whose state can be looked at: look, keep what was found, send, and read back by looking again.
 * A connector says how to look, what it wants and how to send; at-most-once, undo and lost answers are the same for all.
 */
import { canonicalJson, type Ctx, Problem } from '#kernel';
import type {
  ActionCall,
  ActionPlan,
  Connector,
  ConnectorAction,
  ConnectorFace,
  ReadBack,
  Sent,
} from '../actions/contract.ts';
import { simulatorOf } from './simulate.ts';
import { credentialOf, effectOf, keepEffect, type SystemKind, type SystemRow, systemNamed } from './store.ts';

export type State = Record<string, unknown>;

/** An outside system with its credential opened, for the length of one call. */
export interface Reached {
  system: SystemRow;
  secret: string | null;
  call: ActionCall;
}

export interface Adapter {
  title: string;
  risk: ConnectorAction['risk'];
  params: ConnectorAction['params'];
  hint: string;
  manual: ConnectorAction['manual'];
  /** What is there now, as far as this action changes it. Throws when it cannot be read. */
  look(ctx: Ctx, reached: Reached): Promise<State>;
  /** What it should be. */
  want(params: Record<string, unknown>, found: State): State;
  /** Makes it so; `from` is what was found. */
  send(ctx: Ctx, reached: Reached, from: State, to: State): Promise<Sent>;
  /** Why it may not be done now, e.g. because too little capacity would be left; null when it may. */
  guard?(ctx: Ctx, reached: Reached, found: State): Promise<string | null>;
  say(params: Record<string, unknown>): {
    targets: string[];
    effect: string;
    undo: string | null;
    collateral?: string[];
  };
}

/** The name of the parameter that names the system, for all of them. */
const systemOf = async (ctx: Pick<Ctx, 'db'>, name: unknown, kind: SystemKind): Promise<SystemRow | string> => {
  const row = typeof name === 'string' ? await systemNamed(ctx.db, name) : undefined;
  if (!row) return `there is no system "${String(name)}": add it on the systems page`;
  return row.kind === kind ? row : `"${row.name}" is ${row.kind}, not ${kind}`;
};

export interface StatefulOptions {
  name: string;
  title: string;
  kind: SystemKind;
  actions: Record<string, Adapter>;
  /** Which parameter names the system; `system` unless told. */
  systemParam?: string;
}

/** Builds a connector out of its adapters. */
export function stateful(options: StatefulOptions): Connector {
  const { name, title, kind, actions, systemParam = 'system' } = options;
  const adapterOf = (action: string): Adapter => {
    const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!found) throw new Error(`${name} has no ${action}`);
    return found;
  };
  const reach = async (ctx: Ctx, call: ActionCall): Promise<Reached> => {
    const system = await systemOf(ctx, call.params[systemParam], kind);
    if (typeof system === 'string')
      throw new Problem(409, `${title}: ${system}`, { rule: 'playbooks.admission.connector' });
    return { system, secret: credentialOf(system), call };
  };
  const real: ConnectorFace = {
    plan: async (_ctx, call) => planOf(adapterOf(call.action), call),
    apply: async (ctx, call) => apply(ctx, adapterOf(call.action), await reach(ctx, call)),
    read: async (ctx, call) => read(ctx, adapterOf(call.action), await reach(ctx, call)),
    undo: async (ctx, call) => undo(ctx, adapterOf(call.action), await reach(ctx, call)),
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
    health: (ctx, given) => health(ctx, options, given),
    real,
    simulator: simulatorOf(name, (call) => planOf(adapterOf(call.action), call)),
  };
}

/** As far as it is known without asking: it exists, its credential is good, and it answered when it was last asked. */
async function health(
  ctx: Ctx,
  { kind, title, systemParam = 'system' }: StatefulOptions,
  given: Record<string, unknown> | null,
) {
  if (!given) return { ok: true, detail: `${title}: systems are added on the systems page` };
  const system = await systemOf(ctx, given[systemParam], kind);
  if (typeof system === 'string') return { ok: false, detail: system };
  if (system.credentialExpiresAt && system.credentialExpiresAt <= ctx.now)
    return { ok: false, detail: `the credential of "${system.name}" has expired` };
  if (system.healthy === false)
    return { ok: false, detail: `"${system.name}" did not answer when last asked: ${system.detail}` };
  return { ok: true, detail: system.name };
}

function planOf(adapter: Adapter, call: ActionCall): ActionPlan {
  const { targets, effect, undo: back, collateral } = adapter.say(call.params);
  return {
    targets,
    effect,
    collateral: collateral ?? [],
    undo: back ?? 'Cannot be taken back by the product.',
    reversible: back !== null,
    noop: false,
  };
}

const same = (a: State, b: State): boolean => canonicalJson(a) === canonicalJson(b);

async function apply(ctx: Ctx, adapter: Adapter, reached: Reached): Promise<Sent> {
  const { call } = reached;
  const found = await looked(ctx, adapter, reached);
  if ('result' in found) return found;
  const refusal = adapter.guard ? await adapter.guard(ctx, reached, found.state) : null;
  if (refusal) return { result: 'refused', message: refusal };
  const effect = await keepEffect(ctx, {
    key: call.key,
    actionRunId: call.actionRunId,
    prior: found.state,
    wanted: adapter.want(call.params, found.state),
  });
  if (same(found.state, effect.wanted))
    return { result: 'accepted', message: 'it was so already', response: effect.wanted };
  const sent = await adapter.send(ctx, reached, found.state, effect.wanted);
  return { ...sent, response: { ...sent.response, before: found.state, after: effect.wanted } };
}

/** Not being able to look means that nothing was sent: certainly no effect. */
async function looked(ctx: Ctx, adapter: Adapter, reached: Reached): Promise<{ state: State } | Sent> {
  try {
    return { state: await adapter.look(ctx, reached) };
  } catch (error) {
    return {
      result: 'refused',
      message: `the target could not be read first, so nothing was sent: ${(error as Error).message}`,
    };
  }
}

async function read(ctx: Ctx, adapter: Adapter, reached: Reached): Promise<ReadBack> {
  const undoing = reached.call.key.endsWith('/undo');
  const effect = await effectOf(ctx.db, undoing ? reached.call.key.slice(0, -'/undo'.length) : reached.call.key);
  // Kept before every send: without it nothing was sent.
  if (!effect) return 'not_applied';
  const state = await adapter.look(ctx, reached);
  const [to, from] = undoing ? [effect.prior, effect.wanted] : [effect.wanted, effect.prior];
  return same(state, to) ? 'applied' : same(state, from) ? 'not_applied' : 'unreadable';
}

async function undo(ctx: Ctx, adapter: Adapter, reached: Reached): Promise<Sent> {
  if (adapter.say(reached.call.params).undo === null)
    return { result: 'refused', message: 'this cannot be taken back by the product' };
  const effect = await effectOf(ctx.db, reached.call.key);
  if (!effect) return { result: 'accepted', message: 'nothing was changed' };
  const found = await looked(ctx, adapter, reached);
  if ('result' in found) return found;
  if (same(found.state, effect.prior)) return { result: 'accepted', message: 'it was so already' };
  if (!same(found.state, effect.wanted))
    return {
      result: 'refused',
      message: `somebody changed it since (${JSON.stringify(found.state).slice(0, 200)}); look whether it should go back`,
    };
  return adapter.send(ctx, reached, found.state, effect.prior);
}
