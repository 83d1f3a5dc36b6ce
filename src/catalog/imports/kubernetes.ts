/**
 * Reads Kubernetes manifests: workloads become services or stores, ExternalName services third parties, and the names of
 * cluster services in a workload's environment its dependencies. Pure.
 */
import type { NodeKind } from '../model.ts';
import {
  asSlug,
  type CatalogFile,
  documentsOf,
  isThirdParty,
  namesIn,
  type ReadCatalog,
  type ReadNode,
  record,
  text,
  tierOf,
} from './documents.ts';

const OURS = 'evenkeel.io/';
const WORKLOADS = new Set(['deployment', 'statefulset', 'daemonset', 'cronjob', 'rollout']);
/** Images of things that keep data. */
const STORES =
  /(^|[/-])(postgres(ql)?|mysql|mariadb|percona|redis|valkey|keydb|mongo(db)?|kafka|redpanda|zookeeper|elasticsearch|opensearch|rabbitmq|nats|cassandra|scylla|clickhouse|minio|etcd|cockroach|memcached|influxdb|neo4j)(-|:|@|$)/;

interface Item {
  file: string;
  kind: string;
  namespace: string;
  name: string;
  labels: Record<string, unknown>;
  annotations: Record<string, unknown>;
  body: Record<string, unknown>;
}
interface Workload extends Item {
  ref: string;
  pod: Record<string, unknown>;
  podLabels: Record<string, unknown>;
}
interface Host {
  name: string;
  namespace: string;
  /** Refs of the nodes behind it. */
  to: string[];
}

const asList = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);

/** All objects, those inside a `List` included. */
function itemsOf(files: readonly CatalogFile[], found: ReadCatalog): Item[] {
  const open = (file: string, body: Record<string, unknown>): Item[] => {
    if (/List$/.test(text(body.kind)) && Array.isArray(body.items))
      return asList(body.items).flatMap((one) => open(file, one));
    const metadata = record(body.metadata);
    const name = text(metadata.name);
    if (!text(body.kind) || !text(body.apiVersion) || !name) {
      found.problems.push({ file, message: 'Not a Kubernetes object: apiVersion, kind and metadata.name are needed.' });
      return [];
    }
    return [
      {
        file,
        kind: text(body.kind).toLowerCase(),
        namespace: text(metadata.namespace) || 'default',
        name,
        labels: record(metadata.labels),
        annotations: record(metadata.annotations),
        body,
      },
    ];
  };
  return files.flatMap((file) => documentsOf(file, found).flatMap((body) => open(file.name, body)));
}

function workloadOf(item: Item): Workload {
  const spec = record(item.body.spec);
  const job = record(record(spec.jobTemplate).spec);
  const template = record(item.kind === 'cronjob' ? job.template : spec.template);
  return {
    ...item,
    ref: `k8s:${item.namespace}/${item.kind}/${item.name}`.toLowerCase(),
    pod: record(template.spec),
    podLabels: record(record(template.metadata).labels),
  };
}

/** Labels and annotations of the workload, then of its pods: what people write, they write in either place. */
const said = (workload: Workload, name: string): string =>
  text(workload.annotations[name]) || text(workload.labels[name]) || text(workload.podLabels[name]);

const images = ({ pod }: Workload) => asList(pod.containers).map((container) => text(container.image));

function kindOf(workload: Workload): NodeKind {
  const own = said(workload, `${OURS}kind`).toLowerCase();
  if (own === 'service' || own === 'store' || own === 'third_party' || own === 'journey') return own;
  if (isThirdParty(own)) return 'third_party';
  return images(workload).some((image) => STORES.test(image)) ? 'store' : 'service';
}

function nodeOf(workload: Workload, slug: string): ReadNode {
  const { replicas } = record(workload.body.spec);
  const tier = tierOf(said(workload, `${OURS}tier`));
  const owner = said(workload, `${OURS}owner`) || said(workload, 'team') || said(workload, 'owner');
  const description = said(workload, `${OURS}description`) || text(workload.annotations['kubernetes.io/description']);
  return {
    ref: workload.ref,
    file: workload.file,
    kind: kindOf(workload),
    slug,
    name: (said(workload, `${OURS}title`) || said(workload, 'app.kubernetes.io/name') || workload.name).slice(0, 120),
    ...(description ? { description: description.slice(0, 4000) } : {}),
    ...(tier ? { tier } : {}),
    ...(typeof replicas === 'number' && workload.kind !== 'cronjob' && replicas > 0
      ? { redundancy: replicas > 1 ? ('several' as const) : ('single' as const) }
      : {}),
    ...(owner ? { owner: `group:default/${owner.toLowerCase()}` } : {}),
    dependsOn: new Map(),
  };
}

/** Cluster services and what stands behind each; ExternalName ones become third parties of their own. */
function hostsOf(items: Item[], workloads: Workload[], nodes: Map<string, ReadNode>): Host[] {
  return items
    .filter(({ kind }) => kind === 'service')
    .map((item): Host => {
      const spec = record(item.body.spec);
      const external = text(spec.externalName);
      const base = { name: item.name, namespace: item.namespace };
      if (text(spec.type) === 'ExternalName' && external) {
        const ref = `k8s:external/${external}`.toLowerCase();
        nodes.set(ref, nodes.get(ref) ?? externalNode(item, ref, external));
        return { ...base, to: [ref] };
      }
      const selector = Object.entries(record(spec.selector));
      const behind = workloads.filter(
        (one) =>
          selector.length > 0 &&
          one.namespace === item.namespace &&
          selector.every(([label, value]) => one.podLabels[label] === value),
      );
      return { ...base, to: behind.map(({ ref }) => ref) };
    });
}

const externalNode = (item: Item, ref: string, external: string): ReadNode => ({
  ref,
  file: item.file,
  kind: 'third_party',
  slug: asSlug(external),
  name: text(item.annotations[`${OURS}title`]) || external,
  dependsOn: new Map(),
});

const SUFFIX = String.raw`(?:\.svc(?:\.cluster\.local)?)?`;
const HOST = new RegExp(
  String.raw`(?:^|[/@,;=\s])([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)?)(${SUFFIX})(:\d+)?(?=$|[/,;?\s])`,
  'g',
);
const ABOUT_HOSTS = /(HOST|HOSTS|URL|URI|ADDR|ADDRESS|ENDPOINT|SERVER|SERVERS|SERVICE|BROKERS|DSN|UPSTREAM|TARGET)$/i;

/** Names of hosts in a value: those with a scheme, a port or a cluster suffix, and every one in a variable that is about hosts. */
function hostsIn(variable: string, value: string): { name: string; sure: boolean }[] {
  return [...value.slice(0, 4000).matchAll(HOST)].flatMap(([whole, name = '', suffix = '', port]) => {
    const scheme = whole.startsWith('/') || whole.startsWith('@');
    if (!scheme && !port && !suffix && !ABOUT_HOSTS.test(variable)) return [];
    return [{ name, sure: suffix !== '' }];
  });
}

/** The variables of a workload's containers, with those of config maps that are in the files. */
function variablesOf(workload: Workload, maps: Map<string, Record<string, unknown>>): [string, string][] {
  const mapOf = (name: unknown) => maps.get(`${workload.namespace}/${text(name)}`) ?? {};
  return asList(workload.pod.containers).flatMap((container) => [
    ...asList(container.env).map((one): [string, string] => {
      const from = record(record(one.valueFrom).configMapKeyRef);
      return [text(one.name), text(one.value) || text(mapOf(from.name)[text(from.key)])];
    }),
    ...asList(container.envFrom).flatMap((one) =>
      Object.entries(mapOf(record(one.configMapRef).name)).map(([name, value]): [string, string] => [
        name,
        text(value),
      ]),
    ),
    ...[container.args, container.command].flatMap((words) =>
      Array.isArray(words) ? words.map((word): [string, string] => ['', text(word)]) : [],
    ),
  ]);
}

interface Join {
  workloads: Workload[];
  nodes: Map<string, ReadNode>;
  hosts: Host[];
  maps: Map<string, Record<string, unknown>>;
  found: ReadCatalog;
}

function join({ workloads, nodes, hosts, maps, found }: Join): void {
  const hostNamed = (name: string, namespace: string) => {
    const [first = '', second] = name.split('.');
    return hosts.find((host) => host.name === first && host.namespace === (second ?? namespace));
  };
  for (const workload of workloads) {
    const node = nodes.get(workload.ref)!;
    const soft = new Set(namesIn(workload.annotations[`${OURS}soft`]));
    const link = (to: string, name: string) => {
      if (to !== node.ref && node.dependsOn.get(to) !== 'hard')
        node.dependsOn.set(to, soft.has(name) ? 'soft' : 'hard');
    };
    const lost = (ref: string, role: string) => found.dangling.push({ file: workload.file, from: node.ref, ref, role });
    for (const name of [...namesIn(workload.annotations[`${OURS}depends-on`]), ...soft]) {
      const named = [...nodes.values()].find((one) => one.slug === name || one.ref === name || one.name === name);
      const behind = named ? [named.ref] : (hostNamed(name, workload.namespace)?.to ?? []);
      if (behind.length === 0) lost(name, soft.has(name) ? 'soft' : 'depends-on');
      for (const to of behind) link(to, name);
    }
    for (const [variable, value] of variablesOf(workload, maps))
      for (const { name, sure } of hostsIn(variable, value)) {
        const host = hostNamed(name, workload.namespace);
        if (host && host.to.length > 0) for (const to of host.to) link(to, host.name);
        else if (sure) lost(name, `env ${variable || 'argument'}`);
      }
  }
}

/** Reads all manifests together. Objects that say nothing about the map (roles, volumes, secrets) are passed over. */
export function readManifests(files: readonly CatalogFile[]): ReadCatalog {
  const found: ReadCatalog = { nodes: [], dangling: [], problems: [] };
  const items = itemsOf(files, found);
  const seen = new Map<string, Workload>();
  for (const item of items) {
    if (!WORKLOADS.has(item.kind)) continue;
    const workload = workloadOf(item);
    const before = seen.get(workload.ref);
    if (before)
      found.problems.push({
        file: item.file,
        message: `${workload.ref} stands in ${before.file} already; the first is taken.`,
      });
    else seen.set(workload.ref, workload);
  }
  const workloads = [...seen.values()];
  const plain = Map.groupBy(workloads, ({ name }) => asSlug(name));
  // A name that is taken in several namespaces says which one it is.
  const slugOf = ({ name, namespace }: Workload) =>
    (plain.get(asSlug(name))?.length ?? 0) > 1 ? asSlug(`${namespace}-${name}`) : asSlug(name);
  const nodes = new Map(workloads.map((workload) => [workload.ref, nodeOf(workload, slugOf(workload))]));
  const maps = new Map(
    items
      .filter(({ kind }) => kind === 'configmap')
      .map(({ namespace, name, body }) => [`${namespace}/${name}`, record(body.data)]),
  );
  join({ workloads, nodes, hosts: hostsOf(items, workloads, nodes), maps, found });
  found.nodes = [...nodes.values()];
  return found;
}
