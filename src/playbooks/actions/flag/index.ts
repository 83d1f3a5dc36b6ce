/** Connector `flag`: sets a feature flag of the built-in store, which OpenFeature clients see over OFREP. */

import { z } from 'zod';
import { type Ctx, notFound, systemActor } from '#kernel';
import { changeFlag } from '../../commands/changeFlag.ts';
import { changeByKey, type FlagRow, flagByKey } from '../../flags/store.ts';
import type { ActionCall, Connector, Sent } from '../contract.ts';
import { simulator } from './simulator.ts';

const params = z.strictObject({
  flag: z.string().min(1).max(100),
  variant: z.string().min(1).max(60),
});

/** Reads the flag an action names. Throws 404, or 422 for a variant the flag does not have. */
export async function flagOf(ctx: Ctx, call: Pick<ActionCall, 'params'>): Promise<{ flag: FlagRow; variant: string }> {
  const { flag: key, variant } = params.parse(call.params);
  const flag = await flagByKey(ctx.db, key);
  if (!flag) throw notFound('Feature flag', key);
  return { flag, variant };
}

export const flag: Connector = {
  name: 'flag',
  title: 'Feature flags',
  actions: {
    'flag.set': {
      title: 'Set a feature flag',
      params,
      risk: 'reversible',
      hint: '{flag: payments.retries, variant: limited}',
      manual: (given) => `Set the flag ${String(given.flag)} to "${String(given.variant)}" by hand.`,
    },
  },
  health: async (ctx, given) => {
    if (!given) return { ok: true, detail: 'built in' };
    const { flag: key, variant } = params.parse(given);
    const found = await flagByKey(ctx.db, key);
    if (!found)
      return {
        ok: false,
        detail: `there is no flag "${key}": make it on the flags page`,
      };
    if (!Object.hasOwn(found.variants, variant)) {
      return {
        ok: false,
        detail: `the flag "${key}" has no variant "${variant}" (it has ${Object.keys(found.variants).join(', ')})`,
      };
    }
    return { ok: true, detail: 'built in' };
  },
  real: {
    plan: async (ctx, call) => {
      const { flag: found, variant } = await flagOf(ctx, call);
      return {
        targets: [found.key],
        effect: `${found.description ? `${found.description}: every` : 'Every'} client of the flag "${found.key}" gets "${variant}" (${show(found.variants[variant])}) instead of "${found.variant}" (${show(found.variants[found.variant])}) within 2 seconds.`,
        collateral: [],
        undo: `Sets the flag back to "${found.variant}".`,
        reversible: true,
        noop: found.variant === variant && found.state === 'enabled',
      };
    },
    apply: async (ctx, call) => change(ctx, call, call.key, params.parse(call.params).variant, call.title),
    read: async (ctx, call) => ((await changeByKey(ctx.db, call.key)) ? 'applied' : 'not_applied'),
    undo: async (ctx, call) => {
      const made = await changeByKey(ctx.db, call.key);
      if (!made) return { result: 'accepted', message: 'nothing was changed' };
      const { flag: found } = await flagOf(ctx, call);
      if (found.variant !== made.toVariant && !(await changeByKey(ctx.db, `${call.key}/undo`))) {
        return {
          result: 'refused',
          message: `somebody set the flag to "${found.variant}" since; look whether it should go back to "${made.fromVariant}"`,
        };
      }
      return change(ctx, call, `${call.key}/undo`, made.fromVariant, `Undo: ${call.title}`);
    },
  },
  simulator,
};

async function change(
  ctx: Ctx,
  call: ActionCall,
  idempotencyKey: string,
  variant: string,
  reason: string,
): Promise<Sent> {
  const engine = { ...ctx, actor: systemActor('playbooks.engine') };
  const { flag: key } = params.parse(call.params);
  const { revision } = await changeFlag(engine, {
    key,
    variant,
    reason: `${call.incident.key}: ${reason}`,
    incidentId: call.incident.id,
    actionRunId: call.actionRunId,
    idempotencyKey,
    fence: call.fence,
  });
  return { result: 'accepted', response: { variant, revision } };
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
