/** Starts a message, filled in from the record; gives back the unpublished one of that kind when there is one. */
import { conflict, emit, readSetting } from '#kernel';
import { command } from '#security';
import { cadenceOf } from '../cadence/clock.ts';
import { offeredMinutes } from '../cadence/model.ts';
import { updateDrafted } from '../events.ts';
import { affectedComponents, causeKnown, plainAnswers, theIncident } from '../incident.ts';
import { type MessageKind, type UpdatePatch, updateFields } from '../lint/index.ts';
import {
  changesAfter,
  confirmedEarlier,
  expectationOf,
  playbookFacts,
  recurrenceParagraph,
} from '../messages/known.ts';
import { INSIDE, isPublic, nextKind, publicStatusOf } from '../messages/model.ts';
import { refuseSecrets } from '../messages/secrets.ts';
import { skeleton } from '../messages/skeleton.ts';
import { page } from '../settings.ts';
import { countPublished, insertMessage, type MessageRow, openDraft, publishedRevisions } from '../messages/store.ts';

export interface StartDraftInput {
  incidentId: string;
  /** Absent: the first message, or an update after one was published. */
  kind?: MessageKind | undefined;
  fields?: UpdatePatch | undefined;
}

/** The first word customers read is always the first message; a report, a brief and a direct notice stand for themselves. */
const kindFor = (wanted: MessageKind | undefined, published: number): MessageKind => {
  if (!wanted || wanted === 'initial' || wanted === 'update') return nextKind(published);
  const free =
    wanted === 'resolution' || wanted === 'post_incident' || wanted === 'containment' || INSIDE.includes(wanted);
  return published === 0 && !free ? 'initial' : wanted;
};

export const startDraft = command(
  'comms.startDraft',
  { allow: 'responder' },
  async (ctx, input: StartDraftInput): Promise<MessageRow> => {
    const incident = await theIncident(ctx, input.incidentId);
    if (incident.phase === 'false_alarm')
      throw conflict(`${incident.key} was a false alarm: there is nothing to tell customers`, 'comms.ended');
    const published = await countPublished(ctx, incident.id);
    const kind = kindFor(input.kind, published);
    const waiting = await openDraft(ctx, incident.id, kind);
    if (waiting && input.fields)
      throw conflict('There already is an unpublished message', 'comms.draft', 'Change that one, or throw it away.', {
        messageId: waiting.id,
      });
    if (waiting) return waiting;
    const last = (await publishedRevisions(ctx, incident.id)).filter((one) => isPublic(one.kind)).at(-1);
    const earlier = await confirmedEarlier(ctx, incident.id);
    const previous = last?.fields ?? null;
    const filled = skeleton(
      {
        kind,
        now: ctx.now,
        offeredMinutes: offeredMinutes(await cadenceOf(ctx, incident.severity), incident.phase, published),
        impactStartedAt: incident.impactStartedAt,
        impactEndedAt: incident.impactEndedAt ?? incident.restoredAt,
        components: await affectedComponents(ctx, incident.id),
        previous,
        plain: await plainAnswers(ctx, incident.id, last?.publishedAt ?? null),
        expectation: await expectationOf(ctx, incident.id),
        playbook: await playbookFacts(ctx, incident.id),
        contact: (await readSetting(ctx, page)).supportContact,
        recurrence:
          earlier.length === 0
            ? null
            : recurrenceParagraph(
                earlier,
                await changesAfter(
                  ctx,
                  earlier.map(({ id }) => id),
                ),
                {
                  startedAt: incident.impactStartedAt ?? incident.declaredAt,
                  endedAt: incident.impactEndedAt ?? incident.restoredAt,
                },
              ),
      },
      updateFields.parse({}),
    );
    const fields = { ...filled, ...input.fields };
    refuseSecrets(ctx, fields);
    const message = await insertMessage(ctx, kind, {
      incidentId: incident.id,
      fields,
      phase: incident.phase,
      severity: incident.severity,
      publicStatus: publicStatusOf(incident.phase, kind, await causeKnown(ctx, incident.id)),
    });
    ctx.audit.subject = message.id;
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
    return message;
  },
);
