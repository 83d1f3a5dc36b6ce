/** SQL of the war room: who is here, up to where each has looked, and the files of the record. */
import { addMs, type Ctx, notFound, sql } from '#kernel';
import { personRefs } from '#security';
import { headOf } from '../record/queries.ts';
import { readIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import type { AttachmentRow } from '../tables-command.ts';
import { highlightsOf } from './model.ts';

/** A browser says so every 15 s; after this it is gone. */
export const HERE_MS = 40_000;

/** Notes that somebody has the room open; true when they were not here before. Nothing of the record changes by it. */
export async function touch(ctx: Pick<Ctx, 'db' | 'now'>, incidentId: string, userId: string): Promise<boolean> {
  const gone = addMs(ctx.now, -HERE_MS);
  const { rows } = await sql<{ entered: boolean }>`
    insert into incidents.presence as p (incident_id, user_id, since, seen_at)
    values (${incidentId}, ${userId}, ${ctx.now}, ${ctx.now})
    on conflict (incident_id, user_id) do update
      set since = case when p.seen_at < ${gone} then excluded.since else p.since end, seen_at = excluded.seen_at
    returning since = ${ctx.now} as entered`.execute(ctx.db);
  return rows[0]?.entered === true;
}

export async function leave(ctx: Pick<Ctx, 'db'>, incidentId: string, userId: string): Promise<void> {
  await ctx.db
    .deleteFrom('incidents.presence')
    .where('incidentId', '=', incidentId)
    .where('userId', '=', userId)
    .execute();
}

/** Who is here, longest first. */
export async function hereIn(ctx: Pick<Ctx, 'db' | 'now'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('incidents.presence')
    .select(['userId', 'since'])
    .where('incidentId', '=', incidentId)
    .where('seenAt', '>', addMs(ctx.now, -HERE_MS))
    .orderBy('since')
    .limit(200)
    .execute();
  const names = await personRefs(
    ctx,
    rows.map(({ userId }) => userId),
  );
  return rows.flatMap(({ userId, since }) => {
    const person = names.get(userId);
    return person ? [{ person, since }] : [];
  });
}

/** Entries looked at for the highlights; beyond it only the number is told. */
const READ = 500;

/** What is new for a person since they last looked; `since` null: they have not been here. Throws 404. */
export async function newsFor(ctx: Pick<Ctx, 'db'>, idOrKey: string, userId: string) {
  const incident = await readIncident(ctx, idOrKey);
  const [look, head] = await Promise.all([
    ctx.db
      .selectFrom('incidents.looks')
      .select(['seq', 'at'])
      .where('incidentId', '=', incident.id)
      .where('userId', '=', userId)
      .executeTakeFirst(),
    headOf(ctx, incident.id),
  ]);
  const from = look?.seq ?? 0;
  const entries = await ctx.db
    .selectFrom('incidents.timeline')
    .select(['seq', 'kind', 'text', 'occurredAt', 'actorId', 'actorName', 'actorKind'])
    .where('incidentId', '=', incident.id)
    .where('seq', '>', from)
    // What one wrote oneself is no news.
    .where('actorId', '!=', userId)
    .orderBy('seq', 'desc')
    .limit(READ)
    .execute();
  return {
    since: look ? { seq: look.seq, at: look.at } : null,
    head: head.seq,
    entries: head.seq - from,
    highlights: highlightsOf(entries).map(({ seq, kind, text, occurredAt, actorName, actorKind }) => ({
      seq,
      kind,
      text,
      occurredAt,
      by: actorKind === 'system' ? 'Evenkeel' : actorName,
    })),
  };
}

/** Keeps the furthest look; an older tab cannot turn it back. */
export async function keepLook(
  ctx: Pick<Ctx, 'db' | 'now'>,
  idOrKey: string,
  userId: string,
  seq: number,
): Promise<void> {
  const incident = await readIncident(ctx, idOrKey);
  const head = await headOf(ctx, incident.id);
  const seen = Math.min(seq, head.seq);
  await ctx.db
    .insertInto('incidents.looks')
    .values({ incidentId: incident.id, userId, seq: seen, at: ctx.now })
    .onConflict((oc) =>
      oc
        .columns(['incidentId', 'userId'])
        .doUpdateSet({ seq: seen, at: ctx.now })
        .where('incidents.looks.seq', '<=', seen),
    )
    .execute();
}

/** Of a file, without its bytes. */
export const ATTACHMENT_COLUMNS = [
  'id',
  'incidentId',
  'name',
  'mediaType',
  'size',
  'sha256',
  'uploadedBy',
  'uploadedByName',
  'uploadedAt',
  'exercise',
] as const;

/** The files of an incident without their bytes, oldest first. */
export const attachmentsOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<AttachmentRow[]> =>
  ctx.db
    .selectFrom('incidents.attachments')
    .select(ATTACHMENT_COLUMNS)
    .where('incidentId', '=', incidentId)
    .orderBy('uploadedAt')
    .orderBy('id')
    .execute();

/** One file with its bytes. Throws 404. */
export async function attachmentById(ctx: Pick<Ctx, 'db'>, id: string): Promise<AttachmentRow & { bytes: Buffer }> {
  const row = await ctx.db
    .selectFrom('incidents.attachments')
    .select([...ATTACHMENT_COLUMNS, 'bytes'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw notFound('File', /^[a-z0-9_]{1,40}$/.test(id) ? id : undefined);
  return row;
}

/** Bytes that the files of an incident have together. */
export async function bytesOf(ctx: Pick<Ctx, 'db'>, incident: IncidentRow): Promise<number> {
  const row = await ctx.db
    .selectFrom('incidents.attachments')
    .select((eb) => eb.fn.sum<number>('size').as('sum'))
    .where('incidentId', '=', incident.id)
    .executeTakeFirst();
  return Number(row?.sum ?? 0);
}
