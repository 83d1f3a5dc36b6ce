/** Emergency keys and notices in the database. */
import { type Ctx, type Db, json, notFound } from '#kernel';
import type { EmergencyKey, PublicNotice, SignedNotice } from './note.ts';

/** Keys that may speak now. */
export const activeKeys = (db: Db): Promise<EmergencyKey[]> =>
  db
    .selectFrom('comms.emergencyKeys')
    .select(['id', 'name', 'publicKey'])
    .where('revokedAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();

/** Notices that are not over, newest first, as the public sees them. */
export async function publicNotices(db: Db): Promise<PublicNotice[]> {
  const rows = await db
    .selectFrom('comms.emergencyNotices')
    .selectAll()
    .where('endedAt', 'is', null)
    .orderBy('writtenAt', 'desc')
    .execute();
  return rows.map(({ id, headline, body, writtenAt, nextUpdateBy }) => ({
    id,
    headline,
    text: body,
    writtenAt,
    nextUpdateBy,
  }));
}

const wholeNotice = (db: Db) =>
  db
    .selectFrom('comms.emergencyNotices as n')
    .innerJoin('comms.emergencyKeys as k', 'k.id', 'n.keyId')
    .selectAll('n')
    .select('k.name as keyName');

export const listNotices = (db: Db) => wholeNotice(db).orderBy('n.writtenAt', 'desc').limit(200).execute();
export type NoticeRow = Awaited<ReturnType<typeof listNotices>>[number];

export const noticeById = async (db: Db, id: string): Promise<NoticeRow> => {
  const row = await wholeNotice(db).where('n.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Notice', id);
  return row;
};

/** Those of these ids that stand in the record. */
export async function mergedAmong(db: Db, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('comms.emergencyNotices').select('id').where('id', 'in', ids).execute();
  return rows.map(({ id }) => id);
}

/** Writes a notice down; false when it stands there already. */
export async function insertNotice(ctx: Ctx, notice: SignedNotice): Promise<boolean> {
  const { id, key, headline, text, nextUpdateBy, writtenAt, ends } = notice;
  const row = await ctx.db
    .insertInto('comms.emergencyNotices')
    .values({
      id,
      keyId: key,
      headline,
      body: text,
      nextUpdateBy: nextUpdateBy === null ? null : new Date(nextUpdateBy),
      writtenAt: new Date(writtenAt),
      signed: json(notice),
      // One that ends another is never on the page by itself.
      endedAt: ends === null ? null : ctx.now,
      endedReason: ends === null ? null : `It ended ${ends}`,
    })
    .onConflict((oc) => oc.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Marks a notice as over; false when it was already, or is not there. */
export async function markEnded(ctx: Ctx, id: string, reason: string): Promise<boolean> {
  const row = await ctx.db
    .updateTable('comms.emergencyNotices')
    .set({ endedAt: ctx.now, endedReason: reason })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
