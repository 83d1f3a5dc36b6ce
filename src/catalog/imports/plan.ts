/** Holds the files of an import against what is there: what it would add, change and leave alone. Changes nothing. */
import { type Ctx, json, type Json, type StampedAt } from '#kernel';
import { type NodeKind, slugify, type Strength } from '../model.ts';
import type { CatalogFile, Dangling, ReadNode } from './documents.ts';
import { type ImportFormat, readAs } from './formats.ts';
import { type Current, type Difference, type Merge, merge, touched, type Wrote } from './merge.ts';

interface ImportedTable {
  serviceId: string;
  source: string;
  ref: string;
  wrote: Json<Wrote>;
  importedAt: StampedAt;
}
declare module '#kernel' {
  interface Database {
    'catalog.imported': ImportedTable;
  }
}

export interface ImportInput {
  source: string;
  /** Backstage when absent. */
  format?: ImportFormat | undefined;
  files: CatalogFile[];
}
interface Place {
  ref: string;
  name: string;
  kind: NodeKind;
}
export interface Report {
  source: string;
  applied: boolean;
  add: (Place & { fields: Difference[] })[];
  change: (Place & { fields: Difference[] })[];
  kept: (Place & { fields: Difference[] })[];
  same: number;
  gone: Place[];
  dangling: Dangling[];
  problems: { file: string; message: string }[];
}
export interface Step {
  ref: string;
  slug: string;
  /** Null for a node that is to be made; its id in dependencies is then `new:<ref>`. */
  id: string | null;
  file: Wrote;
  wrote: Wrote | undefined;
  merge: Merge;
}
export interface Plan {
  report: Report;
  steps: Step[];
}

type Reader = Pick<Ctx, 'db'>;
export const placeholder = (ref: string): string => `new:${ref}`;

async function present(ctx: Reader, source: string) {
  const services = await ctx.db.selectFrom('catalog.services').selectAll().execute();
  const edges = await ctx.db.selectFrom('catalog.dependencies').selectAll().execute();
  const out = Map.groupBy(edges, (edge) => edge.fromId);
  const imported = await ctx.db.selectFrom('catalog.imported').selectAll().where('source', '=', source).execute();
  return {
    services: new Map(services.map((service) => [service.id, service])),
    bySlug: new Map(services.map((service) => [service.slug, service])),
    imported: new Map(imported.map((row) => [row.ref, row])),
    needs: (id: string): Record<string, Strength> =>
      Object.fromEntries((out.get(id) ?? []).map((edge) => [edge.toId, edge.strength])),
  };
}
type Present = Awaited<ReturnType<typeof present>>;

/** Teams by what Backstage may call them: `group:default/edge-identity`, or their name. */
async function teamNames(ctx: Ctx): Promise<Map<string, string>> {
  const teams = await ctx.db.selectFrom('people.teams').select(['id', 'name']).execute();
  return new Map(teams.flatMap(({ id, name }) => [[slugify(name), id] as const, [name.toLowerCase(), id] as const]));
}

const idOf = (there: Present, node: ReadNode): string | null =>
  there.imported.get(node.ref)?.serviceId ?? there.bySlug.get(node.slug)?.id ?? null;

const blank = (node: ReadNode): Current => ({
  name: node.name,
  kind: node.kind,
  description: '',
  tier: 2,
  redundancy: 'unknown',
  teamId: null,
  dependsOn: {},
});

/** Computes everything; the same function serves the preview and the import. */
export async function planImport(ctx: Ctx, { source, files, format }: ImportInput): Promise<Plan> {
  const read = readAs(format ?? 'backstage', files);
  const there = await present(ctx, source);
  const teams = await teamNames(ctx);
  const ids = new Map(read.nodes.map((node) => [node.ref, idOf(there, node) ?? placeholder(node.ref)]));
  const kinds = new Map(read.nodes.map((node) => [node.ref, node.kind]));
  const report: Report = {
    source,
    applied: false,
    add: [],
    change: [],
    kept: [],
    same: 0,
    gone: [],
    dangling: read.dangling,
    problems: read.problems,
  };
  const names = new Map([...there.services.values()].map(({ id, name }) => [id, name]));
  for (const node of read.nodes) if (!names.has(ids.get(node.ref)!)) names.set(ids.get(node.ref)!, node.name);
  const worded = (list: Difference[]): Difference[] =>
    list.map((one) => ({
      ...one,
      field: one.field.replace(/^dependsOn (.+)$/, (_, id) => `needs ${names.get(id) ?? id}`),
    }));

  const steps = read.nodes.map((node): Step => {
    const owner = node.owner && /^group:/.test(node.owner) ? node.owner.replace(/^[^/]*\//, '') : undefined;
    const teamId = owner === undefined ? undefined : teams.get(owner);
    if (node.owner && teamId === undefined)
      report.dangling.push({ file: node.file, from: node.ref, ref: node.owner, role: 'owner' });
    const needs = [...node.dependsOn].filter(([ref]) => {
      if (kinds.get(ref) !== 'journey') return true;
      report.problems.push({ file: node.file, message: `${node.ref} depends on the journey ${ref}: nothing can.` });
      return false;
    });
    const file: Wrote = {
      name: node.name,
      kind: node.kind,
      ...(node.description === undefined ? {} : { description: node.description }),
      ...(node.tier === undefined ? {} : { tier: node.tier }),
      ...(node.redundancy === undefined ? {} : { redundancy: node.redundancy }),
      ...(teamId === undefined ? {} : { teamId }),
      dependsOn: Object.fromEntries(needs.map(([ref, strength]) => [ids.get(ref)!, strength])),
    };
    const id = idOf(there, node);
    const service = id ? there.services.get(id) : undefined;
    const now: Current = service ? { ...service, dependsOn: there.needs(service.id) } : blank(node);
    const wrote = service ? there.imported.get(node.ref)?.wrote : { ...blank(node), teamId: undefined as never };
    const merged = merge(now, file, wrote);
    const place = { ref: node.ref, name: service?.name ?? node.name, kind: service?.kind ?? node.kind };
    if (!service) report.add.push({ ...place, fields: worded(merged.changes) });
    else if (merged.changes.length > 0) report.change.push({ ...place, fields: worded(merged.changes) });
    else report.same++;
    if (merged.kept.length > 0) report.kept.push({ ...place, fields: worded(merged.kept) });
    return { ref: node.ref, slug: node.slug, id, file, wrote, merge: merged };
  });
  for (const [ref, { serviceId }] of there.imported) {
    const service = there.services.get(serviceId);
    if (service && !ids.has(ref)) report.gone.push({ ref, name: service.name, kind: service.kind });
  }
  return { report, steps };
}

/** Remembers what was written, so that the next import knows what a person changed. */
export async function rememberImport(
  ctx: Ctx,
  row: { serviceId: string; source: string; ref: string; wrote: Wrote },
): Promise<void> {
  const wrote = json(row.wrote);
  await ctx.db.deleteFrom('catalog.imported').where('source', '=', row.source).where('ref', '=', row.ref).execute();
  await ctx.db
    .insertInto('catalog.imported')
    .values({ ...row, wrote, importedAt: ctx.now })
    .onConflict((oc) =>
      oc.column('serviceId').doUpdateSet({ source: row.source, ref: row.ref, wrote, importedAt: ctx.now }),
    )
    .execute();
}

/** Where a node was imported from and what was changed by hand since; null when it was made here. */
export async function importedOf(ctx: Reader, now: Omit<Current, 'dependsOn'> & { id: string }) {
  const row = await ctx.db
    .selectFrom('catalog.imported')
    .selectAll()
    .where('serviceId', '=', now.id)
    .executeTakeFirst();
  if (!row) return null;
  const edges = await ctx.db.selectFrom('catalog.dependencies').selectAll().where('fromId', '=', now.id).execute();
  const dependsOn = Object.fromEntries(edges.map((edge) => [edge.toId, edge.strength]));
  return { source: row.source, ref: row.ref, at: row.importedAt, byHand: touched({ ...now, dependsOn }, row.wrote) };
}
