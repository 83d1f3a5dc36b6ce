/** Changes an unpublished message; an approval given to the old text falls away. */

import { withdrawApproval } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { updateDrafted } from '../events.ts';
import { theIncident } from '../incident.ts';
import type { UpdateFields, UpdatePatch } from '../lint/index.ts';
import { factsHash, SHARED_FACTS } from '../messages/model.ts';
import { refuseSecrets } from '../messages/secrets.ts';
import { lockDraft, type MessageRow, saveFields } from '../messages/store.ts';

export interface SaveDraftInput {
  id: string;
  fields: UpdatePatch;
  version?: number | undefined;
}

export const saveDraft = command(
  'comms.saveDraft',
  { allow: 'responder' },
  async (ctx, input: SaveDraftInput): Promise<void> => {
    const { message, revision } = await lockDraft(ctx, input.id, input.version);
    const fields = { ...revision.fields, ...input.fields };
    refuseSecrets(ctx, fields);
    // Saving the same text again is not a change of hands.
    if (factsHash(fields) === revision.factsHash && insideOf(fields) === insideOf(revision.fields)) return;
    if (revision.approvalRequestedAt)
      await withdrawApproval(ctx, {
        subject: { kind: 'message', id: revision.id },
        reason: 'the text was changed',
      });
    await saveFields(ctx, revision, fields);
    await changeOthers(ctx, message, revision.fields, fields);
    const incident = await theIncident(ctx, message.incidentId);
    ctx.audit.subject = message.id;
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);

/** What only we see of a message: no part of its facts, yet part of what is saved. */
const insideOf = ({ dataImpact, recurrenceReason = '', supplierPublished = '' }: UpdateFields): string =>
  JSON.stringify([dataImpact?.evidence ?? '', recurrenceReason, supplierPublished]);

/** A fact that is changed in one draft is changed in every other open draft that still said the old. */
async function changeOthers(ctx: Ctx, own: MessageRow, before: UpdateFields, after: UpdateFields): Promise<void> {
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const changed = SHARED_FACTS.filter((key) => !same(before[key], after[key]));
  if (changed.length === 0) return;
  const others = await ctx.db
    .selectFrom('comms.revisions as r')
    .innerJoin('comms.messages as m', 'm.id', 'r.messageId')
    .selectAll('r')
    .where('m.incidentId', '=', own.incidentId)
    .where('m.id', '<>', own.id)
    .where('m.state', '=', 'draft')
    .where('r.publishedAt', 'is', null)
    .orderBy('r.id')
    .forUpdate('r')
    .execute();
  for (const other of others) {
    const keys = changed.filter((key) => same(other.fields[key], before[key]));
    if (keys.length === 0) continue;
    const fields = { ...other.fields, ...Object.fromEntries(keys.map((key) => [key, after[key]])) } as UpdateFields;
    await saveFields(ctx, other, fields);
  }
}
