/** A message as screens see it: the working revision, what stands in its way, where it went. */
import { type Ctx, config } from '#kernel';
import { personRefs } from '#security';
import { authority, authorityOfPerson, type Incident, selfOf } from '../incident.ts';
import { BASE } from '../statuspage/read.ts';
import { lintFields } from './context.ts';
import { readDeliveries } from './deliveries.ts';
import { unclearedOf } from './clearing.ts';
import { approvalNeeded, COMMANDS, isPublic, publishHurdles, validApproval } from './model.ts';
import type { LintReport } from '../lint/index.ts';
import type { MessageRow, RevisionRow } from './store.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Every message of an incident that was not thrown away, newest first; a draft stands on top. */
export async function showMessages(ctx: Ctx, incident: Incident, onlyId?: string) {
  let find = ctx.db
    .selectFrom('comms.messages')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .where('state', '<>', 'discarded');
  if (onlyId) find = find.where('id', '=', onlyId);
  const messages = await find.orderBy('createdAt', 'desc').orderBy('id', 'desc').execute();
  if (messages.length === 0) return [];
  const revisions = await ctx.db
    .selectFrom('comms.revisions')
    .selectAll()
    .where(
      'messageId',
      'in',
      messages.map(({ id }) => id),
    )
    .orderBy('n', 'desc')
    .execute();
  const shared = await readShared(ctx, incident, revisions);
  return Promise.all(
    messages.map((message) =>
      showOne(
        ctx,
        incident,
        message,
        revisions.filter(({ messageId }) => messageId === message.id),
        shared,
      ),
    ),
  );
}

type Shared = Awaited<ReturnType<typeof readShared>>;

async function readShared(ctx: Ctx, incident: Incident, revisions: RevisionRow[]) {
  const [people, page, deliveries, held, published] = await Promise.all([
    personRefs(
      ctx,
      revisions.flatMap(({ writtenBy, approvedBy, publishedBy }) => [writtenBy, approvedBy, publishedBy]),
    ),
    ctx.db
      .selectFrom('comms.incidentPages')
      .select('publicId')
      .where('incidentId', '=', incident.id)
      .executeTakeFirst(),
    readDeliveries(ctx, incident.id),
    authority(ctx, incident.id),
    ctx.db
      .selectFrom('comms.messages')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('incidentId', '=', incident.id)
      .where('state', '=', 'published')
      .where('kind', 'not in', ['internal_brief', 'direct'])
      .executeTakeFirstOrThrow(),
  ]);
  return {
    people,
    publicUrl: page ? `${config.publicUrl}${BASE}/incidents/${page.publicId}` : null,
    deliveries,
    held,
    published: Number(published.n),
    newest: revisions
      .filter(({ publishedAt }) => publishedAt !== null)
      .toSorted(
        (a, b) => (a.publishedAt as Date).getTime() - (b.publishedAt as Date).getTime() || a.id.localeCompare(b.id),
      )
      .at(-1)?.id,
  };
}

/** What would stop this person from publishing it now, the text aside. */
async function hurdlesOf(ctx: Ctx, incident: Incident, message: MessageRow, revision: RevisionRow, shared: Shared) {
  if (revision.publishedAt) return [];
  const writer = await authorityOfPerson(ctx, incident.id, revision.writtenBy);
  return publishHurdles(
    {
      severity: incident.severity,
      kind: message.kind,
      publishedBefore: revision.supersedes ? 1 : shared.published,
      factsHash: revision.factsHash,
      writtenBy: revision.writtenBy,
      publisher: selfOf(ctx.actor),
      authority: shared.held,
      writerCommands: writer.has(COMMANDS),
      uncleared: await unclearedOf(ctx, incident, message.kind, revision),
      nothingUnknown: isPublic(message.kind) && message.kind !== 'resolution' && revision.fields.nothingUnknown,
      approvedHash: validApproval(revision),
      approvalRequestedAt: revision.approvalRequestedAt,
      now: ctx.now,
    },
    false,
  );
}

/** Where a message is on its way. */
function stageOf(message: MessageRow, revision: RevisionRow, lint: LintReport | null, shared: Shared) {
  if (message.retractedAt) return 'retracted' as const;
  if (revision.publishedAt) {
    const channels = shared.deliveries.get(revision.id) ?? [];
    if (channels.some(({ state }) => state === 'failed' || state === 'waiting')) return 'partly' as const;
    if (channels.some(({ state }) => state === 'going')) return 'publishing' as const;
    return revision.id === shared.newest || !shared.newest ? ('published' as const) : ('superseded' as const);
  }
  if (validApproval(revision) === revision.factsHash) return 'approved' as const;
  return lint && lint.missing.length === 0 && lint.errors.length === 0 ? ('linted' as const) : ('draft' as const);
}

async function showOne(ctx: Ctx, incident: Incident, message: MessageRow, revisions: RevisionRow[], shared: Shared) {
  const revision = revisions[0] as RevisionRow;
  const person = (id: string) =>
    shared.people.get(id) ?? {
      id,
      name: id.startsWith('system:') ? 'Evenkeel' : id,
    };
  const open = revision.publishedAt === null;
  const lint = open ? await lintFields(ctx, incident, message.kind, revision.fields) : revision.lint;
  return {
    id: message.id,
    incidentId: message.incidentId,
    kind: message.kind,
    state: open ? ('draft' as const) : (message.state as 'published'),
    stage: stageOf(message, revision, lint, shared),
    because: message.because,
    dueAt: iso(message.dueAt),
    retracted: message.retractedAt
      ? { at: message.retractedAt.toISOString(), reason: message.retractedReason ?? '' }
      : null,
    exercise: message.exercise,
    revision: {
      id: revision.id,
      n: revision.n,
      version: revision.version,
      fields: revision.fields,
      factsHash: revision.factsHash,
      publicStatus: revision.publicStatus,
      writtenBy: person(revision.writtenBy),
      writtenAt: revision.writtenAt.toISOString(),
      supersedes: revision.supersedes,
      correctionReason: revision.correctionReason,
      overrides: revision.overrides,
      approvedBy: revision.approvedBy === null ? null : person(revision.approvedBy),
      approvedAt: iso(revision.approvedAt),
      approvalRequestedAt: iso(revision.approvalRequestedAt),
      publishedBy: revision.publishedBy === null ? null : person(revision.publishedBy),
      publishedAt: iso(revision.publishedAt),
      dueAt: iso(revision.dueAt),
    },
    earlier: revisions
      .slice(1)
      .flatMap(({ id, n, publishedAt, fields }) =>
        publishedAt ? [{ id, n, publishedAt: publishedAt.toISOString(), fields }] : [],
      ),
    lint,
    hurdles: await hurdlesOf(ctx, incident, message, revision, shared),
    needsApproval: open && approvalNeeded(incident.severity, message.kind, revision.supersedes ? 1 : shared.published),
    deliveries: shared.deliveries.get(revision.id) ?? [],
    publicUrl: shared.publicUrl,
  };
}
