/** Action `traffic.weight`: shares of a route over HTTP, moved in steps, each one looked at before the next. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Ctx, parseDuration } from '#kernel';
import { currentPause } from '../../safeguards/store.ts';
import { bearer, getJson, sendJson } from '../../systems/http.ts';
import type { Adapter, Reached, State } from '../../systems/stateful.ts';

const share = z.number().min(0).max(100);
const duration = z.string().regex(/^\d{1,6}(ms|s|m)$/);
export const weightParams = z.strictObject({
  /** Name of a system of kind `weights`: GET gives `{"weights": {"a": 90, "b": 10}}`, PUT takes the same. */
  route: z.string().min(1).max(63),
  to: z.string().min(1).max(100),
  pct: share.optional(),
  /** In steps instead of at once; the last one is the share it ends at. */
  steps: z.array(share).min(1).max(20).optional(),
  max_pct: share.optional(),
  hold: duration.default('0s'),
  /** For the people at the other end, e.g. `new_orders`. */
  only: z.string().max(80).optional(),
});

const goal = ({ pct, steps, max_pct: most }: Record<string, unknown>): number =>
  Math.min(
    (pct as number | undefined) ?? (steps as number[] | undefined)?.at(-1) ?? 100,
    (most as number | undefined) ?? 100,
  );

async function look(ctx: Ctx, reached: Reached): Promise<State> {
  const { weights } = await getJson<{ weights?: Record<string, unknown> }>(ctx, reached, bearer(reached.secret), '');
  if (!weights || Object.values(weights).some((one) => typeof one !== 'number'))
    throw new Error('the answer has no weights');
  const { to } = reached.call.params;
  if (!Object.hasOwn(weights, String(to))) throw new Error(`the route has no way "${String(to)}"`);
  return weights as State;
}

/** One way gets its share, the others keep their proportion of the rest. Shares add up to 100. Pure. */
export function split(found: State, to: string, pct: number): State {
  const others = Object.keys(found).filter((name) => name !== to);
  const before = others.reduce((sum, name) => sum + Number(found[name]), 0);
  const rest = 100 - pct;
  const even = others.length === 0 ? 0 : rest / others.length;
  const shares = others.map(
    (name) => [name, round(before === 0 ? even : (Number(found[name]) / before) * rest)] as const,
  );
  return Object.fromEntries([...shares, [to, others.length === 0 ? 100 : round(pct)]]);
}
const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Each step is sent once; between two a pause of automation stops it where it stands, which is a safe point. */
async function send(ctx: Ctx, reached: Reached, from: State, to: State) {
  const { steps, hold, to: way } = reached.call.params as { steps?: number[]; hold: string; to: string };
  const end = Number(to[way]);
  const stops = (steps ?? []).filter((one) => (end > Number(from[way]) ? one > Number(from[way]) && one < end : false));
  for (const [index, stop] of [...stops, null].entries()) {
    if (index > 0) {
      await sleep(parseDuration(hold) ?? 0);
      if (await currentPause(ctx.db))
        return {
          result: 'unknown' as const,
          message: `automation was paused after step ${index} of ${stops.length + 1}`,
        };
    }
    const weights = stop === null ? to : split(from, way, stop);
    const sent = await sendJson(ctx, reached, bearer(reached.secret), {
      method: 'PUT',
      path: '',
      body: { weights, ...(reached.call.params.only !== undefined && { only: reached.call.params.only }) },
      headers: { 'idempotency-key': `${reached.call.key}/${index}` },
    });
    if (sent.result !== 'accepted') return index === 0 ? sent : { ...sent, result: 'unknown' as const };
  }
  return { result: 'accepted' as const };
}

export const weightAction: Adapter = {
  title: 'Split traffic',
  risk: 'compensable',
  params: weightParams,
  hint: '{route: psp, to: second, steps: [10, 30, 60], hold: 5m}',
  manual: (given) => `Give ${String(given.to)} ${goal(given)} % of ${String(given.route)} by hand.`,
  look,
  want: (given, found) => split(found, String(given.to), goal(given)),
  send,
  say: (given) => ({
    targets: [`${String(given.route)} → ${String(given.to)}`],
    effect: `${String(given.to)} gets ${goal(given)} % of ${String(given.route)}${Array.isArray(given.steps) ? ` in steps of ${given.steps.join(', ')} %` : ''}${given.only ? `, only ${String(given.only).replaceAll('_', ' ')}` : ''}.`,
    undo: 'Sets the shares back to what they were.',
    collateral: [`The other ways of ${String(given.route)} share the rest.`],
  }),
};
