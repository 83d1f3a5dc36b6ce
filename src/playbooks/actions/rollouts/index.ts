/** Connector `rollouts`: holds, aborts, reduces or promotes a canary of Argo Rollouts, by the same API server. */
import { z } from 'zod';
import { bearer, getJson, part, sendJson } from '../../systems/http.ts';
import { type Adapter, type Reached, type State, stateful } from '../../systems/stateful.ts';
import { dnsName, MERGE } from '../kubernetes/index.ts';

const where = { system: z.string().min(1).max(63), namespace: dnsName, rollout: dnsName };
const plain = z.strictObject(where);
const place = (given: Record<string, unknown>): string =>
  `/apis/argoproj.io/v1alpha1/namespaces/${part(given.namespace)}/rollouts/${part(given.rollout)}`;
const named = (given: Record<string, unknown>): string => `${String(given.namespace)}/${String(given.rollout)}`;

async function seen(ctx: Parameters<Adapter['look']>[0], reached: Reached) {
  const found = await getJson(ctx, reached, bearer(reached.secret), place(reached.call.params));
  const waits = ((found.status?.pauseConditions ?? []) as unknown[]).length > 0;
  return {
    paused: found.spec?.paused === true,
    waits,
    aborted: found.status?.abort === true,
    step: typeof found.status?.currentStepIndex === 'number' ? (found.status.currentStepIndex as number) : null,
    full: found.status?.promoteFull === true,
  };
}
const patch = (ctx: Parameters<Adapter['send']>[0], reached: Reached, body: unknown, status: boolean) =>
  sendJson(ctx, reached, bearer(reached.secret), {
    method: 'PATCH',
    path: `${place(reached.call.params)}${status ? '/status' : ''}`,
    contentType: MERGE,
    body,
  });
const by = (words: string) => (given: Record<string, unknown>) =>
  `kubectl argo rollouts ${words} ${String(given.rollout)} -n ${String(given.namespace)}`;

const pause: Adapter = {
  title: 'Hold a canary',
  risk: 'reversible',
  params: plain,
  hint: '{system: cluster, namespace: shop, rollout: checkout}',
  manual: by('pause'),
  look: async (ctx, reached): Promise<State> => ({ paused: (await seen(ctx, reached)).paused }),
  want: () => ({ paused: true }),
  send: (ctx, reached, _from, to) => patch(ctx, reached, { spec: { paused: to.paused } }, false),
  say: (given) => ({
    targets: [named(given)],
    effect: `The canary of ${named(given)} stays at its present share.`,
    undo: 'Lets it go on.',
  }),
};
const abort: Adapter = {
  title: 'Abort a canary',
  risk: 'compensable',
  params: plain,
  hint: '{system: cluster, namespace: shop, rollout: checkout}',
  manual: by('abort'),
  look: async (ctx, reached): Promise<State> => ({ aborted: (await seen(ctx, reached)).aborted }),
  want: () => ({ aborted: true }),
  // Taking an abort back is what `retry` does: the canary begins again at its first step.
  send: (ctx, reached, _from, to) => patch(ctx, reached, { status: { abort: to.aborted } }, true),
  say: (given) => ({
    targets: [named(given)],
    effect: `All traffic of ${named(given)} goes back to the stable version.`,
    undo: 'Tries the canary again from its first step.',
  }),
};
const promote: Adapter = {
  title: 'Promote a canary',
  risk: 'compensable',
  params: z.strictObject({ ...where, full: z.boolean().default(false) }),
  hint: '{system: cluster, namespace: shop, rollout: checkout}',
  manual: (given) => by(given.full ? 'promote --full' : 'promote')(given),
  look: async (ctx, reached): Promise<State> => {
    const { waits, paused, full } = await seen(ctx, reached);
    return reached.call.params.full ? { full } : { waits: waits || paused };
  },
  want: (given) => (given.full ? { full: true } : { waits: false }),
  send: (ctx, reached) =>
    reached.call.params.full
      ? patch(ctx, reached, { status: { promoteFull: true } }, true)
      : patch(ctx, reached, { spec: { paused: false }, status: { pauseConditions: null } }, false),
  say: (given) => ({
    targets: [named(given)],
    effect: `The canary of ${named(given)} goes on${given.full ? ' to all traffic at once' : ' to its next step'}.`,
    undo: null,
  }),
};
const reduce: Adapter = {
  title: 'Reduce a canary to an earlier step',
  risk: 'reversible',
  params: z.strictObject({ ...where, step: z.number().int().min(0).max(100) }),
  hint: '{system: cluster, namespace: shop, rollout: checkout, step: 0}',
  manual: (given) => `Set status.currentStepIndex of the rollout ${named(given)} to ${String(given.step)}.`,
  look: async (ctx, reached): Promise<State> => ({ step: (await seen(ctx, reached)).step }),
  want: (given) => ({ step: given.step }),
  guard: async (_ctx, reached, found) =>
    typeof found.step === 'number' && found.step < Number(reached.call.params.step)
      ? `the canary is at step ${found.step}: going further is "promote"`
      : null,
  send: (ctx, reached, _from, to) => patch(ctx, reached, { status: { currentStepIndex: to.step } }, true),
  say: (given) => ({
    targets: [named(given)],
    effect: `The canary of ${named(given)} goes back to step ${String(given.step)}.`,
    undo: 'Sets it to the step it was at.',
  }),
};

export const rollouts = stateful({
  name: 'rollouts',
  title: 'Argo Rollouts',
  kind: 'kubernetes',
  actions: { 'rollouts.pause': pause, 'rollouts.abort': abort, 'rollouts.promote': promote, 'rollouts.reduce': reduce },
});
