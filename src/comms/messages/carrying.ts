/** What happens to a text that goes out, whoever decided it: sealed, handed to every channel, counted by the clock, in the record. */
import { appendTimeline, setDue } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { countPublication, stopClock } from '../cadence/clock.ts';
import { noteDue, settleGate } from '../cadence/owed.ts';
import { readClock } from '../cadence/store.ts';
import { updatePublished } from '../events.ts';
import { causeKnown, type Incident, selfOf } from '../incident.ts';
import { publishToMirror, publishToPage } from '../statuspage/publish.ts';
import { queuePosts } from '../social/posts.ts';
import { queueCritical } from '../subscribers/critical.ts';
import { queueBrief } from '../subscribers/brief.ts';
import { queueMailing } from '../subscribers/publish.ts';
import { isPublic, publicStatusOf } from './model.ts';
import { trackCommitments, trackUnknowns } from './tracking.ts';
import { settleCommitments } from './commitment-store.ts';
import type { MessageKind } from '../lint/index.ts';
import type { ClockRow } from '../cadence/store.ts';
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
  await toChannels(ctx, incident, message.kind, revision);
  const clock = await countOn(ctx, incident, message.kind, revision);
  if (message.kind === 'containment')
    await setDue(ctx, { incidentId: incident.id, key: 'comms.containment', due: null });
  if (message.kind !== 'containment' && message.kind !== 'internal_brief')
    await setDue(ctx, { incidentId: incident.id, key: 'comms.recovery', due: null });
  const what = revision.holding ? 'Holding statement' : revision.supersedes ? 'Correction' : KIND_NAMES[message.kind];
  const where = incident.exercise
    ? 'published to the drill’s mirror'
    : message.kind === 'internal_brief'
      ? 'sent inside'
      : message.kind === 'direct'
        ? 'sent to those who rely on us for critical work'
        : 'published to customers';
  const late = revision.dueAt && ctx.now > revision.dueAt ? ' It came late.' : '';
  const alone = revision.unapprovedReason ? ` Without approval: ${revision.unapprovedReason}.` : '';
  await appendTimeline(ctx, incident.id, {
    kind: 'message',
    text: `${what} ${where}: “${revision.fields.headline}”.${late}${alone}`,
    refs: [{ kind: 'message', id: message.id }],
    classification: incident.exercise || !isPublic(message.kind) ? 'internal' : 'public',
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
      public: !incident.exercise && isPublic(message.kind),
      dueAt: clock?.dueAt?.toISOString() ?? null,
    },
    { subject: message.id, incident: incident.id },
  );
}

const KIND_NAMES: Record<MessageKind, string> = {
  initial: 'First message',
  scope: 'How far it reaches',
  update: 'Update',
  containment: 'Containment',
  recovery_progress: 'Progress of the recovery',
  setback: 'Setback',
  resolution: 'Resolution',
  post_incident: 'Report',
  internal_brief: 'Internal brief',
  direct: 'Direct notice',
};

/** The page first; the others read what stands there (C2). A drill goes to its mirror, an internal brief stays inside. */
async function toChannels(ctx: Ctx, incident: Incident, kind: MessageKind, revision: RevisionRow): Promise<void> {
  if (incident.exercise) return publishToMirror(ctx, incident, revision);
  if (kind === 'internal_brief') return queueBrief(ctx, incident, revision);
  if (kind === 'direct') return queueCritical(ctx, incident, revision, null);
  const publicId = await publishToPage(ctx, incident, revision, kind);
  await queueMailing(ctx, incident, revision, publicId);
  await queueCritical(ctx, incident, revision, publicId);
  await queuePosts(ctx, incident, revision, publicId);
}

/** What it promises and leaves open is followed from here on; what was promised before is settled. */
async function countOn(
  ctx: Ctx,
  incident: Incident,
  kind: MessageKind,
  revision: RevisionRow,
): Promise<ClockRow | undefined> {
  if (!isPublic(kind)) return readClock(ctx, incident.id);
  await trackUnknowns(ctx, incident, kind, revision);
  await trackCommitments(ctx, incident, kind, revision);
  // A report comes after the end: nothing runs any more.
  if (kind === 'post_incident') return readClock(ctx, incident.id);
  const promised =
    revision.fields.nextUpdateBy && kind !== 'resolution' ? new Date(revision.fields.nextUpdateBy) : null;
  let clock = await countPublication(ctx, incident, promised, revision.supersedes !== null);
  if (kind === 'resolution') {
    await settleCommitments(ctx, incident.id, ['estimate'], 'done', incident.restoredAt ?? ctx.now);
    clock = await stopClock(ctx, incident, 'resolved', null);
    await settleGate(ctx, incident.id, 'the resolution is published');
  }
  await noteDue(ctx, incident, clock);
  return clock;
}
