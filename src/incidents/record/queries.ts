/** Reads the timeline: pages of it, its check, and whether something stands on it already. */
import { type Ctx, chainHash, decodeCursor, encodeCursor, json, sql } from '#kernel';
import { readIncident } from '../store.ts';
import type { TimelineRow } from '../tables.ts';
import { type ChainedEntry, type Ref, storable, verifyChain } from './model.ts';
import { hashedOf } from './store.ts';

/** Whether an entry with this reference is there; lets a reaction run twice and write once. */
export async function wasWritten(ctx: Pick<Ctx, 'db'>, incidentId: string, ref: Ref): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('incidents.timeline')
    .select('seq')
    .where('incidentId', '=', incidentId)
    .where(sql<boolean>`refs @> ${json([ref])}`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** An entry as told: with the newest entry that corrects it. */
export interface ToldEntry extends TimelineRow {
  correctedBy: number | null;
}

export interface TimelinePage {
  items: ToldEntry[];
  nextCursor: string | null;
  total: number;
}

/** Newest first; with `after`, oldest first from that number on (what is new since a reader last looked). */
export async function timelineOf(
  ctx: Pick<Ctx, 'db'>,
  idOrKey: string,
  filter: {
    limit: number;
    cursor?: string | undefined;
    kind?: string | undefined;
    /** Several kinds, separated by commas. */
    kinds?: string | undefined;
    /** Words in the text or in the name of who acted; every character is taken as it is. */
    q?: string | undefined;
    after?: number | undefined;
  },
): Promise<TimelinePage> {
  const incident = await readIncident(ctx, idOrKey);
  const forward = filter.after !== undefined;
  const list = forward ? 'incidents.timeline.after' : 'incidents.timeline';
  let query = withCorrections(ctx)
    .where('t.incidentId', '=', incident.id)
    .orderBy('t.seq', forward ? 'asc' : 'desc')
    .limit(filter.limit + 1);
  if (filter.kind) query = query.where('t.kind', '=', filter.kind);
  if (filter.kinds) query = query.where('t.kind', 'in', filter.kinds.split(','));
  if (filter.q) {
    const words = `%${storable(filter.q).replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((eb) => eb.or([eb('t.text', 'ilike', words), eb('t.actorName', 'ilike', words)]));
  }
  if (filter.after !== undefined) query = query.where('t.seq', '>', filter.after);
  if (filter.cursor) query = query.where('t.seq', forward ? '>' : '<', Number(decodeCursor(list, filter.cursor)[0]));
  const [rows, head] = await Promise.all([query.execute(), headOf(ctx, incident.id)]);
  const items = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeCursor(list, [last.seq]) : null, total: head.seq };
}

/** One entry as told, by its number. */
export const entryOf = (ctx: Pick<Ctx, 'db'>, incidentId: string, seq: number): Promise<ToldEntry> =>
  withCorrections(ctx).where('t.incidentId', '=', incidentId).where('t.seq', '=', seq).executeTakeFirstOrThrow();

/** The newest entries, newest first. */
export const recentEntries = (ctx: Pick<Ctx, 'db'>, incidentId: string, limit: number): Promise<ToldEntry[]> =>
  withCorrections(ctx).where('t.incidentId', '=', incidentId).orderBy('t.seq', 'desc').limit(limit).execute();

/** The whole timeline, oldest first. */
export const allEntries = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<ToldEntry[]> =>
  withCorrections(ctx).where('t.incidentId', '=', incidentId).orderBy('t.seq').execute();

const withCorrections = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('incidents.timeline as t')
    .selectAll('t')
    .select((eb) =>
      eb
        .selectFrom('incidents.timeline as c')
        .select((inner) => inner.fn.max('c.seq').as('seq'))
        .whereRef('c.incidentId', '=', 't.incidentId')
        .whereRef('c.corrects', '=', 't.seq')
        .as('correctedBy'),
    );

export const headOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<{ seq: number; hash: string }> =>
  ctx.db
    .selectFrom('incidents.timelineHeads')
    .select(['seq', 'hash'])
    .where('incidentId', '=', incidentId)
    .executeTakeFirstOrThrow();

export interface TimelineVerdict {
  ok: boolean;
  entries: number;
  /** The hash of the last entry, when the chain holds. */
  head: string | null;
  brokenAt: number | null;
  problem: string | null;
}

/** Computes every hash of an incident's timeline again (invariant 2). */
export async function verifyTimeline(ctx: Pick<Ctx, 'db'>, idOrKey: string): Promise<TimelineVerdict> {
  const incident = await readIncident(ctx, idOrKey);
  const [rows, head] = await Promise.all([allEntries(ctx, incident.id), headOf(ctx, incident.id)]);
  return judged(rows.map(hashedOf), head);
}

export function judged(entries: ChainedEntry[], head: { seq: number; hash: string }): TimelineVerdict {
  const verdict = verifyChain(entries, (previous, entry) => chainHash(previous, entry), head);
  return verdict.ok
    ? { ok: true, entries: verdict.entries, head: verdict.head, brokenAt: null, problem: null }
    : { ok: false, entries: verdict.entries, head: null, brokenAt: verdict.seq, problem: verdict.problem };
}
