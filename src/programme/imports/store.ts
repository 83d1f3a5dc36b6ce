/** The rows of imports: what was read, how far it is, and what became of each thing. */
import {
  type Ctx,
  type Generated,
  type Instant,
  type Json as JsonColumn,
  json,
  newId,
  notFound,
  type Selectable,
  type StampedAt,
} from '#kernel';
import type { Kind, Note, Snapshot, VendorName } from './model.ts';
import type { Progress } from './reader.ts';

export type ImportState = 'waiting' | 'reading' | 'ready' | 'applying' | 'done' | 'failed';
export interface Outcome {
  created: number;
  changed: number;
  failures: { key: string; name: string; text: string }[];
  byHand: (Note & { name: string })[];
  invited: number;
}
export interface ImportsTable {
  id: string;
  vendor: VendorName;
  state: ImportState;
  source: string;
  snapshot: JsonColumn<Snapshot | null>;
  readAt: Instant | null;
  progress: JsonColumn<Progress | Record<string, never>>;
  overwrite: JsonColumn<string[]>;
  sendInvitations: Generated<boolean>;
  outcome: JsonColumn<Outcome | null>;
  problem: string | null;
  createdBy: string;
  createdAt: StampedAt;
  updatedAt: StampedAt;
  finishedAt: Instant | null;
}
export type ImportRow = Selectable<ImportsTable>;
interface ImportLinksTable {
  vendor: VendorName;
  kind: Kind;
  sourceId: string;
  ownId: string;
  name: string;
  applied: JsonColumn<unknown>;
  importId: string;
  did: 'create' | 'change' | 'same';
  linkedAt: StampedAt;
}

declare module '#kernel' {
  interface Database {
    'programme.imports': ImportsTable;
    'programme.importParts': { importId: string; name: string; part: number; text: string };
    'programme.importLinks': ImportLinksTable;
  }
}

export async function insertImport(
  ctx: Ctx,
  fields: { vendor: VendorName; state: 'waiting' | 'reading'; source: string; createdBy: string },
): Promise<string> {
  const id = newId('imp');
  await ctx.db
    .insertInto('programme.imports')
    .values({
      id,
      ...fields,
      snapshot: null,
      progress: json({}),
      overwrite: json([]),
      outcome: null,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    })
    .execute();
  return id;
}

/** One import; `lock` until the transaction ends. Throws 404. */
export async function importById(ctx: Pick<Ctx, 'db'>, id: string, lock = false): Promise<ImportRow> {
  const query = ctx.db.selectFrom('programme.imports').selectAll().where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  if (!row) throw notFound('Import', id);
  return row;
}

export type ImportChange = Partial<{
  state: ImportState;
  source: string;
  snapshot: Snapshot | null;
  readAt: Date;
  progress: Progress;
  overwrite: string[];
  sendInvitations: boolean;
  outcome: Outcome;
  problem: string | null;
  finishedAt: Date;
}>;

const JSON_FIELDS = new Set(['snapshot', 'progress', 'overwrite', 'outcome']);

export async function saveImport(ctx: Ctx, id: string, change: ImportChange): Promise<void> {
  const values = Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field,
      JSON_FIELDS.has(field) && value !== null ? json(value) : value,
    ]),
  );
  await ctx.db
    .updateTable('programme.imports')
    .set({ ...values, updatedAt: ctx.now })
    .where('id', '=', id)
    .execute();
}

/** Keeps one piece of a file; the same piece again takes its place. */
export async function keepPart(
  ctx: Ctx,
  importId: string,
  part: { name: string; part: number; text: string },
): Promise<void> {
  await ctx.db
    .insertInto('programme.importParts')
    .values({ importId, ...part })
    .onConflict((on) => on.columns(['importId', 'name', 'part']).doUpdateSet({ text: part.text }))
    .execute();
}

/** The files that came in, each whole. */
export async function filesOf(ctx: Pick<Ctx, 'db'>, importId: string): Promise<{ name: string; text: string }[]> {
  const rows = await ctx.db
    .selectFrom('programme.importParts')
    .selectAll()
    .where('importId', '=', importId)
    .orderBy('name')
    .orderBy('part')
    .execute();
  return [...Map.groupBy(rows, (row) => row.name)].map(([name, parts]) => ({
    name,
    text: parts.map((part) => part.text).join(''),
  }));
}

/** How many characters of files have come in. */
export async function sizeOfParts(ctx: Pick<Ctx, 'db'>, importId: string): Promise<number> {
  const row = await ctx.db
    .selectFrom('programme.importParts')
    .select((eb) => eb.fn.sum<number>(eb.fn<number>('length', ['text'])).as('size'))
    .where('importId', '=', importId)
    .executeTakeFirst();
  return Number(row?.size ?? 0);
}

export const dropParts = (ctx: Ctx, importId: string) =>
  ctx.db.deleteFrom('programme.importParts').where('importId', '=', importId).execute();

export type LinkRow = Selectable<ImportLinksTable>;

/** Writes down what a thing of the vendor is here, and what the import made of it. */
export async function link(ctx: Ctx, one: Omit<LinkRow, 'linkedAt'>): Promise<void> {
  const { vendor: _, kind: __, sourceId: ___, ...rest } = one;
  const values = { ...rest, applied: json(one.applied), linkedAt: ctx.now };
  await ctx.db
    .insertInto('programme.importLinks')
    .values({ ...one, ...values })
    .onConflict((on) => on.columns(['vendor', 'kind', 'sourceId']).doUpdateSet(values))
    .execute();
}

/** What this import did, by `kind:source id`. */
export async function doneBy(ctx: Pick<Ctx, 'db'>, importId: string): Promise<Map<string, LinkRow['did']>> {
  const rows = await ctx.db
    .selectFrom('programme.importLinks')
    .select(['kind', 'sourceId', 'did'])
    .where('importId', '=', importId)
    .execute();
  return new Map(rows.map((row) => [`${row.kind}:${row.sourceId}`, row.did]));
}
