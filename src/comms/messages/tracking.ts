/** What a published message sets going: questions it leaves open, times it promises. Each is followed to its end. */
import { type Ctx, enqueue, newId, sql } from '#kernel';
import type { Incident } from '../incident.ts';
import type { MessageKind } from '../lint/index.ts';
import { commitmentTimer } from './commitments.ts';
import type { RevisionRow } from './store.ts';
import { settleCommitments } from './commitment-store.ts';

/** Unknowns that are new are opened, those said again go on, those settled are closed with their answer (M20). */
export async function trackUnknowns(
  ctx: Ctx,
  incident: Incident,
  kind: MessageKind,
  revision: RevisionRow,
): Promise<void> {
  const { fields } = revision;
  const over = kind === 'resolution';
  const said = new Map(
    fields.unknown.filter((line) => line.trim()).map((line) => [line.trim().toLowerCase(), line.trim()]),
  );
  const open = await ctx.db
    .selectFrom('comms.unknowns')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .where('state', '=', 'open')
    .execute();
  for (const row of open) {
    const key = row.text.toLowerCase();
    if (said.delete(key)) {
      await ctx.db
        .updateTable('comms.unknowns')
        .set({ lastRevisionId: revision.id })
        .where('id', '=', row.id)
        .execute();
      continue;
    }
    const settled = (fields.settled ?? []).find(({ unknown }) => unknown.trim().toLowerCase() === key);
    const known = fields.known.find((line) => line.trim().toLowerCase() === key);
    // What the last word leaves open no longer matters to customers: the effect is over.
    const end = settled ?? (known ? { how: 'answered' as const, answer: known } : over ? OVER : undefined);
    if (!end) continue;
    await ctx.db
      .updateTable('comms.unknowns')
      .set({ state: end.how, answer: end.answer, settledAt: ctx.now, lastRevisionId: revision.id })
      .where('id', '=', row.id)
      .execute();
  }
  for (const text of said.values())
    await ctx.db
      .insertInto('comms.unknowns')
      .values({
        id: newId('unk'),
        incidentId: incident.id,
        text,
        ownerId: null,
        firstRevisionId: revision.id,
        lastRevisionId: revision.id,
        openedAt: ctx.now,
        settledAt: null,
        exercise: incident.exercise,
      })
      .onConflict((oc) =>
        oc
          .expression(sql`incident_id, lower(text)`)
          .where(sql<boolean>`state = 'open'`)
          .doNothing(),
      )
      .execute();
}
const OVER = { how: 'withdrawn' as const, answer: 'The incident is over.' };

/** Settles what was promised for by now, and notes what is promised from here on (M17c). */
export async function trackCommitments(
  ctx: Ctx,
  incident: Incident,
  kind: MessageKind,
  revision: RevisionRow,
): Promise<void> {
  const correction = revision.supersedes !== null;
  const { fields } = revision;
  if (!correction) await settleCommitments(ctx, incident.id, ['next_update'], 'done');
  const before = await ctx.db
    .selectFrom('comms.commitments')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .where('kind', '=', 'estimate')
    .where('state', '=', 'open')
    .executeTakeFirst();
  const said = fields.estimate ? `${fields.estimate.from} – ${fields.estimate.to}` : null;
  if (before && before.text !== said && kind !== 'resolution')
    await settleCommitments(ctx, incident.id, ['estimate'], 'withdrawn');
  if (fields.estimate || kind === 'resolution') await settleCommitments(ctx, incident.id, ['confirm_estimate'], 'done');
  const add = async (what: 'next_update' | 'estimate' | 'confirm_estimate' | 'report', text: string, dueAt: Date) => {
    const id = newId('cmt');
    await ctx.db
      .insertInto('comms.commitments')
      .values({
        id,
        incidentId: incident.id,
        revisionId: revision.id,
        kind: what,
        text,
        dueAt,
        settledAt: null,
        exercise: incident.exercise,
      })
      .execute();
    await enqueue(
      ctx,
      commitmentTimer,
      { id },
      { runAt: new Date(dueAt.getTime() + 61_000), key: `comms.commitment:${id}` },
    );
  };
  if (kind === 'resolution') return;
  if (fields.nextUpdateBy && kind !== 'post_incident')
    await add('next_update', 'The next update', new Date(fields.nextUpdateBy));
  if (fields.estimate && before?.text !== said) {
    await add('estimate', said ?? '', new Date(fields.estimate.to));
    await add('confirm_estimate', 'We will confirm the estimate', new Date(fields.estimate.confirmAt));
  }
}
