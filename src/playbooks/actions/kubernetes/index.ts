/** Connector `kubernetes`: scales a deployment, goes back to its previous revision, cordons a node, by the API server. */
import { z } from 'zod';
import { canonicalJson, type Ctx, sha256hex } from '#kernel';
import { bearer, getJson, part, sendJson } from '../../systems/http.ts';
import { type Adapter, type Reached, type State, stateful } from '../../systems/stateful.ts';

export const dnsName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'a Kubernetes name');
const system = z.string().min(1).max(63);
const scaleParams = z.strictObject({
  system,
  namespace: dnsName,
  deployment: dnsName,
  replicas: z.number().int().min(0).max(10_000),
});
const rollbackParams = z.strictObject({
  system,
  namespace: dnsName,
  deployment: dnsName,
  revision: z.number().int().min(1).optional(),
});
const cordonParams = z.strictObject({ system, node: dnsName, cordoned: z.boolean().default(true) });
export const MERGE = 'application/merge-patch+json';
const REVISION = 'deployment.kubernetes.io/revision';

const deployment = ({ namespace, deployment: name }: Record<string, unknown>): string =>
  `/apis/apps/v1/namespaces/${part(namespace)}/deployments/${part(name)}`;
const named = (given: Record<string, unknown>): string => `${String(given.namespace)}/${String(given.deployment)}`;

const scale: Adapter = {
  title: 'Scale a deployment',
  risk: 'reversible',
  params: scaleParams,
  hint: '{system: cluster, namespace: shop, deployment: checkout, replicas: 6}',
  manual: (given) =>
    `kubectl -n ${String(given.namespace)} scale deployment/${String(given.deployment)} --replicas=${String(given.replicas)}`,
  look: async (ctx, reached) => {
    const found = await getJson(ctx, reached, bearer(reached.secret), `${deployment(reached.call.params)}/scale`);
    return { replicas: found.spec?.replicas ?? 0 };
  },
  want: (given) => ({ replicas: given.replicas }),
  send: (ctx, reached, _from, to) =>
    sendJson(ctx, reached, bearer(reached.secret), {
      method: 'PATCH',
      path: `${deployment(reached.call.params)}/scale`,
      contentType: MERGE,
      body: { spec: to },
    }),
  say: (given) => ({
    targets: [named(given)],
    effect: `${named(given)} runs with ${String(given.replicas)} replicas. An autoscaler may change that again.`,
    undo: 'Scales it back to what it was.',
  }),
};

interface Template {
  metadata?: { labels?: Record<string, string> };
  [more: string]: unknown;
}
const bare = (template: Template): Template => {
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
};
const printOf = (template: Template): string => sha256hex(canonicalJson(bare(template))).slice(0, 16);

/** Every revision the cluster still has of a deployment, newest first. */
async function revisions(
  ctx: Ctx,
  reached: Reached,
): Promise<{ uid: string; list: { revision: number; template: Template }[] }> {
  const { call, secret } = reached;
  const own = await getJson(ctx, reached, bearer(secret), deployment(call.params));
  const sets = await getJson(
    ctx,
    reached,
    bearer(secret),
    `/apis/apps/v1/namespaces/${part(call.params.namespace)}/replicasets`,
  );
  const list = (sets.items as any[])
    .filter((set) => set.metadata.ownerReferences?.some((owner: { uid: string }) => owner.uid === own.metadata.uid))
    .map((set) => ({
      revision: Number(set.metadata.annotations?.[REVISION] ?? 0),
      template: set.spec.template as Template,
    }))
    .sort((a, b) => b.revision - a.revision);
  return { uid: own.metadata.uid, list };
}

/** As `kubectl rollout undo`: the template of the revision before (or of the one named) becomes the present one. */
const rollback: Adapter = {
  title: 'Roll a deployment back',
  risk: 'compensable',
  params: rollbackParams,
  hint: '{system: cluster, namespace: shop, deployment: checkout}',
  manual: (given) =>
    `kubectl -n ${String(given.namespace)} rollout undo deployment/${String(given.deployment)}${given.revision ? ` --to-revision=${String(given.revision)}` : ''}`,
  look: async (ctx, reached) => {
    const own = await getJson(ctx, reached, bearer(reached.secret), deployment(reached.call.params));
    const { list } = await revisions(ctx, reached);
    const now = printOf(own.spec.template);
    const asked = reached.call.params.revision;
    const to =
      asked === undefined
        ? list.find((one) => printOf(one.template) !== now)
        : list.find((one) => one.revision === asked);
    return { template: now, to: to ? printOf(to.template) : now };
  },
  // What "the one before" means is fixed when it is first looked at; after the change it would point back again.
  want: (_given, found) => ({ template: found.to, to: found.template }),
  guard: async (_ctx, _reached, found) =>
    found.to === found.template ? 'there is no other revision to go back to' : null,
  send: async (ctx, reached, _from, to) => {
    const { list } = await revisions(ctx, reached);
    const wanted = list.find((one) => printOf(one.template) === to.template);
    if (!wanted) return { result: 'refused', message: 'the cluster no longer has that revision' };
    return sendJson(ctx, reached, bearer(reached.secret), {
      method: 'PATCH',
      path: deployment(reached.call.params),
      contentType: 'application/json-patch+json',
      body: [{ op: 'replace', path: '/spec/template', value: bare(wanted.template) }],
    });
  },
  say: (given) => ({
    targets: [named(given)],
    effect: `${named(given)} goes back to ${given.revision ? `revision ${String(given.revision)}` : 'the revision before'}; its pods are replaced step by step.`,
    undo: 'Goes forward again to the revision it came from.',
  }),
};

const cordon: Adapter = {
  title: 'Cordon a node',
  risk: 'reversible',
  params: cordonParams,
  hint: '{system: cluster, node: node-7}',
  manual: (given) => `kubectl ${given.cordoned === false ? 'uncordon' : 'cordon'} ${String(given.node)}`,
  look: async (ctx, reached): Promise<State> => {
    const found = await getJson(
      ctx,
      reached,
      bearer(reached.secret),
      `/api/v1/nodes/${part(reached.call.params.node)}`,
    );
    return { cordoned: found.spec?.unschedulable === true };
  },
  want: (given) => ({ cordoned: given.cordoned }),
  send: (ctx, reached, _from, to) =>
    sendJson(ctx, reached, bearer(reached.secret), {
      method: 'PATCH',
      path: `/api/v1/nodes/${part(reached.call.params.node)}`,
      contentType: MERGE,
      body: { spec: { unschedulable: to.cordoned ? true : null } },
    }),
  say: (given) => ({
    targets: [String(given.node)],
    effect:
      given.cordoned === false
        ? `${String(given.node)} takes new pods again.`
        : `${String(given.node)} gets no new pods; those on it stay.`,
    undo: 'Sets it back as it was.',
  }),
};

export const kubernetes = stateful({
  name: 'kubernetes',
  title: 'Kubernetes',
  kind: 'kubernetes',
  actions: { 'kubernetes.scale': scale, 'kubernetes.rollback': rollback, 'kubernetes.cordon': cordon },
});
