/** Publishes a message: one revision to every channel, or, in a drill, to the mirror only. */

import { decideApproval, withdrawApproval } from '#incidents';
import { type Ctx, conflict, invalid, json, Problem } from '#kernel';
import { command } from '#security';
import { authority, authorityOfPerson, type Incident, selfOf, theIncident } from '../incident.ts';
import { checkOverrides, checkStates, type Override } from '../messages/checks.ts';
import { carry, seal } from '../messages/carrying.ts';
import { lintFields } from '../messages/context.ts';
import { COMMANDS, isPublic, type PublishFacts, publishHurdles, validApproval } from '../messages/model.ts';
import { unclearedOf } from '../messages/clearing.ts';
import { refuseSecrets } from '../messages/secrets.ts';
import { countPublished, type Draft, lockDraft } from '../messages/store.ts';

export interface PublishInput {
  id: string;
  version?: number | undefined;
  overrides?: Override[] | undefined;
  withoutApproval?: { reason: string } | undefined;
}

export const publish = command(
  'comms.publish',
  { allow: 'responder' },
  async (ctx, input: PublishInput): Promise<{ revisionId: string }> => {
    const draft = await lockDraft(ctx, input.id, input.version);
    const incident = await theIncident(ctx, draft.message.incidentId);
    ctx.audit.subject = draft.message.id;
    if (incident.restricted)
      throw conflict(
        `${incident.key} is restricted: nothing of it is published`,
        'comms.restricted',
        'Open it again (incidents.setAccess) before customers hear of it, or tell them through an incident of its own.',
      );
    if (incident.phase === 'false_alarm')
      throw conflict(`${incident.key} was a false alarm: its notice is withdrawn`, 'comms.ended');
    if (draft.message.kind === 'resolution') await refuseOwed(ctx, incident);
    refuseSecrets(ctx, draft.revision.fields);
    const lint = await lintFields(ctx, incident, draft.message.kind, draft.revision.fields);
    if (lint.missing.length > 0)
      throw invalid(
        `This message cannot go out yet: ${lint.missing.map(({ path }) => path).join(', ')} missing`,
        'comms.fields',
        lint.missing,
      );
    await checkStates(ctx, draft.revision.fields);
    const held = await authority(ctx, incident.id);
    checkOverrides(lint, input.overrides ?? [], {
      mayOverride: held.has(COMMANDS),
      isWriter: draft.revision.writtenBy === selfOf(ctx.actor),
      severity: incident.severity,
    });
    const approval = await settleApproval(ctx, incident, draft, held, input.withoutApproval);
    const revision = await seal(ctx, incident, draft, {
      lint: json(lint),
      overrides: json(input.overrides ?? []),
      ...approval,
    });
    await carry(ctx, incident, draft, revision);
    return { revisionId: revision.id };
  },
);

/** A containment customers could see was owed a word: the last one does not go out over it (M48). */
async function refuseOwed(ctx: Ctx, incident: Incident): Promise<void> {
  const owed = await ctx.db
    .selectFrom('comms.messages')
    .select('id')
    .where('incidentId', '=', incident.id)
    .where('kind', '=', 'containment')
    .where('state', '=', 'draft')
    .where('because', 'is not', null)
    .executeTakeFirst();
  if (owed)
    throw conflict(
      'Customers are still owed a word about the containment',
      'comms.containment',
      'Publish that draft, or record why customers need not hear of it.',
      { messageId: owed.id },
    );
}

/** Decides whether it may go out, and as whose approval. Throws 403 or 409 with what stands in the way. */
async function settleApproval(
  ctx: Ctx,
  incident: Incident,
  { message, revision }: Draft,
  held: ReadonlySet<string>,
  passOver?: { reason: string },
) {
  const self = selfOf(ctx.actor);
  const writer = await authorityOfPerson(ctx, incident.id, revision.writtenBy);
  const facts: PublishFacts = {
    severity: incident.severity,
    kind: message.kind,
    publishedBefore: revision.supersedes ? 1 : await countPublished(ctx, incident.id),
    factsHash: revision.factsHash,
    writtenBy: revision.writtenBy,
    publisher: self,
    authority: held,
    writerCommands: writer.has(COMMANDS),
    approvedHash: validApproval(revision),
    approvalRequestedAt: revision.approvalRequestedAt,
    uncleared: await unclearedOf(ctx, incident, message.kind, revision),
    nothingUnknown: isPublic(message.kind) && message.kind !== 'resolution' && revision.fields.nothingUnknown,
    now: ctx.now,
  };
  const [hurdle] = publishHurdles(facts, passOver !== undefined);
  if (hurdle) throw new Problem(hurdle.rule === 'comms.authority' ? 403 : 409, hurdle.text, { rule: hurdle.rule });
  if (revision.approvedAt) return {};
  const second = self !== revision.writtenBy && (held.has(COMMANDS) || facts.writerCommands);
  if (second) {
    // The second pair of eyes is the publisher's own.
    if (revision.approvalId && held.has(COMMANDS))
      await decideApproval(ctx, {
        approvalId: revision.approvalId,
        verdict: 'granted',
      });
    return {
      approvedBy: self,
      approvedAt: ctx.now,
      approvedHash: revision.factsHash,
    };
  }
  if (revision.approvalRequestedAt)
    await withdrawApproval(ctx, {
      subject: { kind: 'message', id: revision.id },
      reason: 'published without it',
    });
  return passOver ? { unapprovedReason: passOver.reason } : {};
}
