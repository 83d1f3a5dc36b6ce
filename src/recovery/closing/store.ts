/** What is left over after restored, and the watch that follows; the SQL that writes them. */
import { type Ctx, type Db, type Generated, type Instant, type Json, json, type Selectable } from '#kernel';

export type ItemState = 'done' | 'left' | 'due' | 'settled';
interface ClosingItemsTable {
  incidentId: string;
  kind: string;
  ref: string;
  title: string;
  state: ItemState;
  detail: string;
  ownerId: string | null;
  settledBy: string | null;
  settledNote: string | null;
  changedAt: Instant;
  exercise: boolean;
}
interface WatchesTable {
  incidentId: string;
  state: 'watching' | 'suspected' | 'over' | 'relapsed';
  until: Instant;
  badRounds: Generated<number>;
  reasons: Json<string[]>;
  sampledAt: Instant | null;
  suspectedAt: Instant | null;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'recovery.closingItems': ClosingItemsTable;
    'recovery.watches': WatchesTable;
  }
}
export type ClosingItemRow = Selectable<ClosingItemsTable>;
export type WatchRow = Selectable<WatchesTable>;

export const closingItemsOf = (db: Db, incidentId: string): Promise<ClosingItemRow[]> =>
  db
    .selectFrom('recovery.closingItems')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('kind')
    .orderBy('ref')
    .execute();

/** Writes an item as it is now. What a person settled stays settled; true when something changed. */
export async function putItem(
  ctx: Ctx,
  row: Pick<ClosingItemRow, 'incidentId' | 'kind' | 'ref' | 'title' | 'state' | 'detail' | 'ownerId' | 'exercise'>,
): Promise<boolean> {
  const done = await ctx.db
    .insertInto('recovery.closingItems')
    .values({ ...row, settledBy: null, settledNote: null, changedAt: ctx.now })
    .onConflict((oc) =>
      oc
        .columns(['incidentId', 'kind', 'ref'])
        .doUpdateSet({ title: row.title, state: row.state, detail: row.detail, changedAt: ctx.now })
        .where('recovery.closingItems.state', '<>', 'settled')
        .where((eb) =>
          eb.or([
            eb('recovery.closingItems.state', '<>', row.state),
            eb('recovery.closingItems.detail', '<>', row.detail),
          ]),
        ),
    )
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export const lockItem = (db: Db, incidentId: string, kind: string, ref: string): Promise<ClosingItemRow | undefined> =>
  db
    .selectFrom('recovery.closingItems')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('kind', '=', kind)
    .where('ref', '=', ref)
    .forUpdate()
    .executeTakeFirst();

export const saveItem = (
  ctx: Ctx,
  row: ClosingItemRow,
  change: Partial<Pick<ClosingItemRow, 'state' | 'ownerId' | 'settledBy' | 'settledNote'>>,
): Promise<ClosingItemRow> =>
  ctx.db
    .updateTable('recovery.closingItems')
    .set({ ...change, changedAt: ctx.now })
    .where('incidentId', '=', row.incidentId)
    .where('kind', '=', row.kind)
    .where('ref', '=', row.ref)
    .returningAll()
    .executeTakeFirstOrThrow();

export const watchOf = (db: Db, incidentId: string): Promise<WatchRow | undefined> =>
  db.selectFrom('recovery.watches').selectAll().where('incidentId', '=', incidentId).executeTakeFirst();

export const watchesUnderWay = (db: Db): Promise<WatchRow[]> =>
  db.selectFrom('recovery.watches').selectAll().where('state', 'in', ['watching', 'suspected']).execute();

/** Begins the watch, or begins it anew after another restoration. */
export async function putWatch(ctx: Ctx, row: Pick<WatchRow, 'incidentId' | 'until' | 'exercise'>): Promise<void> {
  const fresh = {
    state: 'watching' as const,
    until: row.until,
    badRounds: 0,
    reasons: json([]),
    sampledAt: null,
    suspectedAt: null,
  };
  await ctx.db
    .insertInto('recovery.watches')
    .values({ incidentId: row.incidentId, exercise: row.exercise, ...fresh })
    .onConflict((oc) => oc.column('incidentId').doUpdateSet(fresh))
    .execute();
}

export const saveWatch = (
  ctx: Ctx,
  incidentId: string,
  { reasons, ...change }: Partial<Pick<WatchRow, 'state' | 'badRounds' | 'reasons' | 'sampledAt' | 'suspectedAt'>>,
): Promise<unknown> =>
  ctx.db
    .updateTable('recovery.watches')
    .set({ ...change, ...(reasons && { reasons: json(reasons) }) })
    .where('incidentId', '=', incidentId)
    .execute();
