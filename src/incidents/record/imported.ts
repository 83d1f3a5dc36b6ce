/** Reads records that came in from elsewhere. */
import {
  type Ctx,
  decodeCursor,
  encodeCursor,
  type Instant,
  isId,
  type Json,
  notFound,
  personOf,
  type StampedAt,
} from '#kernel';
import type { ChainedEntry } from './model.ts';
import { judged } from './queries.ts';

declare module '#kernel' {
  interface Database {
    'incidents.importedRecords': {
      id: string;
      origin: string;
      originId: string;
      key: string;
      title: string;
      severity: number;
      declaredAt: Instant;
      exportedAt: Instant;
      exportedBy: string;
      entries: number;
      head: string;
      keyId: string;
      keyKnown: boolean;
      record: Json<unknown>;
      onlyReader: string | null;
      importedBy: string;
      importedByName: string;
      importedAt: StampedAt;
    };
    'incidents.importedEntries': { recordId: string; seq: number; entry: Json<object> };
  }
}

const SUMMARY = [
  'id',
  'origin',
  'key',
  'title',
  'severity',
  'declaredAt',
  'exportedAt',
  'exportedBy',
  'entries',
  'keyId',
  'keyKnown',
  'importedByName',
  'importedAt',
] as const;

/** One that was restricted where it comes from is read by whoever brought it, and by nobody else. */
const readable = (ctx: Ctx) =>
  ctx.db
    .selectFrom('incidents.importedRecords')
    .where((eb) => eb.or([eb('onlyReader', 'is', null), eb('onlyReader', '=', personOf(ctx.actor) ?? ctx.actor.id)]));

/** Newest first. */
export async function importedRecords(ctx: Ctx, page: { limit: number; cursor?: string | undefined }) {
  const list = 'incidents.imported';
  let query = readable(ctx)
    .select(SUMMARY)
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.cursor) query = query.where('id', '<', String(decodeCursor(list, page.cursor)[0]));
  const rows = await query.execute();
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeCursor(list, [last.id]) : null };
}

/** One, with its record as it came. Throws 404. */
export async function importedRecord(ctx: Ctx, id: string) {
  const row = isId('imr', id)
    ? await readable(ctx)
        .select([...SUMMARY, 'record'])
        .where('id', '=', id)
        .executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Imported record');
  return row;
}

/** Its entries, oldest first, after a number. Throws 404. */
export async function importedTimeline(ctx: Ctx, id: string, page: { limit: number; after: number }) {
  await importedRecord(ctx, id);
  const rows = await ctx.db
    .selectFrom('incidents.importedEntries')
    .select('entry')
    .where('recordId', '=', id)
    .where('seq', '>', page.after)
    .orderBy('seq')
    .limit(page.limit)
    .execute();
  return { items: rows.map((row) => row.entry) };
}

/** Computes every hash again over what lies here, up to the end that its signed manifest named. Throws 404. */
export async function verifyImported(ctx: Ctx, id: string) {
  const { entries } = await importedRecord(ctx, id);
  const { head } = await ctx.db
    .selectFrom('incidents.importedRecords')
    .select('head')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const rows = await ctx.db
    .selectFrom('incidents.importedEntries')
    .select('entry')
    .where('recordId', '=', id)
    .orderBy('seq')
    .execute();
  const { head: _, ...verdict } = judged(
    rows.map((row) => row.entry as ChainedEntry),
    { seq: entries, hash: head },
  );
  return verdict;
}
