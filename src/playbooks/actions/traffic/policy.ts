/** Connector `policy`: retry policies and breakers imposed on callers, as flags that any OpenFeature client reads (4.4). */
import { z } from 'zod';
import { type Ctx, parseDuration, systemActor } from '#kernel';
import { changeFlag } from '../../commands/changeFlag.ts';
import { imposeFlag } from '../../commands/imposeFlag.ts';
import { changeByKey, flagByKey } from '../../flags/store.ts';
import { simulatorOf } from '../../systems/simulate.ts';
import type { ActionCall, ActionPlan, Connector, ConnectorFace, Sent } from '../contract.ts';

const target = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,60}(\/[A-Za-z0-9][\w-]{0,60})?$/, 'a target such as psp/paybridge');
const duration = z.string().regex(/^\d{1,6}(ms|s|m)$/);
const retryParams = z.strictObject({
  target,
  /** `default` takes an imposed policy away. */
  policy: z.literal('default').optional(),
  max_attempts: z.number().int().min(1).max(10).optional(),
  retry_ratio_max: z.number().min(0).max(1).optional(),
  timeout: duration.optional(),
  budget: duration.optional(),
  backoff: z
    .strictObject({
      base: duration,
      factor: z.number().min(1).max(10),
      cap: duration,
      jitter: z.literal('full').default('full'),
    })
    .optional(),
});
const breakerParams = z.strictObject({
  target,
  state: z.enum(['open', 'half_open', 'closed', 'auto']),
  half_open_after: duration.default('60s'),
  probes: z.number().int().min(1).max(1_000).default(5),
  close_after_successes: z.number().int().min(1).max(10_000).default(20),
});

export const policyKey = (name: unknown): string => `policy.${String(name).replace('/', '.')}`;
export const breakerKey = (name: unknown): string => `breaker.${String(name).replace('/', '.')}`;
const ms = (text: string): number => parseDuration(text) ?? 0;

/** What callers get when nothing is imposed: 3 attempts, full jitter, a tenth of the calls. */
export const DEFAULT_POLICY = {
  max_attempts: 3,
  timeout_ms: 10_000,
  budget_ms: 60_000,
  retry_ratio_max: 0.1,
  backoff: { base_ms: 500, factor: 2, cap_ms: 20_000, jitter: 'full' },
};
function imposed(given: z.infer<typeof retryParams>) {
  const { backoff } = given;
  return {
    ...DEFAULT_POLICY,
    ...(given.max_attempts !== undefined && { max_attempts: given.max_attempts }),
    ...(given.retry_ratio_max !== undefined && { retry_ratio_max: given.retry_ratio_max }),
    ...(given.timeout && { timeout_ms: ms(given.timeout) }),
    ...(given.budget && { budget_ms: ms(given.budget) }),
    ...(backoff && {
      backoff: { base_ms: ms(backoff.base), factor: backoff.factor, cap_ms: ms(backoff.cap), jitter: 'full' },
    }),
  };
}
function breakers(given: z.infer<typeof breakerParams>) {
  const rule = {
    half_open_after_ms: ms(given.half_open_after),
    probes: given.probes,
    close_after_successes: given.close_after_successes,
  };
  return Object.fromEntries(['auto', 'open', 'half_open', 'closed'].map((state) => [state, { state, ...rule }]));
}

interface Wanted {
  key: string;
  variants: Record<string, unknown>;
  variant: string;
  normal: string;
  description: string;
}
function wantedOf(call: Pick<ActionCall, 'action' | 'params'>): Wanted {
  if (call.action === 'traffic.breaker') {
    const given = breakerParams.parse(call.params);
    return {
      key: breakerKey(given.target),
      variants: breakers(given),
      variant: given.state,
      normal: 'auto',
      description: `Breaker of callers of ${given.target}`,
    };
  }
  const given = retryParams.parse(call.params);
  return {
    key: policyKey(given.target),
    variants: { default: DEFAULT_POLICY, imposed: imposed(given) },
    variant: given.policy === 'default' ? 'default' : 'imposed',
    normal: 'default',
    description: `Retry policy of callers of ${given.target}`,
  };
}

const engine = (ctx: Ctx): Ctx => ({ ...ctx, actor: systemActor('playbooks.engine') });
async function change(
  ctx: Ctx,
  call: ActionCall,
  variant: string,
  idempotencyKey: string,
  reason: string,
): Promise<Sent> {
  const { key } = wantedOf(call);
  const { revision } = await changeFlag(engine(ctx), {
    key,
    variant,
    reason: `${call.incident.key}: ${reason}`,
    incidentId: call.incident.id,
    actionRunId: call.actionRunId,
    idempotencyKey,
    fence: call.fence,
  });
  return { result: 'accepted', response: { flag: key, variant, revision } };
}

const planOf = (call: ActionCall): ActionPlan => {
  const { key, variant, variants } = wantedOf(call);
  return {
    targets: [String(call.params.target)],
    effect: `Callers of ${String(call.params.target)} that read the flag ${key} get ${JSON.stringify(variants[variant])} within 2 seconds.`,
    collateral: ['Callers that do not read it go on as before: watch the retry ratio.'],
    undo: 'Sets it back to what it was.',
    reversible: true,
    noop: false,
  };
};

const real: ConnectorFace = {
  plan: async (ctx, call) => {
    const flag = await flagByKey(ctx.db, wantedOf(call).key);
    const { variant, variants } = wantedOf(call);
    const noop =
      flag?.variant === variant && JSON.stringify(flag.variants[variant]) === JSON.stringify(variants[variant]);
    return { ...planOf(call), noop };
  },
  apply: async (ctx, call) => {
    const { key, variants, variant, normal, description } = wantedOf(call);
    await imposeFlag(engine(ctx), { key, variants, normal, description });
    return change(ctx, call, variant, call.key, call.title);
  },
  read: async (ctx, call) => ((await changeByKey(ctx.db, call.key)) ? 'applied' : 'not_applied'),
  undo: async (ctx, call) => {
    const made = await changeByKey(ctx.db, call.key);
    return made
      ? change(ctx, call, made.fromVariant, `${call.key}/undo`, `Undo: ${call.title}`)
      : { result: 'accepted', message: 'nothing was changed' };
  },
};

export const policy: Connector = {
  name: 'policy',
  title: 'Retry policies and breakers',
  actions: {
    'traffic.retry_policy': {
      title: 'Limit retries',
      risk: 'reversible',
      params: retryParams,
      hint: '{target: psp/paybridge, max_attempts: 1, retry_ratio_max: 0.1, timeout: 4s}',
      manual: (given) =>
        `In every caller of ${String(given.target)}, set the most attempts to ${String(given.max_attempts ?? 3)} and reload.`,
    },
    'traffic.breaker': {
      title: 'Set a breaker',
      risk: 'reversible',
      params: breakerParams,
      hint: '{target: psp/paybridge, state: open}',
      manual: (given) => `In every caller of ${String(given.target)}, set the breaker to ${String(given.state)}.`,
    },
  },
  health: async () => ({ ok: true, detail: 'built in' }),
  real,
  simulator: simulatorOf('policy', planOf),
};
