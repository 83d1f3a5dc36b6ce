/** Reads Backstage catalogue files into nodes and edges of the map, and says what leads nowhere. Pure. */
import type { NodeKind } from '../model.ts';
import {
  asSlug,
  type CatalogFile,
  documentsOf,
  isThirdParty,
  list,
  type ReadCatalog,
  type ReadNode,
  record,
  text,
  tierOf,
} from './documents.ts';

interface Entity {
  file: string;
  ref: string;
  kind: string;
  namespace: string;
  name: string;
  metadata: Record<string, unknown>;
  spec: Record<string, unknown>;
}

const OURS = 'evenkeel.io/';
const KINDS = new Set(['component', 'resource', 'api', 'system']);
const QUIET = new Set(['location', 'domain', 'template', 'user']);

/** `resource:orders-db` as `resource:default/orders-db`; the kind may be left out where the field implies it. */
export function fullRef(ref: string, namespace: string, kind = ''): string {
  const [head, tail] = ref.includes(':') ? ref.split(/:(.*)/s) : [kind, ref];
  const [space, name] = tail?.includes('/') ? tail.split(/\/(.*)/s) : [namespace, tail];
  return `${head}:${space || 'default'}/${name}`.toLowerCase();
}

function entitiesOf(source: CatalogFile, found: ReadCatalog): Entity[] {
  const file = source.name;
  return documentsOf(source, found).flatMap((body) => {
    const metadata = record(body.metadata);
    const kind = text(body.kind).toLowerCase();
    const name = text(metadata.name);
    if (!/^backstage\.io\//.test(text(body.apiVersion)) || !name) {
      found.problems.push({
        file,
        message: 'Not a Backstage entity: apiVersion backstage.io/… and metadata.name are needed.',
      });
      return [];
    }
    const namespace = text(metadata.namespace) || 'default';
    const ref = fullRef(name, namespace, kind);
    return [{ file, ref, kind, namespace, name, metadata, spec: record(body.spec) }];
  });
}

function kindOf({ kind, metadata, spec }: Entity): NodeKind {
  const own = text(record(metadata.annotations)[`${OURS}kind`]).toLowerCase();
  if (own === 'service' || own === 'store' || own === 'third_party' || own === 'journey') return own;
  const type = text(spec.type).toLowerCase();
  if (type === 'journey') return 'journey';
  if (isThirdParty(type)) return 'third_party';
  return kind === 'resource' ? 'store' : 'service';
}

const slugOf = ({ namespace, name }: Entity): string =>
  asSlug(`${namespace === 'default' ? '' : `${namespace}-`}${name}`);

function nodeOf(entity: Entity): ReadNode {
  const { metadata, spec, namespace } = entity;
  const tier = tierOf(record(metadata.annotations)[`${OURS}tier`]);
  const description = text(metadata.description);
  const owner = text(spec.owner);
  return {
    ref: entity.ref,
    file: entity.file,
    kind: kindOf(entity),
    slug: slugOf(entity),
    name: (text(metadata.title) || entity.name).slice(0, 120),
    ...(description ? { description: description.slice(0, 4000) } : {}),
    ...(tier ? { tier } : {}),
    ...(owner ? { owner: fullRef(owner, namespace, 'group') } : {}),
    dependsOn: new Map(),
  };
}

/** Whom an API leads to: the components that provide it. */
function providersOf(entities: readonly Entity[]): Map<string, string[]> {
  const providers = new Map<string, string[]>();
  for (const { ref, namespace, spec } of entities)
    for (const api of list(spec.providesApis)) {
      const key = fullRef(api, namespace, 'api');
      providers.set(key, [...(providers.get(key) ?? []), ref]);
    }
  return providers;
}

/** Joins the nodes by what the entities say; a reference that leads nowhere is told. */
function join(entities: readonly Entity[], nodes: Map<string, ReadNode>, found: ReadCatalog): void {
  const providers = providersOf(entities);
  const apis = new Set(entities.filter(({ kind }) => kind === 'api').map(({ ref }) => ref));
  const systems = new Set(entities.filter(({ kind }) => kind === 'system').map(({ ref }) => ref));
  for (const { ref: from, file, namespace, spec, metadata } of entities) {
    const lost = (role: string, ref: string) => found.dangling.push({ file, from, ref, role });
    const soft = new Set(
      text(record(metadata.annotations)[`${OURS}soft`])
        .split(/[,\s]+/)
        .filter((one) => one !== '')
        .map((one) => fullRef(one, namespace, 'component')),
    );
    const link = (a: string, b: string, role: string, named: string) => {
      const [source, target] = [nodes.get(a), nodes.get(b)];
      if (!source || !target) return lost(role, named);
      if (a !== b) source.dependsOn.set(b, soft.has(named) || soft.has(b) ? 'soft' : 'hard');
      return undefined;
    };
    for (const item of list(spec.dependsOn)) {
      const to = fullRef(item, namespace, 'component');
      const through = apis.has(to) ? (providers.get(to) ?? []) : [to];
      for (const one of through) link(from, one, 'dependsOn', to);
      if (apis.has(to) && through.length === 0) lost('dependsOn: nothing provides it', to);
    }
    for (const item of list(spec.dependencyOf)) {
      const user = fullRef(item, namespace, 'component');
      link(user, from, 'dependencyOf', user);
    }
    for (const item of list(spec.consumesApis)) {
      const api = fullRef(item, namespace, 'api');
      const through = providers.get(api) ?? [];
      if (!apis.has(api)) lost('consumesApis', api);
      else if (through.length === 0) lost('consumesApis: nothing provides it', api);
      else for (const one of through) link(from, one, 'consumesApis', api);
    }
    for (const item of list(spec.providesApis))
      if (!apis.has(fullRef(item, namespace, 'api'))) lost('providesApis', fullRef(item, namespace, 'api'));
    for (const role of ['system', 'subcomponentOf'] as const) {
      const named = text(spec[role]);
      const to = fullRef(named, namespace, role === 'system' ? 'system' : 'component');
      if (named && !(role === 'system' ? systems.has(to) : nodes.has(to))) lost(role, to);
    }
  }
}

/** Reads all files together: references go across files. APIs and systems are ways to name things and become no nodes. */
export function readCatalog(files: readonly CatalogFile[]): ReadCatalog {
  const found: ReadCatalog = { nodes: [], dangling: [], problems: [] };
  const entities: Entity[] = [];
  const seen = new Map<string, string>();
  for (const file of files)
    for (const entity of entitiesOf(file, found)) {
      if (entity.kind === 'group' || QUIET.has(entity.kind)) continue;
      const before = seen.get(entity.ref);
      if (!KINDS.has(entity.kind))
        found.problems.push({ file: file.name, message: `Entities of kind “${entity.kind}” are not read.` });
      else if (before !== undefined)
        found.problems.push({
          file: file.name,
          message: `${entity.ref} stands in ${before} already; the first is taken.`,
        });
      else {
        seen.set(entity.ref, file.name);
        entities.push(entity);
      }
    }
  const nodes = new Map(
    entities
      .filter(({ kind }) => kind === 'component' || kind === 'resource')
      .map((entity) => [entity.ref, nodeOf(entity)]),
  );
  join(entities, nodes, found);
  found.nodes = [...nodes.values()];
  return found;
}
