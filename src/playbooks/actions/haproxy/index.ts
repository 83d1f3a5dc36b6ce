/** Connector `haproxy`: drains, returns and weighs servers through the runtime API, under the capacity and panic rules (4.5). */
import { z } from 'zod';
import type { Ctx } from '#kernel';
import type { Sent } from '../contract.ts';
import { type Adapter, type Reached, type State, stateful } from '../../systems/stateful.ts';
import { mayDrain, TRAFFIC_RULES } from '../../traffic/model.ts';
import { administrated, ask, isHealthy, isServing, type ServerLine, serversOf } from './wire.ts';

const word = z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/, 'a name of HAProxy: letters, digits and _ . : -');
const where = { system: z.string().min(1).max(63), backend: word, server: word };
/** The capacity rule, as a playbook may set it; never looser than nothing left. */
const rules = {
  max_use: z.number().min(1).max(100).default(TRAFFIC_RULES.maxUse),
  min_healthy: z.number().int().min(1).max(1_000).default(TRAFFIC_RULES.minHealthy),
  /** Sessions one server can carry, where HAProxy has no maxconn for it. */
  sessions_per_server: z.number().min(1).max(1_000_000).optional(),
};
const drainParams = z.strictObject({ ...where, state: z.enum(['drain', 'maint']).default('drain'), ...rules });
const returnParams = z.strictObject({ ...where, weight: z.number().int().min(1).max(256).optional() });
const weightParams = z.strictObject({ ...where, weight: z.number().int().min(0).max(256), ...rules });

async function serversIn(ctx: Ctx, { system, call }: Reached): Promise<ServerLine[]> {
  const lines = serversOf(await ask(ctx, system.address, 'show stat', Math.min(10_000, call.timeoutMs)));
  const found = lines.filter((one) => one.backend === call.params.backend);
  if (!found.some((one) => one.name === call.params.server))
    throw new Error(`there is no server ${String(call.params.backend)}/${String(call.params.server)}`);
  return found;
}

/** Administrative state and weight of the one server: what these actions change. */
async function look(ctx: Ctx, { system, call }: Reached): Promise<State> {
  const text = await ask(
    ctx,
    system.address,
    `show servers state ${String(call.params.backend)}`,
    Math.min(10_000, call.timeoutMs),
  );
  const one = administrated(text).find((line) => line.name === call.params.server);
  if (!one)
    throw new Error(
      text.trim().startsWith('1') ? `there is no server ${String(call.params.server)}` : text.trim().slice(0, 160),
    );
  return { admin: one.admin, weight: one.weight };
}

/** A drained server of weight 0 keeps the weight it goes back to. */
async function send(ctx: Ctx, { system, call }: Reached, from: State, to: State): Promise<Sent> {
  const server = `${String(call.params.backend)}/${String(call.params.server)}`;
  const lines: string[] = [];
  if (to.weight !== from.weight) lines.push(`set server ${server} weight ${String(to.weight)}`);
  if (to.admin !== from.admin) lines.push(`set server ${server} state ${String(to.admin)}`);
  let sentAny = false;
  for (const line of lines) {
    try {
      const answer = (await ask(ctx, system.address, line, call.timeoutMs)).trim();
      // A command that worked answers with nothing.
      if (answer !== '')
        return sentAny ? { result: 'unknown', message: answer } : { result: 'refused', message: answer.slice(0, 200) };
      sentAny = true;
    } catch (error) {
      return { result: 'unknown', message: (error as Error).message };
    }
  }
  return { result: 'accepted', response: to };
}

/** Taking weight away asks first: is the probe to be believed, and can the rest carry it? */
async function guard(ctx: Ctx, reached: Reached): Promise<string | null> {
  const { max_use, min_healthy, sessions_per_server } = reached.call.params as {
    max_use: number;
    min_healthy: number;
    sessions_per_server?: number;
  };
  const nodes = (await serversIn(ctx, reached)).map((one) => ({
    name: one.name,
    serving: isServing(one),
    healthy: isHealthy(one.status),
    capacity: one.limit ?? sessions_per_server ?? null,
    load: one.sessions,
  }));
  const verdict = mayDrain(nodes, [String(reached.call.params.server)], {
    ...TRAFFIC_RULES,
    maxUse: max_use,
    minHealthy: min_healthy,
  });
  return verdict.ok ? null : `${verdict.rule === 'panic' ? 'Panic rule: ' : ''}${verdict.reason}`;
}

const at = (params: Record<string, unknown>): string =>
  `${String(params.system)} ${String(params.backend)}/${String(params.server)}`;

const drain: Adapter = {
  title: 'Drain a server',
  risk: 'reversible',
  params: drainParams,
  hint: '{system: edge, backend: shop, server: web2}',
  manual: (given) =>
    `On the HAProxy: echo "set server ${String(given.backend)}/${String(given.server)} state drain" | socat stdio <admin socket>`,
  look,
  want: (params, found) => ({ ...found, admin: params.state as string }),
  send,
  guard,
  say: (params) => ({
    targets: [at(params)],
    effect: `${String(params.server)} gets no new sessions; running ones may end. Only if the rest stays under ${String(params.max_use ?? TRAFFIC_RULES.maxUse)} % and no more than half of the backend looks unhealthy.`,
    collateral: [`The other servers of ${String(params.backend)} carry its load.`],
    undo: 'Puts it back into service as it was.',
  }),
};
const giveBack: Adapter = {
  title: 'Return a server',
  risk: 'reversible',
  params: returnParams,
  hint: '{system: edge, backend: shop, server: web2, weight: 10}',
  manual: (given) =>
    `On the HAProxy: echo "set server ${String(given.backend)}/${String(given.server)} state ready" | socat stdio <admin socket>`,
  look,
  want: (params, found) => ({ admin: 'ready', weight: (params.weight as number | undefined) ?? found.weight }),
  send,
  say: (params) => ({
    targets: [at(params)],
    effect: `${String(params.server)} takes sessions again${params.weight === undefined ? '' : ` with weight ${String(params.weight)}`}.`,
    undo: 'Takes it out again as it was.',
  }),
};
const weight: Adapter = {
  title: 'Weigh a server',
  risk: 'reversible',
  params: weightParams,
  hint: '{system: edge, backend: shop, server: web2, weight: 25}',
  manual: (given) =>
    `On the HAProxy: echo "set server ${String(given.backend)}/${String(given.server)} weight ${String(given.weight)}" | socat stdio <admin socket>`,
  look,
  want: (params, found) => ({ ...found, weight: params.weight as number }),
  send,
  guard: async (ctx, reached) => (reached.call.params.weight === 0 ? guard(ctx, reached) : null),
  say: (params) => ({
    targets: [at(params)],
    effect: `${String(params.server)} gets weight ${String(params.weight)} of 256.`,
    undo: 'Sets the weight back.',
  }),
};

export const haproxy = stateful({
  name: 'haproxy',
  title: 'HAProxy',
  kind: 'haproxy',
  actions: { 'haproxy.drain': drain, 'haproxy.return': giveBack, 'haproxy.weight': weight },
});
