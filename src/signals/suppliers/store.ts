/** SQL that writes what suppliers report. */
import { type Ctx, newId } from '#kernel';
import type { Reported, SupplierState } from './model.ts';
import './tables.ts';

export interface FeedRow {
  serviceId: string;
  statusUrl: string;
  feedUrl: string | null;
  format: string | null;
  etag: string | null;
  state: SupplierState;
  description: string;
  checkedAt: Date | null;
  problem: string | null;
  failures: number;
}

export const allFeeds = (ctx: Pick<Ctx, 'db'>) => ctx.db.selectFrom('signals.supplierFeeds').selectAll().execute();

export const lockFeed = (ctx: Ctx, serviceId: string) =>
  ctx.db
    .selectFrom('signals.supplierFeeds')
    .selectAll()
    .where('serviceId', '=', serviceId)
    .forUpdate()
    .executeTakeFirst();

export async function saveFeed(ctx: Ctx, { serviceId, ...fields }: FeedRow, nextAt: Date): Promise<void> {
  await ctx.db
    .insertInto('signals.supplierFeeds')
    .values({ serviceId, ...fields, nextAt })
    .onConflict((oc) => oc.column('serviceId').doUpdateSet({ ...fields, nextAt }))
    .execute();
}

export const openReports = (ctx: Ctx, serviceId: string) =>
  ctx.db
    .selectFrom('signals.supplierReports')
    .selectAll()
    .where('serviceId', '=', serviceId)
    .where('endedAt', 'is', null)
    .execute();

export const reportsByRef = (ctx: Ctx, serviceId: string, refs: string[]) =>
  ctx.db
    .selectFrom('signals.supplierReports')
    .selectAll()
    .where('serviceId', '=', serviceId)
    .where('ref', 'in', ['', ...refs])
    .execute();

/** A report that is new. Answers its id. */
export async function insertReport(ctx: Ctx, serviceId: string, report: Reported): Promise<string> {
  const id = newId('srp');
  await ctx.db
    .insertInto('signals.supplierReports')
    .values({ id, serviceId, ...report, seenAt: ctx.now, updatedAt: ctx.now })
    .execute();
  return id;
}

export async function updateReport(ctx: Ctx, id: string, report: Partial<Reported>): Promise<void> {
  await ctx.db
    .updateTable('signals.supplierReports')
    .set({ ...report, updatedAt: ctx.now })
    .where('id', '=', id)
    .execute();
}

/** Puts reports beside a group; those that are there stay as they are. Answers how many are new. */
export async function attach(ctx: Ctx, groupId: string, reports: { id: string; path: string[] }[]): Promise<number> {
  const rows = await ctx.db
    .insertInto('signals.groupReports')
    .values(reports.map(({ id, path }) => ({ groupId, reportId: id, path, attachedAt: ctx.now })))
    .onConflict((oc) => oc.doNothing())
    .returning('reportId')
    .execute();
  return rows.length;
}
