/** What happens to a text that goes out, whoever decided it: sealed, handed to every channel, counted by the clock, in the record. */
import { appendTimeline } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { countPublication, stopClock } from '../cadence/clock.ts';
import { noteDue, settleGate } from '../cadence/owed.ts';
import { readClock } from '../cadence/store.ts';
import { updatePublished } from '../events.ts';
import { causeKnown, type Incident, selfOf } from '../incident.ts';
import { publishToMirror, publishToPage } from '../statuspage/publish.ts';
import { queueMailing } from '../subscribers/publish.ts';
import { publicStatusOf } from './model.ts';
import { type Draft, type RevisionRow, saveRevision } from './store.ts';

/** From here on this text never changes again. */
export async function seal(
  ctx: Ctx,
  incident: Incident,
  { message, revision }: Draft,
  more: object,
): Promise<RevisionRow> {
  const clock = await readClock(ctx, incident.id);
  await saveRevision(ctx, revision.id, {
    ...more,
    phase: incident.phase,
    severity: incident.severity,
    publicStatus: publicStatusOf(incident.phase, message.kind, await causeKnown(ctx, incident.id)),
    publishedBy: selfOf(ctx.actor),
    publishedAt: ctx.now,
    dueAt: revision.supersedes ? null : (clock?.dueAt ?? null),
  });
  await ctx.db
    .updateTable('comms.messages')
    .set({ state: 'published', publishedAt: message.publishedAt ?? ctx.now })
    .where('id', '=', message.id)
    .execute();
  return ctx.db.selectFrom('comms.revisions').selectAll().where('id', '=', revision.id).executeTakeFirstOrThrow();
}

/** Hands the revision to every channel, moves the clock, answers the gate, writes the record. */
export async function carry(ctx: Ctx, incident: Incident, { message }: Draft, revision: RevisionRow): Promise<void> {
  if (incident.exercise) await publishToMirror(ctx, incident, revision);
  else {
    const publicId = await publishToPage(ctx, incident, revision, message.kind);
    await queueMailing(ctx, incident, revision, publicId);
  }
  const promised =
    revision.fields.nextUpdateBy && message.kind !== 'resolution' ? new Date(revision.fields.nextUpdateBy) : null;
  let clock = await countPublication(ctx, incident, promised, revision.supersedes !== null);
  if (message.kind === 'resolution') {
    clock = await stopClock(ctx, incident, 'resolved', null);
    await settleGate(ctx, incident.id, 'the resolution is published');
  }
  await noteDue(ctx, incident, clock);
  const what = revision.holding
    ? 'Holding statement'
    : revision.supersedes
      ? 'Correction'
      : message.kind === 'resolution'
        ? 'Resolution'
        : message.kind === 'initial'
          ? 'First message'
          : 'Update';
  const where = incident.exercise ? 'published to the drill’s mirror' : 'published to customers';
  const late = revision.dueAt && ctx.now > revision.dueAt ? ' It came late.' : '';
  const alone = revision.unapprovedReason ? ` Without approval: ${revision.unapprovedReason}.` : '';
  await appendTimeline(ctx, incident.id, {
    kind: 'message',
    text: `${what} ${where}: “${revision.fields.headline}”.${late}${alone}`,
    refs: [{ kind: 'message', id: message.id }],
    classification: incident.exercise ? 'internal' : 'public',
  });
  ctx.audit.after = {
    revisionId: revision.id,
    factsHash: revision.factsHash,
    overrides: revision.overrides,
  };
  await emit(
    ctx,
    updatePublished,
    {
      incidentId: incident.id,
      key: incident.key,
      messageId: message.id,
      revisionId: revision.id,
      kind: message.kind,
      public: !incident.exercise,
      dueAt: clock.dueAt?.toISOString() ?? null,
    },
    { subject: message.id, incident: incident.id },
  );
}
