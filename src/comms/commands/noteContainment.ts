/** Something was done that customers can see: the teams hear it at once, and a draft for customers waits with its due time (M48). */
import { appendTimeline, setDue } from '#incidents';
import { addMs, emit } from '#kernel';
import { command } from '#security';
import { cadenceOf } from '../cadence/clock.ts';
import { updateDrafted } from '../events.ts';
import { theIncident } from '../incident.ts';
import { openDraft } from '../messages/store.ts';
import { startDraft } from './startDraft.ts';

export interface NoteContainmentInput {
  incidentId: string;
  actionRunId: string;
  title: string;
}

/** Customers are owed a word about it as fast as a first one at this severity; SEV4 within the hour. */
const FALL_BACK_MINUTES = 60;

export const noteContainment = command(
  'comms.noteContainment',
  { allow: 'internal', subject: (input: NoteContainmentInput) => input.incidentId },
  async (ctx, input): Promise<void> => {
    const incident = await theIncident(ctx, input.incidentId);
    if (!incident.active) return;
    // Two measures at once need one word to customers.
    const waiting = await openDraft(ctx, incident.id, 'containment');
    if (waiting?.because?.includes(input.actionRunId)) return;
    const minutes = (await cadenceOf(ctx, incident.severity))?.first ?? FALL_BACK_MINUTES;
    const dueAt = waiting?.dueAt ?? addMs(ctx.now, minutes * 60_000);
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text: `To all teams: “${input.title}” is in effect and customers can see it. What customers are told is due by ${dueAt.toISOString().slice(11, 16)} UTC`,
      refs: [{ kind: 'action', id: input.actionRunId }],
    });
    const message = waiting ?? (await startDraft(ctx, { incidentId: incident.id, kind: 'containment' }));
    await ctx.db
      .updateTable('comms.messages')
      .set({ because: [waiting?.because, `${input.title} (${input.actionRunId})`].filter(Boolean).join('; '), dueAt })
      .where('id', '=', message.id)
      .execute();
    await setDue(ctx, {
      incidentId: incident.id,
      key: 'comms.containment',
      due: {
        title: 'Tell customers about the containment',
        reason: `“${input.title}” is in effect and customers can see it.`,
        place: 'communication',
        dueAt,
      },
    });
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);
