/** SQL that writes the timeline: one more entry at the end of the chain, and nothing else. */
import { type Actor, type Ctx, chainHash, json } from '#kernel';
import type { TimelineRow } from '../tables.ts';
import { type Classification, type EntryKind, type HashedEntry, type Ref, storable } from './model.ts';

export interface NewEntry {
  kind: EntryKind;
  text: string;
  refs?: Ref[];
  occurredAt?: Date;
  classification?: Classification;
  /** For restricted ones: who may read it beside its author; absent: as the policy says. */
  readers?: { roles: string[]; people: string[] };
  corrects?: number;
  /** Whose act it was, when that is not the actor of the context (a person who acknowledged a page). */
  actor?: Pick<Actor, 'kind' | 'id' | 'name'>;
}

/** Appends: takes the next number under a lock, links to the entry before, stores. The number has no gaps. */
export async function append(
  ctx: Ctx,
  incident: { id: string; exercise: boolean },
  entry: NewEntry,
): Promise<TimelineRow> {
  const head = await ctx.db
    .selectFrom('incidents.timelineHeads')
    .select(['seq', 'hash', 'recordedAt'])
    .where('incidentId', '=', incident.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const actor = entry.actor ?? ctx.actor;
  // A writer that waited for the lock may bring an earlier time than the entry before it: the order is the record's.
  const recordedAt = head.recordedAt && head.recordedAt > ctx.now ? head.recordedAt : ctx.now;
  const hashed: HashedEntry = {
    incidentId: incident.id,
    seq: head.seq + 1,
    occurredAt: (entry.occurredAt ?? ctx.now).toISOString(),
    recordedAt: recordedAt.toISOString(),
    actor: { kind: actor.kind, id: actor.id, name: storable(actor.name) },
    kind: entry.kind,
    text: storable(entry.text),
    refs: (entry.refs ?? []).map(storableRef),
    classification: entry.classification ?? 'internal',
    corrects: entry.corrects ?? null,
    exercise: incident.exercise,
  };
  const hash = chainHash(head.hash, hashed);
  const row = await ctx.db
    .insertInto('incidents.timeline')
    .values({ ...columns(hashed), prevHash: head.hash, hash })
    .returningAll()
    .executeTakeFirstOrThrow();
  await ctx.db
    .updateTable('incidents.timelineHeads')
    .set({ seq: hashed.seq, hash, recordedAt })
    .where('incidentId', '=', incident.id)
    .execute();
  return row;
}

const storableRef = (ref: Ref): Ref => ({
  kind: storable(ref.kind),
  id: storable(ref.id),
  ...(ref.label !== undefined && { label: storable(ref.label) }),
});

const columns = (entry: HashedEntry) => ({
  incidentId: entry.incidentId,
  seq: entry.seq,
  occurredAt: new Date(entry.occurredAt),
  recordedAt: new Date(entry.recordedAt),
  actorKind: entry.actor.kind,
  actorId: entry.actor.id,
  actorName: entry.actor.name,
  kind: entry.kind,
  text: entry.text,
  refs: json(entry.refs),
  classification: entry.classification,
  corrects: entry.corrects,
  exercise: entry.exercise,
});

/** What an entry's hash was computed over, read back from its row. */
export const hashedOf = (row: TimelineRow): HashedEntry & { prevHash: string; hash: string } => ({
  incidentId: row.incidentId,
  seq: row.seq,
  occurredAt: row.occurredAt.toISOString(),
  recordedAt: row.recordedAt.toISOString(),
  actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  kind: row.kind,
  text: row.text,
  refs: row.refs,
  classification: row.classification,
  corrects: row.corrects,
  exercise: row.exercise,
  prevHash: row.prevHash,
  hash: row.hash,
});
