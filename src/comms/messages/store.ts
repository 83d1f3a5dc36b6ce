/** SQL that writes messages and their revisions. A published revision never changes; the database refuses it too. */
import { type Ctx, conflict, json, newId, notFound, type Selectable } from '#kernel';
import type { MessageKind, PublicStatus, UpdateFields } from '../lint/index.ts';
import type { MessagesTable, RevisionsTable } from '../tables.ts';
import { factsHash } from './model.ts';

export type MessageRow = Selectable<MessagesTable>;
export type RevisionRow = Selectable<RevisionsTable>;

export interface Draft {
  message: MessageRow;
  /** The unpublished revision if there is one, otherwise the newest published. */
  revision: RevisionRow;
}

/** A message and its working revision, locked until the transaction ends. Throws 404. */
export async function lockMessage(ctx: Ctx, id: string): Promise<Draft> {
  const message = await ctx.db
    .selectFrom('comms.messages')
    .selectAll()
    .where('id', '=', id)
    .where('state', '<>', 'discarded')
    .forUpdate()
    .executeTakeFirst();
  const revision =
    message &&
    (await ctx.db
      .selectFrom('comms.revisions')
      .selectAll()
      .where('messageId', '=', id)
      .orderBy('n', 'desc')
      .limit(1)
      .executeTakeFirst());
  if (!message || !revision) throw notFound('Message', id);
  ctx.exercise = message.exercise;
  ctx.audit.incident = message.incidentId;
  ctx.audit.subject = message.id;
  return { message, revision };
}

/** The same, refused when nothing about it is still unpublished, or when somebody saved a newer version meanwhile. */
export async function lockDraft(ctx: Ctx, id: string, version?: number): Promise<Draft> {
  const draft = await lockMessage(ctx, id);
  const { revision } = draft;
  if (revision.publishedAt)
    throw conflict(
      'This message is already published',
      'comms.published',
      'Published text never changes: write a correction or the next update.',
    );
  if (version !== undefined && version !== revision.version) {
    throw conflict(
      'Somebody changed this message meanwhile',
      'comms.version',
      'Load it again, look at the change, then repeat yours.',
      { version: revision.version },
    );
  }
  return draft;
}

export const openDraft = (
  ctx: Pick<Ctx, 'db'>,
  incidentId: string,
  kind: MessageKind,
): Promise<MessageRow | undefined> =>
  ctx.db
    .selectFrom('comms.messages')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('kind', '=', kind)
    .where('state', '=', 'draft')
    .executeTakeFirst();

interface RevisionStart {
  incidentId: string;
  phase: string;
  severity: number;
  publicStatus: PublicStatus;
  fields: UpdateFields;
}

/** `state`: published at once only for what nobody edits first; an unpublished text of somebody is left alone by it. */
export async function insertMessage(
  ctx: Ctx,
  kind: MessageKind,
  start: RevisionStart,
  state: 'draft' | 'published' = 'draft',
): Promise<MessageRow> {
  const message = await ctx.db
    .insertInto('comms.messages')
    .values({
      id: newId('msg'),
      incidentId: start.incidentId,
      kind,
      state,
      exercise: ctx.exercise,
      createdBy: ctx.actor.id,
      createdAt: ctx.now,
      publishedAt: state === 'published' ? ctx.now : null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertRevision(ctx, message, 1, start, null);
  return message;
}

export async function insertRevision(
  ctx: Ctx,
  message: MessageRow,
  n: number,
  start: RevisionStart,
  correction: { supersedes: string; reason: string } | null,
): Promise<RevisionRow> {
  return ctx.db
    .insertInto('comms.revisions')
    .values({
      ...start,
      id: newId('rev'),
      messageId: message.id,
      n,
      fields: json(start.fields),
      factsHash: factsHash(start.fields),
      overrides: json([]),
      writtenBy: ctx.actor.id,
      writtenAt: ctx.now,
      supersedes: correction?.supersedes ?? null,
      correctionReason: correction?.reason ?? null,
      exercise: message.exercise,
    } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** New text: whoever changed it last wrote it, and an approval of the old text falls away. */
export async function saveFields(ctx: Ctx, revision: RevisionRow, fields: UpdateFields): Promise<void> {
  await ctx.db
    .updateTable('comms.revisions')
    .set({
      fields: json(fields),
      factsHash: factsHash(fields),
      version: revision.version + 1,
      writtenBy: ctx.actor.id,
      writtenAt: ctx.now,
      approvalRequestedAt: null,
      approvalId: null,
      approvedBy: null,
      approvedAt: null,
      // `approvedHash` stays: it tells that an approval was given to another text.
    })
    .where('id', '=', revision.id)
    .execute();
}

export async function saveRevision(
  ctx: Ctx,
  id: string,
  change: Partial<Omit<RevisionRow, 'id' | 'fields' | 'lint' | 'overrides'>>,
): Promise<void> {
  await ctx.db.updateTable('comms.revisions').set(change).where('id', '=', id).execute();
}

/** Every published revision of an incident, oldest first, with its message's kind. */
export const publishedRevisions = (
  ctx: Pick<Ctx, 'db'>,
  incidentId: string,
): Promise<
  (RevisionRow & {
    kind: MessageKind;
    firstPublishedAt: Date | null;
    retractedAt: Date | null;
    retractedReason: string | null;
  })[]
> =>
  ctx.db
    .selectFrom('comms.revisions as r')
    .innerJoin('comms.messages as m', 'm.id', 'r.messageId')
    .selectAll('r')
    .select(['m.kind', 'm.publishedAt as firstPublishedAt', 'm.retractedAt', 'm.retractedReason'])
    .where('r.incidentId', '=', incidentId)
    .where('r.publishedAt', 'is not', null)
    .orderBy('r.publishedAt')
    .orderBy('r.id')
    .execute();

/** How many messages (not corrections) customers could read of an incident. */
export async function countPublished(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<number> {
  const row = await ctx.db
    .selectFrom('comms.messages')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'published')
    .where('kind', 'not in', ['internal_brief', 'direct'])
    .executeTakeFirstOrThrow();
  return Number(row.n);
}
